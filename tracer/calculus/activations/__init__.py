"""The activations table, in the order in which courses meet them."""

from tracer.calculus.activations.elu import ELU, SELU
from tracer.calculus.activations.gelu import GELU, GELU_TANH
from tracer.calculus.activations.hard_sigmoid import HARD_SIGMOID
from tracer.calculus.activations.identity import IDENTITY
from tracer.calculus.activations.leaky_relu import LEAKY_RELU
from tracer.calculus.activations.relu import RELU
from tracer.calculus.activations.sigmoid import SIGMOID
from tracer.calculus.activations.silu import SILU, SWISH
from tracer.calculus.activations.softmax import LOG_SOFTMAX, SOFTMAX
from tracer.calculus.activations.softplus import SOFTPLUS
from tracer.calculus.activations.softsign import SOFTSIGN
from tracer.calculus.activations.step import STEP
from tracer.calculus.activations.tanh import TANH
from tracer.model.functions import Activation

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        IDENTITY,
        SIGMOID,
        TANH,
        RELU,
        LEAKY_RELU,
        SOFTPLUS,
        STEP,
        HARD_SIGMOID,
        ELU,
        SELU,
        SILU,
        SWISH,
        SOFTSIGN,
        GELU,
        GELU_TANH,
        SOFTMAX,
        LOG_SOFTMAX,
    )
}

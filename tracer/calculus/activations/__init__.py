"""The activations table, in the order in which courses meet them.

Each row is one `Activation` in a small file, imported when somebody asks for its name.
Read by the engine, by the readers of files and models, and by the checker, whose mistakes
take one function for another.
"""

from tracer.calculus.tables import Table
from tracer.model.functions import Activation

ACTIVATIONS: Table[Activation] = Table(
    __name__,
    {
        "identity": "identity:IDENTITY",
        "sigmoid": "sigmoid:SIGMOID",
        "tanh": "tanh:TANH",
        "relu": "relu:RELU",
        "leaky_relu": "leaky_relu:LEAKY_RELU",
        "softplus": "softplus:SOFTPLUS",
        "step": "step:STEP",
        "hard_sigmoid": "hard_sigmoid:HARD_SIGMOID",
        "elu": "elu:ELU",
        "selu": "elu:SELU",
        "silu": "silu:SILU",
        "swish": "silu:SWISH",
        "softsign": "softsign:SOFTSIGN",
        "gelu": "gelu:GELU",
        "gelu_tanh": "gelu:GELU_TANH",
        "softmax": "softmax:SOFTMAX",
        "log_softmax": "softmax:LOG_SOFTMAX",
    },
)

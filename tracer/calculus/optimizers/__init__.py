"""The optimizers table, in the order in which courses meet them."""

from tracer.calculus.optimizers.adadelta import ADADELTA
from tracer.calculus.optimizers.adagrad import ADAGRAD
from tracer.calculus.optimizers.adam import (
    ADAM,
    ADAM_INSIDE,
    ADAM_UNCORRECTED,
    ADAM_UNCORRECTED_INSIDE,
    ADAMW,
)
from tracer.calculus.optimizers.gradient_descent import GRADIENT_DESCENT
from tracer.calculus.optimizers.momentum import (
    MOMENTUM,
    MOMENTUM_AVERAGED,
    MOMENTUM_STEP,
    MOMENTUM_SUBTRACTED,
)
from tracer.calculus.optimizers.nesterov import NESTEROV
from tracer.calculus.optimizers.rmsprop import RMSPROP, RMSPROP_INSIDE
from tracer.calculus.optimizers.weight_decay import GRADIENT_DESCENT_DECAY
from tracer.model.functions import Optimizer

OPTIMIZERS: dict[str, Optimizer] = {
    optimizer.name: optimizer
    for optimizer in (
        GRADIENT_DESCENT,
        GRADIENT_DESCENT_DECAY,
        MOMENTUM,
        MOMENTUM_STEP,
        MOMENTUM_SUBTRACTED,
        MOMENTUM_AVERAGED,
        NESTEROV,
        ADAGRAD,
        RMSPROP,
        RMSPROP_INSIDE,
        ADAM,
        ADAM_INSIDE,
        ADAM_UNCORRECTED,
        ADAM_UNCORRECTED_INSIDE,
        ADAMW,
        ADADELTA,
    )
}

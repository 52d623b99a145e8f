"""The optimizers table, in the order in which courses meet them.

Each row is one `Optimizer`: the lines before the update, which of them are kept for the
next one, and the increment.  Where published forms differ (epsilon inside the root or
outside, what a velocity holds), each has a row of its own.  Read by the writer of updates,
by the bounds of settings (`ranges`), by the comparison with other conventions, and by the
reader of files.
"""

from tracer.calculus.tables import Table
from tracer.model.functions import Optimizer

OPTIMIZERS: Table[Optimizer] = Table(
    __name__,
    {
        "gradient_descent": "gradient_descent:GRADIENT_DESCENT",
        "gradient_descent_decay": "weight_decay:GRADIENT_DESCENT_DECAY",
        "momentum": "momentum:MOMENTUM",
        "momentum_step": "momentum:MOMENTUM_STEP",
        "momentum_subtracted": "momentum:MOMENTUM_SUBTRACTED",
        "momentum_averaged": "momentum:MOMENTUM_AVERAGED",
        "nesterov": "nesterov:NESTEROV",
        "adagrad": "adagrad:ADAGRAD",
        "adagrad_inside": "adagrad:ADAGRAD_INSIDE",
        "rmsprop": "rmsprop:RMSPROP",
        "rmsprop_inside": "rmsprop:RMSPROP_INSIDE",
        "adam": "adam:ADAM",
        "adam_inside": "adam:ADAM_INSIDE",
        "adam_uncorrected": "adam:ADAM_UNCORRECTED",
        "adam_uncorrected_inside": "adam:ADAM_UNCORRECTED_INSIDE",
        "adamw": "adam:ADAMW",
        "adadelta": "adadelta:ADADELTA",
    },
)

"""The table of learning-rate schedules."""

from tracer.calculus.tables import Table
from tracer.model.functions import Schedule

SCHEDULES: Table[Schedule] = Table(
    __name__,
    {
        "inverse_time": "decay:INVERSE_TIME",
        "exponential": "decay:EXPONENTIAL",
        "geometric": "decay:GEOMETRIC",
        "linear": "decay:LINEAR",
    },
)

"""The table of learning-rate schedules.

Each row is one `Schedule`: the rate of an update as a formula of its number.  Read by the
writer of updates and by the reader of files.
"""

from tracer.calculus.tables import Table
from tracer.model.functions import Schedule

SCHEDULES: Table[Schedule] = Table(
    __name__,
    {
        "inverse_time": "decay:INVERSE_TIME",
        "exponential": "decay:EXPONENTIAL",
        "geometric": "decay:GEOMETRIC",
        "step": "decay:STEP",
        "linear": "decay:LINEAR",
        "polynomial": "decay:POLYNOMIAL",
        "cosine": "decay:COSINE",
        "warm_up": "warming:WARM_UP",
        "transformer": "warming:TRANSFORMER",
    },
)

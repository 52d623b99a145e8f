"""The regularizers table."""

from tracer.calculus.tables import Table
from tracer.model.functions import Regularizer

REGULARIZERS: Table[Regularizer] = Table(
    __name__,
    {
        "l2": "l2:L2",
        "l2_half": "l2:L2_HALF",
        "l2_mean": "l2:L2_MEAN",
        "l1": "l1:L1",
    },
)

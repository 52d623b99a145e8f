"""The regularizers table.

Each row is one `Regularizer`: the penalty of a weight and its slope.  The published forms
of L2, which differ in a half or a 1/m, have a row each.  Read by the engine and by the
readers of files and models.
"""

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

"""The losses table.

Each row is one `Loss` in a small file, imported when somebody asks for its name: the share
of one output as a formula, its slope, and whether the outputs are added up or averaged.
Read by the engine, by the readers of files, and by the checker.
"""

from tracer.calculus.tables import Table
from tracer.model.functions import Loss

LOSSES: Table[Loss] = Table(
    __name__,
    {
        "half_squared_error": "half_squared_error:HALF_SQUARED_ERROR",
        "squared_error": "squared_error:SQUARED_ERROR",
        "mean_squared_error": "mean_squared_error:MEAN_SQUARED_ERROR",
        "binary_cross_entropy": "binary_cross_entropy:BINARY_CROSS_ENTROPY",
        "cross_entropy": "cross_entropy:CROSS_ENTROPY",
        "mean_absolute_error": "mean_absolute_error:MEAN_ABSOLUTE_ERROR",
        "huber": "huber:HUBER",
        "hinge": "hinge:HINGE",
        "kl_divergence": "kl_divergence:KL_DIVERGENCE",
        "negative_log_likelihood": "negative_log_likelihood:NEGATIVE_LOG_LIKELIHOOD",
    },
)

"""The regularizers table."""

from tracer.calculus.regularizers.l1 import L1
from tracer.calculus.regularizers.l2 import L2, L2_HALF, L2_MEAN
from tracer.model.functions import Regularizer

REGULARIZERS: dict[str, Regularizer] = {
    regularizer.name: regularizer for regularizer in (L2, L2_HALF, L2_MEAN, L1)
}

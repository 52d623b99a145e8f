"""The losses table."""

from tracer.calculus.losses.binary_cross_entropy import BINARY_CROSS_ENTROPY
from tracer.calculus.losses.cross_entropy import CROSS_ENTROPY
from tracer.calculus.losses.half_squared_error import HALF_SQUARED_ERROR
from tracer.calculus.losses.mean_squared_error import MEAN_SQUARED_ERROR
from tracer.calculus.losses.squared_error import SQUARED_ERROR
from tracer.model.functions import Loss

LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        HALF_SQUARED_ERROR,
        SQUARED_ERROR,
        MEAN_SQUARED_ERROR,
        BINARY_CROSS_ENTROPY,
        CROSS_ENTROPY,
    )
}

"""The losses table."""

from tracer.calculus.losses.binary_cross_entropy import BINARY_CROSS_ENTROPY
from tracer.calculus.losses.cross_entropy import CROSS_ENTROPY
from tracer.calculus.losses.half_squared_error import HALF_SQUARED_ERROR
from tracer.calculus.losses.hinge import HINGE
from tracer.calculus.losses.huber import HUBER
from tracer.calculus.losses.kl_divergence import KL_DIVERGENCE
from tracer.calculus.losses.mean_absolute_error import MEAN_ABSOLUTE_ERROR
from tracer.calculus.losses.mean_squared_error import MEAN_SQUARED_ERROR
from tracer.calculus.losses.negative_log_likelihood import NEGATIVE_LOG_LIKELIHOOD
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
        MEAN_ABSOLUTE_ERROR,
        HUBER,
        HINGE,
        KL_DIVERGENCE,
        NEGATIVE_LOG_LIKELIHOOD,
    )
}

"""The absolute error, averaged over the outputs."""

from tracer.model.functions import Loss

MEAN_ABSOLUTE_ERROR = Loss(
    name="mean_absolute_error",
    term="abs(y - a)",
    slope="sign(a - y)",
    over_outputs="mean",
    kink="target",
)

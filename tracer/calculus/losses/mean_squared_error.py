"""The squared error averaged over the outputs."""

from tracer.model.functions import Loss

MEAN_SQUARED_ERROR = Loss(
    name="mean_squared_error",
    term="(y - a)**2",
    slope="2*(a - y)",
    over_outputs="mean",
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (5.4), over outputs",
)

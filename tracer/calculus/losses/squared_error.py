"""The squared error without a half."""

from tracer.model.functions import Loss

SQUARED_ERROR = Loss(
    name="squared_error",
    term="(y - a)**2",
    slope="2*(a - y)",
)

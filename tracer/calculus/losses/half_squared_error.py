"""Half the squared error, whose slope is the plain difference."""

from tracer.model.functions import Loss

HALF_SQUARED_ERROR = Loss(
    name="half_squared_error",
    term="1/2*(y - a)**2",
    slope="a - y",
    source="Nielsen, Neural Networks and Deep Learning, ch. 2, for one sample",
)

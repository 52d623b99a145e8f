"""Binary cross-entropy of an output between 0 and 1; natural logarithm."""

from tracer.model.functions import Loss

BINARY_CROSS_ENTROPY = Loss(
    name="binary_cross_entropy",
    term="-(y*log(a) + (1 - y)*log(1 - a))",
    slope="-y/a + (1 - y)/(1 - a)",
    shortcut=("sigmoid",),
    shortcut_slope="a - y",
    source="Nielsen, Neural Networks and Deep Learning, ch. 3 eq. (57)",
)

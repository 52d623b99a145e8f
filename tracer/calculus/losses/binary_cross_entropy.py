"""Binary cross-entropy of an output between 0 and 1; natural logarithm."""

from tracer.model.functions import Loss, Weighted

BINARY_CROSS_ENTROPY = Loss(
    name="binary_cross_entropy",
    term="-(y*log(a) + (1 - y)*log(1 - a))",
    slope="-y/a + (1 - y)/(1 - a)",
    shortcut=("sigmoid",),
    shortcut_slope="a - y",
    classes="two",
    weighted=Weighted(
        term="-(weight1*y*log(a) + weight0*(1 - y)*log(1 - a))",
        slope="-weight1*y/a + weight0*(1 - y)/(1 - a)",
        shortcut_slope="whole*a - weight1*y",
    ),
    source="Nielsen, Neural Networks and Deep Learning, ch. 3 eq. (57)",
)

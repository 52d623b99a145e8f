"""Cross-entropy of a distribution, usually after softmax; natural logarithm."""

from tracer.model.functions import Loss, Weighted

CROSS_ENTROPY = Loss(
    name="cross_entropy",
    term="-y*log(a)",
    slope="-y/a",
    shortcut=("softmax",),
    shortcut_slope="a - y",
    classes="outputs",
    weighted=Weighted(
        term="-weight*y*log(a)",
        slope="-weight*y/a",
        shortcut_slope="whole*a - weight*y",
    ),
    source="Goodfellow, Bengio, Courville, Deep Learning, sec. 6.2.2.3",
)

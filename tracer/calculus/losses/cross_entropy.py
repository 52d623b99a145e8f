"""Cross-entropy of a distribution, usually after softmax; natural logarithm."""

from tracer.model.functions import Loss

CROSS_ENTROPY = Loss(
    name="cross_entropy",
    term="-y*log(a)",
    slope="-y/a",
    shortcut=("softmax",),
    shortcut_slope="a - y",
    source="Goodfellow, Bengio, Courville, Deep Learning, sec. 6.2.2.3",
)

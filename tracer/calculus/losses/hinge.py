"""The hinge loss, for labels -1 and 1."""

from tracer.model.functions import Loss

HINGE = Loss(
    name="hinge",
    term="maximum(0, 1 - y*a)",
    slope="-y*heaviside(1 - y*a)",
    kink="margin",
    source="Goodfellow, Bengio, Courville, Deep Learning, sec. 5.7.2; subgradient 0 at y*a = 1",
)

"""L1: the sum of the weights' sizes."""

from tracer.model.functions import Regularizer

L1 = Regularizer(
    name="l1",
    term="strength*abs(w)",
    slope="strength*sign(w)",
    kink="weight",
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (7.18)",
)

"""L2 (weight decay in the loss) in its three published forms."""

from tracer.model.functions import Regularizer

L2 = Regularizer(
    name="l2",
    term="strength*w**2",
    slope="2*strength*w",
    source="cs231n, Stanford, linear classification notes",
)

L2_HALF = Regularizer(
    name="l2_half",
    term="strength/2*w**2",
    slope="strength*w",
    source="UFLDL tutorial, backpropagation algorithm; Goodfellow et al., eq. (7.1)",
)

L2_MEAN = Regularizer(
    name="l2_mean",
    term="strength/(2*m)*w**2",
    slope="strength/m*w",
    source="Nielsen, Neural Networks and Deep Learning, eq. (87); Ng, course 2 week 1",
)

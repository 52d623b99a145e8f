"""The Huber loss: a parabola near the target, straight lines farther off."""

from tracer.model.functions import Loss

HUBER = Loss(
    name="huber",
    term="1/2*minimum(abs(y - a), 1)**2 + (abs(y - a) - minimum(abs(y - a), 1))",
    slope="maximum(-1, minimum(1, a - y))",
    source="Huber 1964, with the width 1, as in PyTorch",
)

"""Learning rates that grow from small ones before they stay or shrink."""

from tracer.model.functions import Schedule

WARM_UP = Schedule(
    name="warm_up",
    settings={"updates": None},
    rate="initial*minimum(step, updates)/updates",
    source="Goyal and others (2017), Accurate, Large Minibatch SGD, sec. 2.2; PyTorch's LinearLR",
)

TRANSFORMER = Schedule(
    name="transformer",
    settings={"width": None, "updates": None},
    rate="initial*minimum(1/sqrt(step), step/updates**1.5)/sqrt(width)",
    source="Vaswani and others (2017), Attention Is All You Need, eq. (3); initial is 1 there",
)

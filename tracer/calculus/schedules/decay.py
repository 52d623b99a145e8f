"""Learning rates that shrink from update to update; the first update has the initial one."""

from tracer.model.functions import Schedule

INVERSE_TIME = Schedule(
    name="inverse_time",
    settings={"decay": None},
    rate="initial/(1 + decay*(step - 1))",
    source="cs231n, Stanford, 1/t decay",
)

EXPONENTIAL = Schedule(
    name="exponential",
    settings={"decay": None},
    rate="initial*exp(-decay*(step - 1))",
    source="cs231n, Stanford, exponential decay",
)

GEOMETRIC = Schedule(
    name="geometric",
    settings={"factor": None},
    rate="initial*factor**(step - 1)",
    source="PyTorch's ExponentialLR",
)

LINEAR = Schedule(
    name="linear",
    settings={"updates": None},
    rate="initial*(1 - (step - 1)/updates)",
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (8.14) with eps_tau = 0",
)

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

STEP = Schedule(
    name="step",
    settings={"factor": None, "every": None},
    rate="initial*factor**floor((step - 1)/every)",
    source="cs231n, Stanford, step decay; PyTorch's StepLR",
)

LINEAR = Schedule(
    name="linear",
    settings={"updates": None},
    rate="initial*(1 - minimum(step - 1, updates)/updates)",
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (8.14) with eps_tau = 0",
)

POLYNOMIAL = Schedule(
    name="polynomial",
    settings={"updates": None, "power": None},
    rate="initial*(1 - minimum(step - 1, updates)/updates)**power",
    source="PyTorch's PolynomialLR",
)

COSINE = Schedule(
    name="cosine",
    settings={"updates": None, "last": "0"},
    rate="last + (initial - last)*(1 + cospi(minimum(step - 1, updates)/updates))/2",
    source="Loshchilov and Hutter (2017), SGDR, eq. (5); PyTorch's CosineAnnealingLR",
)

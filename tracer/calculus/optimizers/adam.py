"""Adam: with and without bias correction, epsilon outside or inside the root."""

from tracer.model.functions import Optimizer

_SETTINGS = {"rate": "0.001", "beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"}
_MOMENTS = {
    "moment1": "beta1*moment1 + (1 - beta1)*g",
    "moment2": "beta2*moment2 + (1 - beta2)*g**2",
}
_CORRECTED = {
    **_MOMENTS,
    "corrected1": "moment1/(1 - beta1**step)",
    "corrected2": "moment2/(1 - beta2**step)",
}

ADAM = Optimizer(
    name="adam",
    settings=_SETTINGS,
    lines=_CORRECTED,
    states=("moment1", "moment2"),
    increment="-rate*corrected1/(sqrt(corrected2) + epsilon)",
    source="Kingma, Ba 2015, algorithm 1",
)

ADAM_INSIDE = Optimizer(
    name="adam_inside",
    settings=_SETTINGS,
    lines=_CORRECTED,
    states=("moment1", "moment2"),
    increment="-rate*corrected1/sqrt(corrected2 + epsilon)",
)

ADAM_UNCORRECTED = Optimizer(
    name="adam_uncorrected",
    settings=_SETTINGS,
    lines=_MOMENTS,
    states=("moment1", "moment2"),
    increment="-rate*moment1/(sqrt(moment2) + epsilon)",
)

ADAM_UNCORRECTED_INSIDE = Optimizer(
    name="adam_uncorrected_inside",
    settings=_SETTINGS,
    lines=_MOMENTS,
    states=("moment1", "moment2"),
    increment="-rate*moment1/sqrt(moment2 + epsilon)",
    source="article 002",
)

ADAMW = Optimizer(
    name="adamw",
    settings={**_SETTINGS, "decay": "0.01"},
    lines=_CORRECTED,
    states=("moment1", "moment2"),
    increment="-rate*(corrected1/(sqrt(corrected2) + epsilon) + decay*w)",
    source="Loshchilov, Hutter 2019, algorithm 2, as in PyTorch's AdamW",
)

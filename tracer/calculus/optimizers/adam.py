"""Adam: with and without bias correction, epsilon outside or inside the root."""

from tracer.model.functions import Optimizer

_SETTINGS = {"rate": "0.001", "beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"}
_MOMENTS = {
    "first_moment": "beta1*first_moment + (1 - beta1)*g",
    "second_moment": "beta2*second_moment + (1 - beta2)*g**2",
}
_CORRECTED = {
    **_MOMENTS,
    "corrected_first": "first_moment/(1 - beta1**step)",
    "corrected_second": "second_moment/(1 - beta2**step)",
}

ADAM = Optimizer(
    name="adam",
    settings=_SETTINGS,
    lines=_CORRECTED,
    states=("first_moment", "second_moment"),
    increment="-rate*corrected_first/(sqrt(corrected_second) + epsilon)",
    source="Kingma, Ba 2015, algorithm 1",
)

ADAM_INSIDE = Optimizer(
    name="adam_inside",
    settings=_SETTINGS,
    lines=_CORRECTED,
    states=("first_moment", "second_moment"),
    increment="-rate*corrected_first/sqrt(corrected_second + epsilon)",
)

ADAM_UNCORRECTED = Optimizer(
    name="adam_uncorrected",
    settings=_SETTINGS,
    lines=_MOMENTS,
    states=("first_moment", "second_moment"),
    increment="-rate*first_moment/(sqrt(second_moment) + epsilon)",
)

ADAM_UNCORRECTED_INSIDE = Optimizer(
    name="adam_uncorrected_inside",
    settings=_SETTINGS,
    lines=_MOMENTS,
    states=("first_moment", "second_moment"),
    increment="-rate*first_moment/sqrt(second_moment + epsilon)",
    source="article 002",
)

ADAMW = Optimizer(
    name="adamw",
    settings={**_SETTINGS, "decay": "0.01"},
    lines=_CORRECTED,
    states=("first_moment", "second_moment"),
    increment="-rate*(corrected_first/(sqrt(corrected_second) + epsilon) + decay*w)",
    source="Loshchilov, Hutter 2019, algorithm 2, as in PyTorch's AdamW",
)

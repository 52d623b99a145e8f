"""Convolution (cross-correlation, as networks mean it) over vectors or images, in channels.

Gives for each filter the sum of its kernels over all channels, its bias and its activation.
How many filters there are and how large a kernel is, the given numbers ``K`` say, or else
the settings, where they are drawn.  Read by the table of layers; `pooling` takes the setting
of the dimensions.
"""

from __future__ import annotations

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting, numbered
from tracer.errors import ProblemError
from tracer.model.problem import array_shape

IMAGES = Setting("whole", "1: over vectors; 2: over images, row by row.", 2, least=1, most=2)


def recipe(of: Facts) -> Recipe:
    """For each filter the sum over the channels, its bias, and the activation."""
    channels, axes = of.form.sizes[0], len(of.form.sizes) - 1
    filters, size = _sizes(of, channels, axes)
    options = f"stride={of.settings['stride']}, pad={of.settings['pad']}"
    activation = of.settings["activation"]
    lines: list[str] = []
    gives: list[str] = []
    for number in range(1, filters + 1):
        here = (number, filters)
        sums = " + ".join(
            f"conv({numbered('x', (c, channels))}, {numbered('K', here, (c, channels))}, {options})"
            for c in range(1, channels + 1)
        )
        z = numbered("z", here)
        lines.append(f"{z} = {sums}{of.bias(numbered('b', here))}")
        gives.append(z)
        if activation != "identity":
            gives[-1] = numbered("out", here)
            lines.append(f"{gives[-1]} = {activation}({z})")
    biases = {"b": Parameter((), (filters,))} if of.biases else {}
    kernel = Parameter(size, (filters, channels))
    return Recipe(tuple(lines), tuple(gives), {"K": kernel, **biases})


def _sizes(of: Facts, channels: int, axes: int) -> tuple[int, tuple[int, ...]]:
    """How many filters there are, and the size of a kernel: as told, or as given by K."""
    told, size = of.settings["filters"], of.settings["size"]
    if "K" not in of.given:
        if size is None:
            raise ProblemError("conv needs its K, or the size of a kernel, such as size: 3")
        return told or 1, (size,) * axes
    found = array_shape(of.given["K"])
    leading = len(found) - axes - (channels > 1)
    if not 0 <= leading <= 1:
        wanted = f"{axes + (channels > 1)} (or, of several filters, one more)"
        raise ProblemError(f"K is nested {len(found)} deep; {wanted} is wanted", ("K",))
    return told or (found[0] if leading else 1), found[-axes:]


CONV = LayerType(
    name="conv",
    about="A convolution over vectors or images.",
    over="images",
    takes=("image",),
    recipe=recipe,
    settings={
        "dimensions": IMAGES,
        "filters": Setting(
            "whole",
            "How many channels it gives; K tells it too.",
            least=1,
            most=10_000,
            needed=False,
        ),
        "size": Setting("whole", "The size of a kernel that is drawn.", least=1, needed=False),
        "stride": Setting("whole", "How far the kernel moves.", 1, least=1),
        "pad": Setting("whole", "How many zeros stand around the input.", 0),
        "activation": Setting("activation", "The activation function.", "identity"),
    },
    parameters=("K", "b"),
    biases=True,
    bias_names=("b",),
)

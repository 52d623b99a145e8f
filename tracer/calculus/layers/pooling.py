"""Pooling: the largest number of each window, or its mean.

Takes images (channels, rows, columns) or vectors (channels, length), each channel by itself;
gives as many channels, of size ``(length - size)//stride + 1`` along each axis.  Source:
Goodfellow, Bengio, Courville, Deep Learning, sec. 9.3; Dumoulin and Visin (2016), A Guide to
Convolution Arithmetic, relationship 7.  Read by the table of layers.
"""

from __future__ import annotations

from collections.abc import Callable

from tracer.calculus.layers.convolution import IMAGES
from tracer.calculus.layers.kinds import Facts, LayerType, Recipe, Setting, numbered


def _pooling(function: str) -> Callable[[Facts], Recipe]:
    """The recipe of a pooling by the function of one window.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("max_pool", settings={}), MAX_POOL)
    >>> of = Facts(Form("image", (1, 4, 4)), 0, told, samples=1)
    >>> print(*MAX_POOL.recipe(of).equations, sep="\\n")
    out = maxpool(x, size=2, stride=2)
    """

    def recipe(of: Facts) -> Recipe:
        """Each channel by itself."""
        channels, size = of.form.sizes[0], of.settings["size"]
        stride = of.settings["stride"] or size
        names = [numbered("out", (c, channels)) for c in range(1, channels + 1)]
        sources = [numbered("x", (c, channels)) for c in range(1, channels + 1)]
        lines = tuple(
            f"{name} = {function}({x}, size={size}, stride={stride})"
            for name, x in zip(names, sources, strict=True)
        )
        return Recipe(lines, tuple(names))

    return recipe


_SETTINGS = {
    "dimensions": IMAGES,
    "size": Setting("whole", "How wide a window is.", 2, least=1),
    "stride": Setting(
        "whole", "How far the window moves; else by its own width.", least=1, needed=False
    ),
}

MAX_POOL = LayerType(
    name="max_pool",
    about="The largest number of each window goes on.",
    over="images",
    takes=("image",),
    recipe=_pooling("maxpool"),
    settings=_SETTINGS,
)
AVERAGE_POOL = LayerType(
    name="average_pool",
    about="The mean of each window goes on.",
    over="images",
    takes=("image",),
    recipe=_pooling("avgpool"),
    settings=_SETTINGS,
)

"""What the normalising layers share: the lines from a mean to scaled values, and epsilon.

Gives equations and parameters as texts of a layer's recipe: mean, variance (biased or
not), deviation with epsilon inside or outside the root, and the scale gamma and shift
beta.  Read by batch, layer and root-mean-square normalisation and by the transformer block.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.calculus.layers.kinds import Facts, Parameter, Setting
from tracer.errors import ProblemError

EPSILON = Setting("number", "What keeps the root away from 0.", "1e-5", most=1)
ROOTS: Mapping[str, Setting] = {
    "epsilon": EPSILON,
    "epsilon_place": Setting(
        "word",
        "Whether epsilon is added to the variance, inside the root, or to the root.",
        "inside",
        words=("inside", "outside"),
    ),
}
"""Settings of every normalisation."""
VARIANCE = Setting(
    "word",
    "Whether the variance is the mean of the squares, or divides by one less (unbiased).",
    "biased",
    words=("biased", "unbiased"),
)


def root(of: Facts, square: str) -> str:
    """The root of a variance or mean square, kept away from 0."""
    if of.settings["epsilon_place"] == "outside":
        return f"sqrt({square}) + epsilon"
    return f"sqrt({square} + epsilon)"


def normalised(of: Facts, axis: int) -> tuple[str, ...]:
    """Mean, variance and normalised values along an axis, in the textbook's order.

    Raises:
        ProblemError: if a variance without bias is asked of one number.
    """
    count = of.samples if axis else of.inputs
    squares = f"mean(centred**2, axis={axis})"
    if of.settings["variance"] == "unbiased":
        if count < 2:
            raise ProblemError("one number has no unbiased variance", ("variance",))
        # over the samples it is the batch that counts, which may be a part of all of them
        less = "others" if axis else count - 1
        squares = f"sum(centred**2, axis={axis})/{less}"
    return (
        f"mean = mean(x, axis={axis})",
        "centred = x - mean",
        f"variance = {squares}",
        f"deviation = {root(of, 'variance')}",
        "normalised = centred/deviation",
    )


SCALED = "scaled = gamma*normalised + beta"


def scale(of: Facts, shift: bool = True) -> dict[str, Parameter]:
    """gamma, from 1, and beta, from 0: one for each unit."""
    found = {"gamma": Parameter((of.inputs,), default="1")}
    return found | ({"beta": Parameter((of.inputs,), default="0")} if shift else {})

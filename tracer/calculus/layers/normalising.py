"""What the normalising layers share: the lines from a mean to scaled values, and epsilon."""

from __future__ import annotations

from tracer.calculus.layers.kinds import Facts, Parameter, Setting

EPSILON = Setting("number", "What keeps the root away from 0.", "1e-5", most=1)


def normalised(axis: int) -> tuple[str, ...]:
    """Mean, variance and normalised values along an axis, in the textbook's order."""
    return (
        f"mean = mean(x, axis={axis})",
        "centred = x - mean",
        f"variance = mean(centred**2, axis={axis})",
        "deviation = sqrt(variance + epsilon)",
        "normalised = centred/deviation",
    )


SCALED = "scaled = gamma*normalised + beta"


def scale(of: Facts, shift: bool = True) -> dict[str, Parameter]:
    """gamma, from 1, and beta, from 0: one for each unit."""
    found = {"gamma": Parameter((of.inputs,), default="1")}
    return found | ({"beta": Parameter((of.inputs,), default="0")} if shift else {})

"""Kinks: lines of the backward pass whose slope is a convention, and what it is.

A slope is a convention where a function such as ``heaviside`` stands at its jump and the
line would have another value if the jump were taken from the other side.  One rule for
layers and for equations: it looks at a line's formula and numbers alone.  Read by tracing,
which makes a remark of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.definitions import slope_of
from tracer.calculus.losses import LOSSES
from tracer.calculus.regularizers import REGULARIZERS
from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator
from tracer.formula.nodes import Call, Node, Number, children, rebuilt, symbols, walk
from tracer.formula.rewriting import ONE, ZERO
from tracer.model.functions import Activation, Loss
from tracer.model.rounding import Value
from tracer.model.step import Remark, Step

JUMPS = frozenset({"heaviside", "sign", "ismax"})
"""Functions that jump: a slope that has one of them in it has a kink behind it."""

ELEMENTARY_KINKS = {
    "abs": "nothing",
    "maximum": "equal",
    "minimum": "equal",
    "max": "largest",
}
"""Of functions that are no activation, the sentence about where they have their kinks."""
Function = Activation | Loss
_SOMEWHERE = "here"


def kinks(step: Step, values: Mapping[str, Value], evaluate: Evaluator) -> Iterator[Call]:
    """The jumps in a step's formula on which its value rests.

    Args:
        step: one equation, worked out.
        values: exact numbers of its operands.
        evaluate: in exact arithmetic.
    """
    calls = (part for part in walk(step.formula) if isinstance(part, Call))
    for part in dict.fromkeys(call for call in calls if call.function in JUMPS):
        other = _other_side(part, [evaluate(argument, values) for argument in part.arguments])
        if other is None:
            continue
        try:
            moved = evaluate(_replaced(step.formula, part, other), values)
        except CalculationError:
            moved = None
        if moved != step.exact:
            yield part


def _other_side(jump: Call, arguments: Sequence[Value]) -> Node | None:
    """The value on the other side, if the function stands exactly at its jump."""
    first, *cells = arguments
    if jump.function != "ismax":
        return ONE if first == 0 else None
    largest, here = max(cells), int(first) - 1
    if cells[here] != largest or cells.count(largest) == 1:
        return None
    return ZERO if cells.index(largest) == here else ONE


def _replaced(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    parts = tuple(_replaced(part, old, new) for part in children(node))
    return rebuilt(node, parts) if parts else node


def remark(
    jump: Call, functions: Iterable[str], forward: Iterable[Step], own: Mapping[str, Function]
) -> Remark:
    """What is said of a kink: whose it is, where, and which slope is taken there.

    Args:
        jump: as `kinks` gives it.
        functions: the activation, loss or penalty that the line differentiates, if known.
        forward: steps of the forward pass, among which the function is looked for otherwise.
        own: a problem's own functions.
    """
    name = next(iter(functions), "") or _function_behind(jump, forward, own)
    function = ACTIVATIONS.get(name) or LOSSES.get(name) or REGULARIZERS.get(name)
    declared = function.kink if function else ELEMENTARY_KINKS.get(name, "")
    at = declared or _SOMEWHERE
    if not name:
        return Remark("kink_unnamed", {"at": at})
    return Remark("kink", {"function": name, "at": at})


def _function_behind(jump: Call, forward: Iterable[Step], own: Mapping[str, Function]) -> str:
    """The function of the forward pass whose slope has this jump in it."""
    if jump.function == "ismax":
        return "max"
    used = set(symbols(jump))
    for step in forward:
        if used.isdisjoint(step.operands):
            continue
        for call in walk(step.formula):
            if isinstance(call, Call) and call.function not in JUMPS and _has(jump, call, own):
                return call.function
    return ""


def _has(jump: Call, call: Call, own: Mapping[str, Function]) -> bool:
    slopes = (
        slope_of(call, place, None, own)
        for place, argument in enumerate(call.arguments)
        if not isinstance(argument, Number)
    )
    return any(jump in list(walk(slope)) for slope in slopes)

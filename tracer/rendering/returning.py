"""Why a gradient comes back as it does: told by what the quantity went into.

Takes the step of a gradient; gives the names of sentences in the group ``why`` of the prose.
What comes back from an activation, a softmax, a mask or a window has a sentence of its own,
in whichever layer it stands.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.formula.keys import Key
from tracer.formula.nodes import Apply, Call, Node, Symbol
from tracer.model.quantity import Equation
from tracer.model.step import Step
from tracer.model.trace import Trace

_VIEWS = frozenset({"stack", "index", "concat", "segment", "flatten", "transpose"})
"""Ways to look at the same numbers."""
_ROOTS = frozenset({"sqrt", "exp", "log"})
"""Functions that are no activation."""


def sent_back(step: Step, trace: Trace) -> tuple[str, ...]:
    """Which sentences say why a gradient is what it is, if all that used the quantity was of
    one kind."""
    key = step.parsed
    name = key.name[1:] if key.part else f"a{key.layer}"
    users = trace.users.get(str(replace(key, name=name)), ())
    rules = {user.rule for user in users}
    if not users or len(rules) > 1:
        return ()
    first = users[0]
    if first.phase == "loss":
        return ("da_output_own",) if step.sample is not None else ("da_output",)
    if first.rule == "preactivation":
        one = trace.problem.layers[(first.layer or 1) - 1].units == 1
        return ("da_hidden_one" if one else "da_hidden",)
    equation = _equation(first, trace)
    kind = _kind(equation.formula) if equation else ""
    return (f"through_{first.rule}", *((f"through_{kind}",) if kind else ()))


def _equation(step: Step, trace: Trace) -> Equation | None:
    """The array equation that a line of the forward pass belongs to."""
    name = step.parsed.name
    return next(
        (
            equation
            for equation in trace.plans[0].equations
            if equation.rule == step.rule and Key.parse(equation.target.key).name == name
        ),
        None,
    )


def _kind(formula: Node) -> str:
    """What an equation does to its operand: an activation, a primitive, a mere view."""
    match formula:
        case Call(function) if function not in _ROOTS:
            return "activation"
        case Symbol():
            return "view"
        case Apply(primitive, operands) if primitive in _VIEWS:
            return "view" if {_kind(operand) for operand in operands} == {"view"} else ""
        case Apply(primitive):
            return primitive
    return ""

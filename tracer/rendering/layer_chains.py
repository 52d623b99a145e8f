"""The chain rule through layers of any type, factor by factor.

Takes the step of a gradient; gives a line that goes through every line of the forward pass
that uses the quantity: what comes back to that line, times its slope.  `chains` does the
same for networks of dense layers, down to the loss.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from tracer.formula.differentiating import derivative
from tracer.formula.nodes import Node, Number, Symbol
from tracer.formula.rewriting import tidy
from tracer.model.layer import Layer
from tracer.model.step import Step
from tracer.notation.name import Name
from tracer.rendering.chains import Factor, line_of_paths, names_of_paths, slope_name
from tracer.rendering.content import Line
from tracer.rendering.typesetting import Typesetting

MOST = 16
"""Lines that use a quantity; a longer sum says nothing that its first terms do not."""


def layer_chain_line(step: Step, setting: Typesetting) -> Line | None:
    """``dL/dU = dL/dz~2 * dz~2/dU + dL/dz~1 * dz~1/dU`` with names and numbers.

    None where a slope is more than a number that is on the page already, and where a mean's
    1/m is written in the gradient: the errors of the samples are without it.
    """
    problem, (plan, *_) = setting.trace.problem, setting.trace.plans
    if problem.reduction != "sum" and problem.written == "gradient" and len(plan.samples) > 1:
        return None
    of = gradient_for(step)
    paths: list[list[Factor]] = []
    for user in _users(of, step, setting):
        back, slope = _back(user, setting), _slope(user, of, setting)
        if back is None or slope is None:
            return None
        paths.append([back, slope])
    return line_of_paths(step, paths, setting)


def layer_paths_line(step: Step, setting: Typesetting) -> Line | None:
    """``dL/dh = dL/dc * dc/dh + ...``, through everything that uses a quantity, with names."""
    of = gradient_for(step)
    users = _users(of, step, setting)
    backs = [_back(user, setting) for user in users]
    if not users or None in backs:
        return None
    slopes = [_ratio(user.key, of, setting) for user in users]
    pairs = [[back.name, slope] for back, slope in zip(backs, slopes, strict=True) if back]
    return names_of_paths(step, pairs, setting)


def gradient_for(step: Step) -> str:
    """The key of what a gradient is for: ``dw3`` and ``dlstm1.Wi`` lose their d."""
    key = step.parsed
    return str(replace(key, name=key.name[1:]))


def _users(of: str, step: Step, setting: Typesetting) -> list[Step]:
    """The lines that use a quantity, the last time step first; none where there are too many,
    or where the loss uses it directly."""
    trace = setting.trace
    users = [user for user in trace.users.get(of, ()) if not _is_held(user, of, setting)]
    if len(users) > MOST or any(user.phase == "loss" for user in users):
        return []
    return sorted(users, key=lambda user: (-(user.parsed.time or 0), user.sample or 0))


def _is_held(user: Step, of: str, setting: Typesetting) -> bool:
    """Whether time is truncated between a state and the line that uses it."""
    layer = setting.trace.problem.layers[user.layer - 1] if user.layer else None
    time, before = user.parsed.time, setting.trace[of].parsed.time
    return isinstance(layer, Layer) and before != time and bool(time) and layer.is_cut(time or 0)


def _back(user: Step, setting: Typesetting) -> Factor | None:
    """What comes back to a line."""
    key, trace = user.parsed, setting.trace
    name = f"d{key.name}" if key.part else f"delta{key.layer}"
    if not key.part and key.role != "z":
        return None
    found = str(replace(key, name=name))
    if found not in trace or trace.problem.conventions.delta == "t-o":
        return None
    step = trace[found]
    return Factor(setting.names.name(found), step.text, step.exact or Rational(0))


def _slope(user: Step, of: str, setting: Typesetting) -> Factor | None:
    """The slope of a line by a quantity, where it is 1 or another quantity."""
    node: Node = tidy(derivative(user.formula, of, setting.trace.definitions))
    name = _ratio(user.key, of, setting)
    match node:
        case Number("1"):
            return Factor(name, "1", Rational(1))
        case Symbol(key) if key in setting.trace:
            step = setting.trace[key]
            return Factor(name, step.text, step.exact or Rational(0))
    return None


def _ratio(top: str, bottom: str, setting: Typesetting) -> Name:
    return slope_name(setting.names.name(top), setting.names.name(bottom))

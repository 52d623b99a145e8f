"""The chain rule factor by factor: dL/dw as the product of the slopes along the way.

Takes the step of a gradient; gives the line that names every factor with its number.  What
comes back through several later units is written path by path.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction as Rational

from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Product, Sum, Symbol
from tracer.model.rounding import Value
from tracer.model.step import Step
from tracer.notation.name import Name
from tracer.rendering.content import Line, Member
from tracer.rendering.lines import label, member
from tracer.rendering.typesetting import Typesetting

_EQUAL = 1e-9
"""Exact values further apart than this part of them are not the same quantity."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A slope on the way from the loss to a parameter."""

    name: Name
    text: str
    """As it is printed; empty in a derivation without numbers."""
    exact: Value


def chain_line(step: Step, setting: Typesetting) -> Line | None:
    """dL/dw = dL/da * da/dz * dz/dw with names and numbers; None where it has no such form."""
    return line_of_paths(step, _paths_to_parameter(step, setting), setting)


def line_of_paths(step: Step, paths: list[list[Factor]], setting: Typesetting) -> Line | None:
    """A gradient as the sum of the products along some paths, with names and numbers; None
    where there are none, or they do not give it."""
    if not paths or (step.text and not _is_product(paths, step)):
        return None
    factors = {f"{i}.{j}": one for i, path in enumerate(paths) for j, one in enumerate(path)}
    names = {place: factor.name for place, factor in factors.items()}
    numbers = {place: factor.text for place, factor in factors.items()}
    node = _sum_of_products([len(path) for path in paths])
    left = setting.name(step.key)
    room = setting.form.width - setting.width(left) - setting.form.gap
    equals = setting.sign("=")
    members = [member(setting, equals, node, names.__getitem__, room, "formula")]
    if step.text:
        members.append(member(setting, equals, node, numbers.__getitem__, room, "numbers"))
        members.append(outcome(_product_of(paths), step, setting))
    return Line(step.key, left, tuple(members), f"{label(step.key)}-chain")


def is_rounded_between(line: Line, setting: Typesetting) -> bool:
    """Whether a chain line gives, beside the gradient, what its factors give themselves."""
    return f" {setting.sign('≈')} " in line.members[-1].parts[0]


def is_near(line: Line, setting: Typesetting) -> bool:
    """Whether the factors of a chain line give its gradient up to a unit of the last figure."""
    return line.members[-1].sign == setting.sign("≈")


def paths_line(step: Step, setting: Typesetting) -> Line | None:
    """dL/da of a hidden unit as a sum over the units that it feeds, with names."""
    key = step.parsed
    later = [Key.parse(name) for name in step.operands if name.startswith("delta")]
    later = [one for one in later if one.layer == (key.layer or 0) + 1 and one.indices]
    if not later:
        return None
    own = replace(key, name=f"a{key.layer}")
    pairs = []
    for unit in later:
        z = setting.names.name(str(replace(unit, name=f"z{unit.layer}")))
        to_own = slope_name(z, setting.names.name(str(own)))
        pairs.append([slope_name(_loss(key, setting), z), to_own])
    whole = slope_name(_loss(key, setting), setting.names.name(str(own)))
    return names_of_paths(step, pairs, setting, whole)


def names_of_paths(
    step: Step, pairs: Sequence[Sequence[Name]], setting: Typesetting, whole: Name | None = None
) -> Line:
    """A gradient as the sum of the products along some paths, with names alone."""
    names = {f"{i}.{j}": name for i, pair in enumerate(pairs) for j, name in enumerate(pair)}
    left = setting.name(step.key) if whole is None else setting.printer.name(whole)
    room = setting.form.width - setting.width(left) - setting.form.gap
    node = _sum_of_products([len(pair) for pair in pairs])
    found = member(setting, setting.sign("="), node, names.__getitem__, room, "formula")
    return Line(step.key, left, (found,), f"{label(step.key)}-paths")


def _paths_to_parameter(step: Step, setting: Typesetting) -> list[list[Factor]]:
    """The slopes from the loss to a weight or bias.

    A shared bias has a path for each unit, the gradient of a whole batch one for each sample.
    """
    key, layer = step.parsed, step.parsed.layer or 0
    source = None
    if key.role == "dw" and len(key.indices) == 2:
        units = [key.indices[0]]
        source = f"a{layer - 1}[{key.indices[1]}]"
    elif key.role == "db":
        every = range(1, setting.trace.problem.layers[layer - 1].units + 1)
        units = list(key.indices or every)
    else:
        return []
    return [
        _path(key, unit, setting, source, sample)
        for sample in _samples(key, setting)
        for unit in units
    ]


def _samples(key: Key, setting: Typesetting) -> tuple[int | None, ...]:
    """The samples through which the loss depends on the parameter of a gradient."""
    if key.sample is not None or setting.trace.problem.samples == 1:
        return (key.sample,)
    return setting.trace.plans[key.update].samples


def _path(
    key: Key, unit: int, setting: Typesetting, source: str | None, sample: int | None
) -> list[Factor]:
    """The factors from the loss through one unit to the parameter of `key`."""
    trace, names, layer = setting.trace, setting.names, key.layer
    here = replace(key, sample=sample)
    z, a = (_at(f"{role}{layer}[{unit}]", here) for role in ("z", "a"))
    da, slope, delta = (_at(f"{role}{layer}[{unit}]", here) for role in ("da", "slope", "delta"))
    loss = _loss(key, setting)
    turned = trace.problem.conventions.delta == "t-o"
    path: list[Factor] = []
    # where a mean's 1/m is written in the error, dL/da is still the single sample's
    divided = trace.problem.written == "delta" and layer == len(trace.problem.layers)
    if da in trace and slope in trace and not divided:
        path.append(_factor(slope_name(loss, names.name(a)), trace[da], turned))
        path.append(_factor(slope_name(names.name(a), names.name(z)), trace[slope]))
    else:
        path.append(_factor(slope_name(loss, names.name(z)), trace[delta], turned))
    parameter = replace(key, name=key.name[1:], sample=None)
    last = slope_name(names.name(z), names.name(str(parameter)))
    into = _at(source, here) if source else ""
    path.append(_factor(last, trace[into]) if into else Factor(last, "1", Rational(1)))
    return path


def _factor(name: Name, step: Step, turned: bool = False) -> Factor:
    """The slope that a step gives, with the sign of dL/dz also where a delta is t - o."""
    exact = step.exact or Rational(0)
    return Factor(name, _signed(step.text, turned), -exact if turned else exact)


def _at(name: str, key: Key) -> str:
    """The key of a unit's quantity in the sample and update of a gradient."""
    parsed = Key.parse(name)
    update = 0 if parsed.name == "a0" else key.update
    return str(replace(parsed, sample=key.sample, update=update))


def _loss(key: Key, setting: Typesetting) -> Name:
    return replace(setting.names.name(str(Key("loss", sample=key.sample))), mark="")


def slope_name(top: Name, bottom: Name) -> Name:
    """The derivative of one quantity by another."""
    return replace(top, before="partial", over=replace(bottom, before="partial"))


def _signed(text: str, turned: bool) -> str:
    if not turned or text in ("", "0"):
        return text
    return text[1:] if text.startswith("-") else f"-{text}"


def _sum_of_products(sizes: list[int]) -> Node:
    paths = [
        Product(tuple(Symbol(f"{i}.{j}") for j in range(size))) for i, size in enumerate(sizes)
    ]
    return paths[0] if len(paths) == 1 else Sum(tuple(paths))


def _is_product(paths: list[list[Factor]], step: Step) -> bool:
    """Whether the slopes multiply to this gradient: not where an error bears a mean's 1/m."""
    total = math.fsum(math.prod(float(one.exact) for one in path) for path in paths)
    sizes = [math.prod(abs(float(one.exact)) for one in path) for path in paths]
    return abs(total - float(step.exact or 0)) <= _EQUAL * sum(sizes)


def _product_of(paths: list[list[Factor]]) -> Rational:
    """What the printed factors give."""
    shares = [math.prod((Rational(one.text) for one in path), start=Rational(1)) for path in paths]
    return sum(shares, Rational(0))


def gives(product: Rational, step: Step, setting: Typesetting) -> bool:
    """Whether what the factors give is the gradient, up to a unit of its last figure."""
    value, rounding, role = Rational(step.text), setting.trace.problem.rounding, step.parsed.role
    if rounding.precision_of(role).exact:
        return True
    return abs(product - value) <= rounding.unit(value, role)


def outcome(product: Rational, step: Step, setting: Typesetting) -> Member:
    """The gradient, after ``=`` where the printed factors give it.

    The gradient's own line takes the unit's error, which has been rounded on its way here;
    the factors were not.  What they give is written between where it is off by more than
    a unit of the last place: ``= 0.252228 ≈ 0.252229``.
    """
    value, rounding, role = Rational(step.text), setting.trace.problem.rounding, step.parsed.role
    own = rounding.text(product, role)
    if product == value or (not rounding.precision_of(role).exact and own == step.text):
        return Member(setting.sign("="), (setting.result(step.text),), "result")
    about = setting.sign("≈")
    if gives(product, step, setting):
        return Member(about, (setting.result(step.text),), "result")
    shown = f"{setting.number(own)} {about} {setting.result(step.text)}"
    return Member(setting.sign("="), (shown,), "result")

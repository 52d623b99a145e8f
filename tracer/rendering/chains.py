"""The chain rule factor by factor: dL/dw as the product of the slopes along the way.

Takes the step of a gradient; gives the line that names every factor with its number.  What
comes back through several later units is written path by path.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Product, Sum, Symbol
from tracer.model.step import Step
from tracer.notation.name import Name
from tracer.rendering.content import Line, Member
from tracer.rendering.lines import label, member
from tracer.rendering.typesetting import Typesetting

_NEAR = Rational(1, 50)
"""Rounded factors give the gradient to within this part of it, else no line is written."""

Factor = tuple[Name, str]
"""A slope's name and its number."""


def chain_line(step: Step, setting: Typesetting) -> Line | None:
    """dL/dw = dL/da * da/dz * dz/dw with names and numbers; None where it has no such form."""
    paths = _paths_to_parameter(step, setting)
    if not paths:
        return None
    names = {f"{i}.{j}": factor[0] for i, path in enumerate(paths) for j, factor in enumerate(path)}
    numbers = {
        f"{i}.{j}": factor[1] for i, path in enumerate(paths) for j, factor in enumerate(path)
    }
    node = _sum_of_products([len(path) for path in paths])
    left = setting.name(step.key)
    room = setting.form.width - setting.width(left) - setting.form.gap
    equals = setting.sign("=")
    members = [member(setting, equals, node, names.__getitem__, room, "formula")]
    if step.text:
        relation = _relation(paths, step, setting)
        if relation is None:
            return None
        members.append(member(setting, equals, node, numbers.__getitem__, room, "numbers"))
        members.append(Member(setting.sign(relation), (setting.result(step.text),), "result"))
    return Line(step.key, left, tuple(members), f"{label(step.key)}-chain")


def paths_line(step: Step, setting: Typesetting) -> Line | None:
    """dL/da of a hidden unit as a sum over the units that it feeds, with names."""
    key = step.parsed
    later = [Key.parse(name) for name in step.operands if name.startswith("delta")]
    later = [one for one in later if one.layer == (key.layer or 0) + 1 and one.indices]
    if not later:
        return None
    own = replace(key, name=f"a{key.layer}")
    names: dict[str, Name] = {}
    for place, unit in enumerate(later):
        z = setting.names.name(str(replace(unit, name=f"z{unit.layer}")))
        names[f"{place}.0"] = _slope(_loss(key, setting), z)
        names[f"{place}.1"] = _slope(z, setting.names.name(str(own)))
    whole = _slope(_loss(key, setting), setting.names.name(str(own)))
    left = setting.printer.name(whole)
    room = setting.form.width - setting.width(left) - setting.form.gap
    node = _sum_of_products([2] * len(later))
    found = member(setting, setting.sign("="), node, names.__getitem__, room, "formula")
    return Line(step.key, left, (found,), f"{label(step.key)}-paths")


def _paths_to_parameter(step: Step, setting: Typesetting) -> list[list[Factor]]:
    """The slopes from the loss to a weight or bias; a shared bias has a path for each unit."""
    key = step.parsed
    layer = key.layer or 0
    if key.role == "dw" and len(key.indices) == 2:
        unit, source = key.indices
        before = f"a{layer - 1}[{source}]"
        return [_path(key, unit, setting, _at(before, key, setting))]
    if key.role != "db":
        return []
    units = (
        list(key.indices)
        if key.indices
        else list(range(1, setting.trace.problem.layers[layer - 1].units + 1))
    )
    return [_path(key, unit, setting, None) for unit in units]


def _path(key: Key, unit: int, setting: Typesetting, source: str | None) -> list[Factor]:
    """The factors from the loss through one unit to the parameter of `key`."""
    trace, names, layer = setting.trace, setting.names, key.layer
    z = _at(f"z{layer}[{unit}]", key, setting)
    a = _at(f"a{layer}[{unit}]", key, setting)
    da, slope = _at(f"da{layer}[{unit}]", key, setting), _at(f"slope{layer}[{unit}]", key, setting)
    loss = _loss(key, setting)
    turned = trace.problem.conventions.delta == "t-o"
    path: list[Factor] = []
    if da in trace and slope in trace:
        path.append((_slope(loss, names.name(a)), _signed(trace[da].text, turned)))
        path.append((_slope(names.name(a), names.name(z)), trace[slope].text))
    else:
        delta = _at(f"delta{layer}[{unit}]", key, setting)
        path.append((_slope(loss, names.name(z)), _signed(trace[delta].text, turned)))
    parameter = replace(key, name=key.name[1:], sample=None)
    last = trace[source].text if source else "1"
    path.append((_slope(names.name(z), names.name(str(parameter))), last))
    return path


def _at(name: str, key: Key, setting: Typesetting) -> str:
    """The key of a unit's quantity in the sample and update of a gradient."""
    parsed = Key.parse(name)
    update = 0 if parsed.name == "a0" else key.update
    sample = key.sample
    if sample is None and setting.trace.problem.samples > 1:
        # an update made from one of several samples: its gradients bear no sample's number
        sample = setting.trace.plans[key.update].samples[0]
    return str(replace(parsed, sample=sample, update=update))


def _loss(key: Key, setting: Typesetting) -> Name:
    return replace(setting.names.name(str(Key("loss", sample=key.sample))), mark="")


def _slope(top: Name, bottom: Name) -> Name:
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


def _relation(paths: list[list[Factor]], step: Step, setting: Typesetting) -> str | None:
    """``=`` if the factors as printed give the printed gradient; None if they are far off."""
    total = Rational(0)
    for path in paths:
        share = Rational(1)
        for _, text in path:
            share *= Rational(text)
        total += share
    value, rounding = Rational(step.text), setting.trace.problem.rounding
    if abs(total - value) > _NEAR * abs(value):
        return None
    rounded = value != 0 and rounding.policy != "exact"
    same = rounded and rounding.text(total, step.parsed.role) == step.text
    return "=" if same or total == value else "≈"

"""The backward pass of a normalisation in one formula, as it is published.

Beside the staged lines (back through scale, deviation, variance, mean) a page in full detail
shows the compact form: ``dx = (m dxhat - sum(dxhat) - xhat sum(dxhat xhat))/(m sigma)``.
Takes the step of a gradient; gives that line, where what it is for goes into the mean and the
distances of a normalisation and into nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction as Rational

from tracer.formula.evaluating import Evaluator, Exact
from tracer.formula.nodes import Fraction, Negative, Node, Number, Product, Sum, Symbol
from tracer.model.layer import Layer
from tracer.model.step import Step
from tracer.rendering.chains import gives, outcome
from tracer.rendering.content import Line
from tracer.rendering.layer_chains import gradient_for
from tracer.rendering.lines import label, member
from tracer.rendering.typesetting import Typesetting

_FORM = {"variance": "biased", "epsilon_place": "inside"}
"""The form that the formula is about."""


def compact_line(step: Step, setting: Typesetting) -> Line | None:
    """The published formula with names and with numbers; None elsewhere."""
    trace = setting.trace
    of = gradient_for(step)
    users = {user.parsed.part: user for user in trace.users.get(of, ())}
    if set(users) != {"mean", "centred"} or trace.symbolic:
        return None
    layer = trace.problem.layers[(users["mean"].layer or 1) - 1]
    if not isinstance(layer, Layer) or any(
        layer.settings.get(name, usual) != usual for name, usual in _FORM.items()
    ):
        return None
    mean, own = users["mean"].parsed, users["centred"].parsed
    together = [  # the normalised values over which the mean was taken
        user.key.replace(".centred", ".normalised")
        for key in users["mean"].operands
        for user in trace.users[key]
        if user.parsed.part == "centred" and user.parsed.base == mean.base
    ]
    keys = {f"x{i}": key for i, key in enumerate(together)}
    keys |= {f"d{i}": f"d{key}" for i, key in enumerate(together)}
    keys["sigma"] = str(replace(mean, name=f"{mean.base}.deviation"))
    if any(key not in trace for key in keys.values()):
        return None
    mine = together.index(str(replace(own, name=f"{own.base}.normalised")))
    return _line(step, _formula(len(together), mine), keys, setting)


def _formula(count: int, mine: int) -> Node:
    """Over the places x0, x1, ... (normalised), d0, d1, ... (what comes back) and sigma."""
    m = Number(str(count))
    xs, ds = ([Symbol(f"{letter}{i}") for i in range(count)] for letter in "xd")
    products = [Product(pair) for pair in zip(ds, xs, strict=True)]
    top = Sum(
        (
            Product((m, ds[mine])),
            Negative(Sum(tuple(ds))),
            Negative(Product((xs[mine], Sum(tuple(products))))),
        )
    )
    return Fraction(top, Product((m, Symbol("sigma"))))


def _line(step: Step, formula: Node, keys: Mapping[str, str], setting: Typesetting) -> Line:
    trace, names = setting.trace, setting.names
    left = setting.name(step.key)
    room = setting.form.width - setting.width(left) - setting.form.gap
    equals = setting.sign("=")
    numbers = {place: trace[key].text for place, key in keys.items()}
    operands = {place: Rational(text) for place, text in numbers.items()}
    value = Evaluator(Exact())(formula, operands)  # what the printed numbers give
    named = member(setting, equals, formula, lambda place: names.name(keys[place]), room, "formula")
    if not gives(value, step, setting):  # its terms cancel: the printed numbers are too coarse
        return Line(step.key, left, (named,), f"{label(step.key)}-compact")
    numbered = member(setting, equals, formula, numbers.__getitem__, room, "numbers")
    members = (named, numbered, outcome(value, step, setting))
    return Line(step.key, left, members, f"{label(step.key)}-compact")

"""The lines of a backward pass and of the update, and how each goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.checking.arithmetic import ACTIVATIONS, SLOPES, TWO
from tests.checking.lines import Ask, Line, Work
from tests.checking.shapes import Shape

Slip = tuple[str, Work]


def backward(shape: Shape) -> Iterator[Line]:
    """From the outputs' errors to the new parameters."""
    last = len(shape.sizes) - 1
    for layer in range(last, 0, -1):
        for mark in shape.marks():
            for unit in range(1, shape.sizes[layer] + 1):
                yield from _unit(shape, layer, unit, mark, layer == last)
        for unit in range(1, shape.sizes[layer] + 1):
            for before in range(1, shape.sizes[layer - 1] + 1):
                yield _weight_gradient(shape, layer, unit, before)
        if not shape.frozen:
            yield from _bias_gradients(shape, layer)
    for layer in range(1, last + 1):
        yield from _updates(shape, layer)


def _unit(shape: Shape, layer: int, unit: int, mark: str, is_last: bool) -> Iterator[Line]:
    key = f"delta{layer}[{unit}]{mark}"
    if is_last and shape.shortcut:
        a, y = f"a{layer}[{unit}]{mark}", f"y[{unit}]{mark}"
        yield Line(key, lambda ask: ask(a) - ask(y), (), "delta")
        return
    yield _error(shape, layer, unit, mark) if is_last else _hidden(shape, layer, unit, mark)
    name = shape.activations[layer - 1]
    z, a = f"z{layer}[{unit}]{mark}", f"a{layer}[{unit}]{mark}"
    da, slope = f"da{layer}[{unit}]{mark}", f"slope{layer}[{unit}]{mark}"
    wrong = list(_wrong_slopes(name, z, a))
    if name != "identity":
        right = SLOPES[name]
        yield Line(slope, lambda ask: right(ask(z), ask(a)), tuple(wrong), "slope")
    slips: list[Slip] = []
    if name != "identity":
        slips.append(("missing_slope", lambda ask: ask(da)))
        slips += [(cause, lambda ask, w=work: ask(da) * w(ask)) for cause, work in wrong]

    def work(ask: Ask) -> Decimal:
        return ask(da) * (ask(slope) if name != "identity" else 1)

    yield Line(key, work, tuple(slips), "delta")


def _wrong_slopes(name: str, z: str, a: str) -> Iterator[Slip]:
    if name in ("sigmoid", "tanh"):
        f, slope = ACTIVATIONS[name], SLOPES[name]
        yield "slope_at_activation", lambda ask: slope(ask(a), f(ask(a)))
        yield "slope_at_activation", lambda ask: slope(ask(z), ask(z))
        other = SLOPES["tanh" if name == "sigmoid" else "sigmoid"]
        yield "wrong_slope", lambda ask: other(ask(z), ask(a))
    if name == "relu":
        yield "dead_unit_kept", lambda ask: Decimal(1)


def _error(shape: Shape, layer: int, unit: int, mark: str) -> Line:
    """dL/da of an output."""
    a, y = f"a{layer}[{unit}]{mark}", f"y[{unit}]{mark}"
    factor = {"half_squared_error": Decimal(1), "squared_error": TWO}.get(shape.loss)
    if shape.loss == "mean_squared_error":
        factor = TWO / shape.sizes[-1]
    slips: list[Slip] = []
    if factor is None:

        def work(ask: Ask) -> Decimal:
            return -ask(y) / ask(a) + (1 - ask(y)) / (1 - ask(a))

    else:

        def work(ask: Ask) -> Decimal:
            return factor * (ask(a) - ask(y))

        if shape.loss != "half_squared_error":
            slips.append(("factor_two", lambda ask: work(ask) / 2))
        if shape.sizes[-1] > 1:
            other = f"y[{unit % shape.sizes[-1] + 1}]{mark}"
            slips.append(("wrong_quantity", lambda ask: factor * (ask(a) - ask(other))))
        z = f"z{layer}[{unit}]{mark}"
        slips.append(("wrong_quantity", lambda ask: factor * (ask(z) - ask(y))))
    return Line(f"da{layer}[{unit}]{mark}", work, tuple(slips), "da")


def _hidden(shape: Shape, layer: int, unit: int, mark: str) -> Line:
    """dL/da of a hidden unit: what comes back through the weights."""
    above = range(1, shape.sizes[layer + 1] + 1)

    def work(
        ask: Ask, turned: bool = False, then: int = 0, only: int = 0, shifted: int = 0
    ) -> Decimal:
        terms = []
        for k in above:
            if k == only:
                continue
            indices = f"{unit},{k}" if turned else f"{k},{unit}"
            delta = k % len(above) + 1 if k == shifted else k
            weight = ask(shape.new(f"w{layer + 1}[{indices}]", then))
            terms.append(weight * ask(f"delta{layer + 1}[{delta}]{mark}"))
        return sum(terms, Decimal(0))

    slips: list[Slip] = [("updated_weight", lambda ask: work(ask, then=1))]
    if len(above) > 1:
        slips += [("dropped_term", lambda ask, k=k: work(ask, only=k)) for k in above]
        slips += [("wrong_quantity", lambda ask, k=k: work(ask, shifted=k)) for k in above]
    if shape.sizes[layer] == shape.sizes[layer + 1] > 1:
        slips.append(("transposed", lambda ask: work(ask, turned=True)))
    return Line(f"da{layer}[{unit}]{mark}", work, tuple(slips), "da")


def _weight_gradient(shape: Shape, layer: int, unit: int, before: int) -> Line:
    marks = shape.marks()
    count = shape.sizes[layer - 1]
    other = before % count + 1

    def work(ask: Ask, source: int = before, skip: str | None = None) -> Decimal:
        terms = [
            ask(f"delta{layer}[{unit}]{mark}") * ask(f"a{layer - 1}[{source}]{mark}")
            for mark in marks
            if mark != skip
        ]
        return sum(terms, Decimal(0)) * shape.share

    slips = list(_share_slips(shape, work))
    if count > 1:
        slips.append(("wrong_quantity", lambda ask: work(ask, source=other)))
    if len(marks) > 1:
        slips.append(("dropped_term", lambda ask: work(ask, skip=marks[-1])))
    return Line(f"dw{layer}[{unit},{before}]", work, tuple(slips), "gradient")


def _share_slips(shape: Shape, work: Work) -> Iterator[Slip]:
    if shape.samples == 1:
        return
    if shape.mean:
        yield "sum_for_mean", lambda ask: work(ask) * shape.samples
        yield "divided_twice", lambda ask: work(ask) / shape.samples
    else:
        yield "mean_for_sum", lambda ask: work(ask) / shape.samples


def _bias_gradients(shape: Shape, layer: int) -> Iterator[Line]:
    units = range(1, shape.sizes[layer] + 1)
    kind = shape.biases[layer - 1]
    groups = {"own": [(i,) for i in units], "shared": [tuple(units)], "none": []}[kind]
    for group in groups:
        name = f"db{layer}" if kind == "shared" else f"db{layer}[{group[0]}]"
        parts = [f"delta{layer}[{i}]{mark}" for i in group for mark in shape.marks()]

        def work(ask: Ask, parts: list[str] = parts) -> Decimal:
            return sum((ask(part) for part in parts), Decimal(0)) * shape.share

        yield Line(name, work, tuple(_share_slips(shape, work)), "gradient")


def _updates(shape: Shape, layer: int) -> Iterator[Line]:
    units, before = shape.sizes[layer], shape.sizes[layer - 1]
    for i in range(1, units + 1):
        for j in range(1, before + 1):
            turned = f"dw{layer}[{j},{i}]" if units == before and i != j else None
            yield _update(f"w{layer}[{i},{j}]", f"dw{layer}[{i},{j}]", turned)
    if not shape.frozen:
        names = [shape.bias(layer, i) for i in range(1, units + 1)]
        for name in dict.fromkeys(name for name in names if name):
            yield _update(name, f"d{name}", None)


def _update(parameter: str, gradient: str, turned: str | None) -> Line:
    def work(ask: Ask, rate: int = 1, times: int = 1, which: str = gradient) -> Decimal:
        return ask(parameter) - times * ask("rate") ** rate * ask(which)

    slips: list[Slip] = [
        ("no_learning_rate", lambda ask: work(ask, rate=0)),
        ("rate_twice", lambda ask: work(ask, rate=2)),
        ("applied_twice", lambda ask: work(ask, times=2)),
        ("added_for_subtracted", lambda ask: work(ask, times=-1)),
    ]
    if turned:
        slips.append(("transposed", lambda ask: work(ask, which=turned)))
    if parameter.startswith("b"):
        slips.append(("bias_not_updated", lambda ask: ask(parameter)))
    return Line(f"{parameter}@1", work, tuple(slips), "update")

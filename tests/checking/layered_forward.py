"""The lines of a forward pass: sums, activations, losses, and how each goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.checking.arithmetic import ACTIVATIONS, TRANSCENDENTAL, TWO
from tests.checking.lines import Ask, Line, Work
from tests.checking.shapes import Shape

Slip = tuple[str, Work]


def forward(shape: Shape, update: int) -> Iterator[Line]:
    """The pass with the parameters after so many updates."""
    after = f"@{update}" if update else ""
    for mark in shape.marks():
        for layer in range(1, len(shape.sizes)):
            for unit in range(1, shape.sizes[layer] + 1):
                yield _sum(shape, layer, unit, mark, update)
            for unit in range(1, shape.sizes[layer] + 1):
                yield _activation(shape, layer, unit, mark, after)
        yield from _losses(shape, mark, after)
    yield from _total(shape, after)


def _sum(shape: Shape, layer: int, unit: int, mark: str, update: int) -> Line:
    before = range(1, shape.sizes[layer - 1] + 1)
    after = f"@{update}" if update else ""
    late = after if layer > 1 else ""  # inputs stay the same
    bias = shape.bias(layer, unit)

    def work(
        ask: Ask,
        weight: str = "{to},{of}",
        only: object = None,
        with_bias: bool = True,
        then: int = update,
        bias_then: int = update,
        other: dict[int, str] | None = None,
    ) -> Decimal:
        terms = [
            ask(shape.new(f"w{layer}[{weight.format(to=unit, of=j)}]", then))
            * ask((other or {}).get(j, f"a{layer - 1}[{j}]{mark}{late}"))
            for j in before
            if j != only
        ]
        if bias is not None and with_bias:
            terms.append(ask(shape.new(bias, bias_then)))
        return sum(terms, Decimal(0))

    slips: list[Slip] = []
    if len(before) > 1 or (bias is not None):
        slips += [("dropped_term", lambda ask, j=j: work(ask, only=j)) for j in before]
    if bias is not None:
        slips.append(("missing_bias", lambda ask: work(ask, with_bias=False)))
    if shape.sizes[layer] == shape.sizes[layer - 1] > 1:
        slips.append(("transposed", lambda ask: work(ask, weight="{of},{to}")))
        slips += _swapped(shape, layer, unit, before, work, update)
    for j in before:
        if layer > 1:
            z = f"z{layer - 1}[{j}]{mark}{late}"
            slips.append(("wrong_quantity", lambda ask, j=j, z=z: work(ask, other={j: z})))
        if len(before) > 1:
            a = f"a{layer - 1}[{j % len(before) + 1}]{mark}{late}"
            slips.append(("wrong_quantity", lambda ask, j=j, a=a: work(ask, other={j: a})))
        if update and layer > 1:
            old = f"a{layer - 1}[{j}]{mark}"
            slips.append(("stale_value", lambda ask, j=j, a=old: work(ask, other={j: a})))
    if update:
        slips.append(("old_weight", lambda ask: work(ask, then=0, bias_then=0)))
        if bias is not None and not shape.frozen:
            slips.append(("bias_not_updated", lambda ask: work(ask, bias_then=0)))
        if bias is not None and shape.frozen:
            slips.append(("bias_updated", lambda ask: work(ask) - _moved(shape, ask, layer, unit)))
    return Line(f"z{layer}[{unit}]{mark}{after}", work, tuple(slips), "z")


def _swapped(  # type: ignore[no-untyped-def]
    shape: Shape, layer: int, unit: int, before: range, work, update: int
) -> Iterator[Slip]:
    """One weight with its two indices the wrong way round."""
    for j in before:
        if j == unit:
            continue
        right = shape.new(f"w{layer}[{unit},{j}]", update)
        turned = shape.new(f"w{layer}[{j},{unit}]", update)

        def slipped(ask: Ask, right: str = right, turned: str = turned) -> Decimal:
            result: Decimal = work(lambda key: ask(turned if key == right else key))
            return result

        yield "swapped_index", slipped


def _moved(shape: Shape, ask: Ask, layer: int, unit: int) -> Decimal:
    """What an update would have taken off a bias that is kept."""
    shared = shape.biases[layer - 1] == "shared"
    units = range(1, shape.sizes[layer] + 1) if shared else (unit,)
    deltas = [ask(f"delta{layer}[{i}]{mark}") for i in units for mark in shape.marks()]
    return ask("rate") * sum(deltas, Decimal(0)) * shape.share


def _activation(shape: Shape, layer: int, unit: int, mark: str, after: str) -> Line:
    name = shape.activations[layer - 1]
    count = shape.sizes[layer]
    z = f"z{layer}[{unit}]{mark}{after}"
    other = f"z{layer}[{unit % count + 1}]{mark}{after}"
    key = f"a{layer}[{unit}]{mark}{after}"
    if name == "softmax":

        def softmax(ask: Ask, top: str = z) -> Decimal:
            powers = [ask(f"z{layer}[{i}]{mark}{after}").exp() for i in range(1, count + 1)]
            return ask(top).exp() / sum(powers, Decimal(0))

        return Line(key, softmax, (), "softmax")
    f = ACTIVATIONS[name]
    slips: list[Slip] = []
    if count > 1:
        slips.append(("wrong_quantity", lambda ask: f(ask(other))))
    if name == "relu":
        slips.append(("dead_unit_kept", lambda ask: ask(z)))
    slips += [
        ("another_function", lambda ask, g=g: g(ask(z)))
        for other, g in ACTIVATIONS.items()
        if other != name and other in ("identity", "sigmoid", "tanh", "relu")
    ]
    return Line(key, lambda ask: f(ask(z)), tuple(slips), "a" if name in TRANSCENDENTAL else "bend")


def _losses(shape: Shape, mark: str, after: str) -> Iterator[Line]:
    """The loss of each output, and of the sample where it is a line of its own."""
    outputs = shape.sizes[-1]
    last = len(shape.sizes) - 1
    keys = [f"loss[{k}]{mark}{after}" for k in range(1, outputs + 1)]
    if outputs == 1:
        keys = [f"loss{mark}{after}"]
    for k, key in enumerate(keys, 1):
        a, y = f"a{last}[{k}]{mark}{after}", f"y[{k}]{mark}"
        y_other = f"y[{k % outputs + 1}]{mark}"
        slips: list[Slip] = []
        if shape.loss == "cross_entropy":

            def term(ask: Ask, a: str = a, y: str = y) -> Decimal:
                return -ask(y) * ask(a).ln() if ask(y) else Decimal(0)

            slips.append(("missing_log", lambda ask, a=a, y=y: -ask(y) * ask(a)))
        elif shape.loss == "binary_cross_entropy":

            def term(ask: Ask, a: str = a, y: str = y) -> Decimal:
                return -(ask(y) * ask(a).ln() + (1 - ask(y)) * (1 - ask(a)).ln())

        else:
            half = shape.loss == "half_squared_error"

            def term(ask: Ask, a: str = a, y: str = y, half: bool = half) -> Decimal:
                return (ask(y) - ask(a)) ** 2 / (TWO if half else 1)

            slips.append(
                (
                    "missing_square",
                    lambda ask, a=a, y=y, h=half: (ask(y) - ask(a)) / (TWO if h else 1),
                )
            )
            slips.append(
                ("missing_half" if half else "factor_two", lambda ask, t=term: TWO * t(ask))
            )
            if outputs > 1:
                slips.append(
                    (
                        "wrong_quantity",
                        lambda ask, t=term, y=y, o=y_other: t(lambda s: ask(o if s == y else s)),
                    )
                )
        if "entropy" in shape.loss:
            slips.append(("wrong_log_base", lambda ask, t=term: t(ask) / Decimal(10).ln()))
        yield Line(key, term, tuple(slips), "loss")


def _total(shape: Shape, after: str) -> Iterator[Line]:
    outputs, marks = shape.sizes[-1], shape.marks()
    averaged = shape.loss == "mean_squared_error"
    if outputs > 1:
        for mark in marks:
            parts = [f"loss[{k}]{mark}{after}" for k in range(1, outputs + 1)]
            yield _added(f"loss{mark}{after}", parts, outputs if averaged else 1)
    if len(marks) > 1:
        parts = [f"loss{mark}{after}" for mark in marks]
        yield _added(f"loss{after}", parts, len(marks) if shape.mean else 1)


def _added(key: str, parts: list[str], divided: int) -> Line:
    count = len(parts)

    def work(ask: Ask, skip: str = "") -> Decimal:
        return sum((ask(part) for part in parts if part != skip), Decimal(0)) / divided

    slips: list[Slip] = [("dropped_term", lambda ask, p=part: work(ask, p)) for part in parts]
    if divided == 1:
        slips.append(("mean_for_sum", lambda ask: work(ask) / count))
    else:
        slips.append(("sum_for_mean", lambda ask: work(ask) * divided))
        slips.append(("divided_twice", lambda ask: work(ask) / divided))
    return Line(key, work, tuple(slips), "total")

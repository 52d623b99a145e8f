"""Random equation networks as lines: attention scores, a recurrent net, steps of Adam."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from tests.checking.arithmetic import tanh
from tests.checking.lines import Ask, Drawn, Line, Work
from tracer.model.problem import Problem


def draw(seed: int) -> Drawn:
    """One of the three kinds."""
    dice = random.Random(seed)
    return (adam, attention, recurrent)[seed % 3](dice)


def _number(dice: random.Random, low: float, high: float, digits: int = 2) -> Decimal:
    return Decimal(f"{dice.uniform(low, high) * dice.choice((1, -1)):.{digits}f}")


def adam(dice: random.Random) -> Drawn:
    """Three steps of Adam on a parabola, with an epsilon that can be seen."""
    decay, second, rate, epsilon = "0.9", dice.choice(("0.99", "0.95")), "0.1", "0.05"
    slope = dice.choice(("2", "3", "5"))
    given = {"th0": _number(dice, 0.5, 5), "m0": Decimal(0), "v0": Decimal(0)}
    equations, lines = [], []
    for t in (1, 2, 3):
        equations += [
            f"g{t} = {slope}*th{t - 1}",
            f"m{t} = {decay}*m{t - 1} + (1 - {decay})*g{t}",
            f"v{t} = {second}*v{t - 1} + (1 - {second})*g{t}**2",
            f"mh{t} = m{t}/(1 - {decay}**{t})",
            f"vh{t} = v{t}/(1 - {second}**{t})",
            f"th{t} = th{t - 1} - {rate}*mh{t}/(sqrt(vh{t}) + {epsilon})",
        ]
        lines += _adam_step(t, *map(Decimal, (slope, decay, second, rate, epsilon)))
    problem = Problem(given={k: str(v) for k, v in given.items()}, equations=equations)
    return Drawn(problem, given, tuple(lines))


def _adam_step(
    t: int, slope: Decimal, decay: Decimal, second: Decimal, rate: Decimal, epsilon: Decimal
) -> Iterator[Line]:
    def moment(ask: Ask, b: Decimal = decay) -> Decimal:
        return b * ask(f"m{t - 1}") + (1 - b) * ask(f"g{t}")

    def square(ask: Ask, b: Decimal = second) -> Decimal:
        return b * ask(f"v{t - 1}") + (1 - b) * ask(f"g{t}") ** 2

    def moved(ask: Ask, m: str = f"mh{t}", v: str = f"vh{t}", inside: bool = False) -> Decimal:
        root = (ask(v) + epsilon).sqrt() if inside else ask(v).sqrt() + epsilon
        return ask(f"th{t - 1}") - rate * ask(m) / root

    yield Line(f"g{t}", lambda ask: slope * ask(f"th{t - 1}"))
    yield Line(f"m{t}", moment, (("betas_swapped", lambda ask: moment(ask, second)),))
    yield Line(f"v{t}", square, (("betas_swapped", lambda ask: square(ask, decay)),))
    yield Line(
        f"mh{t}",
        lambda ask: ask(f"m{t}") / (1 - decay**t),
        (
            ("no_bias_correction", lambda ask: ask(f"m{t}")),
            ("betas_swapped", lambda ask: ask(f"m{t}") / (1 - second**t)),
            ("stale_moment", lambda ask: ask(f"m{t - 1}") / (1 - decay**t)),
        ),
    )
    yield Line(
        f"vh{t}",
        lambda ask: ask(f"v{t}") / (1 - second**t),
        (
            ("no_bias_correction", lambda ask: ask(f"v{t}")),
            ("betas_swapped", lambda ask: ask(f"v{t}") / (1 - decay**t)),
            ("stale_moment", lambda ask: ask(f"v{t - 1}") / (1 - second**t)),
        ),
    )
    yield Line(
        f"th{t}",
        moved,
        (
            ("no_bias_correction", lambda ask: moved(ask, f"m{t}", f"v{t}")),
            ("epsilon_inside_root", lambda ask: moved(ask, inside=True)),
        ),
        "update",
    )


def attention(dice: random.Random) -> Drawn:
    """Scores of three tokens, scaled by a root, made into weights by a softmax."""
    size = dice.choice((2, 3, 5))
    n = 3
    rows = [[_number(dice, 0.1, 2, 1) for _ in range(2)] for _ in range(n)]
    given = {f"E[{i},{j}]": rows[i - 1][j - 1] for i in range(1, n + 1) for j in (1, 2)}
    lines: list[Line] = []
    cells = [(i, k) for i in range(1, n + 1) for k in range(1, n + 1)]
    for i, k in cells:

        def score(ask: Ask, i: int = i, k: int = k) -> Decimal:
            return sum((ask(f"E[{i},{j}]") * ask(f"E[{k},{j}]") for j in (1, 2)), Decimal(0))

        lines.append(Line(f"S[{i},{k}]", score, (), "z"))
    for i, k in cells:
        scaled: Work = lambda ask, i=i, k=k: ask(f"S[{i},{k}]") / Decimal(size).sqrt()  # noqa: E731
        slip: Work = lambda ask, i=i, k=k: ask(f"S[{i},{k}]") / size  # noqa: E731
        lines.append(Line(f"Sc[{i},{k}]", scaled, (("wrong_constant", slip),)))
    for i, k in cells:

        def weight(ask: Ask, i: int = i, k: int = k) -> Decimal:
            row = [ask(f"Sc[{i},{j}]").exp() for j in range(1, n + 1)]
            return ask(f"Sc[{i},{k}]").exp() / sum(row, Decimal(0))

        lines.append(Line(f"A[{i},{k}]", weight, (), "softmax"))
    problem = Problem(
        given={"E": tuple(tuple(str(cell) for cell in row) for row in rows)},
        equations=["S = E @ E.T", f"Sc = S/sqrt({size})", "A = softmax(Sc)"],
    )
    return Drawn(problem, given, tuple(lines))


def recurrent(dice: random.Random) -> Drawn:
    """Two steps of a scalar recurrent net with an author's own backward equations."""
    names = ("u", "r", "h0", "x1", "x2", "y2")
    given = {name: _number(dice, 0.2, 1.2) for name in names}
    equations = [
        "z1 = u*x1 + r*h0",
        "h1 = tanh(z1)",
        "z2 = u*x2 + r*h1",
        "h2 = tanh(z2)",
        "e2 = h2 - y2",
        "d2 = e2*(1 - h2**2)",
        "e1 = d2*r",
        "d1 = e1*(1 - h1**2)",
        "gr = d2*h1 + d1*h0",
        "gu = d2*x2 + d1*x1",
    ]
    lines: list[Line] = []
    for t in (1, 2):

        def pre(ask: Ask, t: int = t) -> Decimal:
            return ask("u") * ask(f"x{t}") + ask("r") * ask(f"h{t - 1}")

        dropped: Work = lambda ask, t=t: ask("u") * ask(f"x{t}")  # noqa: E731
        lines.append(Line(f"z{t}", pre, (("dropped_term", dropped),), "z"))
        lines.append(Line(f"h{t}", lambda ask, t=t: tanh(ask(f"z{t}")), (), "a"))
    lines.append(Line("e2", lambda ask: ask("h2") - ask("y2"), (), "da"))
    lines.append(_with_slope("d2", "e2", "h2"))
    lines.append(Line("e1", lambda ask: ask("d2") * ask("r"), (), "da"))
    lines.append(_with_slope("d1", "e1", "h1"))
    for name, second, first in (("gr", "h1", "h0"), ("gu", "x2", "x1")):

        def gradient(ask: Ask, second: str = second, first: str = first) -> Decimal:
            return ask("d2") * ask(second) + ask("d1") * ask(first)

        last: Work = lambda ask, s=second: ask("d2") * ask(s)  # noqa: E731
        lines.append(Line(name, gradient, (("dropped_term", last),), "gradient"))
    problem = Problem(given={k: str(v) for k, v in given.items()}, equations=equations)
    return Drawn(problem, given, tuple(lines))


def _with_slope(key: str, error: str, h: str) -> Line:
    return Line(
        key,
        lambda ask: ask(error) * (1 - ask(h) ** 2),
        (("missing_slope", lambda ask: ask(error)),),
        "delta",
    )

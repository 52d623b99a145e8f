"""Measuring the checker on generated sheets: what it accuses, finds and names."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from tests.checking import equations, layered
from tests.checking.lines import Drawn, box, worked
from tests.checking.planting import GUESSED, SMALL, WRITING, Scene, planted, scene
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.checking.mistakes import LINES
from tracer.model.trace import Trace
from tracer.model.verdict import Report, Verdict

OPTIMIZER = ("no_bias_correction", "epsilon_inside_root", "betas_swapped", "stale_moment")
CAUSES = tuple(
    dict.fromkeys(
        (
            *WRITING,
            "last_digit",
            *(mistake.id for mistake in LINES),
            "copied_wrongly",
            "misprint",
            *GUESSED,
        )
    )
)
"""Everything that the checker may name."""


def _adam(seed: int) -> Drawn:
    return equations.adam(random.Random(seed))


def _attention(seed: int) -> Drawn:
    return equations.attention(random.Random(seed))


DRAWS: dict[str, Callable[[int], Drawn]] = {
    **dict.fromkeys(OPTIMIZER, _adam),
    "wrong_constant": _attention,
}
"""Where a cause is planted; all others in layer networks."""


@lru_cache(maxsize=1200)
def problem(draw: Callable[[int], Drawn], seed: int) -> tuple[Drawn, Trace]:
    """A random problem with its trace."""
    drawn = draw(seed)
    return drawn, trace(drawn.problem, prove=False)


@dataclass
class Figures:
    """How often a planted mistake was found, and named."""

    cause: str
    sheets: int = 0
    found: int = 0
    clear: int = 0
    """Sheets on which no other known mistake gives the same digits."""
    named: int = 0
    """Of those, on how many the cause or its twin was named first."""
    instead: Counter[str] = field(default_factory=Counter)

    @property
    def found_share(self) -> float:
        return self.found / self.sheets

    @property
    def named_share(self) -> float:
        return self.named / self.clear if self.clear else 1.0

    def __str__(self) -> str:
        instead = ", ".join(f"{name} {count}" for name, count in self.instead.most_common(3))
        return (
            f"{self.cause:<22}{self.sheets:>6}{100 * self.found_share:>9.1f}"
            f"{self.clear:>8}{100 * self.named_share:>9.1f}   {instead}"
        )


def plants(cause: str, count: int, most: int = 60) -> Figures:
    """A cause planted on so many random problems."""
    figures = Figures(cause)
    draw = DRAWS.get(cause, layered.draw)
    for seed in range(1, most * count):
        if figures.sheets == count:
            break
        drawn, right = problem(draw, seed)
        plant = planted(cause, drawn, seed * 7919)
        if plant is None:
            continue
        report = check(right, plant.sheet)
        figures.sheets += 1
        first = report.first_mistake
        figures.found += first is not None and first.statement.n == plant.n
        if plant.ambiguous:
            continue
        figures.clear += 1
        verdict = report.verdicts[plant.n - 1]
        if is_named(verdict, plant.twins):
            figures.named += 1
        else:
            figures.instead[verdict.causes[0].id if verdict.causes else verdict.status] += 1
    return figures


def is_named(verdict: Verdict, twins: frozenset[str]) -> bool:
    """Whether the first cause named is the planted one, or gives the same number by algebra."""
    return bool(verdict.causes) and verdict.causes[0].id in twins


def correct_sheets(count: int, first: int = 0) -> tuple[int, list[Verdict]]:
    """Correct sheets: how many values they hold, and those that are accused."""
    values, accused = 0, []
    for report in _correct(count, first):
        values += len(report.verdicts)
        accused += [v for v in report.verdicts if v.status not in ("correct", "rounded")]
    return values, accused


def _correct(count: int, first: int) -> Iterator[Report]:
    """Three sheets about each problem; every sixth problem is an equation network."""
    for number in range(first, first + count):
        seed, draw = number // 3, layered.draw
        drawn, right = problem(equations.draw if seed % 6 == 5 else draw, seed)
        yield check(right, scene(drawn, number).page.sheet())


def changed_digits(count: int, first: int = 0) -> tuple[int, int]:
    """Last places changed by five units or more: in how many lines, and caught in how many."""
    lines = caught = 0
    for number in range(first, first + count):
        drawn, right = problem(layered.draw, number // 3)
        here = scene(drawn, number)
        key, value = here.dice.choice(here.page.entries)
        change = here.dice.randint(5, 40) * here.hand.unit(value)
        if not value or box(drawn, drawn.line(key), here.page, here.hand, here.stated) >= change:
            continue
        lines += 1
        caught += _is_caught(here, right, key, value + change * here.dice.choice((1, -1)))
    return lines, caught


def _is_caught(here: Scene, right: Trace, key: str, value: Decimal) -> bool:
    try:
        page = worked(here.drawn, here.hand, here.stated, {key: value})
    except ArithmeticError:
        page = worked(here.drawn, here.hand, here.stated, misprints={key: value})
    verdicts = check(right, page.sheet()).verdicts
    return next(v.status for v in verdicts if v.statement.key == key) == "wrong"


__all__ = ["CAUSES", "SMALL", "Figures", "changed_digits", "correct_sheets", "plants"]

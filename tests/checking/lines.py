"""A hand calculation as a list of lines, and sheets made by somebody who works them out.

A line is a quantity's key with a function that works it out from numbers asked for by
key, and the ways in which people get it wrong, each with the name of its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.checking.arithmetic import Hand, text
from tracer.formula.parsing import parse
from tracer.model.answer import Sheet, Statement, written

Ask = Callable[[str], Decimal]
Work = Callable[[Ask], Decimal]


@dataclass(frozen=True)
class Line:
    """One quantity, how it is worked out, and how it may go wrong."""

    key: str
    work: Work
    slips: tuple[tuple[str, Work], ...] = ()
    """(cause, what is worked out instead)."""
    kind: str = ""
    """``z``, ``a``, ``softmax``, ``loss``, ``slope``, ...: for mistakes without a formula."""

    def operands(self, numbers: Mapping[str, Decimal]) -> list[str]:
        """The keys that the work asks for."""
        asked: dict[str, None] = {}

        def ask(key: str) -> Decimal:
            asked[key] = None
            return numbers[key]

        self.work(ask)
        return list(asked)


@dataclass(frozen=True)
class Drawn:
    """A random problem for the product, and the same calculation in lines of our own."""

    problem: Any
    given: Mapping[str, Decimal]
    lines: tuple[Line, ...]

    def line(self, key: str) -> Line:
        return next(line for line in self.lines if line.key == key)


@dataclass
class Page:
    """A worked sheet: every number, which of them are written, and in which order."""

    numbers: dict[str, Decimal]
    entries: list[tuple[str, Decimal]] = field(default_factory=list)

    def sheet(self) -> Sheet:
        """The sheet as the checker takes it: keys and texts."""
        return Sheet(
            tuple(
                Statement(n, key, parse(key), written(text(value)), line=n)
                for n, (key, value) in enumerate(self.entries, 1)
            )
        )


def worked(
    drawn: Drawn,
    hand: Hand,
    stated: set[str],
    wrong: Mapping[str, Decimal] | None = None,
    misprints: Mapping[str, Decimal] | None = None,
) -> Page:
    """Work a problem through, rounding whatever is written down.

    Args:
        drawn: the problem.
        hand: how numbers are written.
        stated: the keys that are written; the others stay in the calculator, unrounded.
        wrong: numbers that are written, and used from then on, instead of the right ones.
        misprints: numbers that are written in place of the ones that are used.
    """
    page = Page(dict(drawn.given))
    for line in drawn.lines:
        if wrong and line.key in wrong:
            value = wrong[line.key]
        else:
            value = line.work(page.numbers.__getitem__)
            value = hand.rounded(value) if line.key in stated else value
        page.numbers[line.key] = value
        if line.key in stated:
            page.entries.append((line.key, (misprints or {}).get(line.key, value)))
    return page


def exact(drawn: Drawn) -> dict[str, Decimal]:
    """Every number with all its digits."""
    numbers = dict(drawn.given)
    for line in drawn.lines:
        numbers[line.key] = line.work(numbers.__getitem__)
    return numbers


def box(drawn: Drawn, line: Line, page: Page, hand: Hand, stated: set[str]) -> Decimal:
    """How far a line can move if every written number that it uses moves by half a unit.

    By a whole one, if somebody cuts off instead of rounding.
    """
    open_lines = _inside(drawn, line, page, stated)
    base = _through(open_lines, line, page.numbers, {})
    reach = Decimal(0)
    for key in _written_operands(open_lines, line, page, stated):
        value = page.numbers[key]
        moved = value + hand.unit(value) / (1 if hand.mode == "truncated" else 2)
        reach += abs(_through(open_lines, line, page.numbers, {key: moved}) - base)
    return reach


def _inside(drawn: Drawn, line: Line, page: Page, stated: set[str]) -> list[Line]:
    """The lines that were not written and lead to this one, in order."""
    by_key = {other.key: other for other in drawn.lines}
    wanted, waiting = {line.key}, [line]
    while waiting:
        for key in waiting.pop().operands(page.numbers):
            if key in by_key and key not in stated and key not in wanted:
                wanted.add(key)
                waiting.append(by_key[key])
    return [other for other in drawn.lines if other.key in wanted]


def _written_operands(
    open_lines: list[Line], line: Line, page: Page, stated: set[str]
) -> list[str]:
    keys = {key for other in open_lines for key in other.operands(page.numbers)}
    return sorted(key for key in keys if key in stated and key != line.key)


def _through(
    open_lines: list[Line], line: Line, numbers: Mapping[str, Decimal], moved: Mapping[str, Decimal]
) -> Decimal:
    values = {**numbers, **moved}
    for other in open_lines:
        values[other.key] = other.work(values.__getitem__)
    return values[line.key]

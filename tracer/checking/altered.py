"""Altered lines: what every mistake makes of a line, kept with the line for the next sheet.

Most mistakes rewrite a line in ways that only the problem decides: they are found once for
a line and worked out again for every sheet.  Takes a case and a line; gives `Altered`, each
with the mistake that made it.  Read by `candidates`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracer.checking.calculation import Line
from tracer.checking.case import UNDEFINED, Case
from tracer.checking.mistakes import LINES, WRITING
from tracer.checking.mistakes.kinds import LineMistake, Rewriting
from tracer.checking.swaps import Shortened, Swap
from tracer.checking.tape import Tape
from tracer.checking.working import finite_value
from tracer.formula.nodes import Node, Symbol

_WALKED = 2
"""How often a formula's tree is walked before it is worth a tape."""


class Altered:
    """A line as one mistake makes it.

    Attributes:
        mistake: what was done wrong.
        order: the mistake's place in the table.
        line: the right line.
        rewriting: what it has become.
        put_in: the quantities that a swap puts in.
    """

    __slots__ = (
        "_tape", "_true", "_worked", "line", "mistake", "order", "put_in", "rewriting",
    )  # fmt: skip

    def __init__(self, mistake: LineMistake, order: int, line: Line, rewriting: Rewriting) -> None:
        self.mistake = mistake
        self.order = order
        self.line = line
        self.rewriting = rewriting
        self._tape: Tape | None = None
        self._worked = 0
        self._true: float | str | None = "unknown"
        self.put_in: frozenset[str] = frozenset()
        if isinstance(rewriting, Swap) and mistake.upstream:
            others = rewriting.changes.values()
            self.put_in = frozenset(o.name for o in others if isinstance(o, Symbol))

    @property
    def formula(self) -> Node:
        """What the line has become, as a formula."""
        if isinstance(self.rewriting, Swap):
            return self.rewriting.formula(self.line.formula)
        return self.rewriting

    @property
    def tape(self) -> Tape:
        """That formula, ready to be worked out."""
        if self._tape is None:
            swap = self.rewriting
            if isinstance(swap, Swap) and swap.is_between_quantities:
                others = {k: o.name for k, o in swap.changes.items() if isinstance(o, Symbol)}
                self._tape = self.line.tape.renamed(others)
            else:
                self._tape = Tape(self.formula, self.line.definitions)
        return self._tape

    def value(self, numbers: Mapping[str, float]) -> float:
        """What it gives at some numbers.

        Raises:
            CalculationError, ArithmeticError, ValueError: where it gives nothing.
        """
        if self._tape is not None:
            return self._tape.run(numbers)[-1]
        self._worked += 1
        if not isinstance(self.rewriting, Swap):
            if self._worked > _WALKED:
                return self.tape.run(numbers)[-1]
            return finite_value(self.rewriting, numbers, self.line.definitions)
        if self._worked > 1 and self.rewriting.is_between_quantities:
            return self.tape.run(numbers)[-1]
        instead = {
            key: numbers[other.name]
            if isinstance(other, Symbol)
            else other
            if isinstance(other, Shortened)
            else finite_value(other, numbers, self.line.definitions)
            for key, other in self.rewriting.changes.items()
        }
        return self.line.tape.run(numbers, instead)[-1]

    def true_value(self, true: Mapping[str, float]) -> float | None:
        """What it gives at the true numbers, which never change; None: nothing."""
        if isinstance(self._true, str):
            try:
                self._true = self.value(true)
            except UNDEFINED:
                self._true = None
        return self._true


def altered(case: Case, line: Line, deep: bool) -> Iterator[Altered]:
    """All that may have become of a line, most specific mistakes first.

    Args:
        case: the statement that is looked at.
        line: its line, or a skipped one before it.
        deep: whether so many lines lie between that guesses say nothing.
    """
    if line.altered is None:
        line.altered = [_kept(case, line, order, mistake) for order, mistake in _TABLE]
    for mistake, order, found in line.altered:
        if deep and mistake.guess:
            continue
        if found is None:
            for rewriting in mistake.rewrite(case, line):
                yield Altered(mistake, order, line, rewriting)
        elif mistake.upstream:
            later = case.downstream
            yield from (one for one in found if later.isdisjoint(one.put_in))
        else:
            yield from found


_TABLE = tuple(enumerate(LINES, len(WRITING)))

Kept = tuple[LineMistake, int, "list[Altered] | None"]


def _kept(case: Case, line: Line, order: int, mistake: LineMistake) -> Kept:
    """What a mistake makes of a line, whatever the sheet says; None where that matters."""
    if mistake.of_sheet:
        return mistake, order, None
    found = [Altered(mistake, order, line, one) for one in mistake.rewrite(case, line)]
    return mistake, order, found

"""From names and numbers as typed to statements: every kind of sheet ends here.

`Stating` is told what is written and where; it asks `naming` what is meant, reads the
numbers, turns signs where the sheet has the other convention, and collects statements,
skipped names and errors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction as Rational
from typing import Protocol

from tracer.errors import TracerError
from tracer.files.faults import Faults, Place
from tracer.files.sheets.fitting import fitted
from tracer.files.sheets.naming import OPPOSITE, Naming
from tracer.files.sheets.rows import Row
from tracer.files.sheets.values import READ
from tracer.formula.keys import Key
from tracer.formula.nodes import Negative, Node, Symbol, substitute
from tracer.model.answer import Link, Statement, Written

MOST_BY_THEMSELVES = 4
"""So many unknown names are told one by one, each with the nearest known ones."""
MOST_LISTED = 12
_MOST_DIGITS = 300
"""Digits before the point that a number may have."""
_YES = ("yes", "true", "negated", "1", "-")
_NO = ("", "no", "false", "0", "+")


class Placed(Protocol):
    """What stands somewhere in a file."""

    @property
    def place(self) -> Place: ...


@dataclass
class Stating:
    """Collects the statements of one sheet."""

    naming: Naming
    faults: Faults
    skip_unknown: bool = False
    turned: bool = False
    """Whether the sheet's deltas have the other sign than the problem's."""
    negated: frozenset[Node] = frozenset()
    """Quantities of which the sheet writes the opposite."""
    unit: str = ""
    """The worth of the last place of every number, if told for all."""
    statements: list[Statement] = field(default_factory=list)
    skipped: dict[str, None] = field(default_factory=dict)
    unknown: list[tuple[str, Place]] = field(default_factory=list)
    """Names that are not known, with their places."""
    numbers: dict[str, str] = field(default_factory=dict)
    """The numbers written for names that are not known."""
    stated: dict[str, list[Rational]] = field(default_factory=dict)
    """What a text has stated of each quantity so far."""

    # --- rows ---------------------------------------------------------------------------

    def rows(self, rows: Iterable[Row]) -> None:
        """State what CSV, YAML or JSON says."""
        for row in rows:
            self._row(row)

    def _row(self, row: Row) -> None:
        name = row.key or row.name
        if not name:
            self.faults.add(row.place, "a name is missing here")
        elif isinstance(row.value, tuple) or row.value[:1] in ("[", "{"):
            self._array(row, name)
        elif (formula := self.meant(name, row)) is not None:
            number = self.number(row.value, row, row.ulp) if row.value else None
            self.add(row, formula, number)

    def _array(self, row: Row, name: str) -> None:
        from tracer.files.sheets.grids import read_cells

        block = self.naming.block(name)
        if block is None:
            self.refuse(name, row, f"no array is called '{name}'")
            return
        try:
            cells = row.value if isinstance(row.value, tuple) else read_cells(row.value)
            texts = fitted(cells, block)
        except TracerError as error:
            self.faults.add(row.value_place, str(error))
            return
        for key, text in zip(block.keys, texts, strict=True):
            self.add(row, Symbol(key), self.number(text, row, row.ulp))

    # --- parts --------------------------------------------------------------------------

    def meant(self, name: str, row: Placed) -> Node | None:
        """What a name stands for; None after an error or where it is skipped."""
        try:
            return self.naming.formula(name)
        except TracerError as error:
            self.refuse(name, row, str(error), getattr(row, "value", ""))
            return None

    def refuse(self, name: str, row: Placed, message: str, number: object = "") -> None:
        """An error, or a skipped name where that is wanted.

        Args:
            number: what is written for it, if it is a single number.
        """
        if isinstance(number, str) and number:
            self.numbers.setdefault(name, number)
        if self.skip_unknown:
            self.skipped[name] = None
            return
        if message.startswith("no quantity is called"):
            self.unknown.append((name, row.place))
        else:
            self.faults.add(row.place, message)

    def settle(self) -> None:
        """Tell the names that nobody knows: a few one by one, many of them together."""
        names = list(dict.fromkeys(name for name, _ in self.unknown))
        if len(names) <= MOST_BY_THEMSELVES:
            for name, place in self.unknown:
                self.faults.add(place, self.naming.unknown(name) + self.proposal([name]))
            return
        name, place = self.unknown[0]
        first = dict.fromkeys(f"'{name[:40]}'" for name in names[:MOST_LISTED])
        more = len(names) - MOST_LISTED
        rest = f" and {more} more" if more > 0 else ""
        self.faults.add(
            place,
            f"{self.naming.unknown(name)}; {len(names)} names are not known to this problem: "
            f"{', '.join(first)}{rest}; say what they mean under 'names' in the problem file, "
            f"or pass over them with --skip-unknown{self.proposal(names)}",
        )

    def proposal(self, names: Iterable[str]) -> str:
        """What to write so that unknown names are known, as far as their numbers tell."""
        found = {name: self.naming.by_number(self.numbers.get(name, "")) for name in names}
        told = [f'"{name}": "{key}"' for name, key in found.items() if key][:MOST_LISTED]
        return f"; by the numbers it may be: names: {{{', '.join(told)}}}" if told else ""

    def number(
        self, text: str, row: Placed, ulp: str = "", at: Place | None = None
    ) -> Written | None:
        """A number as typed; None if blank or refused."""
        if not text:
            return None
        try:
            found = READ(text, ulp or self.unit)
            if found.figures - found.decimals > _MOST_DIGITS:
                raise TracerError(f"'{text.strip()[:40]}' is too large")
        except TracerError as error:
            self.faults.add(
                at or (row.value_place if isinstance(row, Row) else row.place), str(error)
            )
            return None
        return found

    def add(
        self, row: Row, formula: Node, number: Written | None, links: tuple[Link, ...] = ()
    ) -> None:
        """One statement more."""
        points = self.number(row.points, row, at=row.place) if row.points else None
        negated = self._is_negated(row) if row.negated else False
        if self.turned or self.negated:
            formula, negated = self._signed(formula, negated)
        self.statements.append(
            Statement(
                len(self.statements) + 1,
                row.name,
                formula,
                number,
                row.line,
                row.column,
                negated,
                links,
                points.value if points else None,
                row.note,
            )
        )

    def _is_negated(self, row: Row) -> bool:
        if row.negated.casefold() in _YES:
            return True
        if row.negated.casefold() not in _NO:
            self.faults.add(row.place, f"negated is yes or no; found '{row.negated[:40]}'")
        return False

    def _signed(self, formula: Node, negated: bool) -> tuple[Node, bool]:
        """The formula in the sheet's signs, and whether minus the quantity is written.

        In an expression every delta is turned by itself.
        """
        if formula in self.negated:
            negated = True
        if not self.turned:
            return formula, negated
        if isinstance(formula, Symbol):
            return formula, negated != _has_sign(formula)
        return substitute(formula, lambda s: Negative(s) if _has_sign(s) else s), negated


def _has_sign(symbol: Symbol) -> bool:
    return Key.parse(symbol.name).role in OPPOSITE

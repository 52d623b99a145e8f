"""Verdicts: what the checker says of each statement, and the report of a whole sheet.

A `Verdict` says the status of a statement, what would have been accepted, its points and
the `Cause`s of a wrong one; formulas and numbers are in it, sentences are not.  The `Report`
has the verdicts in the order of the sheet.  Made by the checker; read by the rendering of
reports, by their JSON and by the notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction as Rational
from typing import Any, ClassVar

from tracer.formula.nodes import Node, symbols
from tracer.model.answer import Sheet, Statement
from tracer.model.trace import Trace

STATUSES = ("correct", "rounded", "carried", "wrong", "too coarse", "missing")
SEVERITIES = ("last digit", "small", "large")


@dataclass(frozen=True, slots=True)
class Cause:
    """A mistake that reproduces the written number, or a criterion that names it."""

    id: str
    """``missing_slope``, ``sign``, ..., ``unexplained``."""
    key: str = ""
    """The quantity in whose line the mistake was made (a skipped one upstream, perhaps)."""
    formula: Node | None = None
    """The mistaken formula that gives the written number; None for elimination causes."""
    values: Mapping[str, float] = field(default_factory=dict)
    """The numbers that stand for the symbols of `formula`."""
    value: float | None = None
    """What the mistaken formula gives, in the sign that the sheet uses."""
    at: str = "own"
    """Whether it was worked out at the sheet's ``own`` numbers or at the ``true`` ones."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the sentence about it mentions: keys and number texts."""
    then: str = ""
    """The id of a slip of writing that followed it (``digit_lost``), or nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one statement."""

    statement: Statement
    status: str
    severity: str = ""
    expected: float | None = None
    """The true value, in the sign that the sheet uses."""
    own: float | None = None
    """The value from the sheet's own upstream numbers, in the same sign."""
    interval: tuple[float, float] | None = None
    """What would have been accepted as rounded or carried."""
    points: Rational = Rational(0)
    of: Rational = Rational(1)
    causes: tuple[Cause, ...] = ()
    carried_from: tuple[int, ...] = ()
    """Numbers of the wrong statements that it follows from."""
    used: Mapping[str, int] = field(default_factory=dict)
    """Of a quantity that is stated several times, which statement this line used."""
    false_link: int | None = None
    """The first member of the written chain that is false, counted from 1."""


@dataclass(frozen=True)
class Report:
    """The judgement of a whole sheet."""

    problem: str
    sheet: Sheet
    verdicts: tuple[Verdict, ...]
    filled: tuple[str, ...] = ()
    """Quantities that the sheet skips and that were filled from its own numbers."""
    flags: tuple[str, ...] = ()
    """``trivial_values``, ``carried_cap``, ``other_sign``, ``other_counting``: what a marker
    should look at."""
    trace: Trace | None = field(default=None, compare=False, repr=False)
    """The right calculation: its formulas are printed beside the student's numbers."""

    show: ClassVar[Callable[[Report], dict[str, Any]] | None] = None
    """How a notebook shows a report; `tracer.notebook` sets it."""

    @property
    def formulas(self) -> Mapping[str, Node]:
        """The right formula of everything that the sheet states something about."""
        stated = (symbols(statement.formula) for statement in self.sheet.statements)
        names = dict.fromkeys(name for names in stated for name in names)
        return {} if self.trace is None else {key: self.trace[key].formula for key in names}

    @property
    def first_mistake(self) -> Verdict | None:
        """The first wrong statement, in the order of the sheet."""
        return next((v for v in self.verdicts if v.status == "wrong"), None)

    @property
    def score(self) -> Rational:
        return sum((v.points for v in self.verdicts), Rational(0))

    @property
    def points(self) -> Rational:
        return sum((v.of for v in self.verdicts), Rational(0))

    def count(self, status: str) -> int:
        """How many statements have this status."""
        return sum(1 for v in self.verdicts if v.status == status)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        show = type(self).show
        if show is not None:
            return show(self)
        return {"text/plain": self.in_short()}

    def in_short(self) -> str:
        """Each statement with its status, a line each."""
        return "\n".join(f"{v.statement.name}: {v.status}" for v in self.verdicts)

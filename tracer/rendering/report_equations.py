"""The formula of a wrong line at the student's own numbers, beside the one that was used.

Takes a verdict and a cause; gives blocks of equations: the right line (and the line that
the sheet skipped, if the mistake was made there), and the mistaken ones, which give what
is written.  Everything is in the sheet's own sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracer.errors import CalculationError, TracerError, UnknownQuantity
from tracer.formula.nodes import Node, Number, symbols
from tracer.formula.rewriting import negative
from tracer.model.answer import Statement, written
from tracer.model.verdict import Cause, Verdict
from tracer.rendering.content import Block, Line, Member
from tracer.rendering.lines import block, member
from tracer.rendering.report_figures import at_places, figures, shown
from tracer.rendering.report_numbers import SheetNumbers
from tracer.rendering.typesetting import Typesetting


@dataclass(frozen=True)
class Side:
    """Lines with a word before them: the right ones, or the mistaken ones."""

    word: str
    """The sentence of the prose that introduces them."""
    blocks: tuple[Block, ...]


@dataclass
class Equations:
    """Sets the lines of a report."""

    setting: Typesetting
    numbers: SheetNumbers

    # -- the right line ----------------------------------------------------------------------

    def right(self, verdict: Verdict, cause: Cause | None) -> Side | None:
        """The right line at the numbers at which the cause was found."""
        statement = verdict.statement
        if cause is not None and cause.facts.get("method"):
            formula = self.numbers.trace[cause.key].formula
            return self._side("right_rule", [self._rule(cause.key, formula)])
        at_true = cause is not None and cause.at == "true"
        value = verdict.expected if at_true or verdict.own is None else verdict.own
        if value is None:
            return None
        known = self._known(verdict, at_true)
        lines = []
        if cause is not None and self.is_inner(cause, statement):
            inner = self.numbers.trace[cause.key].formula
            found = self._value(cause.key, inner, known)
            lines.append(self._line_of(cause.key, inner, known, found))
        lines.append(self._statement_line(statement, known, value))
        return self._side("right_true" if at_true else "right", lines)

    def _statement_line(
        self, statement: Statement, known: dict[str, float], value: float
    ) -> Line | None:
        """The statement's right line; an expression is its own formula."""
        formula = self.formula(statement)
        shown_value = shown(value, statement)
        left, turned = self._left(statement), self._turned(formula, statement.negated)
        return self._line(left, turned, known, shown_value, names=statement.key is not None)

    # -- the mistaken line -------------------------------------------------------------------

    def mistaken(self, verdict: Verdict, cause: Cause) -> Side | None:
        """The lines that give what is written; None for a cause without a formula."""
        statement = verdict.statement
        formula = in_own_sign(cause, statement)
        if formula is None:
            return None
        if cause.facts.get("method"):
            return self._side("reproduces_rule", [self._rule(cause.key, formula)])
        at_true = cause.at == "true"
        known = self._known(verdict, at_true) | dict(cause.values)
        word = "reproduces_slip" if cause.then else "reproduces_true" if at_true else "reproduces"
        if self.is_inner(cause, statement):
            return self._side(word, self._inner(verdict, cause, formula, known))
        found = self._value(statement.key or "", formula, known)
        value = cause.value if found is None or not cause.then else found
        if value is None:
            return None
        if statement.negated and cause.then and found is not None:
            value = -found
        turned = self._turned(formula, statement.negated)
        result = self._result(value, statement)
        return self._side(word, [self._line(self._left(statement), turned, known, result)])

    def _inner(
        self, verdict: Verdict, cause: Cause, formula: Node, known: dict[str, float]
    ) -> list[Line | None]:
        """A mistake on a line that the sheet skips: that line, and what comes of it."""
        statement = verdict.statement
        found = self._value(cause.key, formula, known)
        lines = [self._line_of(cause.key, formula, known, found)]
        if cause.value is None or found is None:
            return lines
        own = self.formula(statement)
        if cause.key in symbols(own) and not cause.then:
            result = self._result(cause.value, statement)
            turned = self._turned(own, statement.negated)
            after = known | {cause.key: found}
            lines.append(self._line(self._left(statement), turned, after, result))
        elif not cause.then:
            result = self.setting.result(self._result(cause.value, statement))
            equals = Member(self.setting.sign("≈"), (result,), "result")
            lines.append(Line("", self._left(statement), (equals,)))
        return lines

    # -- lines -------------------------------------------------------------------------------

    def formula(self, statement: Statement) -> Node:
        """The right formula of what a statement is about."""
        key = statement.key
        if key is None:
            return statement.formula
        return self.numbers.trace[key].formula

    def is_inner(self, cause: Cause, statement: Statement) -> bool:
        """Whether the mistake was made in another line than the statement's own."""
        trace = self.numbers.trace
        if cause.formula is None or cause.key not in trace:
            return False
        return statement.key is None or trace[cause.key].key != trace[statement.key].key

    def _left(self, statement: Statement) -> str:
        """What stands before the sign of equality."""
        key = statement.key
        if key is not None and statement.negated == self.numbers.is_turned(key):
            return self.setting.name(key)
        turned = self._turned(statement.formula, statement.negated)
        return self.setting.formula(turned, self.setting.names.name)

    def _turned(self, formula: Node, turn: bool) -> Node:
        return self.numbers.in_sheets_sign(formula, turn)

    def _rule(self, key: str, formula: Node) -> Line:
        """A line with names alone."""
        setting = self.setting
        turned = self._turned(formula, self.numbers.is_turned(key))
        left = setting.name(key)
        room = setting.form.width - setting.width(left) - setting.form.gap
        equals = setting.sign("=")
        return Line(
            key, left, (member(setting, equals, turned, setting.names.name, room, "formula"),)
        )

    def _line_of(
        self, key: str, formula: Node, known: Mapping[str, float], value: float | None
    ) -> Line | None:
        """A line that the sheet does not show."""
        if value is None:
            return None
        turn = self.numbers.is_turned(key)
        result = figures(-value if turn else value, self.numbers.inner_figures)
        return self._line(self.setting.name(key), self._turned(formula, turn), known, result)

    def _line(
        self,
        left: str,
        formula: Node,
        known: Mapping[str, float],
        result: str,
        names: bool = True,
    ) -> Line | None:
        """Name, formula with names, formula with numbers, result."""
        setting = self.setting
        texts = self._texts(formula, known)
        if texts is None:
            return None
        room = setting.form.width - setting.width(left) - setting.form.gap
        equals = setting.sign("=")
        final = setting.number(result)
        members = []
        if not isinstance(formula, Number):
            if names:
                members.append(
                    member(setting, equals, formula, setting.names.name, room, "formula")
                )
            numbers = member(setting, equals, formula, texts.__getitem__, room, "numbers")
            if numbers.parts != (final,):
                members.append(numbers)
        relation = setting.sign("=" if self._gives(formula, texts, result) else "≈")
        members.append(Member(relation, (setting.result(result),), "result"))
        return Line("", left, tuple(members))

    def _texts(self, formula: Node, known: Mapping[str, float]) -> dict[str, str] | None:
        """The number of each quantity as printed, what is skipped worked out."""
        values = dict(known)
        try:
            for key in symbols(formula):
                self.numbers.filled(key, values)
        except (CalculationError, UnknownQuantity, OverflowError):
            return None
        return {key: self.numbers.text(key, values[key]) for key in symbols(formula)}

    def _gives(self, formula: Node, texts: Mapping[str, str], result: str) -> bool:
        """Whether the numbers as printed give the result as printed."""
        try:
            values = {key: float(written(text).value) for key, text in texts.items()}
            wanted = written(result)
        except TracerError:
            return False
        found = self.numbers.worked_out(formula, values)
        room = float(wanted.unit) / 2 * (1 + 1e-9) + 1e-12 * abs(float(wanted.value))
        return found is not None and abs(found - float(wanted.value)) <= room

    # -- numbers -----------------------------------------------------------------------------

    def _known(self, verdict: Verdict, at_true: bool) -> dict[str, float]:
        """What is believed of each quantity: what the sheet says, or the right values."""
        return dict(self.numbers.right) if at_true else self.numbers.values(verdict)

    def _value(self, key: str, formula: Node, known: dict[str, float]) -> float | None:
        values = {name: value for name, value in known.items() if name != key}
        try:
            for name in symbols(formula):
                self.numbers.filled(name, values)
        except (CalculationError, UnknownQuantity, OverflowError):
            return None
        return self.numbers.worked_out(formula, values)

    def _result(self, value: float, statement: Statement) -> str:
        """What a mistaken line gives, with the digits of what is written."""
        number = statement.written
        if number is None or not number.unit:
            return figures(value, self.numbers.inner_figures)
        return at_places(value, number.decimals)

    def _side(self, word: str, lines: Sequence[Line | None]) -> Side | None:
        found = [line for line in lines if line is not None]
        return Side(word, (block(found, self.setting),)) if found else None


def in_own_sign(cause: Cause, statement: Statement) -> Node | None:
    """The mistaken formula as one of the quantity itself, whatever sign the sheet uses."""
    if cause.formula is None or not statement.negated:
        return cause.formula
    return negative(cause.formula)

"""One mistake of a report, explained: what is written, what happened, what to do.

Takes a wrong verdict; gives the strings for the templates.  Numbers are shown as typed,
lines by their numbers on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol
from tracer.formula.rewriting import tidy
from tracer.model.answer import Statement
from tracer.model.verdict import Cause, Report, Verdict
from tracer.rendering.report_content import Mistake, Shown
from tracer.rendering.report_equations import Equations, Side, in_own_sign
from tracer.rendering.report_figures import at_places, shown
from tracer.rendering.report_numbers import SheetNumbers
from tracer.rendering.report_sheet import SheetWords
from tracer.rendering.report_words import ELIMINATION, Words, differences
from tracer.rendering.typesetting import Typesetting

_VAGUE = {"wrong_quantity", "wrong_constant", "dropped_term", "sign"}
"""Causes that say less than another one that makes the same formula."""
_OFTEN = {"sign", "decimal_slip", "last_digit"}
"""Slips of writing that are the same mistake where they are made again."""


@dataclass
class MistakeStory:
    """Explains the mistakes of one report."""

    report: Report
    setting: Typesetting
    numbers: SheetNumbers
    equations: Equations = field(init=False)
    words: Words = field(init=False)
    sheet: SheetWords = field(init=False)

    def __post_init__(self) -> None:
        self.equations = Equations(self.setting, self.numbers)
        self.words = Words(self.setting)
        self.sheet = SheetWords(self.report, self.setting)

    def mistake(self, verdict: Verdict, more: Sequence[Verdict] = ()) -> Mistake:
        """One wrong statement, explained.

        Args:
            verdict: what is explained.
            more: the verdicts on others in which the same mistake was made.
        """
        statement = verdict.statement
        say = self.setting.say
        causes = self.told(verdict)
        cause = causes[0]
        facts = self._facts(cause, verdict)
        return Mistake(
            number=statement.n,
            heading=say(
                "report.heading",
                number=str(statement.line or statement.n),
                name=self.sheet.called(statement),
            ),
            severity=verdict.severity,
            numbers=self._numbers(verdict),
            said=tuple(self._said(cause, verdict, facts)),
            advice=self.words.advice(cause, verdict),
            right=self._shown(self.equations.right(verdict, cause)),
            mistaken=self._shown(self.equations.mistaken(verdict, cause)),
            also=tuple(self._also(causes, verdict)),
            also_words=say("report.also"),
            link=self._link(verdict),
            follows=self._follows([verdict, *more]),
            again=self._again(more),
            more=tuple(one.statement.n for one in more),
        )

    def told(self, verdict: Verdict) -> list[Cause]:
        """The causes that are told: those by elimination only where there is no other."""
        told = [cause for cause in verdict.causes if cause.id not in ELIMINATION]
        return told or list(verdict.causes[:1]) or [Cause("unexplained")]

    def pattern(self, verdict: Verdict) -> tuple[object, ...] | None:
        """What makes mistakes in several values the same one; None: each is told by itself."""
        cause, statement = self.told(verdict)[0], verdict.statement
        if (
            cause.formula is None and cause.id not in _OFTEN
        ) or cause.key not in self.numbers.trace:
            return None
        right, used = self._right_formula(cause, verdict), in_own_sign(cause, statement)
        changes = () if right is None or used is None else tuple(differences(right, used))
        rule = self.numbers.trace[cause.key].rule
        kinds = tuple((_kind(one.meant), _kind(one.used)) for one in changes)
        return cause.id, cause.then, cause.facts.get("method"), rule, verdict.severity, kinds

    def _numbers(self, verdict: Verdict) -> str:
        """What is written, what the sheet's own numbers give, and the right value."""
        statement, setting = verdict.statement, self.setting
        texts = {
            word: shown(value, statement)
            for word, value in (("own", verdict.own), ("expected", verdict.expected))
            if value is not None
        }
        if texts.get("own") == texts.get("expected"):
            texts.pop("own", None)
        facts = {word: setting.inline(setting.number(text)) for word, text in texts.items()}
        facts["written"] = self.sheet.typed(statement, "inline")
        kind = "own" if {"own", "expected"} <= facts.keys() else "right"
        return setting.say(f"report.numbers_{kind}", **facts) if "expected" in facts else ""

    def sentence(self, verdict: Verdict, cause: Cause) -> str:
        """All that is said of one cause: what happened, and what to do."""
        facts = self._facts(cause, verdict)
        advice = self.words.advice(cause, verdict)
        return " ".join([*self._said(cause, verdict, facts), advice]).strip()

    def _said(self, cause: Cause, verdict: Verdict, facts: dict[str, str]) -> Iterator[str]:
        """What happened, in sentences."""
        yield self.words.happened(cause, verdict, facts)
        then = f"then.{cause.then}"
        if cause.then and then in self.setting.prose:
            yield self.setting.say(then)
        if cause.facts.get("method"):
            yield self.setting.say("report.method", written=facts["written"])
        elif self.equations.is_inner(cause, verdict.statement):
            name = self.setting.inline(self.setting.name(cause.key))
            yield self.setting.say("report.inner", name=name)

    def _facts(self, cause: Cause, verdict: Verdict) -> dict[str, str]:
        """What the sentence about a cause may mention, typeset."""
        setting, statement = self.setting, verdict.statement
        right, used = self._right_formula(cause, verdict), in_own_sign(cause, statement)
        facts = self.words.facts(cause, right, used)
        facts["written"] = self.sheet.typed(statement, "inline")
        value = verdict.expected if cause.at == "true" or verdict.own is None else verdict.own
        if value is not None:
            facts["right"] = setting.inline(setting.number(_with_lost_digit(cause, value, verdict)))
        if cause.id == "copied_wrongly" and statement.key is not None:
            facts |= self._source(cause, statement, statement.key)
        return facts

    def _source(self, cause: Cause, statement: Statement, name: str) -> dict[str, str]:
        """Where a number stands that was copied wrongly, and what stands there."""
        setting, step = self.setting, self.numbers.trace[name]
        if cause.value is not None:
            value = -cause.value if statement.negated else cause.value
            if found := self.numbers.statement_with(step.key, value, statement.n):
                place = setting.say("report.line", number=self.sheet.lines([found[0]]))
                return {"place": place, "earlier": setting.inline(setting.number(found[1]))}
        if step.rule == "given" and step.text:
            given = setting.inline(setting.number(step.text))
            return {"place": setting.say("report.given"), "earlier": given}
        return {}

    def _right_formula(self, cause: Cause, verdict: Verdict) -> Node | None:
        """The right formula of the line in which the mistake was made."""
        if self.equations.is_inner(cause, verdict.statement) or cause.facts.get("method"):
            return self.numbers.trace[cause.key].formula
        return self.equations.formula(verdict.statement)

    def _shown(self, side: Side | None) -> Shown | None:
        return None if side is None else Shown(self.setting.say(f"report.{side.word}"), side.blocks)

    def _also(self, causes: Sequence[Cause], verdict: Verdict) -> Iterator[str]:
        """Other mistakes that give the same number; what says no more of one is left out."""
        formulas: list[Node | None] = []
        told: list[str] = []
        for place, cause in enumerate(causes):
            formula = None if cause.formula is None else tidy(cause.formula)
            sentence = self.words.happened(cause, verdict, self._facts(cause, verdict))
            vague = cause.id in _VAGUE and formula in formulas
            if place and not vague and sentence not in told:
                yield sentence
            formulas.append(formula)
            told.append(sentence)

    def _link(self, verdict: Verdict) -> str:
        """Which member of the written chain is false."""
        links, place = verdict.statement.links, verdict.false_link
        if place is None or not links:
            return ""
        if place > len(links):
            return self.setting.say("report.false_result", link=self.sheet.written_out(links[-1]))
        return self.setting.say("report.false_link", link=self.sheet.written_out(links[place - 1]))

    def _again(self, more: Sequence[Verdict]) -> str:
        """Where else the same mistake was made."""
        if not more:
            return ""
        say, lines = self.setting.say, [one.statement.n for one in more]
        start = "report.line" if len({*self.sheet.places(lines)}) == 1 else "report.lines"
        listed = say(start, number=self.sheet.lines(lines))
        word = "report.again_one" if len(more) == 1 else "report.again"
        facts = {} if len(more) == 1 else {"count": str(len(more))}
        return say(word, list=listed, **facts)

    def _follows(self, verdicts: Sequence[Verdict]) -> str:
        """The lines that are right in themselves but build on these."""
        wrong = {verdict.statement.n for verdict in verdicts}
        lines = [
            v.statement.n for v in self.report.verdicts if not wrong.isdisjoint(v.carried_from)
        ]
        if not lines:
            return ""
        say = self.setting.say
        one = len(lines) == 1
        start = "report.line_start" if one else "report.lines_start"
        listed = say(start, number=self.sheet.lines(lines))
        return say("report.follows_one" if one else "report.follows", list=listed)


def _kind(node: Node | None) -> str:
    """What stands in a place of a formula: the array of a quantity, or the kind of a part."""
    return Key.parse(node.name).name if isinstance(node, Symbol) else type(node).__name__


def _with_lost_digit(cause: Cause, value: float, verdict: Verdict) -> str:
    """A right value as it is told beside a slip: with the digit that was lost."""
    number = verdict.statement.written
    if cause.id == "digit_lost" and number is not None and number.unit:
        return at_places(value, number.decimals + 1)
    return shown(value, verdict.statement)

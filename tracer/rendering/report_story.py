"""What a report says: the first mistake first, the others, the sheet line by line, notes.

Takes a report and the setting of a page; gives the content for the templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracer.formula.nodes import Node
from tracer.formula.rewriting import tidy
from tracer.model.answer import Statement
from tracer.model.verdict import STATUSES, Cause, Report, Verdict
from tracer.rendering.report_content import Mistake, ReportContent, Row, Shown
from tracer.rendering.report_equations import Equations, Side
from tracer.rendering.report_numbers import SheetNumbers, as_written, at_places, score_text, shown
from tracer.rendering.report_words import ELIMINATION, Words
from tracer.rendering.typesetting import Typesetting

MOST_LISTED = 8
"""Lines or names beyond this number are only counted."""
_VAGUE = {"wrong_quantity", "wrong_constant"}
"""Causes that say less than another one that makes the same formula."""
HEADINGS = ("first", "others", "sheet", "notes")
_SAFE = re.compile(r"[-+\d.,eE]+")
"""Numbers as typed that mean themselves in every format."""
COLUMNS = ("line", "quantity", "written", "mark", "right", "points")


@dataclass
class ReportStory:
    """Says one report."""

    report: Report
    setting: Typesetting
    numbers: SheetNumbers
    equations: Equations = field(init=False)
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        self.equations = Equations(self.setting, self.numbers)
        self.words = Words(self.setting)

    def content(self) -> ReportContent:
        """Everything that the templates receive."""
        report, say = self.report, self.setting.say
        wrong = [verdict for verdict in report.verdicts if verdict.status == "wrong"]
        first = report.first_mistake
        return ReportContent(
            title=self._title(),
            score=say("report.score", score=score_text(report.score), points=self._points()),
            counts=self._counts(),
            verdict=self._verdict(),
            head=tuple(say(f"column.{word}") for word in COLUMNS),
            rows=tuple(self._row(verdict) for verdict in report.verdicts),
            first=self._mistake(first) if first else None,
            others=tuple(self._mistake(one) for one in wrong if one is not first),
            notes=tuple(self._notes()),
            words={word: say(f"report.{word}") for word in HEADINGS},
        )

    # -- the head ----------------------------------------------------------------------------

    def _title(self) -> str:
        name = self.setting.text(self.report.problem)
        if not name:
            return self.setting.say("report.title_plain")
        return self.setting.say("report.title", problem=name)

    def _points(self) -> str:
        count = score_text(self.report.points)
        word = "report.points_one" if count == "1" else "report.points"
        return self.setting.say(word, count=count) if count != "1" else self.setting.say(word)

    def _counts(self) -> str:
        found = []
        for status in STATUSES:
            if count := self.report.count(status):
                found.append(self.setting.say(f"counted.{_word(status)}", count=str(count)))
        return self.setting.say("report.counts", list=", ".join(found)) if found else ""

    def _verdict(self) -> str:
        if not self.report.verdicts:
            return self.setting.say("report.nothing")
        if self.report.first_mistake is not None:
            return ""
        missing = self.report.count("missing")
        return self.setting.say("report.all_right_missing" if missing else "report.all_right")

    # -- the sheet ---------------------------------------------------------------------------

    def _row(self, verdict: Verdict) -> Row:
        statement = verdict.statement
        differs = verdict.status not in ("correct", "rounded")
        right = ""
        if differs and verdict.expected is not None:
            right = self._cell(shown(verdict.expected, statement))
        return Row(
            number=statement.n,
            line=str(statement.line) if statement.line else str(statement.n),
            name=self.setting.text(statement.name),
            written=self._typed(statement, "cell"),
            status=_word(verdict.status),
            mark=self._mark(verdict),
            right=right,
            points=score_text(verdict.points),
            first=verdict is self.report.first_mistake,
        )

    def _mark(self, verdict: Verdict) -> str:
        say = self.setting.say
        if verdict.status == "wrong" and verdict.severity:
            return say(f"status.wrong_{_word(verdict.severity)}")
        if verdict.status == "carried" and verdict.carried_from:
            return say("status.carried_from", lines=self._lines(verdict.carried_from))
        return say(f"status.{_word(verdict.status)}")

    def _cell(self, text: str) -> str:
        """A number in the table; on a web page a plain one is text."""
        if self.setting.form.equations == "markup" and _SAFE.fullmatch(text) and "e" not in text:
            return text.replace("-", "−")
        return self.setting.cell(text)

    def _typed(self, statement: Statement, where: str) -> str:
        """A number as typed; typeset where that shows the same digits."""
        number = statement.written
        if number is None:
            return ""
        normal = as_written(number)
        typed = number.text.strip()
        if normal != typed:
            return typed if _SAFE.fullmatch(typed) else self.setting.text(typed)
        if where == "cell":
            return self._cell(normal)
        return self.setting.inline(self.setting.number(normal))

    # -- one mistake -------------------------------------------------------------------------

    def _mistake(self, verdict: Verdict) -> Mistake:
        statement = verdict.statement
        say = self.setting.say
        told = [cause for cause in verdict.causes if cause.id not in ELIMINATION]
        causes = told or list(verdict.causes[:1]) or [Cause("unexplained")]
        cause = causes[0]
        facts = self._facts(cause, verdict)
        return Mistake(
            number=statement.n,
            heading=say(
                "report.heading",
                number=str(statement.line or statement.n),
                name=self.setting.text(statement.name),
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
            follows=self._follows(verdict),
        )

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
        facts["written"] = self._typed(statement, "inline")
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
        facts = self.words.facts(cause, self._right_formula(cause, verdict))
        facts["written"] = self._typed(statement, "inline")
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
                place = setting.say("report.line", number=self._lines([found[0]]))
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
        """Other mistakes that give the same number; the vaguer word for one is left out."""
        formulas: list[Node | None] = []
        for place, cause in enumerate(causes):
            formula = None if cause.formula is None else tidy(cause.formula)
            if place and not (cause.id in _VAGUE and formula in formulas):
                yield self.words.happened(cause, verdict, self._facts(cause, verdict))
            formulas.append(formula)

    def _link(self, verdict: Verdict) -> str:
        """Which member of the written chain is false."""
        links, place = verdict.statement.links, verdict.false_link
        if place is None or not links:
            return ""
        if place > len(links):
            text = self.setting.text(links[-1].text)
            return self.setting.say("report.false_result", link=text)
        return self.setting.say("report.false_link", link=self.setting.text(links[place - 1].text))

    def _follows(self, verdict: Verdict) -> str:
        """The lines that are right in themselves but build on this one."""
        n = verdict.statement.n
        lines = [v.statement.n for v in self.report.verdicts if n in v.carried_from]
        if not lines:
            return ""
        say = self.setting.say
        one = len(lines) == 1
        start = "report.line_start" if one else "report.lines_start"
        listed = say(start, number=self._lines(lines))
        return say("report.follows_one" if one else "report.follows", list=listed)

    def _lines(self, numbers: Sequence[int]) -> str:
        """The lines of these statements: ``5 to 7 and 9``."""
        lines = {s.n: s.line or s.n for s in self.report.sheet.statements}
        return self.words.list(self._runs(sorted({lines.get(n, n) for n in numbers})))

    def _runs(self, numbers: Sequence[int]) -> list[str]:
        """Numbers, three or more in a row as ``5 to 7``."""
        runs: list[list[int]] = []
        for number in numbers:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        shown = []
        for run in runs:
            if len(run) > 2:
                first, last = str(run[0]), str(run[-1])
                shown.append(self.setting.say("report.range", first=first, last=last))
            else:
                shown += map(str, run)
        return shown

    # -- notes -------------------------------------------------------------------------------

    def _notes(self) -> Iterator[str]:
        say, setting, report = self.setting.say, self.setting, self.report
        for flag in report.flags:
            if f"flag.{flag}" in setting.prose:
                yield say(f"flag.{flag}")
        for status in ("rounded", "carried", "too coarse"):
            if report.count(status):
                yield say(f"note.{_word(status)}")
        names = [setting.inline(setting.name(key)) for key in report.filled]
        yield from self._listed("filled", names)
        yield from self._listed("unread", [str(number) for number in report.sheet.unread])
        if report.sheet.skipped:
            names = [setting.text(name) for name in report.sheet.skipped]
            yield say("note.skipped", list=", ".join(names))

    def _listed(self, word: str, names: Sequence[str]) -> Iterator[str]:
        """A note about some names or lines; many are only counted."""
        if len(names) > MOST_LISTED:
            yield self.setting.say(f"note.{word}_many", count=str(len(names)))
        elif names:
            one = "_one" if len(names) == 1 else ""
            yield self.setting.say(f"note.{word}{one}", list=self.words.list(names))


def _with_lost_digit(cause: Cause, value: float, verdict: Verdict) -> str:
    """A right value as it is told beside a slip: with the digit that was lost."""
    number = verdict.statement.written
    if cause.id == "digit_lost" and number is not None and number.unit:
        return at_places(value, number.decimals + 1)
    return shown(value, verdict.statement)


def _word(status: str) -> str:
    return status.replace(" ", "_")

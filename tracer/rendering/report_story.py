"""What a report says: the first mistake first, the others, the sheet line by line, notes.

Takes a report and the setting of a page; gives the content for the templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction as Rational

from tracer.model.verdict import STATUSES, Report, Verdict
from tracer.rendering.report_content import ReportContent, Row
from tracer.rendering.report_figures import score_text, shown
from tracer.rendering.report_mistake import MistakeStory
from tracer.rendering.report_numbers import SheetNumbers
from tracer.rendering.typesetting import Typesetting

MOST_LISTED = 8
"""Lines or names beyond this number are only counted."""
HEADINGS = ("first", "others", "sheet", "notes")
COLUMNS = ("line", "quantity", "written", "mark", "right", "points")


@dataclass
class ReportStory:
    """Says one report."""

    report: Report
    setting: Typesetting
    numbers: SheetNumbers
    mistakes: MistakeStory = field(init=False)

    def __post_init__(self) -> None:
        self.mistakes = MistakeStory(self.report, self.setting, self.numbers)

    def content(self) -> ReportContent:
        """Everything that the templates receive."""
        report, say = self.report, self.setting.say
        told = [self.mistakes.mistake(one, more) for one, more in self._grouped()]
        return ReportContent(
            title=self._title(),
            score=say("report.score", score=self._score(report.score), points=self._points()),
            counts=self._counts(),
            verdict=self._verdict(),
            head=tuple(say(f"column.{word}") for word in COLUMNS),
            rows=tuple(self._row(verdict) for verdict in report.verdicts),
            first=told[0] if told else None,
            others=tuple(told[1:]),
            notes=tuple(self._notes()),
            words={word: say(f"report.{word}") for word in HEADINGS},
        )

    def _grouped(self) -> list[tuple[Verdict, list[Verdict]]]:
        """The wrong statements, the first mistake first, each with those that repeat it."""
        first = self.report.first_mistake
        wrong = [verdict for verdict in self.report.verdicts if verdict.status == "wrong"]
        groups: dict[object, list[Verdict]] = {}
        for verdict in sorted(wrong, key=lambda one: one is not first):
            pattern = self.mistakes.pattern(verdict)
            groups.setdefault(pattern or verdict.statement.n, []).append(verdict)
        return [(one, more) for one, *more in groups.values()]

    # -- the head ----------------------------------------------------------------------------

    def _title(self) -> str:
        name = self.setting.text(self.report.problem)
        if not name:
            return self.setting.say("report.title_plain")
        return self.setting.say("report.title", problem=name)

    def _score(self, points: Rational) -> str:
        text = score_text(points)
        return text.replace(".", ",") if self.setting.comma else text

    def _points(self) -> str:
        count = self._score(self.report.points)
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
            right = self.mistakes.sheet.cell(shown(verdict.expected, statement))
        return Row(
            number=statement.n,
            line=str(statement.line) if statement.line else str(statement.n),
            name=self.mistakes.sheet.called(statement),
            written=self.mistakes.sheet.typed(statement, "cell"),
            status=_word(verdict.status),
            mark=self._mark(verdict),
            right=right,
            points=self._score(verdict.points),
            first=verdict is self.report.first_mistake,
        )

    def _mark(self, verdict: Verdict) -> str:
        say = self.setting.say
        if verdict.status == "wrong" and verdict.severity:
            return say(f"status.wrong_{_word(verdict.severity)}")
        if verdict.status == "carried" and verdict.carried_from:
            return say("status.carried_from", lines=self.mistakes.sheet.lines(verdict.carried_from))
        return say(f"status.{_word(verdict.status)}")

    # -- notes -------------------------------------------------------------------------------

    def _notes(self) -> Iterator[str]:
        say, setting, report = self.setting.say, self.setting, self.report
        for flag in report.flags:
            if f"flag.{flag}" in setting.prose:
                yield say(f"flag.{flag}")
        for status in ("rounded", "carried", "too coarse"):
            if report.count(status):
                yield say(f"note.{_word(status)}")
        yield from self._false_links()
        names = [setting.inline(setting.name(key)) for key in report.filled]
        yield from self._listed("filled", names)
        yield from self._listed("unread", [str(number) for number in report.sheet.unread])
        if report.sheet.skipped:
            names = [self.mistakes.sheet.bare(name) for name in report.sheet.skipped]
            yield say("note.skipped", list=", ".join(names))

    def _false_links(self) -> Iterator[str]:
        """Lines that end right although a step of their chain is false."""
        found = [
            (one.statement, one.statement.links[one.false_link - 1])
            for one in self.report.verdicts
            if one.status in ("correct", "rounded", "carried")
            and one.false_link is not None
            and one.false_link <= len(one.statement.links)
        ]
        if len(found) > MOST_LISTED:
            yield self.setting.say("note.false_link_many", count=str(len(found)))
            return
        for statement, link in found:
            line, text = str(statement.line or statement.n), self.mistakes.sheet.written_out(link)
            yield self.setting.say("note.false_link", number=line, link=text)

    def _listed(self, word: str, names: Sequence[str]) -> Iterator[str]:
        """A note about some names or lines; many are only counted."""
        if len(names) > MOST_LISTED:
            yield self.setting.say(f"note.{word}_many", count=str(len(names)))
        elif names:
            one = "_one" if len(names) == 1 else ""
            yield self.setting.say(f"note.{word}{one}", list=self.mistakes.words.list(names))


def _word(status: str) -> str:
    return status.replace(" ", "_")

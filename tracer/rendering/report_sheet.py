"""What stands on the sheet, as the report shows it: names, numbers and workings as typed, lines.

Takes a report and the setting of a page; gives strings for `report_mistake` and
`report_story`.  What was typed is shown as it was, but for the markup of LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracer.formula.keys import Key
from tracer.model.answer import Link, Statement
from tracer.model.verdict import Report
from tracer.notation.markup import without_markup
from tracer.rendering.report_figures import as_written
from tracer.rendering.report_words import Words
from tracer.rendering.typesetting import Typesetting

_SOURCE = re.compile(r"(?=.*(?:\\[a-zA-Z]|[_^]\{))[\w\\{}()\[\]^,.'+*/$|= -]+")
"""A name in the source of LaTeX."""
_WORKED = re.compile(r"\\(?:times|cdot)(?![A-Za-z])")
"""A product in the source of LaTeX, where a name stands elsewhere."""
_MARKUP = re.compile(r"\\[a-zA-Z]|[_^]\{|^\s*\[")
"""Source of LaTeX, or a whole array of which one cell is meant."""
_SAFE = re.compile(r"[-+\d.,eE]+")
"""Numbers as typed that mean themselves in every format."""


@dataclass
class SheetWords:
    """Shows what a sheet says."""

    report: Report
    setting: Typesetting
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        self.words = Words(self.setting)

    def called(self, statement: Statement) -> str:
        """A quantity as the sheet calls it; in place of LaTeX source, as it looks when set."""
        key = None if statement.negated else statement.key
        if key is not None and _SOURCE.fullmatch(statement.name):
            return self.setting.inline(self.setting.name(key))
        if statement.key is None and _WORKED.search(statement.name):
            return self.setting.inline(
                self.setting.formula(statement.formula, self.setting.names.name)
            )
        cell = ""
        if statement.key is not None and (statement.line, statement.name) in self._arrays:
            cell = f"[{','.join(map(str, Key.parse(statement.key).indices))}]"
        return self.bare(statement.name, cell)

    def bare(self, name: str, cell: str = "") -> str:
        """A name as it was typed, without the markup of LaTeX; with the cell of an array."""
        is_source = "\\" in name and _SOURCE.fullmatch(name)
        return self.setting.text((without_markup(name) if is_source else name) + cell)

    @cached_property
    def _arrays(self) -> set[tuple[int, str]]:
        """Lines and names under which several cells of an array are written."""
        cells: dict[tuple[int, str], set[str]] = {}
        for one in self.report.sheet.statements:
            if one.key is not None and one.line:
                cells.setdefault((one.line, one.name), set()).add(one.key)
        return {place for place, keys in cells.items() if len(keys) > 1}

    def written_out(self, link: Link) -> str:
        """A member of a chain as it was typed; in place of LaTeX or of an array, as it is set."""
        if not _MARKUP.search(link.text):
            return self.setting.text(link.text)
        return self.setting.inline(self.setting.formula(link.formula, self.setting.names.name))

    def cell(self, text: str) -> str:
        """A number in the table; on a web page a plain one is text."""
        if self.setting.form.equations == "markup" and _SAFE.fullmatch(text) and "e" not in text:
            return text.replace("-", "−")
        return self.setting.cell(text)

    def typed(self, statement: Statement, where: str) -> str:
        """A number as typed; typeset where that shows the same digits."""
        number = statement.written
        if number is None:
            return ""
        normal = as_written(number)
        typed = number.text.strip()
        if normal != typed:
            return typed if _SAFE.fullmatch(typed) else self.setting.text(typed)
        if where == "cell":
            return self.cell(normal)
        return self.setting.inline(self.setting.number(normal))

    def lines(self, numbers: Sequence[int]) -> str:
        """The lines of these statements: ``5 to 7 and 9``."""
        return self.words.list(self._runs(sorted({*self.places(numbers)})))

    def places(self, numbers: Sequence[int]) -> list[int]:
        """The line of each of these statements."""
        lines = {s.n: s.line or s.n for s in self.report.sheet.statements}
        return [lines.get(n, n) for n in numbers]

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

"""From a report to a page: `render_report`.

Takes the judgement of a sheet and the right calculation; gives the report for a terminal,
as Markdown, LaTeX or HTML, or as JSON for programs.  `report_story` says it,
`report_equations` sets the formulas, the templates place everything.
"""

from __future__ import annotations

from tracer.errors import TracerError
from tracer.model.trace import Trace
from tracer.model.verdict import Report
from tracer.notation.loading import Notation, notation_of
from tracer.rendering.prose import Prose
from tracer.rendering.report_data import report_json
from tracer.rendering.report_formats import REPORT_FORMATS, WIDTH, report_format
from tracer.rendering.report_numbers import SheetNumbers, finite
from tracer.rendering.report_story import ReportStory
from tracer.rendering.templating import fill
from tracer.rendering.terminal import Terminal
from tracer.rendering.typesetting import Typesetting

__all__ = ["REPORT_FORMATS", "render_report"]


def render_report(
    report: Report,
    trace: Trace | None = None,
    to: str = "terminal",
    notation: str | Notation | None = None,
    flavor: str = "",
    colour: bool = False,
    width: int = WIDTH,
    templates: str | None = None,
    standalone: bool = False,
    language: str = "en",
    comma: bool | None = None,
) -> str:
    """Print what was found out about a sheet.

    Args:
        report: from `tracer.check`.
        trace: the right calculation that the sheet was checked against, if not the report's own.
        to: ``terminal``, ``markdown``, ``latex``, ``html`` or ``json``.
        notation: the name of a notation, or one; None: the problem's own.
        flavor: of Markdown: ``github``, ``dollar``, ``plain`` (Unicode) or ``ascii``.
        colour: whether a terminal's text may have colours.
        width: columns of the terminal.
        templates: a folder of the user's own templates, searched first.
        standalone: a whole LaTeX document instead of a fragment.
        language: of the sentences; files of the folder ``prose``.
        comma: write numbers with a decimal comma; None: as the language does.

    Raises:
        TracerError: at an unknown word, where a template fails, or if there is no trace.

    >>> from tracer.model.answer import Sheet
    >>> from tracer.model.problem import Problem
    >>> trace = Trace(Problem(equations=["p = 1/2"]), (), ())
    >>> print(render_report(Report("Coins", Sheet(()), (), trace=trace)).splitlines()[0])
    Coins: the sheet, checked
    """
    trace = report.trace if trace is None else trace
    if trace is None:
        raise TracerError("a report without its trace cannot be printed; say which: trace=...")
    report = finite(report)
    book = notation_of(trace.problem, notation)
    prose = Prose(language, templates or "", "report")
    comma = prose.language.comma if comma is None else comma
    names = book.for_problem(trace.problem)
    numbers = SheetNumbers(trace, report, names)
    if to == "json":
        words = ReportStory(
            report, Typesetting(trace, names, report_format("terminal"), prose), numbers
        )
        return report_json(report, words.mistakes.sentence)
    chosen = report_format(to, flavor, width)
    story = ReportStory(report, Typesetting(trace, names, chosen, prose, comma), numbers)
    facts = {
        "report": story.content(),
        "format": chosen.facts(),
        "language": language,
        "terminal": Terminal(max(width, 40), colour),
    }
    template = chosen.template
    if to == "latex" and standalone:
        template = "latex/report-standalone.tex"
    return fill(template, facts, templates or "")

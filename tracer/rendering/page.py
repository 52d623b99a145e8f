"""From a trace to a page: `render`.

Takes a trace; gives the text of a page in any format.  The work is done next door: `selecting`
chooses the steps, `story` says them, `typesetting` sets them, `templating` fills the templates;
`making` says where a format differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tracer.errors import TracerError, suggestion
from tracer.model.ordering import printed_order
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.notation.loading import Notation, notation_of
from tracer.rendering.cells import CELL
from tracer.rendering.content import Content
from tracer.rendering.documents import FRAMES, LINES, check_prefix
from tracer.rendering.folding import Wrapping, surroundings
from tracer.rendering.formats import page_format
from tracer.rendering.making import MAKERS, Asked
from tracer.rendering.pdf import pdf_of
from tracer.rendering.pictures import Pictures
from tracer.rendering.prose import Prose
from tracer.rendering.selecting import count_lines, selected
from tracer.rendering.story import Story
from tracer.rendering.templating import fill
from tracer.rendering.typesetting import Typesetting

DETAILS = ("brief", "standard", "full")
FORMS = ("scalar", "matrix", "both")
MOST_ASKED = 12
"""Quantities that an exercise names one by one."""

__all__ = ["DETAILS", "FORMS", "Page", "count_lines", "render"]


@dataclass(frozen=True)
class Page:
    """A rendered page; ``str(page)`` is its text."""

    text: str
    to: str
    flavor: str
    content: Content
    """What it says, before the template: strings and lists of strings."""

    def __str__(self) -> str:
        return self.text

    def pdf(self) -> bytes:
        """The PDF of a page that was rendered to Typst; it keeps to PDF/UA-1.

        Raises:
            MissingTool: if the package `typst` is not installed.
            TracerError: if the page is in another format.
        """
        if self.to != "typst":
            raise TracerError(f'a PDF is made of a page of Typst: to="typst", not "{self.to}"')
        return pdf_of(self.text)


def render(
    trace: Trace,
    to: str = "markdown",
    flavor: str = "github",
    notation: str | Notation | None = None,
    detail: str = "standard",
    form: str = "scalar",
    only: Sequence[str] | None = None,
    updates: Iterable[int] | None = None,
    comma: bool | None = None,
    templates: str | None = None,
    prefix: str = "",
    standalone: bool = False,
    document: str = "",
    answers: bool = False,
    frames: str = "step",
    lines: str = "auto",
    language: str = "en",
    fold: bool = False,
    exercise: bool = False,
    source: str = "",
    diagram: str = "",
    change: Callable[[Content, Typesetting], Content] | None = None,
) -> Page:
    r"""Print a trace as a worked example.

    Args:
        trace: the record of a calculation.
        to: ``markdown``, ``html``, ``latex`` or ``ipynb`` (a notebook).
        flavor: of Markdown: ``github``, ``dollar``, ``obsidian``, ``quarto``, ``myst``,
            ``plain`` (Unicode) or ``ascii``.
        notation: the name of a notation, or one; None: the problem's own.
        detail: ``brief`` (formula and result), ``standard`` (with the numbers, and why) or
            ``full`` (also the chain rule factor by factor).
        form: ``scalar`` (unit by unit), ``matrix`` or ``both``.
        only: phases, quantities or keys; None: everything.
        updates: which updates, from 1; None: the first and the last.
        comma: write numbers with a decimal comma; None: as the language does.
        templates: a folder of the user's own templates, searched first.
        prefix: before the labels of a LaTeX fragment, so that two of them do not clash.
        standalone: a whole LaTeX document, an article, instead of a fragment.
        document: of LaTeX, a whole one: ``article``, ``beamer`` (slides) or ``exam`` (a sheet
            with blanks); nothing: a fragment.
        answers: of an exam or a sheet of Typst: the key, not the sheet.
        frames: of slides: a frame a ``step``, or a ``section``.
        lines: of LaTeX: ``wide``, ``stacked`` or as they fit.
        language: of the sentences, by its code: ``de``; see `languages`.
        fold: the steps of each section fold away, in the way of the flavor's readers.
        exercise: what is given becomes an exercise, and the rest its solution; of Typst,
            HTML and LaTeX, a sheet with blanks (with `answers` its key, but not of HTML).
        source: of a notebook: the problem as a file, for a cell that can be run again.
        diagram: a drawing for the top of a page that has none by itself, in the page's format.
        change: made to what the page says before a template places it.

    Raises:
        TracerError: at an unknown word, or where a template fails.

    >>> from tracer.formula.nodes import Number
    >>> from tracer.model.problem import Problem
    >>> from tracer.model.quantity import Plan
    >>> from tracer.model.step import Step
    >>> step = Step("p", "equation", "forward", Number("1/2"), text="0.5")
    >>> page = render(Trace(Problem(equations=["p = 1/2"]), (step,), (Plan({}, ()),)))
    >>> r"p &= \frac{1}{2} &&= \mathbf{0.5}" in page.text
    True
    """
    _check("detail", detail, DETAILS)
    _check("form", form, FORMS)
    _check("lines", lines, LINES)
    _check("frames", frames, FRAMES)
    check_prefix(prefix)
    usual = {"detail": DETAILS[1], "form": FORMS[0], "language": "en"}
    again = {"detail": detail, "form": form, "language": language, "templates": templates or ""}
    asked = Asked(
        page_format(to, flavor),
        document or ("article" if standalone else "exam" if exercise and to == "latex" else ""),
        answers,
        frames,
        source,
        {name: value for name, value in again.items() if value != usual.get(name)},
        exercise,
        only is not None,
    )
    maker = MAKERS[to](asked)
    book = notation_of(trace.problem, notation)
    names = book.for_problem(trace.problem)
    prose = Prose(language, templates or "")
    comma = prose.language.comma if comma is None else comma
    setting = maker.typesetting()(trace, names, maker.form, prose, comma)
    story = Story(setting, detail, form, partial=only is not None, repeating=maker.repeating)
    steps = selected(trace, only, updates)
    content = story.content(steps, given=only is None or exercise)
    content = maker.settled(change(content, setting) if change else content)
    pictures = Pictures(setting, book, maker.drawings, templates or "", language)
    facts = {
        "page": content,
        "format": maker.form.facts(),
        "prefix": prefix,
        "lines": lines,
        "language": language,
        "cell": CELL,
        "task": _task(steps, only is not None, setting),
        "around": _around(setting, maker.form.folds, prefix, fold, exercise),
        "diagram": diagram or (pictures.drawn() if only is None else ""),
        **maker.facts(content, pictures),
    }
    text = fill(maker.template, facts, templates or "").rstrip() + "\n"
    text = maker.finished(text, setting)
    return Page(text, to, flavor if to == "markdown" else "", content)


def _around(
    setting: Typesetting, folds: str, prefix: str, fold: bool, exercise: bool
) -> dict[str, Wrapping]:
    """What stands round the parts of the page that fold."""
    asked = {"steps"} if fold else set()
    asked |= {"exercise", "solution"} if exercise else set()
    titles = {part: setting.say(f"fold.{part}") for part in ("steps", "exercise", "solution")}
    name = setting.trace.problem.name or "exercise"
    label = prefix + "-".join(re.findall("[a-z0-9]+", name.lower()))
    return surroundings(folds, titles, label, frozenset(asked))


def _task(steps: Sequence[Step], chosen: bool, setting: Typesetting) -> str:
    """What an exercise asks for: the whole calculation, or chosen quantities by their names."""
    if chosen and len(steps) > MOST_ASKED:
        return setting.say("fold.task_some")
    if chosen:
        ordered = printed_order(steps, setting.trace)
        names = ", ".join(setting.inline_name(step.key) for step in ordered)
        return setting.say("fold.task_only", names=names)
    phases = {step.phase for step in setting.trace.steps}
    known = {"update": "update", "gradient": "gradients", "backward": "gradients"}
    word = next((known[one] for one in known if one in phases), "forward")
    return setting.say(f"fold.task_{word}")


def _check(what: str, word: str, known: Sequence[str]) -> None:
    if word not in known:
        hint = suggestion(word, known)
        raise TracerError(f"{what} is one of {', '.join(known)}; found '{word}'{hint}")

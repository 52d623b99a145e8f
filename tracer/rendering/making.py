"""How a page of each format is made: the one way, and where some formats differ from it.

`MAKERS` is the table.  A maker is asked in this order for the typesetting, for what is done to
the finished content, for the format of drawings, for what its template needs besides the page,
and for what is done to the text.  What a single format needs is imported by its own maker:
most pages are of another one.  Read by `page.render`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracer.rendering.cells import notebook
from tracer.rendering.content import Content
from tracer.rendering.documents import document_facts, document_named, exam_facts
from tracer.rendering.formats import PageFormat
from tracer.rendering.pictures import Pictures
from tracer.rendering.printers.aloud import settled
from tracer.rendering.prose import Prose
from tracer.rendering.typesetting import Typesetting


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page was asked to be, as far as formats differ by it."""

    form: PageFormat
    document: str = ""
    """Of LaTeX: which whole document; nothing: a fragment."""
    answers: bool = False
    """Of an exam: the key."""
    frames: str = "step"
    """Of slides: what has a frame of its own."""
    source: str = ""
    """Of a notebook: the problem as a file."""
    again: Mapping[str, str] | None = None
    """Of a notebook: the options that ask for such a page again."""
    exercise: bool = False
    """Of Typst and HTML: a sheet with blanks."""
    partial: bool = False
    """Only some steps were asked for."""


class Maker:
    """The way of most formats."""

    repeating = False
    """Whether each line says why it holds, and not only the first of its kind."""
    drawings = ""
    """The format of drawings inside the page; nothing: it has none by itself."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @property
    def form(self) -> PageFormat:
        """The format, its width that of the document."""
        return self.asked.form

    @property
    def template(self) -> str:
        return self.asked.form.template

    def typesetting(self) -> type[Typesetting]:
        """How formulas and texts are set."""
        return Typesetting

    def settled(self, content: Content) -> Content:
        """The content as the template takes it."""
        return content

    def facts(self, content: Content, pictures: Pictures) -> dict[str, Any]:
        """What the template needs besides the page."""
        return {}

    def finished(self, text: str, setting: Typesetting) -> str:
        """The page, from what the template gave."""
        return text


class LatexMaker(Maker):
    """A fragment, or a whole document with drawings of its own."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        self.document = document_named(asked.document) if asked.document else None
        self.repeating = self.document is not None and self.document.repeating
        self.drawings = "latex" if self.document else ""

    @property
    def form(self) -> PageFormat:
        form = self.asked.form
        return replace(form, width=self.document.width) if self.document else form

    @property
    def template(self) -> str:
        return self.document.template if self.document else self.asked.form.template

    def facts(self, content: Content, pictures: Pictures) -> dict[str, Any]:
        if self.document is None:
            return {}
        facts = document_facts(self.document, content, pictures, self.asked.frames)
        return facts | {"answers": self.asked.answers}


class TypstMaker(Maker):
    """Typst, whose formulas carry their words and widths."""

    drawings = "typst"

    @property
    def template(self) -> str:
        return "typst/exam.typ" if self.asked.exercise else self.asked.form.template

    def settled(self, content: Content) -> Content:
        """An exercise is settled when its blanks are measured."""
        return content if self.asked.exercise else settled(content)

    def facts(self, content: Content, pictures: Pictures) -> dict[str, Any]:
        if not self.asked.exercise:
            return {}
        equals = settled(pictures.setting.sign("="))
        facts = {**exam_facts(content, pictures), "page": content, "equals": equals}
        settling = {name: settled(facts[name]) for name in ("page", "questions")}
        return facts | settling | {"answers": self.asked.answers}


class HtmlMaker(Maker):
    """One file with its scripts, its drawing and its answers, made as light as it can be."""

    @property
    def template(self) -> str:
        return "html/exam.html" if self.asked.exercise else self.asked.form.template

    def typesetting(self) -> type[Typesetting]:
        from tracer.rendering.html.setting import HtmlSetting

        return HtmlSetting

    def facts(self, content: Content, pictures: Pictures) -> dict[str, Any]:
        """A page of chosen steps has no drawing."""
        from tracer.rendering.html.drawing import drawing
        from tracer.rendering.html.facts import html_facts
        from tracer.rendering.html.setting import HtmlSetting

        setting, language, templates = pictures.setting, pictures.language, pictures.templates
        assert isinstance(setting, HtmlSetting)
        whole, stage = not self.asked.partial, "given" if self.asked.exercise else "updated"
        picture = drawing(setting, pictures.notation, language, templates, stage) if whole else ""
        facts = html_facts(setting, content, Prose(language, templates, part="html"), picture)
        if self.asked.exercise:
            facts |= {"exam": exam_facts(content, pictures), "equals": setting.sign("=")}
        return facts

    def finished(self, text: str, setting: Typesetting) -> str:
        from tracer.rendering.html.packing import packed

        return packed(text)


class NotebookMaker(Maker):
    """A notebook: Markdown cut into cells."""

    def finished(self, text: str, setting: Typesetting) -> str:
        return notebook(text, self.asked.source, self.asked.again, setting.say("notebook.again"))


MAKERS: Mapping[str, type[Maker]] = {
    "markdown": Maker,
    "latex": LatexMaker,
    "typst": TypstMaker,
    "html": HtmlMaker,
    "ipynb": NotebookMaker,
}
"""By format."""

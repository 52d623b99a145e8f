"""Whole LaTeX documents: an article, slides, an exam.

`DOCUMENTS` is the table: a template, how much fits on a line, and what its template needs
besides the page.  A new kind of document is a row here and a template.  What only one kind
needs is imported where that kind is made: most pages are none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tracer.errors import TracerError, suggestion
from tracer.rendering.content import Content
from tracer.rendering.pictures import Pictures

LINES = ("auto", "wide", "stacked")
"""How equations are laid out: as they fit, each in one row, or one side below the other."""
FRAMES = ("step", "section")
"""What has a frame of its own on slides."""
_BABEL = {"de": "ngerman", "es": "spanish", "fr": "french"}
"""What babel calls a language; English needs nothing."""
_PREFIX = re.compile(r"[A-Za-z0-9-]*")
_NO_TITLE = re.compile(r"\\[A-Za-z]+|[^A-Za-z0-9 ,.:;()+=-]")


@dataclass(frozen=True, slots=True)
class Document:
    """One kind of document."""

    template: str
    width: float
    """Points for formulas on a line, in the measure of 10 pt Computer Modern."""
    facts: Callable[[Content, Pictures, str], dict[str, Any]]
    """What its template needs besides the page; the word is what has a frame of its own."""
    repeating: bool = False
    """Whether each line says why it holds, and not only the first of its kind."""


def _article(content: Content, pictures: Pictures, each: str) -> dict[str, Any]:
    return {}


def _slides(content: Content, pictures: Pictures, each: str) -> dict[str, Any]:
    from tracer.rendering.diagram.tikz import UNIT
    from tracer.rendering.slides import frames

    found = frames(content, pictures, each)
    return {"frames": found, "steps": found[-1].number if found else 0, "unit": f"{UNIT}pt"}


def _exam(content: Content, pictures: Pictures, each: str) -> dict[str, Any]:
    return exam_facts(content, pictures)


def exam_facts(content: Content, pictures: Pictures) -> dict[str, Any]:
    """What the template of a sheet with blanks needs besides the page, in any format."""
    from tracer.rendering.worksheet import questions

    setting = pictures.setting
    said = ("task", "name", "points", "solution", "blank")
    words = {word: setting.say(f"exam.{word}") for word in said}
    return {
        "questions": questions(content, setting),
        "words": words,
        "sheet_diagram": pictures.drawn("given", room="backward"),
        "key_diagram": pictures.drawn("backward"),
    }


DOCUMENTS: Mapping[str, Document] = {
    "article": Document("latex/document-article.tex", 395.0, _article),
    "beamer": Document("latex/beamer.tex", 358.0, _slides, repeating=True),
    "exam": Document("latex/exam.tex", 350.0, _exam),
}


def document_named(name: str) -> Document:
    """The kind of document of that name.

    Raises:
        TracerError: naming the nearest one.

    >>> document_named("exam").template
    'latex/exam.tex'
    """
    if name not in DOCUMENTS:
        known = ", ".join(DOCUMENTS)
        raise TracerError(
            f"a document is one of {known}; found '{name}'{suggestion(name, DOCUMENTS)}"
        )
    return DOCUMENTS[name]


def document_facts(
    document: Document, content: Content, pictures: Pictures, each: str
) -> dict[str, Any]:
    """What the template of a document needs besides the page."""
    options = ["comma"] if pictures.setting.comma else []
    return {
        "options": options,
        "babel": _BABEL.get(pictures.language, ""),
        "pdf_title": pdf_title(content.title),
        **document.facts(content, pictures, each),
    }


def pdf_title(title: str) -> str:
    r"""A title for a PDF's properties, where no command and no accent may stand.

    >>> pdf_title(r"50 \% of \L{}\'{o}d\'{z}, 2--2--1")
    '50 of odz, 2-2-1'
    """
    return re.sub(r"\s+", " ", _NO_TITLE.sub("", title).replace("--", "-")).strip()


def check_prefix(prefix: str) -> None:
    """A prefix of labels is made of letters, digits and hyphens.

    Raises:
        TracerError: naming the character that labels cannot hold everywhere.
    """
    if not _PREFIX.fullmatch(prefix):
        wrong = next(c for c in prefix if not _PREFIX.fullmatch(c))
        raise TracerError(
            f"a prefix of labels is made of letters, digits and hyphens; found '{wrong}' in "
            f"'{prefix}' (babel makes some other characters commands)"
        )

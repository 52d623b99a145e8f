"""Whole documents on the command line: their options, and where they and their PDFs go.

Takes the options of a command and the text that was rendered; settles the format, refuses
options that belong to another one, and writes the text, or the PDF made of it by Typst or
by TeX, to a file or standard output.  Whether a file is there already is asked before the
work.  Read by `solve`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tracer.cli.output import add_style, deliver, format_of, is_folder, save, stem
from tracer.errors import FileError, TracerError
from tracer.files.output import write_bytes

Command = TypeVar("Command", bound=Callable[..., Any])

SUFFIXES = {
    "markdown": ".md",
    "latex": ".tex",
    "typst": ".typ",
    "pdf": ".pdf",
    "ipynb": ".ipynb",
    "html": ".html",
    "json": ".json",
}
"""By format: how the name of its file ends."""
_SHEETS = ("typst", "pdf")
"""Formats whose exercise is a sheet with blanks."""


def document_options(command: Command) -> Command:
    """Add ``--document``, ``--answers``, ``--frames``, ``--lines`` and ``--compile``."""
    options = [
        click.option(
            "--document",
            type=click.Choice(["article", "beamer", "exam"]),
            help="LaTeX: a whole document: an article, slides with one frame a step, or a sheet "
            "with blanks.",
        ),
        click.option("--answers", is_flag=True, help="Of an exam: the key instead of the blanks."),
        click.option(
            "--frames",
            type=click.Choice(["step", "section"]),
            default="step",
            help="Of slides: one frame a step, or a section, its results rule by rule.",
        ),
        click.option(
            "--lines",
            type=click.Choice(["auto", "wide", "stacked"]),
            default="auto",
            help="LaTeX: each equation in one row, or one side below the other; else as it fits.",
        ),
        click.option(
            "--compile",
            is_flag=True,
            help="LaTeX: the PDF as well, by latexmk or pdflatex (--to pdf needs neither).",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def format_asked(options: dict[str, Any]) -> str:
    """The format: said outright, that of a document of TeX, or as the name of the file ends."""
    if options["to"] is None and any(options[n] for n in ("document", "compile", "standalone")):
        return "latex"
    return format_of(options["to"], options["output"], SUFFIXES, "markdown")


def check_document_options(options: dict[str, Any]) -> None:
    """Refuse options that belong to another format, and say which."""
    for name in ("document", "compile"):
        if options[name] and options["to"] != "latex":
            raise click.UsageError(f"--{name} is for --to latex (--to pdf makes a PDF without TeX)")
    if options["lines"] != "auto" and options["to"] != "latex":
        raise click.UsageError("--lines is for --to latex")
    if options["exercise"] and options["to"] == "latex" and not options["document"]:
        options["document"] = "exam"
    known = {
        "fold": ("markdown", "ipynb"),
        "exercise": ("markdown", "ipynb", "html", "latex", *_SHEETS),
    }
    for name, formats in known.items():
        if options[name] and options["to"] not in formats:
            raise click.UsageError(
                f"--{name} is for Markdown and notebooks (a page of HTML folds by itself)"
                if name == "fold"
                else "--exercise is for pages: JSON holds all results"
            )
    sheet = options["exercise"] and options["to"] in _SHEETS
    if options["answers"] and not sheet and options["document"] != "exam":
        raise click.UsageError("--answers is for --document exam, or --exercise as a PDF")
    if options["frames"] != "step" and options["document"] != "beamer":
        raise click.UsageError("--frames is for --document beamer")
    if options["compile"] and not (options["document"] or options["standalone"]):
        options["document"] = "article"


def deliver_page(text: str, problem: str, options: dict[str, Any]) -> None:
    """Write what was rendered, or the PDF that is made of it.

    Raises:
        FileError: where a file cannot be written, or is there already.
        MissingTool: where what makes the PDF is not installed.
    """
    output, force, name = options["output"], options["force"], stem(problem)
    if options["to"] == "pdf":
        _deliver_pdf(text, output, f"{name}.pdf", force)
    elif options["compile"]:
        _deliver_compiled(text, output, name, force)
    else:
        deliver(text, output, name + SUFFIXES[options["to"]], force)
        if options["to"] == "latex" and not (options["document"] or options["standalone"]):
            add_style(output)


def _deliver_pdf(text: str, output: str | None, name: str, force: bool) -> None:
    path = _path(output, name)
    _check_free([path], force)
    from tracer.rendering.pdf import pdf_of

    _put(path, pdf_of(text), force)


def _deliver_compiled(text: str, output: str | None, name: str, force: bool) -> None:
    """A document and its PDF; the PDF alone where only that is named.

    A document that is not compiled is written all the same: it shows what TeX refuses, and
    can be compiled elsewhere or with more patience.
    """
    path = _path(output, f"{name}.tex")
    alone = path is None or path.suffix == ".pdf"
    beside = path if path is None else path.with_suffix(".pdf")
    _check_free([path, beside], force)
    from tracer.cli.compiling import compiled

    made, failed = None, None
    try:
        made = compiled(text)
    except TracerError as error:
        failed = error
    if path is not None and not alone:
        save(path, text, force)
        if failed:
            raise type(failed)(f"{failed}; {path} is written") from None
    if made is None:
        raise failed or TracerError("the document was not compiled")
    _put(beside, made, force)


def _path(output: str | None, name: str) -> Path | None:
    """The file to write; None: standard output, which must not be a terminal."""
    if output is None or output == "-":
        if sys.stdout.isatty():
            raise click.UsageError("a PDF is no text for a terminal: -o FILE")
        return None
    return Path(output) / name if is_folder(output) else Path(output)


def _check_free(paths: list[Path | None], force: bool) -> None:
    """Refuse before the work is done what would be refused after it."""
    for path in paths:
        if path is not None and path.is_file() and not force:
            raise FileError(f"{path}: is there already; --force replaces it")


def _put(path: Path | None, data: bytes, force: bool) -> None:
    if path is None:
        write_bytes("-", data)
    else:
        save(path, data, force)

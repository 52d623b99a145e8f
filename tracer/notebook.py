"""Notebooks: how a trace and a checked sheet show themselves, and ``%%tracer``.

`teach` is called as soon as tracer's public names are used inside IPython: from then on a
trace at the end of a cell is its whole page, and what `tracer.check` gives is its report.
``%load_ext tracer.notebook`` adds the cell magic ``%%tracer``: a problem in YAML in the cell,
its worked example below it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from tracer.errors import TracerError
from tracer.model.trace import Trace
from tracer.model.verdict import Report

LATEX_LINES = 60
"""A trace with more lines has no LaTeX form in a notebook: one formula would not fit a page."""


def teach() -> None:
    """Let traces show themselves as pages, and reports on sheets as theirs."""
    Trace.show = show
    Report.show = show_report


def show(found: Trace) -> dict[str, Any]:
    """The forms among which a notebook chooses: Markdown, LaTeX and plain text."""
    return bundle(found)


def show_report(report: Report) -> dict[str, Any]:
    """A report on a sheet as Markdown (with $...$) and plain text."""
    from tracer.rendering.report import render_report

    if report.trace is None:
        return {"text/plain": report.in_short()}
    return {
        "text/plain": render_report(report),
        "text/markdown": render_report(report, to="markdown", flavor="dollar"),
    }


def bundle(found: Trace, **options: Any) -> dict[str, Any]:
    """A trace in every form that a notebook can show.

    Args:
        found: the trace.
        options: as for `render`: ``notation``, ``detail``, ``form``, ``only``, ...

    Returns:
        ``text/markdown`` (with $...$), ``text/plain``, and, for a short trace,
        ``text/latex`` (one aligned formula that needs no style file).
    """
    from tracer.rendering.page import render
    from tracer.rendering.selecting import count_lines

    forms: dict[str, Any] = {
        "text/plain": render(found, flavor="plain", **options).text,
        "text/markdown": render(found, flavor="dollar", **options).text,
    }
    chosen: dict[str, Any] = {key: options[key] for key in ("only", "updates") if key in options}
    if count_lines(found, **chosen) <= LATEX_LINES:
        forms["text/latex"] = _aligned(found, options.get("notation"), chosen)
    return forms


def _aligned(found: Trace, notation: str | None, chosen: dict[str, Any]) -> str:
    """All lines below one another, in macros that every LaTeX knows."""
    from tracer.notation import notation_of
    from tracer.rendering.formats import page_format
    from tracer.rendering.lines import line
    from tracer.rendering.prose import Prose
    from tracer.rendering.selecting import selected
    from tracer.rendering.typesetting import Typesetting

    names = notation_of(found.problem, notation).for_problem(found.problem)
    setting = Typesetting(found, names, page_format("markdown", "dollar"), Prose())
    rows = []
    for step in selected(found, **chosen):
        one = line(step, setting)
        parts = [f"{member.sign} {' '.join(member.parts)}" for member in one.members]
        rows.append(f"{one.left} &{' '.join(parts)}")
    return "$\\displaystyle\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}$"


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext tracer.notebook``."""
    teach()
    shell.register_magic_function(cell_magic(shell), "cell", "tracer")


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext tracer.notebook``."""
    shell.magics_manager.magics["cell"].pop("tracer", None)


def cell_magic(shell: Any) -> Callable[[str, str], None]:
    """The function behind ``%%tracer [NAME] [--notation N] [--detail D] [--form F] ...``."""

    def magic(line: str, cell: str) -> None:
        """Work the problem in the cell through; NAME is bound to its trace."""
        import sys

        from IPython import display

        try:
            name, options = _options(line)
            found = _traced(cell, options.get("notation"))
            shown = bundle(found, **options)
        except TracerError as error:
            print(error, file=sys.stderr)
            return
        if name:
            shell.push({name: found})
        display.display(shown, raw=True)  # type: ignore[no-untyped-call]

    return magic


_OPTIONS = ("notation", "detail", "form", "language", "templates")


def _options(line: str) -> tuple[str, dict[str, str]]:
    """The variable's name and the options of the magic's first line.

    >>> _options("xor --notation ng")
    ('xor', {'notation': 'ng'})
    """
    name, options = "", {}
    words = iter(shlex.split(line))
    for word in words:
        if word.startswith("--"):
            option, equals, value = word[2:].partition("=")
            if option not in _OPTIONS:
                raise TracerError(f"%%tracer knows --{', --'.join(_OPTIONS)}; not '{word}'")
            options[option] = value if equals else next(words, "")
        elif name or not word.isidentifier():
            raise TracerError(f"%%tracer takes one name for the trace; not '{word}'")
        else:
            name = word
    return name, options


def _traced(cell: str, notation: str | None) -> Trace:
    from tracer.backprop.tracing import trace
    from tracer.errors import ProblemError
    from tracer.files.problem_text import read_text

    file = read_text(cell, "<cell>", notation)
    try:
        return trace(file.problem)
    except ProblemError as error:
        raise file.locate(error) from None

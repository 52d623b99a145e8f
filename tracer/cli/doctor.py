"""``tracer doctor``: what is installed of the programs, fonts and packages that help.

Nothing of it is needed for Markdown, JSON or a LaTeX fragment; each row says for what.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata, util

import click

from tracer.cli.console import show_table
from tracer.version import VERSION

_SECONDS = 20

PROGRAMS: dict[str, tuple[tuple[str, ...], str]] = {
    "pdflatex": (("--version",), "compiling --to latex --compile"),
    "lualatex": (("--version",), "the same, with any font"),
    "latexmk": (("--version",), "compiling in one go"),
    "typst": (("--version",), "Typst documents"),
    "chromium": (("--version",), "pictures of pages, in the tests"),
    "node": (("--version",), "KaTeX, in the tests"),
    "fc-list": (("--version",), "finding fonts"),
}
"""By program: how it tells its version, and what it is for."""

TEX_FILES = ("amsmath.sty", "booktabs.sty", "xcolor.sty", "siunitx.sty", "tikz.sty", "exam.cls")
FONTS = ("Latin Modern Math", "New Computer Modern Math", "STIX Two Math", "Cambria Math")
PACKAGES = {
    "click": "the command line",
    "jinja2": "templates",
    "yaml": "problem files",
    "numpy": "training, and the matrix form's proof",
    "sympy": "symbolic results and proofs",
    "rich": "tables and progress on a terminal",
    "IPython": "notebooks",
    "torch": "tracer compare --with torch",
    "onnx": "importing ONNX models",
    "typst": "--to pdf",
    "jsonschema": "checking files against their schema, in the tests",
}
"""By import name: what it is for."""
_DISTRIBUTIONS = {"yaml": "pyyaml"}


@click.command(short_help="What is installed of TeX, fonts and optional packages.")
def doctor() -> None:
    """Say what is installed of the programs, fonts and packages that tracer can use.

    Markdown, JSON and LaTeX fragments need none of the programs.
    """
    python = ".".join(map(str, sys.version_info[:3]))
    rows = [("tracer", VERSION, ""), ("Python", python, "")]
    show_table(("what", "found", "for"), [*rows, *_programs(), *_tex(), *_fonts(), *_packages()])


def _programs() -> Iterator[tuple[str, str, str]]:
    for program, (arguments, purpose) in PROGRAMS.items():
        path = shutil.which(program)
        yield program, (_first_line(path, *arguments) or path) if path else "-", purpose


def _tex() -> Iterator[tuple[str, str, str]]:
    finder = shutil.which("kpsewhich")
    if finder is None:
        return
    for name in TEX_FILES:
        yield name, "yes" if _first_line(finder, name) else "-", "LaTeX documents"


def _fonts() -> Iterator[tuple[str, str, str]]:
    finder = shutil.which("fc-list")
    if finder is None:
        return
    for font in FONTS:
        yield font, "yes" if _first_line(finder, font) else "-", "formulas in a browser"


def _packages() -> Iterator[tuple[str, str, str]]:
    for package, purpose in PACKAGES.items():
        found = f"- (pip install {_DISTRIBUTIONS.get(package, package).lower()})"
        if util.find_spec(package) is not None:
            try:
                found = metadata.version(_DISTRIBUTIONS.get(package, package))
            except metadata.PackageNotFoundError:
                found = "yes"
        yield f"Python: {package}", found, purpose


def _first_line(*command: str) -> str:
    """The first line that a program prints; nothing where it cannot be run."""
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    lines = (done.stdout or done.stderr).decode("utf-8", "replace").strip().splitlines()
    return lines[0].strip() if lines else ""

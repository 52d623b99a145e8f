"""A LaTeX document compiled by the TeX that is installed: latexmk, or else pdflatex.

Takes the source of a whole document; gives the bytes of its PDF.  Everything happens in a
folder of its own, which is gone afterwards; nothing may run other programs, and the same
source gives the same bytes.  A missing package is named, with what brings it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tracer.errors import MissingTool, TracerError

_NAME = "page"
_SECONDS = 900
"""Two runs over some hundred slides with drawings take minutes where others compute, too."""
_RUNS = 4
"""How often pdflatex is called at most, until no reference changes any more."""
_PACKAGES = {
    "amsmath.sty": ("amsmath", "texlive-latex-base"),
    "array.sty": ("tools", "texlive-latex-base"),
    "babel.sty": ("babel", "texlive-latex-base"),
    "beamer.cls": ("beamer", "texlive-latex-recommended"),
    "booktabs.sty": ("booktabs", "texlive-latex-recommended"),
    "exam.cls": ("exam", "texlive-latex-extra"),
    "geometry.sty": ("geometry", "texlive-latex-base"),
    "graphicx.sty": ("graphics", "texlive-latex-base"),
    "hyperref.sty": ("hyperref", "texlive-latex-base"),
    "lmodern.sty": ("lm", "lmodern"),
    "pgfplots.sty": ("pgfplots", "texlive-pictures"),
    "tikz.sty": ("pgf", "texlive-pictures"),
    "xcolor.sty": ("xcolor", "texlive-latex-recommended"),
}
"""What brings a file: the package of TeX Live, and Debian's."""
_MISSING = re.compile(r"! (?:LaTeX|Package \w+) Error: File [`'](?P<file>[^']+)' not found")
_FONT = re.compile(r"! Font .*?=(?P<file>[\w-]+).* not loadable: Metric \(TFM\) file")
_ERROR = re.compile(r"^! (?P<what>.*)$", re.MULTILINE)
_LINE = re.compile(r"^l\.(?P<line>\d+)", re.MULTILINE)
_AGAIN = re.compile(r"Rerun to get|Rerun LaTeX|Table widths have changed")


def compiled(source: str) -> bytes:
    """The PDF of a LaTeX document.

    Args:
        source: the document, whole.

    Raises:
        MissingTool: if there is no TeX, or a package is missing; the message names it.
        TracerError: if TeX refuses the document, with its first reason.
    """
    commands = _commands()
    with tempfile.TemporaryDirectory(prefix="tracer-") as folder:
        path = Path(folder) / f"{_NAME}.tex"
        path.write_text(source, encoding="utf-8", newline="\n")
        for command in commands:
            failed = _run(command, folder)
            log = _read(path.with_suffix(".log"))
            if failed:
                raise _explained(log, failed)
            if not _AGAIN.search(log):
                break
        try:
            return path.with_suffix(".pdf").read_bytes()
        except OSError:
            raise _explained(log, f"{commands[0][0]} made no PDF") from None


def _commands() -> list[list[str]]:
    """What is called, one after another until nothing changes any more."""
    options = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", f"{_NAME}.tex"]
    if shutil.which("latexmk"):
        return [["latexmk", "-norc", "-pdf", *options]]
    if shutil.which("pdflatex"):
        return [["pdflatex", *options]] * _RUNS
    raise MissingTool(
        "--compile needs latexmk or pdflatex, and neither is installed (Debian: apt install "
        "latexmk texlive-latex-recommended texlive-pictures lmodern); --to pdf needs no TeX"
    )


def _run(command: list[str], folder: str) -> str:
    """Call a program; gives what went wrong, or nothing."""
    here = os.getcwd()
    environment = {
        "SOURCE_DATE_EPOCH": "0",
        **os.environ,
        "FORCE_SOURCE_DATE": "1",
        "TEXINPUTS": os.pathsep.join([".", here, os.environ.get("TEXINPUTS", "")]),
        "max_print_line": "1000",
    }
    try:
        made = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} was stopped after {_SECONDS} seconds"
    except OSError as error:
        raise MissingTool(f"{command[0]} cannot be started ({error.strerror})") from None
    return f"{command[0]} ended with code {made.returncode}" if made.returncode else ""


def _explained(log: str, failed: str) -> TracerError:
    """The error that the log tells of, in words."""
    if missing := _MISSING.search(log) or _FONT.search(log):
        return MissingTool(_advice(missing["file"]))
    error, line = _ERROR.search(log), _LINE.search(log)
    if error is None:
        return TracerError(f"the document was not compiled: {failed}")
    where = f" (line {line['line']} of the document)" if line else ""
    return TracerError(f"LaTeX refuses the document: {error['what'].rstrip('.')}{where}")


def _advice(file: str) -> str:
    """What to install for a file that TeX does not find."""
    if file in _PACKAGES:
        package, debian = _PACKAGES[file]
        how = f"tlmgr install {package}, or on Debian apt install {debian}"
        return f"LaTeX misses the package {package} ({file}): {how}"
    package = file.rpartition(".")[0]
    if not package:
        return (
            f"LaTeX misses the font {file}; on Debian apt install lmodern texlive-fonts-recommended"
        )
    return f"LaTeX misses the package {package} ({file}): tlmgr install {package}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

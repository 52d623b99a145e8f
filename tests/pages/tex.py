"""TeX as it is run in the tests: a source in, what its log complains about out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tracer.rendering.templating import packaged_folder

ENGINES = ("pdflatex", "lualatex")
LANGUAGES = ("", "ngerman", "french")
"""What babel is told; French and German make characters of formulas commands."""
TOO_WIDE = 1.0
"""Points by which a box may stick out; nobody sees less."""


def log_of_source(folder: Path, source: str, engine: str = "pdflatex", runs: int = 1) -> str:
    """Compile a document; gives the log.

    Args:
        folder: to work in.
        source: the document.
        engine: pdflatex or lualatex.
        runs: how often; only a second run sees labels that stand twice.
    """
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    (folder / "page.tex").write_text(source, encoding="utf-8")
    paths = f".:{packaged_folder() / 'latex'}:"
    environment = {**os.environ, "TEXINPUTS": paths, "max_print_line": "1000"}
    draft = "--draftmode" if engine == "lualatex" else "-draftmode"
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", draft, "page"]
    for _ in range(runs):
        made = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=600
        )
    log = (folder / "page.log").read_text(encoding="utf-8", errors="replace")
    assert made.returncode == 0, "\n".join(re.findall(r"^!.*\n.*\n.*", log, re.MULTILINE))
    return log


def in_language(source: str, babel: str) -> str:
    """A document with a language of babel, which is loaded first."""
    if babel and not _has(f"{babel}.ldf"):
        pytest.skip(f"babel has no {babel} here")
    option = f"\\usepackage[{babel}]{{babel}}\n" if babel else ""
    return source.replace(
        "\\usepackage[T1]{fontenc}\n", f"\\usepackage[T1]{{fontenc}}\n{option}", 1
    )


def complaints(log: str) -> list[str]:
    """Boxes that stick out, labels that stand twice, what is missing, warnings of ours: each
    with the example that was announced before it."""
    found = []
    name = ""
    for line in log.splitlines():
        if match := re.search(r"\[\[(.*?)\]\]", line):
            name = match[1]
        wide = re.search(r"Overfull \\[hv]box \(([\d.]+)pt too", line)
        if (wide and float(wide[1]) > TOO_WIDE) or re.search(
            "multiply defined|Missing character|tracer Warning|Token not allowed", line
        ):
            found.append(f"{name}: {line}")
    return found


def _has(file: str) -> bool:
    finder = shutil.which("kpsewhich")
    return finder is not None and bool(
        subprocess.run([finder, file], capture_output=True, check=False).stdout.strip()
    )

"""A Jupyter notebook from a page whose Markdown says where each cell begins.

Takes the rendered Markdown and, if wished, the problem's own text; gives the JSON of
nbformat 4.5.  With the problem come three more cells: it stands in a ``%%tracer`` cell, before
which a sentence says what that is for: a reader changes a number and sees the whole example
change.
"""

from __future__ import annotations

from collections.abc import Mapping
from shlex import quote
from typing import Any

from tracer.model.json_text import json_text

CELL = "\x1e"
"""Begins a cell; no text that is typed contains it."""
_LOAD = "%load_ext tracer.notebook"


def notebook(
    markdown: str,
    source: str = "",
    options: Mapping[str, str] | None = None,
    said: str = "",
) -> str:
    r"""The notebook's JSON.

    Args:
        markdown: the page, `CELL` before each cell but the first.
        source: the problem as a file, for a cell that can be run again.
        options: how the page was asked for, so that the cell gives such a page again.
        said: what stands before that cell, in Markdown.

    >>> import json
    >>> page = json.loads(notebook("# A page\n\x1eSection 1\n"))
    >>> [cell["source"] for cell in page["cells"]]
    [['# A page'], ['Section 1']]
    """
    texts = [part.strip() for part in markdown.split(CELL)]
    if source:
        texts.append(said)
    cells = [_cell("markdown", text) for text in texts if text]
    if source:
        cells += [_cell("code", _LOAD), _cell("code", f"{_magic(options or {})}\n{source.strip()}")]
    numbered = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells, 1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {
        "cells": numbered,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json_text(whole, indent=1) + "\n"


def _magic(options: Mapping[str, str]) -> str:
    """The first line of a cell with a problem; nothing is said of options that are not set.

    >>> _magic({"language": "de", "templates": "my pages", "form": ""})
    "%%tracer --language de --templates 'my pages'"
    """
    words = [f"--{name} {quote(value)}" for name, value in options.items() if value]
    return " ".join(["%%tracer", *words])


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})

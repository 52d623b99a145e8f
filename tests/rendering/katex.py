"""Asking KaTeX in its strict mode, where node and KaTeX are installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).with_name("katex_strict.js")


def katex_folder() -> Path | None:
    """KaTeX's folder: under TRACER_NODE_MODULES, or in a node_modules here or above."""
    given = os.environ.get("TRACER_NODE_MODULES")
    above = [folder / "node_modules" for folder in _SCRIPT.parents]
    for modules in [Path(given)] if given else above:
        if (modules / "katex" / "package.json").is_file():
            return (modules / "katex").resolve()
    return None


def katex_errors(formulas: Sequence[str]) -> list[str]:
    """What KaTeX has against the formulas, one text for each that it refuses."""
    node, folder = shutil.which("node"), katex_folder()
    if node is None:
        pytest.skip("node is not installed")
    if folder is None:
        pytest.skip("KaTeX is not installed (npm install katex; TRACER_NODE_MODULES says where)")
    answer = subprocess.run(
        [node, str(_SCRIPT), str(folder)],
        input=json.dumps(list(formulas)),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    errors: list[str] = json.loads(answer.stdout)
    return errors

"""Running the command line in tests: in this process, or as people run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from tracer.cli.group import cli

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
MAZUR = str(EXAMPLES / "mazur.yaml")


def run(*arguments: str, given: str = "") -> Result:
    """The command in this process."""
    return CliRunner().invoke(cli, list(arguments), input=given, prog_name="tracer")


def process(
    *arguments: str, given: str = "", folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tracer.cli.main", *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
        timeout=120,
    )

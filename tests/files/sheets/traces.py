"""The traces that the tests of sheets read against, each made once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracer.backprop.tracing import trace
from tracer.files.problem import load
from tracer.model.answer import Sheet
from tracer.model.trace import Trace

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
SHEETS = EXAMPLES / "sheets"
"""Texts that are not part of the repository; what needs them is skipped without."""


@cache
def traced(name: str) -> Trace:
    """The trace of an example."""
    return trace(load(EXAMPLES / name))


def mazur() -> Trace:
    """The 2-2-2 network in Mazur's notation."""
    return traced("mazur.yaml")


def stated(sheet: Sheet) -> list[tuple[str | None, str | None]]:
    """Key and number of each statement, as they stand."""
    return [(s.key, s.written.text if s.written else None) for s in sheet.statements]

"""A report as plain data, and as JSON for programs.

Takes a report and what says a cause in one sentence; gives what the report's JSON Schema
(``tracer schema report``) describes.  One line for each statement; the same report gives
the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction as Rational
from typing import Any

from tracer.formula.writing import write
from tracer.model.json_text import json_text
from tracer.model.verdict import STATUSES, Cause, Report, Verdict

FORMAT = 1

Sentence = Callable[[Verdict, Cause], str]


def report_json(report: Report, sentence: Sentence) -> str:
    """The report as JSON text."""
    data = report_data(report, sentence)
    lines = []
    for key, value in data.items():
        if key == "verdicts" and value:
            body = ",\n".join(f"  {json_text(verdict)}" for verdict in value)
            lines.append(f' "verdicts": [\n{body}\n ]')
        else:
            lines.append(f" {json_text(key)}: {json_text(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def report_data(report: Report, sentence: Sentence) -> dict[str, Any]:
    """The report as plain data.

    Args:
        report: what was found out.
        sentence: says what happened and what to do about one cause.
    """
    first = report.first_mistake
    data: dict[str, Any] = {
        "format": FORMAT,
        "problem": report.problem,
        "summary": {
            **{status: report.count(status) for status in STATUSES},
            "score": _points(report.score),
            "points": _points(report.points),
        },
        "first_mistake": None if first is None else first.statement.n,
        "verdicts": [_verdict(verdict, sentence) for verdict in report.verdicts],
        "filled": list(report.filled),
        "flags": list(report.flags),
        "unread_lines": list(report.sheet.unread),
    }
    if report.sheet.skipped:
        data["skipped"] = list(report.sheet.skipped)
    return data


def _verdict(verdict: Verdict, sentence: Sentence) -> dict[str, Any]:
    statement, number = verdict.statement, verdict.statement.written
    data: dict[str, Any] = {
        "n": statement.n,
        "line": statement.line,
        "column": statement.column,
        "name": statement.name,
        "key": write(statement.formula),
        "text": None if number is None else number.text,
        "status": verdict.status,
        "severity": verdict.severity,
        "expected": _number(verdict.expected),
        "own": _number(verdict.own),
        "interval": None,
        "points": _points(verdict.points),
        "causes": [_cause(cause, sentence(verdict, cause)) for cause in verdict.causes],
        "carried_from": list(verdict.carried_from),
        "used_statement": dict(verdict.used),
    }
    if verdict.interval is not None:
        data["interval"] = [_number(end) for end in verdict.interval]
    if verdict.of != 1:
        data["of"] = _points(verdict.of)
    if verdict.false_link is not None:
        data["false_link"] = verdict.false_link
    return data


def _cause(cause: Cause, said: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": cause.id,
        "sentence": said,
        "formula": None if cause.formula is None else write(cause.formula),
        "value": _number(cause.value),
    }
    if cause.then:
        data["then"] = cause.then
    return data


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _points(points: Rational) -> int | float:
    return int(points) if points.denominator == 1 else float(points)

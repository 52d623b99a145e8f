"""trace.json: a trace spelled out, and read back.

`to_json` writes every step with its formula in our grammar and the numbers of its
operands.  `read_json_text` gives the problem back, to be solved again, together with what the
file says of every step; `Recorded.disagreement` names the first step that is not what
the problem gives, so that a file that was changed by hand is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tracer.errors import FileError
from tracer.files.problem_text import ProblemFile, read_text
from tracer.files.writing import to_data
from tracer.formula.writing import write
from tracer.model.json_text import json_text
from tracer.model.rounding import exact_text
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.version import VERSION

LARGEST = 64 << 20
"""Bytes of a trace file."""
_COMPARED = ("key", "formula", "operands", "value", "exact", "relation")


@dataclass(frozen=True)
class Recorded:
    """A trace as a file tells it: the problem, and every step in plain texts."""

    file: ProblemFile
    steps: tuple[Mapping[str, Any], ...]
    name: str = "<text>"

    def disagreement(self, trace: Trace) -> str:
        """The first step that a newly made trace has differently; empty if there is none.

        Args:
            trace: the problem of this file, solved again.
        """
        for number, (told, found) in enumerate(zip_longest(self.steps, steps(trace)), 1):
            if found is None:
                return f"step {number} ({told['key']}) is not part of this problem"
            if told is None:
                return f"step {number} ({found['key']}) is missing in the file"
            for field in _COMPARED:
                if told.get(field) != found[field]:
                    return (
                        f"step {number} ({found['key']}): {field} is {_said(told.get(field))} in "
                        f"the file, but {_said(found[field])} when worked out"
                    )
        return ""

    def check(self, trace: Trace) -> None:
        """Do nothing if the file says what a newly made trace says.

        Raises:
            FileError: naming the first step that differs.
        """
        if found := self.disagreement(trace):
            raise FileError(f"{self.name}: {found}")


def to_json(trace: Trace) -> str:
    """The trace as JSON: one line for each step; the same trace gives the same bytes."""
    head = {"format": 1, "version": VERSION, "problem": to_data(trace.problem)}
    lines = [f" {json_text(key)}: {json_text(value)}," for key, value in head.items()]
    body = ",\n".join(f"  {json_text(step)}" for step in steps(trace))
    seen = diagnosis(trace)
    last = [" ],", f' "diagnosis": {json_text(seen)}'] if seen else [" ]"]
    return "\n".join(["{", *lines, ' "steps": [', body, *last, "}"]) + "\n"


def diagnosis(trace: Trace) -> dict[str, Any]:
    """What the trace shows about learning: gradient norms, and what is worth knowing of them."""
    found = trace.diagnosis
    if not found.norms and not found.findings:
        return {}
    return {
        "norms": [
            {"update": n.update, "layer": n.layer, "name": n.name, "norm": f"{n.value:.6g}"}
            for n in found.norms
        ],
        "findings": [
            {"kind": f.kind, "update": f.update, "keys": list(f.keys), "facts": dict(f.facts)}
            for f in found.findings
        ],
    }


def steps(trace: Trace) -> Iterator[dict[str, Any]]:
    """Every step in plain texts, in the order of the trace."""
    for step in trace:
        yield {
            "key": step.key,
            "rule": step.rule,
            "phase": step.phase,
            "formula": write(step.formula),
            "operands": {key: _text(trace[key]) for key in step.operands if key != step.key},
            "value": _text(step),
            "exact": None if step.exact is None else exact_text(step.exact),
            "relation": step.relation,
        }


def read_json_text(
    text: str, name: str = "<text>", notation: str | None = None, folder: Path | None = None
) -> Recorded:
    """Read a trace from its text.

    Raises:
        FileError: if it is none, or if its problem cannot be.
    """
    try:
        data = json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise FileError(
            f"{place}: this is not JSON: {error.msg}", [(error.lineno, error.colno, error.msg)]
        ) from None
    except (RecursionError, ValueError):
        raise FileError(f"{name}: this is not a trace") from None
    if not is_trace(data):
        raise FileError(f"{name}: this is not a trace: it needs 'problem' and a list of 'steps'")
    if data.get("format") != "1":
        raise FileError(f"{name}: format {data.get('format')} is not known; this program reads 1")
    for number, step in enumerate(data["steps"], 1):
        if not isinstance(step, dict) or not isinstance(step.get("key"), str):
            raise FileError(f"{name}: step {number} has no key")
    inner = json_text(data["problem"], indent=1)
    file = read_text(inner, f"{name} (its problem)", notation, folder)
    return Recorded(file, tuple(data["steps"]), name)


def looks_like_trace(data: bytes) -> bool:
    """Whether the bytes of a file are those of a trace rather than of a problem."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start != b"{" or b'"steps"' not in data or b'"problem"' not in data:
        return False
    try:
        return is_trace(json.loads(data))
    except (ValueError, RecursionError):
        return False


def is_trace(data: Any) -> bool:
    """Whether parsed JSON is a trace rather than a problem."""
    return (
        isinstance(data, dict)
        and isinstance(data.get("problem"), dict)
        and isinstance(data.get("steps"), list)
    )


def _text(step: Step) -> str | None:
    """The number of a step as written; None for a letter without a number."""
    return step.text or (None if step.value is None else exact_text(step.value))


def _said(value: Any) -> str:
    return "absent" if value is None else f"'{value}'" if isinstance(value, str) else str(value)

"""The report of a checked sheet as a file: its JSON Schema, and reading it back.

Programs write a report with ``tracer check --to json``; what stands in it is described
here, as `tracer schema report` publishes it, and `read_report` takes a kept one in again.
A new format gets a new number; files with an old number keep their meaning.
"""

from __future__ import annotations

import json
from typing import Any

from tracer.errors import FileError
from tracer.model.verdict import SEVERITIES, STATUSES

FORMAT = 1

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": "number"}
_MAYBE_NUMBER = {"type": ["number", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_ORDINAL = {"type": "integer", "minimum": 1}


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report, without its dialect."""
    return _object(
        {
            "format": {"const": FORMAT},
            "problem": _said(_TEXT, "The problem's title."),
            "summary": _summary(),
            "first_mistake": _said(
                {"anyOf": [_ORDINAL, {"type": "null"}]},
                "The first wrong statement, by its n; null if nothing is wrong.",
            ),
            "verdicts": _said(
                {"type": "array", "items": _verdict()},
                "One for each statement, in the order of the sheet; at the end what was asked "
                "for and is not there.",
            ),
            "filled": _said(
                _list(_TEXT), "Quantities that the sheet skips, worked out from its own numbers."
            ),
            "flags": _said(_list(_TEXT), "What a marker should look at."),
            "unread_lines": _said(_list(_ORDINAL), "Lines that hold no calculation."),
            "skipped": _said(_list(_TEXT), "Unknown names that were skipped on request."),
        },
        optional=("skipped",),
    )


def _summary() -> dict[str, Any]:
    return _object(
        {
            **dict.fromkeys(STATUSES, _COUNT),
            "score": _said(_NUMBER, "Points earned."),
            "points": _said(_NUMBER, "Points that could be earned."),
        }
    )


def _verdict() -> dict[str, Any]:
    pair = {"type": "array", "items": _MAYBE_NUMBER, "minItems": 2, "maxItems": 2}
    return _object(
        {
            "n": _said(_ORDINAL, "The statement's number in the sheet's order."),
            "line": _said(_COUNT, "Its line in the file; 0 where there is no file."),
            "column": _COUNT,
            "name": _said(_TEXT, "As the sheet calls the quantity."),
            "key": _said(_TEXT, "The quantity's key, or an expression over keys."),
            "text": _said(_MAYBE_TEXT, "The number as typed; null where there is none."),
            "status": {"enum": list(STATUSES)},
            "severity": _said(
                {"enum": ["", *SEVERITIES]}, "How far off a wrong number is; else empty."
            ),
            "expected": _said(_MAYBE_NUMBER, "The true value, in the sign that the sheet uses."),
            "own": _said(
                _MAYBE_NUMBER,
                "The value from the sheet's own numbers before it, in the same sign; null where "
                "the written number is the true one, or nothing could be worked out.",
            ),
            "interval": _said(
                {"anyOf": [pair, {"type": "null"}]}, "What is reachable from the sheet's numbers."
            ),
            "points": _said(_NUMBER, "Points earned."),
            "of": _said(_NUMBER, "Points that it could earn, where that is not 1."),
            "causes": _said(_list(_cause()), "Why it is wrong, best explanation first."),
            "carried_from": _said(_list(_ORDINAL), "The wrong statements that it follows from."),
            "used_statement": _said(
                {"type": "object", "additionalProperties": _ORDINAL},
                "Of a quantity that is stated several times, the statement that the line used.",
            ),
            "false_link": _said(
                _ORDINAL, "The first member of the written chain that is false, from 1."
            ),
        },
        optional=("of", "false_link"),
    )


def _cause() -> dict[str, Any]:
    return _object(
        {
            "id": _said({"type": "string", "pattern": "^[a-z_]+$"}, "Which mistake it is."),
            "sentence": _said(_TEXT, "What happened, and what to do."),
            "formula": _said(
                _MAYBE_TEXT, "The mistaken formula, in tracer's grammar; null if there is none."
            ),
            "value": _said(_MAYBE_NUMBER, "What the mistake gives, in the sheet's sign."),
            "then": _said(_TEXT, "A slip of writing that followed the mistake."),
        },
        optional=("then",),
    )


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _said(kind: dict[str, Any], description: str) -> dict[str, Any]:
    return {"description": description, **kind}


def read_report(text: str, name: str = "<text>") -> dict[str, Any]:
    """A report that was written as JSON, as plain data.

    Raises:
        FileError: if the text is none, or is of a format that is not known.

    >>> read_report('{"format": 2, "summary": {}, "verdicts": []}', "old.json")
    Traceback (most recent call last):
    tracer.errors.FileError: old.json: format 2 is not known; this program reads 1
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise FileError(
            f"{place}: this is not JSON: {error.msg}", [(error.lineno, error.colno, error.msg)]
        ) from None
    except (RecursionError, ValueError):
        raise FileError(f"{name}: this is not a report") from None
    if not isinstance(data, dict) or not {"summary", "verdicts"} <= data.keys():
        raise FileError(f"{name}: this is not a report: it needs 'summary' and 'verdicts'")
    if data.get("format") != FORMAT:
        found = data.get("format")
        raise FileError(f"{name}: format {found} is not known; this program reads {FORMAT}")
    return data

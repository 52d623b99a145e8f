"""The report as JSON: what is in it, and that its schema says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from tests.rendering.reports import ALL, TRACE, report, small, statement, upstream, wrong
from tracer.errors import FileError
from tracer.files.report_json import read_report
from tracer.files.schema import schema
from tracer.model.verdict import Cause, Report
from tracer.rendering.report import render_report

VALIDATOR = jsonschema.Draft202012Validator(schema("report"))
SPECIFIED = """
{"format": 1, "problem": "...", "summary": {"correct": 20, "rounded": 3, "carried": 4, "wrong": 1,
  "too coarse": 0, "missing": 0, "score": 27, "points": 28},
 "first_mistake": 7,
 "verdicts": [{"n": 7, "line": 9, "column": 1, "name": "delta_4", "key": "delta1[2]",
   "text": "-0.0819", "status": "wrong", "severity": "large",
   "expected": -0.0080714, "own": -0.0081859, "interval": [-0.00823, -0.00814], "points": 0,
   "causes": [{"id": "decimal_slip", "sentence": "...", "formula": "...", "value": -0.081859}],
   "carried_from": [], "used_statement": {"delta2[1]": 5}}],
 "filled": ["da1[2]"], "flags": [], "unread_lines": [12, 13]}
"""
"""The example of the format's description."""


def data(found: Report) -> dict[str, Any]:
    text = render_report(found, TRACE, to="json")
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def test_the_specified_example_is_valid() -> None:
    """The schema takes the example, and the example has all that is required."""
    VALIDATOR.validate(json.loads(SPECIFIED))


@pytest.mark.parametrize("make", ALL.values(), ids=ALL.keys())
def test_what_is_written_is_valid(make: Callable[[], Report]) -> None:
    """Every report passes its schema, and can be read back."""
    text = render_report(make(), TRACE, to="json")
    VALIDATOR.validate(json.loads(text))
    assert read_report(text) == json.loads(text)


def test_the_fields_are_the_specified_ones() -> None:
    """No field of the example is missing or called otherwise, and there is no other."""
    told, found = json.loads(SPECIFIED), data(small())
    assert found.keys() == told.keys()
    assert found["summary"].keys() == told["summary"].keys()
    for verdict in found["verdicts"]:
        assert verdict.keys() == told["verdicts"][0].keys()
    [cause] = found["verdicts"][2]["causes"]
    assert cause.keys() == told["verdicts"][0]["causes"][0].keys()


def test_what_the_fields_hold() -> None:
    """Summary, the wrong statement and its cause, the carried one, the missing one."""
    found = data(small())
    assert found["format"] == 1
    assert found["problem"] == "A small network"
    assert found["summary"] == {
        "correct": 2,
        "rounded": 0,
        "carried": 1,
        "wrong": 1,
        "too coarse": 0,
        "missing": 1,
        "score": 3,
        "points": 5,
    }
    assert found["first_mistake"] == 3
    assert found["unread_lines"] == [9]
    bad, carried, missing = found["verdicts"][2:]
    assert (bad["n"], bad["line"], bad["name"]) == (3, 4, "net of the output")
    assert (bad["key"], bad["text"], bad["severity"]) == ("z2[1]", "0.26", "large")
    assert (bad["own"], bad["expected"], bad["points"]) == (0.86, 0.860541, 0)
    assert bad["causes"] == [
        {
            "id": "missing_bias",
            "sentence": "The bias b₁⁽³⁾ was left out. Add the bias to the weighted sum.",
            "formula": "w2[1,1]*a1[1]",
            "value": 0.26,
        }
    ]
    assert (carried["status"], carried["carried_from"]) == ("carried", [3])
    assert (missing["status"], missing["text"], missing["own"]) == ("missing", None, None)


def test_a_mistake_on_the_way_is_said_in_one_sentence() -> None:
    """The sentence says where the mistake was made, and what to do."""
    [cause] = data(upstream())["verdicts"][-1]["causes"]
    assert cause["sentence"] == (
        "The weight from after the update, w′₁₁⁽³⁾, was used in the backward pass, where w₁₁⁽³⁾ "
        "is meant. It was made on the way, in ∂C/∂a₁⁽²⁾, which the sheet does not show. Finish "
        "all gradients with the old weights, and only then update."
    )


def test_numbers_that_json_does_not_have() -> None:
    """An infinite value becomes null, never a text that is no JSON."""
    lost = Cause("missing_log", "loss", None, {}, float("inf"))
    found = report(wrong(statement(1, "loss", "0.5"), float("nan"), 0.044, lost))
    [verdict] = data(found)["verdicts"]
    assert verdict["own"] is None
    assert verdict["causes"][0]["value"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"r.json:1:2: this is not JSON"),
        ("[]", "r.json: this is not a report"),
        ('{"format": 1}', "it needs 'summary' and 'verdicts'"),
        (
            '{"format": 2, "summary": {}, "verdicts": []}',
            "format 2 is not known; this program reads 1",
        ),
        ("[" * 100_000, "r.json: this is not a report|not JSON"),
    ],
)
def test_what_is_no_report(text: str, message: str) -> None:
    """Other files are refused with their name and the reason."""
    with pytest.raises(FileError, match=message):
        read_report(text, "r.json")


@pytest.mark.parametrize("planted", ["format", "status", "extra", "line", "interval"])
def test_the_schema_finds_what_is_wrong(planted: str) -> None:
    """A planted mistake is refused."""
    broken = json.loads(SPECIFIED)
    verdict = broken["verdicts"][0]
    match planted:
        case "format":
            broken["format"] = 2
        case "status":
            verdict["status"] = "wrongish"
        case "extra":
            verdict["extra"] = 1
        case "line":
            del verdict["line"]
        case "interval":
            verdict["interval"] = [1]
    assert not VALIDATOR.is_valid(broken)

"""trace.json: what is written can be read, solved again, and compared."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.files.test_errors import GOOD, NETWORK
from tracer.backprop.tracing import trace
from tracer.errors import FileError
from tracer.files.problem import load, load_text, read
from tracer.files.schema import schema
from tracer.files.trace_json import read_json_text, to_json
from tracer.formula.parsing import parse

SYMBOLIC = GOOD.replace("weights: [[0.5, 0.6]]", "units: 1, weights: symbolic")


@pytest.mark.parametrize("text", [GOOD, NETWORK, SYMBOLIC])
def test_there_and_back(text: str) -> None:
    """The problem comes back equal, and solved again it agrees with the file."""
    problem = load_text(text)
    written = to_json(trace(problem))
    recorded = read_json_text(written)
    assert recorded.file.problem == problem
    assert recorded.disagreement(trace(recorded.file.problem)) == ""
    recorded.check(trace(problem))
    jsonschema.Draft202012Validator(schema("trace")).validate(json.loads(written))


def test_a_step_spells_itself_out() -> None:
    """A line of the file holds the formula, the operands as written, and both values."""
    problem = load_text(GOOD.replace("0.8", "0.80"))
    steps = {step["key"]: step for step in json.loads(to_json(trace(problem)))["steps"]}
    assert steps["z1[2]"] == {
        "key": "z1[2]",
        "rule": "preactivation",
        "phase": "forward",
        "formula": "w1[2,1]*a0[1] + w1[2,2]*a0[2] + b1[2]",
        "operands": {
            "w1[2,1]": "0.3",
            "a0[1]": "0.5",
            "w1[2,2]": "0.4",
            "a0[2]": "0.80",
            "b1[2]": "0",
        },
        "value": "0.47",
        "exact": "0.47",
        "relation": "=",
    }
    for step in steps.values():
        parse(step["formula"], {"sigmoid": 1, "half_squared_error": 2})


def test_the_same_trace_gives_the_same_bytes() -> None:
    """No dates, no random order."""
    problem = load_text(GOOD)
    assert to_json(trace(problem)) == to_json(trace(problem))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"value": "0.21"', '"value": "0.22"', "(z1[1]): value is '0.22' in the file, but '0.21'"),
        ('"exact": "0.21"', '"exact": "0.210001"', "(z1[1]): exact is '0.210001' in the file"),
        ("w1[1,1]*a0[1] + ", "", "(z1[1]): formula is "),
        ('"w1[1,1]": "0.1"', '"w1[1,1]": "0.2"', "(z1[1]): operands is "),
        ('"key": "z1[1]"', '"key": "z9[1]"', "(z1[1]): key is 'z9[1]' in the file"),
    ],
)
def test_tampering_is_noticed(old: str, new: str, words: str) -> None:
    """A number or formula changed by hand names the step."""
    problem = load_text(GOOD)
    written = to_json(trace(problem))
    recorded = read_json_text(written.replace(old, new, 1), "t.json")
    assert written.count(old) >= 1
    with pytest.raises(FileError) as caught:
        recorded.check(trace(problem))
    assert str(caught.value).startswith("t.json: step ")
    assert words in str(caught.value)


def test_missing_and_added_steps_are_noticed() -> None:
    """A step that was taken out or put in is named."""
    found = trace(load_text(GOOD))
    data = json.loads(to_json(found))
    last = data["steps"].pop()
    assert "is missing in the file" in read_json_text(json.dumps(data)).disagreement(found)
    data["steps"] += [last, last]
    assert "is not part of this problem" in read_json_text(json.dumps(data)).disagreement(found)


def test_a_changed_problem_is_noticed() -> None:
    """With other numbers in the problem the recorded steps no longer fit."""
    written = to_json(trace(load_text(GOOD)))
    recorded = read_json_text(written.replace('["0.1", "0.2"]', '["0.1", "0.3"]'))
    assert "w1[1,2]" in recorded.disagreement(trace(recorded.file.problem))


def test_load_takes_a_trace(tmp_path: Path) -> None:
    """A trace file can stand wherever a problem file is wanted."""
    problem = load_text(GOOD)
    path = tmp_path / "trace.json"
    path.write_text(to_json(trace(problem)), encoding="utf-8")
    assert load(path) == problem
    recorded = read(path).recorded
    assert recorded is not None
    assert recorded.disagreement(trace(problem)) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "t.json:1:2: this is not JSON"),
        ("[]", "this is not a trace"),
        ('{"problem": {}, "steps": 1}', "this is not a trace"),
        ('{"format": 2, "problem": {}, "steps": []}', "format 2 is not known"),
        ('{"format": 1, "problem": {}, "steps": [1]}', "step 1 has no key"),
        ('{"format": 1, "problem": {"inputs": [1]}, "steps": []}', "a problem needs 'layers'"),
        ("[" * 100_000, "this is not"),
    ],
)
def test_what_is_no_trace(text: str, words: str) -> None:
    """Other JSON is refused in words."""
    with pytest.raises(FileError) as caught:
        read_json_text(text, "t.json")
    assert words in str(caught.value)


def test_what_it_shows_about_learning_is_written() -> None:
    """Gradient norms and findings stand behind the steps, as the schema says, and read back."""
    layers = ["{units: 1, activation: sigmoid, weights: [[0.5]], biases: [0.1]}"] * 6
    problem = load_text(
        f"inputs: [1]\ntargets: [0]\nlayers: [{', '.join(layers)}]\n"
        "loss: half_squared_error\noptimizer: {gradient_descent: {rate: 0.5}}\n"
    )
    text = to_json(trace(problem))
    data = json.loads(text)
    assert [norm["name"] for norm in data["diagnosis"]["norms"]][:2] == ["layer 6", "layer 5"]
    (finding,) = data["diagnosis"]["findings"]
    assert (finding["kind"], finding["facts"]["bound"]) == ("vanishing", "0.00098")
    jsonschema.validate(data, schema("trace"))
    assert read_json_text(text).file.problem == problem


def test_a_name_moves_no_cursor_and_comes_back() -> None:
    """Signs that nobody sees are spelled out, and are the same signs when they are read."""
    problem = load_text(
        'name: "Łódź \\u202e\\x9b31m\\u2028"\ninputs: [1]\nlayers: [{units: 1, weights: [[0.5]]}]\n'
    )
    text = to_json(trace(problem))
    assert "Łódź \\u202e\\u009b31m\\u2028" in text
    assert read_json_text(text).file.problem.name == problem.name

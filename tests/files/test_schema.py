"""The JSON Schemas: valid themselves, they accept what the reader accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.files.test_errors import GOOD, NETWORK
from tests.files.test_problem import EVERYTHING
from tracer.errors import FileError, TracerError
from tracer.files.fields import PROBLEM
from tracer.files.kinds import Field, Table
from tracer.files.problem import dump, load_text, to_data
from tracer.files.schema import KINDS, schema
from tracer.files.template import TEMPLATE

EXAMPLES = sorted(
    path
    for path in (Path(__file__).parents[2] / "examples").rglob("*.yaml")
    if path.parent.name != "sheets"
)
VALIDATOR = jsonschema.Draft202012Validator(schema("problem"))


class OneDotTwo(yaml.SafeLoader):
    """YAML as editors read it: 1e-3 is a number, `no` and `on` are texts."""


def valid(text: str) -> bool:
    return bool(VALIDATOR.is_valid(yaml.load(text, OneDotTwo)))


def is_problem(path: Path) -> bool:
    return "layers:" in path.read_text() or "equations:" in path.read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_schemas(kind: str) -> None:
    """Each is valid under the dialect that it names."""
    jsonschema.Draft202012Validator.check_schema(schema(kind))
    json.dumps(schema(kind))


@pytest.mark.parametrize("path", list(filter(is_problem, EXAMPLES)), ids=lambda path: path.name)
def test_examples_are_valid(path: Path) -> None:
    """Every example passes, as it stands, as data and written anew."""
    text = path.read_text(encoding="utf-8")
    assert valid(text)
    problem = load_text(text, notation="nielsen")
    assert valid(dump(problem))
    assert VALIDATOR.is_valid(to_data(problem))


@pytest.mark.parametrize("text", [GOOD, NETWORK, EVERYTHING, TEMPLATE])
def test_what_the_reader_takes_is_valid(text: str) -> None:
    """The schema does not refuse what the reader accepts."""
    assert valid(text)


PLANTED = [
    (GOOD, "loss: half", "los: half"),
    (GOOD, "half_squared_error", "[1]"),
    (GOOD, "biases: [0]", "biases: [x]"),
    (GOOD, "biases: [0]", "biases: true"),
    (GOOD, "biases: [0]", "bias: [0]"),
    (GOOD, "biases: [0]", "activation: sigmod"),
    (GOOD, "biases: [0]", "activation: {formula: z}"),
    (GOOD, "biases: [0]", "units: 0"),
    (GOOD, "weights: [[0.5, 0.6]]", "units: 1"),
    (GOOD, "[[0.5, 0.6]]", "[0.5, 0.6]"),
    (GOOD, "[[0.5, 0.6]]", "[[0.5, 1/x]]"),
    (GOOD, "[[0.5, 0.6]]", "numeric"),
    (GOOD, "gradient_descent", "newton"),
    (GOOD, "{rate: 0.5}", "{}"),
    (GOOD, "{rate: 0.5}", "{rate: fast}"),
    (GOOD, "inputs: [0.5, 0.8]", "inputs: 0.5"),
    (GOOD, "inputs: [0.5, 0.8]", "updates: -1"),
    (GOOD, "targets: [1]", "targets: []"),
    (GOOD, "layers:", "equations: [a = 1]\nlayers:"),
    (EVERYTHING, "shown", "show"),
    (EVERYTHING, "half_even", "even"),
    (EVERYTHING, "batch: [[2], [1, 2]]", "batch: [2]"),
    (EVERYTHING, "steps: {da: inline}", "steps: {da: in}"),
    (EVERYTHING, "delta: t-o", "delta: o-t"),
    (EVERYTHING, "written: delta", "written: loss"),
    (EVERYTHING, "format: 1", "format: 2"),
    (EVERYTHING, "updates: 3", "updates: many"),
    (NETWORK, "given: {X", "given: {1X"),
    (NETWORK, "learn: [K]", "learn: K"),
    (NETWORK, "[3, 4]", "[[[3]]]"),
]


@pytest.mark.parametrize(("text", "old", "new"), PLANTED)
def test_planted_errors_are_found(text: str, old: str, new: str) -> None:
    """A planted mistake is refused by the schema and by the reader alike."""
    broken = text.replace(old, new)
    assert broken != text
    assert not valid(broken)
    with pytest.raises(FileError):
        load_text(broken)


def fields_of(table: Table) -> list[Field]:
    inner = [f.kind for f in table.fields if isinstance(f.kind, Table)]
    return [*table.fields, *(field for kind in inner for field in fields_of(kind))]


@pytest.mark.parametrize("field", fields_of(PROBLEM), ids=lambda field: field.name)
def test_every_field_is_described(field: Field) -> None:
    """An editor has a sentence to show for every field."""
    assert field.description.endswith(".")


def test_unknown_schema() -> None:
    """There is no schema of an unknown file."""
    with pytest.raises(TracerError, match="known are problem, trace, report"):
        schema("sheet")


def test_every_key_of_the_problem_is_in_the_table() -> None:
    """Editor and reader share one table, so each key of a written problem is in the schema."""
    known: dict[str, Any] = schema("problem")["properties"]
    assert set(to_data(load_text(EVERYTHING))) <= set(known)

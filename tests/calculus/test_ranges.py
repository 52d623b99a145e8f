"""Numbers that make no sense as a setting are refused, in files, by the schema and in Python."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import yaml

import tracer
from tracer.calculus.layers import LAYERS
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.ranges import SCHEDULE, optimizer_ranges
from tracer.calculus.schedules import SCHEDULES
from tracer.errors import FileError, ProblemError
from tracer.files.problem import load_text
from tracer.files.schema import schema
from tracer.model.problem import Dense, Problem

TEXT = """\
inputs: [1, 2]
targets: [1]
layers: [{weights: [[1, 2]]}]
loss: half_squared_error
"""
NONSENSE = [
    ("optimizer", "adam", "beta1", "1.2", "beta1 is at least 0 and less than 1; found 1.2"),
    ("optimizer", "adam", "beta1", "1.0", "beta1 is at least 0 and less than 1; found 1.0"),
    ("optimizer", "adam", "beta2", "1.5", "beta2 is at least 0 and less than 1; found 1.5"),
    ("optimizer", "adam", "epsilon", "-1", "epsilon is at least 0; found -1"),
    ("optimizer", "adam", "rate", "-0.1", "rate is at least 0; found -0.1"),
    ("optimizer", "momentum", "beta", "5", "beta lies between 0 and 1; found 5"),
    ("optimizer", "rmsprop", "beta", "1", "beta is at least 0 and less than 1; found 1"),
    ("optimizer", "adamw", "decay", "-1/2", "decay is at least 0; found -1/2"),
    ("schedule", "geometric", "factor", "0", "factor is more than 0; found 0"),
    ("schedule", "linear", "updates", "-3", "updates is more than 0; found -3"),
    ("regularizer", "l2", "strength", "-0.1", "strength is at least 0; found -0.1"),
    ("clip", "norm", "norm", "0", "norm is more than 0; found 0"),
]
FINE = [
    ("gradient_descent", {"rate": "0"}),
    ("momentum", {"rate": "0.1", "beta": "1"}),
    ("momentum", {"rate": "0.1", "beta": "0"}),
    ("adam", {"rate": "3", "beta1": "0", "beta2": "0.9999", "epsilon": "0"}),
]


def written(key: str, entry: str, name: str, text: str) -> str:
    """A file with one setting."""
    settings = text if key == "clip" else f"{{{name}: {text}}}"
    found = f"{TEXT}{key}: {{{entry}: {settings}}}\n"
    if key == "optimizer":
        return found if name == "rate" else found.replace(f"{name}:", f"rate: 0.1, {name}:")
    return found + "optimizer: {gradient_descent: {rate: 0.1}}\n"


@pytest.mark.parametrize(("key", "entry", "name", "text", "message"), NONSENSE)
def test_files_refuse_it_at_its_place(
    key: str, entry: str, name: str, text: str, message: str
) -> None:
    """The number is pointed at, and what it may be is said."""
    file = written(key, entry, name, text)
    line = file.splitlines()[4]
    column = re.search(rf"\b{name}: ({re.escape(text)})\}}", line).start(1) + 1  # type: ignore[union-attr]
    with pytest.raises(FileError) as caught:
        load_text(file)
    assert caught.value.faults == ((5, column, message),)


@pytest.mark.parametrize(("key", "entry", "name", "text", "message"), NONSENSE)
def test_the_schema_refuses_it(key: str, entry: str, name: str, text: str, message: str) -> None:
    """So an editor marks it while it is typed; what is written as a text is the reader's."""
    data = yaml.safe_load(written(key, entry, name, text))
    judge = jsonschema.Draft202012Validator(schema("problem"))
    assert judge.is_valid(data) == ("/" in text)


@pytest.mark.parametrize(("key", "entry", "name", "text", "message"), NONSENSE)
def test_python_refuses_it(key: str, entry: str, name: str, text: str, message: str) -> None:
    """A problem that is made in Python is held against the same table."""
    choices: dict[str, dict[str, Any]] = {
        "optimizer": {"optimizer": entry, "settings": {"rate": "0.1", name: text}},
        "schedule": {"schedule": entry, "schedule_settings": {name: text}},
        "regularizer": {"regularizer": entry, "strength": text},
        "clip": {"clip": entry, "clip_at": text},
    }
    problem = Problem(
        inputs=[1, 2],
        targets=[1],
        layers=[Dense(1, weights=[[1, 2]])],
        loss="half_squared_error",
        **{"settings": {"rate": "0.1"}, **choices[key]},
    )
    with pytest.raises(ProblemError, match=re.escape(message)):
        tracer.trace(problem)


@pytest.mark.parametrize(("name", "settings"), FINE)
def test_what_makes_sense_is_taken(name: str, settings: dict[str, str]) -> None:
    """A rate of 0, a velocity that keeps all of itself, no epsilon: all are calculated with."""
    written = ", ".join(f"{key}: {text}" for key, text in settings.items())
    problem = load_text(f"{TEXT}optimizer: {{{name}: {{{written}}}}}\n")
    assert problem.settings == settings
    tracer.trace(problem)


def test_every_setting_has_its_range() -> None:
    """No setting of an optimizer or a schedule is left out of the table, and every default of
    one, and of a layer type, lies in its range."""
    for optimizer in OPTIMIZERS.values():
        ranges = optimizer_ranges(optimizer)
        assert set(ranges) == set(optimizer.settings)
        for name, default in optimizer.settings.items():
            assert default is None or ranges[name].holds(default)
    for schedule in SCHEDULES.values():
        assert set(schedule.settings) <= set(SCHEDULE)
    for kind in LAYERS.values():
        for setting in kind.settings.values():
            if setting.kind in ("number", "whole") and setting.default is not None:
                assert setting.range.holds(str(setting.default))


def test_a_temperature_is_more_than_0() -> None:
    """The settings of activations are held against the table as well."""
    told = "{name: softmax, temperature: -1}"
    text = TEXT.replace("[[1, 2]]", f"[[1, 2]], activation: {told}")
    problem = load_text(f"{text}optimizer: {{gradient_descent: {{rate: 0.1}}}}\n")
    with pytest.raises(ProblemError, match="temperature is more than 0; found -1"):
        tracer.trace(problem)

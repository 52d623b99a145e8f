"""Numbers that make no sense as a setting are refused, in files, by the schema and in Python."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import yaml

import tracer
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.layers import LAYERS
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.ranges import ACTIVATION, SCHEDULE, optimizer_ranges
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


OF_ACTIVATIONS = [
    ("softmax", "temperature", "-1", "temperature is more than 0; found -1"),
    ("log_softmax", "temperature", "0", "temperature is more than 0; found 0"),
    ("leaky_relu", "leak", "-0.01", "leak is at least 0; found -0.01"),
    ("elu", "alpha", "-1", "alpha is at least 0; found -1"),
    ("selu", "scale", "0", "scale is more than 0; found 0"),
    ("swish", "beta", "-1/2", "beta is at least 0; found -1/2"),
]


@pytest.mark.parametrize(("name", "setting", "text", "message"), OF_ACTIVATIONS)
def test_settings_of_activations_are_refused_at_their_place(
    name: str, setting: str, text: str, message: str
) -> None:
    """When the file is loaded, and when a problem made in Python is traced."""
    told = f"{{name: {name}, {setting}: {text}}}"
    file = TEXT.replace("[[1, 2]]", f"[[1, 2]], activation: {told}")
    column = file.splitlines()[2].index(f" {text}}}") + 2
    with pytest.raises(FileError) as caught:
        load_text(f"{file}optimizer: {{gradient_descent: {{rate: 0.1}}}}\n")
    assert caught.value.faults == ((3, column, message),)
    layer = Dense(1, name, weights=[[1, 2]], settings={setting: text})
    with pytest.raises(ProblemError, match=re.escape(message)):
        tracer.trace(
            Problem(
                inputs=[1, 2],
                targets=[1],
                layers=[layer],
                loss="half_squared_error",
                settings={"rate": "0.1"},
            )
        )


def test_every_setting_of_an_activation_has_its_range() -> None:
    """None is left out of the table, and every default lies in its range."""
    for activation in ACTIVATIONS.values():
        for setting, default in activation.settings.items():
            assert ACTIVATION[setting].holds(default)


def test_the_settings_of_an_own_function_are_its_own_business() -> None:
    """A name that the table has for another function means what the formula says."""
    told = "{name: mine, formula: z*beta, beta: -1}"
    file = TEXT.replace("[[1, 2]]", f"[[1, 2]], activation: {told}")
    load_text(f"{file}optimizer: {{gradient_descent: {{rate: 0.1}}}}\n")

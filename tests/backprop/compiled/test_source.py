"""What may stand in a source that is compiled: our own words, and nothing of a user's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.backprop.runs import xor
from tracer.backprop.compiled.array_source import UFUNCS
from tracer.backprop.compiled.machine import FORMS, Machine
from tracer.backprop.compiled.source import FUNCTIONS
from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.calculus.arrays import FUNCTIONS as OF_ARRAYS
from tracer.errors import TracerError
from tracer.files.problem import load
from tracer.model.functions import Activation
from tracer.model.problem import Dense, Problem

EXAMPLES = Path(__file__).parents[3] / "examples"
RECORDED = sorted(
    path
    for folder in ("training", "catalogue", "layers", "calculations")
    for path in (EXAMPLES / folder).glob("*.yaml")
)
NUMBERED = re.compile(r"[vqro]\d+")
OURS = {
    *("run", "put", "buffer", "place", "step", "batches", "batch", "state", "constants"),
    *("current", "error", "found", "stops", "row", "rows", "record", "everything", "positions"),
    *("given", "following", "nothing", "power", "ismax"),
    *FUNCTIONS,
    *UFUNCS,
    *OF_ARRAYS,
    *("softmax", "log_softmax", "where", "out"),
}
"""Every word of a generated source besides numbered variables."""
ATTRIBUTES = {"T", "reshape"}


def sources(problem: Problem) -> Iterator[str]:
    """Every source that a problem is compiled to, with and without a record."""
    for how in FORMS:
        machine = Machine(problem, "all", how)
        for batch in machine.cycle:
            for recording in (True, False):
                for safe in (True, False):
                    form: Any = machine.form(machine.kind(batch), recording, safe)
                    yield form.source


def foreign(source: str) -> list[str]:
    """What stands in a source and is not ours."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Lambda | ast.Global | ast.ClassDef):
            wrong.append(type(node).__name__)
        names = {
            ast.Name: "id",
            ast.arg: "arg",
            ast.keyword: "arg",
            ast.FunctionDef: "name",
            ast.ExceptHandler: "name",
        }
        for kind, attribute in names.items():
            if isinstance(node, kind):
                name = getattr(node, attribute)
                if name not in OURS and not NUMBERED.fullmatch(name):
                    wrong.append(name)
        if isinstance(node, ast.Attribute) and node.attr not in ATTRIBUTES:
            wrong.append(f".{node.attr}")
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | float | None):
            wrong.append(repr(node.value))
    return wrong


def test_the_reader_finds_what_is_not_ours() -> None:
    """The check itself sees a name, an import, an attribute and a text."""
    source = "def run(put):\n    import os\n    v1 = w1 + sys.path + 'x'"

    assert sorted(foreign(source)) == ["'x'", ".path", "Import", "sys", "w1"]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_is_compiled_to_our_own_words(path: Path) -> None:
    """Whatever an example calls its quantities, its sources hold numbered variables."""
    problem = load(str(path))
    found, refused = set(), ""
    try:
        found = {word for source in sources(problem) for word in foreign(source)}
    except TracerError as error:  # nothing of it is compiled
        refused = str(error)

    assert not found
    assert not refused or "there is nothing to learn" in refused


NAMES = ("put", "v0", "q0", "batch", "stops", "exec", "lambda", "rows", "été", "Σ")


@pytest.mark.parametrize("how", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_names_of_ours_and_of_python_may_be_a_users(name: str, how: str) -> None:
    """A quantity may be called like a variable, a function or a keyword of the source."""
    problem = Problem(
        given={name: "0.5", "x": "2"},
        equations=[f"h = tanh({name}*x)", "L = h*h"],
        loss="L",
        learn=[name],
        settings={"rate": "0.1"},
        updates=2,
    )
    ran, traced = train(problem, 2, how=how), trace(problem)

    assert not {word for source in sources(problem) for word in foreign(source)}
    for key in (name, "h", "L"):
        assert np.isclose(ran[key][1], float(traced[f"{key}@1"].exact), rtol=1e-13)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", FORMS)
def test_a_function_of_ones_own_is_written_out(how: str) -> None:
    """Its name, even that of a function the source calls, never comes into the source."""
    for name in ("put", "exp", "stops", "print"):
        own = Activation(name, "z/(1 + abs(z))")
        problem = xor(layers=[Dense(1, own, [["0.5", "-0.3"]], ["0.1"])], updates=3)
        same = xor(layers=[Dense(1, "softsign", [["0.5", "-0.3"]], ["0.1"])], updates=3)

        assert not {word for source in sources(problem) for word in foreign(source)}
        assert np.array_equal(train(problem, 3, how=how)["loss"], train(same, 3, how=how)["loss"])


@pytest.mark.parametrize(
    "text", ["__import__('os')", "x.__class__", "(lambda: 1)()", "x; y", "'x'"]
)
def test_what_is_no_formula_is_refused_before(text: str) -> None:
    """Text that is more than the grammar never becomes a plan, let alone a source."""
    with pytest.raises(TracerError):
        train(
            Problem(
                given={"x": "2", "w": "1"},
                equations=[f"L = w*{text}"],
                loss="L",
                learn=["w"],
                settings={"rate": "0.1"},
            ),
            1,
        )

"""Tables whose rows are imported at their first use hold what they promise."""

from __future__ import annotations

import copy
import pickle
import pkgutil
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest

from tracer import calculus
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.definitions import callable_functions, definitions
from tracer.calculus.initializers import INITIALIZERS
from tracer.calculus.layers import LAYERS, LayerType
from tracer.calculus.losses import LOSSES
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.regularizers import REGULARIZERS
from tracer.calculus.schedules import SCHEDULES
from tracer.calculus.tables import Rows, Table
from tracer.model.functions import (
    Activation,
    Initializer,
    Loss,
    Optimizer,
    Regularizer,
    Schedule,
)

TABLES: dict[str, tuple[Table[Any], type]] = {
    "activations": (ACTIVATIONS, Activation),
    "initializers": (INITIALIZERS, Initializer),
    "layers": (LAYERS, LayerType),
    "losses": (LOSSES, Loss),
    "optimizers": (OPTIMIZERS, Optimizer),
    "regularizers": (REGULARIZERS, Regularizer),
    "schedules": (SCHEDULES, Schedule),
}


@pytest.mark.parametrize("folder", TABLES)
def test_a_table_has_just_what_its_folder_declares(folder: str) -> None:
    """Every constant of its kind in the folder is a row, under its own name, and no other."""
    table, kind = TABLES[folder]
    package = import_module(f"{calculus.__name__}.{folder}")
    modules = [
        import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    ]
    declared = {
        getattr(value, "name")  # noqa: B009 each kind has one
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, kind) and name.isupper()
    }

    assert set(table) == declared
    assert len(table) == len(declared)
    assert all(table[name].name == name and isinstance(table[name], kind) for name in table)


def test_a_small_problem_loads_the_rows_that_it_names() -> None:
    """Of the folders only what a plain problem uses is imported."""
    code = (
        "import sys\n"
        "from tracer.backprop.tracing import trace\n"
        "from tracer.model.problem import Dense, Problem\n"
        "trace(Problem(inputs=['0.5', '0.8'], targets=['1'], loss='half_squared_error',\n"
        "    layers=[Dense(1, 'sigmoid', [['0.15', '0.25']])], settings={'rate': '0.5'}))\n"
        "print(*sorted(m for m in sys.modules if m.startswith('tracer.calculus.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())

    assert {f"tracer.calculus.{row}" for row in ("activations.sigmoid", "layers.kinds")} <= loaded
    assert "tracer.calculus.losses.half_squared_error" in loaded
    for absent in ("activations.gelu", "losses.huber", "optimizers.adam", "layers.lstm"):
        assert f"tracer.calculus.{absent}" not in loaded


def test_what_is_not_there_is_not_there() -> None:
    """A name without a row behaves as in any dictionary."""
    assert "sigmod" not in ACTIVATIONS
    assert ACTIVATIONS.get("sigmod") is None
    with pytest.raises(KeyError, match="sigmod"):
        ACTIVATIONS["sigmod"]


def test_functions_of_whole_layers_have_no_definition() -> None:
    """Softmax takes a whole layer: it is no function of one number, and neither listed."""
    for rows in (callable_functions(), definitions()):
        assert "softmax" not in rows
        assert "softmax" not in list(rows)
        assert rows.get("softmax") is None
        assert "sigmoid" in rows
        assert len(rows) == len(list(rows)) == len(dict(rows))
    assert "tanh" not in definitions()  # elementary: every arithmetic knows it


def test_the_other_rows_count_where_two_have_one() -> None:
    """A problem's own function stands before a function of the tables."""
    both = Rows(("a", "b"), str.upper) | {"b": "own", "c": "more"}
    assert dict(both) == {"a": "A", "b": "own", "c": "more"}
    assert repr(both) == "{'a': 'A', 'b': 'own', 'c': 'more'}"


def test_rows_travel_as_a_dictionary() -> None:
    """What is copied or pickled has all rows."""
    rows = definitions()
    for other in (copy.deepcopy(rows), pickle.loads(pickle.dumps(rows))):
        assert other == dict(rows)
        assert other["sigmoid"] == rows["sigmoid"]

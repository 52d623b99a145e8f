"""Columns: many variants at once are the same calculation as each alone."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tests.backprop.runs import running_away, xor
from tracer.backprop.training import train
from tracer.backprop.variants import train_variants
from tracer.errors import ProblemError
from tracer.model.problem import Dense


def test_each_variant_is_its_own_run() -> None:
    """Start weights, inputs and rates that differ: each column as its own problem, to 1e-12."""
    draw = random.Random(4)
    count = 20
    weights = [draw.uniform(-1, 1) for _ in range(count)]
    rates = [draw.uniform(0.1, 2) for _ in range(count)]
    inputs = [draw.uniform(0, 1) for _ in range(count)]
    columns = {"w1[2,1]": weights, "rate": rates, "a0[1]#3": inputs}
    found = train_variants(xor(), columns, updates=30)
    assert len(found) == count
    for k in range(count):
        rows = [list(row) for row in xor().layers[0].weights]
        rows[1][0] = repr(weights[k])
        first = replace(xor().layers[0], weights=rows)
        alone = train(
            xor(
                layers=[first, xor().layers[1]],
                settings={"rate": repr(rates[k])},
                inputs=[[0, 0], [0, 1], [inputs[k], 0], [1, 1]],
            ),
            29,
        )
        for key in alone.keys():  # noqa: SIM118
            scale = np.abs(alone[key]).max()
            assert np.abs(found[key][:, k] - alone[key]).max() <= 1e-12 * max(scale, 1e-3), key
        assert found.at(k, 7)["loss"] == pytest.approx(alone["loss"][7], rel=1e-12)


def test_one_variant_may_run_away() -> None:
    """The others do not notice."""
    found = train_variants(running_away(), {"rate": [0.1, 1.5, 0.2]}, updates=2000)
    assert not np.isfinite(found["w1[1,1]"][-1, 1])
    assert found["w1[1,1]"][-1, [0, 2]] == pytest.approx([3, 3])


def test_what_variants_differ_in_is_checked() -> None:
    """Unknown keys and uneven columns are refused."""
    with pytest.raises(ProblemError, match=r"'w1\[3,1\]' is not a given number"):
        train_variants(xor(), {"w1[3,1]": [1.0]})
    with pytest.raises(ProblemError, match="all as many"):
        train_variants(xor(), {"w1[1,1]": [1.0], "w1[1,2]": [1.0, 2.0]})


def test_layers_of_letters_have_no_columns() -> None:
    """Numbers are needed for everything that does not vary."""
    with pytest.raises(ProblemError, match="symbolic"):
        train_variants(replace(xor(), layers=[Dense(1)]), {"rate": [0.1]})

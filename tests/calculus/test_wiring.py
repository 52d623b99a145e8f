"""How layers are joined, where a file lists them in an unusual order."""

from __future__ import annotations

from tracer.calculus.layers.wiring import wired
from tracer.model.problem import Dense


def test_thousands_of_layers_back_to_front_are_put_in_order() -> None:
    """Each of 1,500 layers takes from the one listed after it; the last is the output."""
    count = 1500
    layers = [
        Dense(1, "identity", "symbolic", name=f"l{n}", sources=(f"l{n + 1}",))
        for n in range(1, count)
    ]
    layers[-1] = Dense(1, "identity", "symbolic", name=f"l{count - 1}", sources=("inputs",))
    layers.append(Dense(1, "identity", "symbolic", sources=("l1",)))
    order = [placed.number for placed in wired(layers, [["1"]])]
    assert order == [*range(count - 1, 0, -1), count]

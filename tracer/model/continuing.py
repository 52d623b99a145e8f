"""The same problem from other numbers: how one update of a long run becomes a problem.

Takes a problem and the learnt numbers after some updates; gives a problem that starts
there.  Numbers are written with the digits of `repr`, which name a machine number
exactly; what was not learnt keeps the text that its author wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracer.formula.keys import Key
from tracer.model.layer import Layer
from tracer.model.problem import Array, Dense, Problem


def continued(
    problem: Problem,
    numbers: Mapping[str, float],
    done: int = 0,
    updates: int = 1,
    states: Mapping[str, float] | None = None,
) -> Problem:
    """The problem after some updates.

    Args:
        problem: what the run started from.
        numbers: learnt numbers by key (``w1[1,2]``, ``b2[1]``, ``K[2,1]``).
        done: how many updates gave them; settles whose turn it is where batches alternate.
        updates: how many updates the new problem makes.
        states: the optimizer's memory by key (``velocity.w1[1,2]``).

    >>> problem = Problem(inputs=["1"], layers=[Dense(1, weights=[["0.50"]], biases=["0.10"])])
    >>> continued(problem, {"w1[1,1]": 0.25}).layers[0]
    Dense(units=1, activation='sigmoid', weights=(('0.25',),), biases=('0.10',), settings={})
    """
    layers = [_layer(layer, number, numbers) for number, layer in enumerate(problem.layers, 1)]
    given = {name: _array(value, name, (), numbers) for name, value in problem.given.items()}
    return replace(
        problem,
        layers=layers,
        given=given,
        updates=updates,
        made=problem.made + done,
        states={**problem.states, **{k: repr(float(v)) for k, v in (states or {}).items()}},
        batch=_turned(problem, done),
    )


def cycle_of(problem: Problem) -> tuple[tuple[int, ...], ...]:
    """The batches of a problem in the order in which they come round, by sample number.

    >>> layers = [Dense(1, weights=[["0.5"]])]
    >>> cycle_of(Problem(inputs=[["1"], ["2"]], layers=layers, batch="online"))
    ((1,), (2,))
    """
    if not problem.layers:
        return ((),)
    everything = tuple(range(1, problem.samples + 1))
    if problem.batch == "full":
        return (everything,)
    if problem.batch == "online":
        return tuple((sample,) for sample in everything)
    return tuple(tuple(batch) for batch in problem.batch)  # type: ignore[arg-type]


def _turned(problem: Problem, done: int) -> Any:
    """The batches, beginning with the one whose turn it is."""
    cycle = cycle_of(problem)
    turn = done % len(cycle)
    return (*cycle[turn:], *cycle[:turn]) if turn else problem.batch


def _layer(layer: Dense | Layer, number: int, numbers: Mapping[str, float]) -> Dense | Layer:
    if isinstance(layer, Layer):
        found = {
            name: _array(array, f"{layer.type}{number}.{name}", (), numbers)
            for name, array in layer.parameters.items()
        }
        settings = {**layer.settings, **_carried(layer, f"{layer.type}{number}.", numbers)}
        return replace(layer, parameters=found, settings=settings)
    weights = tuple(
        tuple(_text(f"w{number}[{i},{j}]", text, numbers) for j, text in enumerate(row, 1))
        for i, row in enumerate(layer.weights, 1)
    )
    biases: Any = layer.biases
    if layer.shared_bias:
        biases = _text(f"b{number}", biases, numbers)
    elif biases is not False:
        biases = tuple(_text(f"b{number}[{i}]", text, numbers) for i, text in enumerate(biases, 1))
    return replace(layer, weights=weights, biases=biases)


def is_carried(problem: Problem, text: str) -> bool:
    """Whether updates carry a number on without learning it, as running statistics.

    >>> layers = [Layer("batch_norm", 1, {"gamma": ["1"]}, {"momentum": "0.1"})]
    >>> problem = Problem(inputs=[["1"], ["2"]], layers=layers)
    >>> [is_carried(problem, f"batch_norm1.{name}[1]") for name in ("running_mean", "gamma")]
    [True, False]
    """
    key = Key.parse(text)
    if not key.part or not key.layer or key.layer > len(problem.layers):
        return False
    layer = problem.layers[key.layer - 1]
    return isinstance(layer, Layer) and key.part not in layer.parameters


def _carried(layer: Layer, label: str, numbers: Mapping[str, float]) -> dict[str, Any]:
    """What updates carry on without learning it: vectors that are settings of the layer."""
    found: dict[str, dict[int, str]] = {}
    for text, value in numbers.items():
        name, _, index = text.removeprefix(label).partition("[")
        if text.startswith(label) and name not in layer.parameters and index[:-1].isdigit():
            found.setdefault(name, {})[int(index[:-1])] = repr(float(value))
    return {name: tuple(cells[place] for place in sorted(cells)) for name, cells in found.items()}


def _array(array: Array, name: str, index: tuple[int, ...], numbers: Mapping[str, float]) -> Array:
    if isinstance(array, str):
        key = f"{name}[{','.join(map(str, index))}]" if index else name
        return str(_text(key, array, numbers))
    return tuple(_array(part, name, (*index, i), numbers) for i, part in enumerate(array, 1))


def _text(key: str, text: Any, numbers: Mapping[str, float]) -> Any:
    """The learnt number's digits, or the text as it was."""
    return repr(float(numbers[key])) if key in numbers else text

"""A network of layers of several types: from checked texts to layers with their numbers.

Takes what `reading` gives of each entry of ``layers``; gives the layers, their drawn numbers
drawn, and the inputs and targets as lists of samples.  How many numbers a layer needs
follows from what comes into it, so the network is wired first without its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracer.calculus.drawing import Drawing
from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.placing import Placed
from tracer.calculus.layers.wiring import Unread, normalised
from tracer.errors import ProblemError
from tracer.files.places import Path
from tracer.model.layer import Layer
from tracer.model.problem import Dense

Fault = Callable[[Path, str], None]
_PLACE = {"name": "name", "from": "sources", "combine": "combine"}
"""What any layer may say, and how the model calls it."""


def is_plain(entries: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all layers are dense, each after the other."""
    return not any(entry.get("type", "dense") != "dense" or "from" in entry for entry in entries)


def placing(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Name and sources of a layer, as the model calls them."""
    return {ours: entry[theirs] for theirs, ours in _PLACE.items() if theirs in entry}


def typed_layer(entry: Mapping[str, Any]) -> Layer:
    """A layer with the numbers that are given; what is drawn is left out."""
    kind = LAYERS[entry["type"]]
    given = {
        name: entry[name]
        for name in kind.parameters
        if name in entry and not isinstance(entry[name], dict)
    }
    settings = {name: entry[name] for name in kind.settings if name in entry}
    letters = entry.get("weights") == "symbolic"
    return Layer(
        kind.name,
        entry.get("units", 0),
        "symbolic" if letters else given,
        settings,
        entry.get("biases", True) if kind.biases else True,
        **placing(entry),
    )


class Network:
    """The layers of one problem, being furnished with numbers."""

    def __init__(self, drawing: Drawing, fault: Fault, unread: Unread) -> None:
        self.drawing = drawing
        self.fault = fault
        self.unread = unread

    def tell(self, error: ProblemError) -> None:
        """Add what does not fit, at its place."""
        self.fault(error.path, str(error))

    def furnished(
        self,
        layers: Sequence[Dense | Layer],
        entries: Sequence[Mapping[str, Any]],
        inputs: Any,
        targets: Any,
    ) -> dict[str, Any] | None:
        """Layers, inputs and targets as the problem has them; None if they do not fit.

        Whatever does not fit is told, and the layers that do are furnished all the same.
        """
        try:
            samples, wanted, placed = normalised(layers, inputs, targets, self.tell, self.unread)
        except ProblemError as error:
            self.tell(error)
            return None
        found = list(layers)
        for one in sorted(placed, key=lambda one: one.number):
            entry = entries[one.number - 1]
            path: Path = ("layers", one.number - 1)
            if isinstance(one.layer, Dense):
                found[one.number - 1] = self.dense(one.layer, entry, one, path)
            else:
                found[one.number - 1] = self.typed(one.layer, entry, one, path)
        return {"layers": found, "inputs": samples, "targets": wanted}

    def dense(self, layer: Dense, entry: Mapping[str, Any], placed: Placed, path: Path) -> Dense:
        """Weights and biases that are drawn."""
        width = placed.comes.width
        weights, biases = entry.get("weights"), entry.get("biases")
        if isinstance(weights, dict):
            drawn = self.drawn(weights, layer.units, width, width, (*path, "weights"))
            layer = replace(layer, weights=drawn)
        if isinstance(biases, dict):
            rows = self.drawn(biases, layer.units, 1, width, (*path, "biases"))
            column = rows if rows == "symbolic" else [row[0] for row in rows]
            layer = replace(layer, biases=column)
        return layer

    def typed(self, layer: Layer, entry: Mapping[str, Any], placed: Placed, path: Path) -> Layer:
        """Parameters that are drawn: each by itself, or all that are not given; of the
        latter, biases begin at 0."""
        if layer.parameters == "symbolic" or placed.recipe is None:
            return layer
        found = dict(layer.parameters)
        for name, parameter in placed.recipe.parameters.items():
            told = entry.get(name)
            if name in found or (told is None and parameter.default):
                continue
            if told is None and name in placed.type.bias_names and "weights" in entry:
                told = {"init": "zeros"}
            told = told if told is not None else entry.get("weights")
            if isinstance(told, dict):
                where = (*path, name if name in entry else "weights")
                found[name] = self.array(told, parameter.written, where)
        return replace(layer, parameters=found)

    def array(self, told: Mapping[str, Any], shape: tuple[int, ...], path: Path) -> Any:
        """Numbers of any shape, drawn row after row."""
        if not shape:
            return self.array(told, (1,), path)[0]
        if len(shape) > 2:
            return [self.array(told, shape[1:], path) for _ in range(shape[0])]
        rows, columns = shape if len(shape) == 2 else (shape[0], 1)
        found = self.drawn(told, rows, columns, columns, path)
        if found == "symbolic":
            return [["0"] * columns] * rows if len(shape) == 2 else ["0"] * rows
        return found if len(shape) == 2 else [row[0] for row in found]

    def drawn(
        self, told: Mapping[str, Any], units: int, sources: int, fan_in: int, path: Path
    ) -> Any:
        """Rows of drawn numbers; "symbolic" stands in until a fault is told."""
        try:
            return self.drawing.numbers(told, units, sources, fan_in)
        except ProblemError as error:
            self.fault((*path, *error.path), str(error))
            return "symbolic"

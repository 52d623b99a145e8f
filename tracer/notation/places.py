"""Where a unit stands in a layered network: the numbers and labels that names are made of.

Takes a problem with layers; gives, for a unit or a weight, the fields that patterns use.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tracer.model.problem import Problem

_LONGEST_FEATURE = 24


class Places:
    """The units of one network, counted in every way that a textbook counts them."""

    def __init__(self, problem: Problem, first_layer: int) -> None:
        self.sizes = (problem.width, *(layer.units for layer in problem.layers))
        self.last = len(problem.layers)
        self.first_layer = first_layer
        self.features = _feature_names(problem.features, self.sizes[0])
        self._weights = tuple(layer.weights for layer in problem.layers)
        self._fields = lru_cache(maxsize=None)(self._unit)

    def unit(self, layer: int, unit: int) -> dict[str, str]:
        """The fields of one unit; layer 0 is the input."""
        return dict(self._fields(layer, unit))

    def layer(self, layer: int) -> dict[str, str]:
        """The fields of a layer as a whole."""
        number = layer + self.first_layer
        return {"layer": str(number), "source_layer": str(number - 1)}

    def weight(self, layer: int, to: int, source: int) -> dict[str, str]:
        """The fields of the weight into unit `to` of a layer from unit `source` before it."""
        fields = self.unit(layer, to)
        origin = self._fields(layer - 1, source)
        fields["from"] = origin["unit"]
        for word in ("number", "place", "label"):
            fields[f"from_{word}"] = origin[word]
        fields["running"] = str(self._running()[layer - 1].get((to, source), 0))
        fields["running_from"] = str(self._running_from()[layer - 1].get((to, source), 0))
        return fields

    def _unit(self, layer: int, unit: int) -> dict[str, str]:
        before = sum(self.sizes[:layer])
        place = before - self.sizes[0] + unit if layer else unit
        return {
            **self.layer(layer),
            "unit": str(unit),
            "number": str(before + unit),
            "place": str(place),
            "label": self._label(layer, unit, place),
            "feature": self._feature(unit) if not layer else str(unit),
        }

    def _feature(self, unit: int) -> str:
        """What the input is called; the cells of a flattened image have numbers."""
        return self.features[unit - 1] if unit <= len(self.features) else str(unit)

    def _label(self, layer: int, unit: int, place: int) -> str:
        """``i1``, ``h1``, ``o1``; hidden units are counted on through the hidden layers."""
        if layer == 0:
            return f"i{unit}"
        return f"o{unit}" if layer == self.last else f"h{place}"

    def _running(self) -> tuple[dict[tuple[int, int], int], ...]:
        """The running number of each weight that is there, destination by destination."""
        if not hasattr(self, "_numbers"):
            count = 0
            found: list[dict[tuple[int, int], int]] = []
            for layer, rows in enumerate(self._weights, 1):
                found.append({})
                if not rows:
                    continue  # no dense layer
                for to in range(1, self.sizes[layer] + 1):
                    sources = self.sizes[layer - 1] if rows == "symbolic" else len(rows[0])
                    for source in range(1, sources + 1):
                        if rows == "symbolic" or rows[to - 1][source - 1] is not None:
                            count += 1
                            found[-1][to, source] = count
            self._numbers = tuple(found)
        return self._numbers

    def _running_from(self) -> tuple[dict[tuple[int, int], int], ...]:
        """The running number of each weight, source by source."""
        if not hasattr(self, "_numbers_from"):
            found: list[dict[tuple[int, int], int]] = []
            for numbers in self._running():
                first = min(numbers.values(), default=0)
                ordered = sorted(numbers, key=lambda weight: weight[::-1])
                found.append({weight: first + place for place, weight in enumerate(ordered)})
            self._numbers_from = tuple(found)
        return self._numbers_from


def _feature_names(features: tuple[str, ...], inputs: int) -> tuple[str, ...]:
    """The problem's feature names where they can stand in a subscript, else numbers."""
    names = tuple(" ".join(re.findall(r"[^\W_]+", feature)) for feature in features)
    shapes = {name.replace(" ", "").casefold() for name in names}
    usable = all(name and not name[0].isdigit() and len(name) <= _LONGEST_FEATURE for name in names)
    if names and usable and len(shapes) == inputs:
        return names
    return tuple(str(number) for number in range(1, inputs + 1))

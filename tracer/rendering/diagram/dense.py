"""A layered network: columns of cards, and the weights as pins in front of each card.

Each weight stands at the end of its edge, on a level pin that leads into the card of its
unit.  The pins of a card stand one below the other, in the order of the units they come
from, and an edge ends where its pin begins: so no label can meet a label or a card, and no
edge runs through a number.  A missing connection has no edge and no pin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tracer.formula.keys import Key
from tracer.model.problem import Dense
from tracer.rendering.diagram.card import Band, Card, Row
from tracer.rendering.diagram.describing import description
from tracer.rendering.diagram.placing import Column, Edge, placed
from tracer.rendering.diagram.reading import Light, Reading
from tracer.rendering.diagram.shapes import Diagram, framed
from tracer.rendering.diagram.telling import Telling
from tracer.rendering.diagram.text import Text, named, sign, width_of
from tracer.rendering.diagram.thinning import PAIRS, WEIGHTS, seen_units

_DRAWN = frozenset({"a", "z", "delta", "w", "b", "y", "loss"})


def is_drawn(key: Key) -> bool:
    """Whether a quantity has a place in the drawing of a layered network."""
    return not key.state and not key.part and key.role in _DRAWN


@dataclass(frozen=True)
class Layers:
    """A layered network on its way to a drawing."""

    reading: Reading
    telling: Telling
    light: Light

    @property
    def problem_layers(self) -> tuple[Dense, ...]:
        return tuple(la for la in self.reading.trace.problem.layers if isinstance(la, Dense))

    def diagram(self) -> Diagram:
        """The whole drawing."""
        columns = [
            self._inputs(),
            *(self._layer(n) for n in range(1, len(self.problem_layers) + 1)),
        ]
        edges = [
            edge
            for number in range(1, len(self.problem_layers) + 1)
            for edge in self._edges(number, columns[number - 1], columns[number])
        ]
        loss = self._loss(columns[-1])
        if loss is not None:
            columns.append(loss)
            edges += self._to_loss(columns[-2], loss)
        telling = self.telling
        shapes = placed(columns, edges, self.light, telling.foot())
        return framed(shapes, telling.title(), description(telling, columns, edges, self.light))

    def _wanted(self, role: str, layer: int) -> set[int]:
        """Units of a layer that the highlighted step is about."""
        found = set()
        for key in map(Key.parse, self.light.keys):
            if key.role == "w" and key.layer == layer + 1 and len(key.indices) == 2:
                found.add(key.indices[1])
            elif key.indices and (key.layer == layer or key.role == role):
                found.add(key.indices[0])
        return found

    def _inputs(self) -> Column:
        problem = self.reading.trace.problem
        count = len(problem.inputs[0])
        cards: dict[int, Card] = {}
        seen = seen_units(count, self._wanted("x", 0))
        for unit in (unit for unit in seen if unit):
            key = self.reading.key("a0", unit, sampled=True)
            key = key if key in self.reading.trace else str(Key.parse(key).at(0))
            name, value = self.reading.name(key), self.reading.value(key)
            rows = [Row(name, key=key, centred=True)]
            if value is not None:
                room = self._room(key)
                rows.append(Row(name, value, "given", key, centred=True, widest=room))
            cards[unit] = Card("input", (Band("given", tuple(rows)),), key, frozenset({key}))
        return Column(0, seen, cards, self.telling.inputs(count, len(seen) < count))

    def _layer(self, number: int) -> Column:
        layer = self.problem_layers[number - 1]
        last = len(self.problem_layers)
        seen = seen_units(layer.units, self._wanted("y" if number == last else "", number))
        cards = {unit: self._unit(number, unit) for unit in seen if unit}
        elided = len(seen) < layer.units
        return Column(number, seen, cards, self.telling.layer(number, last, layer, elided))

    def _unit(self, layer: int, unit: int) -> Card:
        """The card of a unit: its bias; z and a; delta."""
        read = self.reading
        bands = []
        bias = read.key(f"b{layer}", unit)
        if read.step(bias) is None:
            bias = read.key(f"b{layer}")
        z, a = (read.key(f"{role}{layer}", unit, sampled=True) for role in "za")
        delta = read.key(f"delta{layer}", unit, sampled=True)
        keys = [z, a, delta]
        if read.step(bias) is not None:
            rows, more = self._bias(bias)
            bands.append(Band("given", rows))
            keys += more if Key.parse(bias).indices else []  # a shared one lights no single card
        if read.room_for("forward"):
            rows = tuple(Row(read.name(key), self._value(key), "forward", key,
                             widest=self._room(key)) for key in (z, a))  # fmt: skip
        else:
            both = (*read.name(z), *sign(" → "), *read.name(a))
            rows = (Row(both, role="ink", key=z, centred=True),)
        bands.append(Band("forward", rows))
        if read.room_for("backward") and read.step(delta) is not None:
            row = Row(read.name(delta), self._value(delta), "backward", delta,
                      widest=self._room(delta))  # fmt: skip
            bands.append(Band("backward", (row,)))
        return Card("card", tuple(bands), a, frozenset(keys))

    def _bias(self, key: str) -> tuple[tuple[Row, ...], list[str]]:
        """The rows of a bias, and the keys they show."""
        read = self.reading
        name, value = read.name(key), read.value(key)
        if not read.room_for("given"):
            return (Row(name, None, "faint", key, centred=True),), [key]
        rows = [Row(name, value, "given", key, widest=self._room(key))]
        new = str(Key.parse(key).at(read.before + 1))
        step = read.step(new)
        if read.room_for("update") and step is not None and step.key == new:
            rows.append(Row(sign("→"), read.value(new), "update", new, widest=self._room(new)))
            return tuple(rows), [key, new]
        return tuple(rows), [key]

    def _value(self, key: str) -> Text | None:
        return self.reading.value(key)

    def _room(self, key: str) -> Text | None:
        """The text that there must be room for."""
        later = replace(self.reading, stage=self.reading.room, until="")
        parsed = Key.parse(key)
        others = self.reading.samples if parsed.sample else ()
        keys = [key, *(str(replace(parsed, sample=sample)) for sample in others)]
        return max(filter(None, map(later.value, keys)), key=width_of, default=None)

    def _edges(self, number: int, before: Column, after: Column) -> list[Edge]:
        layer = self.problem_layers[number - 1]
        read = self.reading
        sources = [unit for unit in before.seen if unit]
        written = len(sources) <= WEIGHTS and None not in before.seen
        stacked = len(sources) <= PAIRS
        found = []
        for unit in (unit for unit in after.seen if unit):
            for source in sources:
                if layer.weights != "symbolic" and layer.weights[unit - 1][source - 1] is None:
                    continue
                key = read.key(f"w{number}", unit, source)
                if read.step(key) is None:
                    continue
                new = str(Key.parse(key).at(read.before + 1))
                new = new if new in read.trace and read.trace[new].key == new else ""
                shown = new if read.room_for("update") else ""
                old_text = read.value(key) if read.room_for("given") else read.name(key)
                if read.trace.symbolic:
                    old_text = read.name(key)
                found.append(
                    Edge(
                        number - 1,
                        source,
                        unit,
                        key,
                        new,
                        old_text if written else None,
                        read.value(shown) if shown and written else None,
                        self._room(key) if written else None,
                        self._room(shown) if shown and written else None,
                        stacked,
                    )
                )
        return found

    def _loss(self, outputs: Column) -> Column | None:
        read = self.reading
        problem = read.trace.problem
        own = dict.fromkeys((read.key("loss", sampled=True), read.key("loss")))
        losses = [key for key in own if read.step(key) is not None]
        if not problem.targets or not losses:
            return None
        loss = losses[0]
        bands, keys = [], [loss]
        several = self.problem_layers[-1].units > 1
        for unit in outputs.seen:
            if unit is None:
                bands.append(Band("given", (Row(sign("⋮"), None, "faint", centred=True),)))
                continue
            target = read.key("y", unit, sampled=True)
            target = target if target in read.trace else str(Key.parse(target).at(0))
            term = read.key("loss", unit, sampled=True)
            rows = [self._pair(target, "given")]
            keys.append(target)
            if several and read.step(term) is not None:
                rows.append(self._pair(term, "forward"))
                keys.append(term)
            bands.append(Band("given", tuple(rows)))
        for each in losses:  # a sample's own, and that of the whole batch
            rows = self._loss_rows(each)
            bands.append(Band("loss", tuple(rows)))
            keys += [row.key for row in rows]
        card = Card("loss", tuple(bands), loss, frozenset(keys))
        return Column(len(self.problem_layers) + 1, [1], {1: card}, self.telling.loss())

    def _loss_rows(self, key: str) -> list[Row]:
        """The rows of a loss, by the name that the page has for it: before and after the update."""
        read = self.reading
        name = named(read.names.name(str(replace(Key.parse(key), update=0))))
        rows = [replace(self._pair(key, "forward", strong=True), name=name)]
        new = str(Key.parse(key).at(read.before + 1))
        if read.room_for("update") and new in read.trace and read.trace[new].key == new:
            rows.append(Row(sign("→"), read.value(new), "update", new, widest=self._room(new)))
        return rows

    def _pair(self, key: str, role: str, strong: bool = False) -> Row:
        read = self.reading
        if not read.room_for("given") or read.trace.symbolic:
            return Row(read.name(key), None, role, key, strong, centred=True)
        return Row(read.name(key), self._value(key), role, key, strong, widest=self._room(key))

    def _to_loss(self, outputs: Column, loss: Column) -> list[Edge]:
        """Edges from the outputs to their targets in the card of the loss."""
        last, card = len(self.problem_layers), loss.cards[1]
        found, y = [], -card.height / 2
        for unit, band in zip(outputs.seen, card.bands, strict=False):
            if unit:
                key = self.reading.key(f"a{last}", unit, sampled=True)
                found.append(Edge(last, unit, 1, key, port=y + band.height / 2, plain=True))
            y += band.height
        return found

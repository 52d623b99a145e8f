"""The forward pass of a layer network: given numbers, the layers in order, the loss.

Takes a draft and a batch; writes the equations, and keeps what the backward pass needs to
know of them: which arrays are the output, and what stands in for states that no gradient
goes through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tracer.backprop.layering.classes import Classes, Output
from tracer.backprop.layering.dense import write_dense
from tracer.backprop.layering.functions import loss_of
from tracer.backprop.layering.losses import Losses
from tracer.backprop.layering.penalties import sample_count
from tracer.backprop.layering.signals import Signal, added, concatenated
from tracer.backprop.layering.typed import Typed
from tracer.backprop.plan import Draft
from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.kinds import Form
from tracer.calculus.layers.placing import Placed
from tracer.calculus.layers.wiring import check_network
from tracer.formula.nodes import Node, Symbol
from tracer.model.problem import Dense
from tracer.model.quantity import UNNAMED, Axis, Equation, Quantity, numbered


class Forward:
    """Writes the given quantities, the forward pass, the loss and the reports."""

    def __init__(self, draft: Draft, batch: Sequence[int], samples: Axis) -> None:
        self.draft = draft
        self.problem = draft.problem
        self.batch = batch
        self.samples = samples
        self.placed = check_network(self.problem)
        self.signals: dict[int, Signal] = {}
        self.held: dict[str, str] = {}
        """Names that stand for a state through which no gradient goes, and the state's own."""
        self.cut: dict[str, Node] = {}
        """The formulas that use such a name, by the name of what they give."""
        self.output: list[Output] = []

    def write(self) -> None:
        problem = self.problem
        self.signals[0] = self.inputs()
        reductions = [problem.reduction, *(report.reduction for report in problem.report.values())]
        if len(self.batch) > 1 and "mean" in reductions and problem.targets:
            sample_count(self.draft, len(self.batch))
        for placed in self.placed:
            self.signals[placed.number] = self.layer(placed, self.coming(placed))
        if problem.targets:
            self.output = self.targets(self.signals[len(problem.layers)])
            if problem.loss is not None:
                loss = loss_of(problem.loss)
                self.output = Classes(self.draft, loss, self.samples).shaped(self.output)
            Losses(self.draft, self.batch, self.samples, self.output).write()

    # -- what is given -------------------------------------------------------------------------

    def inputs(self) -> Signal:
        """The inputs of the batch, as the first layer sees them."""
        form = self.start
        rows = [self.problem.inputs[number - 1] for number in self.batch]
        if form.kind == "units":
            return Signal(form, steps=(self.given("a0", rows),))
        if form.kind == "image":
            return Signal(form, channels=tuple(self.image(rows[s], s) for s in range(len(rows))))
        steps = [[sample[t] for sample in rows] for t in range(form.sizes[0])]
        return Signal(
            form,
            steps=tuple(self.given("a0", step, t) for t, step in enumerate(steps, 1)),
        )

    @property
    def start(self) -> Form:
        """What the inputs are."""
        return next(placed.comes for placed in self.placed if placed.sources[0] == 0)

    def given(self, key: str, rows: Sequence[Any], time: int | None = None) -> Symbol:
        """Inputs or targets: a column for each sample of the batch."""
        several = isinstance(rows[0], tuple)
        axes = (numbered("unit", len(rows[0])) if several else UNNAMED, self.samples)
        name = key if time is None else f"{key}~{time}"
        quantity = Quantity(name, key, axes, "given", time=time)
        for index in quantity.cells():
            unit, place = index
            text = rows[place][unit] if several else rows[place]
            self.draft.values[quantity.cell(index)] = text
        return self.draft.declare(quantity)

    def image(self, channels: Sequence[Any], position: int) -> tuple[Symbol, ...]:
        """One sample's channels."""
        return tuple(
            self.matrix("a0", channel, position, (number,) if len(channels) > 1 else ())
            for number, channel in enumerate(channels, 1)
        )

    def matrix(self, key: str, rows: Any, position: int, leading: tuple[int, ...] = ()) -> Symbol:
        """A given matrix or vector of one sample."""
        shape = [len(rows), *([len(rows[0])] if isinstance(rows[0], tuple) else [])]
        axes = tuple(numbered(axis, n) for axis, n in zip(("row", "column"), shape, strict=False))
        marks = "".join(f"_{number}" for number in leading)
        labels = self.samples.labels
        quantity = Quantity(
            f"{key}{marks}#{position + 1}",
            key,
            axes,
            "given",
            leading=leading,
            sample=labels[position] if labels else None,
            position=position,
        )
        for index in quantity.cells():
            cell = rows
            for place in index:
                cell = cell[place]
            self.draft.values[quantity.cell(index)] = str(cell)
        return self.draft.declare(quantity)

    def targets(self, signal: Signal) -> list[Output]:
        """What the outputs should be, beside the outputs."""
        rows = [self.problem.targets[number - 1] for number in self.batch]
        if signal.tokens:
            return [
                self.beside(
                    _name(node),
                    self.matrix("y", rows[position], position),
                    sample=self.draft.quantities[_name(node)].sample,
                    position=position,
                )
                for position, node in enumerate(signal.tokens)
            ]
        if signal.form.kind == "units":
            return [self.beside(self.named(signal.steps[0]), self.given("y", rows))]
        return [
            self.beside(_name(node), self.given("y", [row[t - 1] for row in rows], t), time=t)
            for t, node in enumerate(signal.steps, 1)
        ]

    @staticmethod
    def beside(
        name: str,
        target: Symbol,
        time: int | None = None,
        sample: int | None = None,
        position: int | None = None,
    ) -> Output:
        """An output beside its targets."""
        return Output(name, target, target, time, sample, position)

    def named(self, node: Node) -> str:
        """The name of an output; one that is only looked at in another way gets a line."""
        if isinstance(node, Symbol):
            return node.name
        placed = next(one for one in self.placed if one.number == len(self.problem.layers))
        typed = Typed(self.draft, placed, self.samples)
        quantity = typed.quantity("output", f"{placed.label}.output", node)
        return self.draft.write(Equation(quantity, node, "output", "forward", placed.number)).name

    # -- the layers ----------------------------------------------------------------------------

    def coming(self, placed: Placed) -> Signal:
        """What comes into a layer; several sources are a line of their own."""
        signals = [self.signals[number] for number in placed.sources]
        if len(signals) == 1:
            return signals[0]
        several = len(self.batch)
        if placed.layer.combine == "concat":
            found = concatenated(signals, placed.comes, several)
        else:
            found = added(signals, several)
        return self.noted(found, placed)

    def noted(self, signal: Signal, placed: Placed) -> Signal:
        """Several sources put together, as lines of their own."""
        local = "out" if placed.layer.type in LAYERS and placed.type.over == "joined" else "in"
        key, rule = f"{placed.label}.{local}", f"joined_{placed.layer.combine}"
        several = signal.form.kind == "sequence"

        def write(node: Node, quantity: Quantity) -> Symbol:
            return self.draft.write(Equation(quantity, node, rule, "forward", placed.number))

        typed = Typed(self.draft, placed, self.samples)
        steps = tuple(
            write(node, typed.quantity(local, key, node, time=t if several else None))
            for t, node in enumerate(signal.steps, 1)
        )
        tokens = tuple(
            write(node, typed.quantity(local, key, node, position=s))
            for s, node in enumerate(signal.tokens)
        )
        channels = tuple(
            tuple(
                write(node, typed.quantity(_numbered(local, c, sample), key, node, position=s))
                for c, node in enumerate(sample, 1)
            )
            for s, sample in enumerate(signal.channels)
        )
        return replace(signal, steps=steps, tokens=tokens, channels=channels)

    def layer(self, placed: Placed, signal: Signal) -> Signal:
        if isinstance(placed.layer, Dense):
            return write_dense(self.draft, placed, signal, self.samples)
        typed = Typed(self.draft, placed, self.samples)
        found = typed.write(signal)
        self.held |= typed.held
        self.cut |= typed.cut
        return found


def _numbered(name: str, number: int, every: Sequence[Any]) -> str:
    return f"{name}_{number}" if len(every) > 1 else name


def _name(node: Node) -> str:
    assert isinstance(node, Symbol)
    return node.name

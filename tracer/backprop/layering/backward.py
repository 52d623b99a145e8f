"""The backward pass, the gradients and the update; a `Style` for `derive`.

A dense layer's gradients have the names of the textbook (da, slope, delta); those of a
layer's local quantities are called ``d`` and their name.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from tracer.backprop.layering.carrying import write_running
from tracer.backprop.layering.classes import Output, shortcut_of
from tracer.backprop.layering.forward import Forward
from tracer.backprop.layering.functions import activation_of, filled, loss_of, own_functions
from tracer.backprop.layering.gradients import Gradients
from tracer.backprop.layering.losses import output_share, parsed_term, time_share
from tracer.backprop.layering.typed import restored
from tracer.backprop.masking import masked_cells
from tracer.backprop.plan import Draft
from tracer.backprop.update_plan import write_updates
from tracer.calculus.chain import derive
from tracer.calculus.definitions import slope_of
from tracer.calculus.layers.fitting import COLUMNS
from tracer.calculus.primitives import shape_of
from tracer.formula.differentiating import derivative
from tracer.formula.keys import Key
from tracer.formula.nodes import Call, Node, Symbol
from tracer.formula.parsing import parse
from tracer.formula.rewriting import negative, product, tidy
from tracer.model.problem import Dense
from tracer.model.quantity import UNNAMED, Axis, Equation, Quantity, numbered


class Backward:
    """Writes what comes after the loss."""

    def __init__(self, draft: Draft, batch: int, samples: Axis, forward: Forward) -> None:
        self.draft = draft
        self.problem = draft.problem
        self.batch = batch
        self.samples = samples
        self.forward = forward
        self.last = len(self.problem.layers)
        self.sign = -1 if self.problem.conventions.delta == "t-o" else 1
        self.loss = loss_of(self.problem.loss or "")
        self.slopes: dict[str, Node] = {}
        self.own = {function.name: function for function in own_functions(self.problem)}
        self.below: dict[str, Node] = {}
        self.gradients = Gradients(draft, batch, samples, self.sign)
        self.outputs = {output.name: output for output in forward.output}

    def write(self) -> None:
        draft = self.draft
        wanted = [q.name for q in draft.quantities.values() if q.kind == "parameter"]
        cut = self.forward.cut
        forward = [
            replace(e, formula=cut[e.target.name]) if e.target.name in cut else e
            for e in draft.equations
            if e.phase == "forward"
        ]
        seeds = {}
        for name, output in self.outputs.items():
            seed = product(self.over_outputs(), self.loss_slope(output))
            seeds[name] = negative(seed) if self.sign < 0 else seed
        for name, own in self.forward.held.items():
            draft.shapes[name] = draft.shapes[own]
        derive(forward, seeds, wanted, draft.shapes, self)
        for name in self.forward.held:
            del draft.shapes[name]
        self.gradients.flush()
        found = self.gradients.found
        layers = {name: Key.parse(draft.quantities[name].key).layer or 0 for name in wanted}
        listed = [name for name in wanted if name in found and not self.dense(name)]
        order = [*(name for name in found if self.dense(name)), *listed]
        order.sort(key=lambda name: -layers[name])
        write_updates(draft, {name: found[name] for name in order}, layers)
        write_running(draft, self.forward.placed, self.samples)

    # -- the loss ------------------------------------------------------------------------------

    def over_outputs(self) -> Node:
        outputs = self.forward.output
        return product(
            time_share(self.draft, outputs), output_share(self.draft, self.loss, outputs)
        )

    def loss_slope(self, output: Output) -> Node:
        """dL/da of one output, in its textbook form where one is declared."""
        declared = self.loss.counted_slope
        slope = parse(declared) if declared else tidy(derivative(parsed_term(self.loss), "a"))
        return filled(slope, output.names)

    @property
    def shortcut(self) -> bool:
        """Whether the output's delta is written in its short form."""
        last = self.problem.layers[-1]
        if not isinstance(last, Dense):
            return False
        activation = activation_of(last)
        name, vector = activation.name, activation.vector
        allowed = {"softmax": vector, "always": True, "never": False}
        if vector and not (
            self.distributions and Rational(last.settings.get("temperature", "1")) == 1
        ):
            return False
        return name in self.loss.shortcut and allowed[self.problem.conventions.shortcut]

    @property
    def distributions(self) -> bool:
        """Whether each sample's targets sum to 1: only then is ``a*sum(y) - y`` a - y."""
        rows = [
            row
            for sample in self.problem.targets
            for row in (sample if isinstance(sample[0], tuple) else (sample,))
        ]
        return all(sum(map(Rational, row)) == 1 for row in rows)

    # -- what `derive` asks --------------------------------------------------------------------

    def gradient(self, of: str, formula: Node) -> Node:
        formula = restored(formula, self.forward.held)
        if self.draft.quantities[of].kind == "parameter":
            return self.gradients.parameter(of, formula, self.dense(of))
        if not self.dense(of):
            return self.local(of, formula)
        key = Key.parse(of)
        if key.role == "a":
            own = self.own_da(key)
            symbol = self.noted(_like(key, "da"), of, formula, "da", "backward", own)
            self.below[_like(key, "z")] = symbol if own else formula
            return self.below[_like(key, "z")]
        return self.noted(_like(key, "delta"), of, self.delta(key, formula), "delta", "backward")

    def dense(self, of: str) -> bool:
        """Whether a quantity belongs to a dense layer."""
        key = Key.parse(self.draft.quantities[of].key)
        if not key.layer or key.part:
            return False
        return self.problem.layers[key.layer - 1].type == "dense"

    def local(self, of: str, formula: Node) -> Symbol:
        """The gradient of a local quantity of a layer."""
        like = self.draft.quantities[of]
        missing = like.missing
        if like.position is not None:
            shape = like.shape
            missing |= masked_cells(formula, shape, self.draft.quantities, self.draft.shapes)
        target = replace(like, name=f"d{of}", key=f"d{like.key}", missing=missing)
        layer = Key.parse(like.key).layer
        self.gradients.flush(layer)
        return self.draft.write(Equation(target, formula, "gradient", "backward", layer))

    def own_da(self, key: Key) -> bool:
        """Whether dL/da is a line of its own; a hidden softmax sums over all of it."""
        if key.layer == self.last:
            return self.problem.steps.da == "own" and not self.shortcut
        layer = self.problem.layers[(key.layer or 1) - 1]
        vector = isinstance(layer, Dense) and activation_of(layer).vector
        return self.problem.steps.da == "own" or vector

    def delta(self, key: Key, formula: Node) -> Node:
        z = _like(key, "z")
        if key.layer == self.last and self.shortcut:
            output = self.outputs[_like(key, "a")]
            short = filled(parse(shortcut_of(self.problem, self.loss)), output.names)
            formula = product(self.over_outputs(), short)
            formula = negative(formula) if self.sign < 0 else formula
        elif z in self.slopes and self.problem.conventions.factors == "slope-first":
            formula = product(self.slopes[z], self.below[z])
        if key.layer == self.last and self.problem.written == "delta":
            return product(self.gradients.mean(), formula)
        return formula

    def slope(self, equation: Equation, call: Call, place: int, value: Node | None) -> Node:
        formula = slope_of(call, place, value, self.own)
        if not self.dense(equation.target.name):
            return formula
        key = Key.parse(equation.target.name)
        shown = self.problem.steps.slope == "own" and not (key.layer == self.last and self.shortcut)
        symbol = self.noted(
            _like(key, "slope"), equation.target.name, formula, "slope", "backward", shown
        )
        self.slopes[_like(key, "z")] = symbol if shown else formula
        return self.slopes[_like(key, "z")]

    def part(self, of: str, formula: Node) -> Node:
        """Softmax without its shortcut: the sum over the units is a line of its own."""
        like = self.draft.quantities[of]
        key = Key.parse(like.key)
        bare = f"delta{key.layer}" if self.dense(of) else f"d{like.key}"
        mark = of[len(like.key) :]
        found = self.draft.quantities.values()
        count = sum(1 for q in found if q.name.endswith(mark) and _is_part(q, bare))
        formula = restored(formula, self.forward.held)
        shape = shape_of(formula, self.draft.shapes)
        target = replace(
            like,
            name=f"{bare}.{count + 1}{mark}",
            key=f"{bare}.{count + 1}",
            axes=self.axes(shape, like),
            kind="computed",
            missing=frozenset(),
            frozen=frozenset(),
        )
        return self.draft.write(Equation(target, formula, "part", "backward", key.layer))

    def axes(self, shape: tuple[int, ...], like: Quantity) -> tuple[Axis, ...]:
        """The axes of a part of a gradient."""
        if shape == like.shape:
            return like.axes
        number = Key.parse(like.key).layer
        placed = next(one for one in self.forward.placed if one.number == number)
        columns = isinstance(placed.layer, Dense) or placed.type.over in COLUMNS
        names = list(zip(("row", "column"), shape, strict=False))
        found = [numbered(name, size) if size > 1 else UNNAMED for name, size in names]
        if columns and len(shape) == 2 and shape[1] == self.samples.size:
            found[1] = self.samples
        return tuple(found)

    def noted(
        self, name: str, like: str, formula: Node, rule: str, phase: str, shown: bool = True
    ) -> Symbol:
        """Write the equation of a gradient that has the axes of another quantity."""
        of = self.draft.quantities[like]
        key = Key.parse(name)
        target = Quantity(name, key.name, of.axes, time=of.time)
        self.gradients.flush(key.layer)
        return self.draft.write(Equation(target, formula, rule, phase, key.layer, shown))


def _like(key: Key, role: str) -> str:
    """The name of a layer's quantity of another role, at the same time step."""
    return str(Key(f"{role}{key.layer}", time=key.time))


def _is_part(quantity: Quantity, bare: str) -> bool:
    head, _, tail = quantity.key.rpartition(".")
    return head == bare and tail.isdigit()

"""The gradients of parameters: signs, the 1/m of a mean, penalties, and each sample's share.

Takes the bare gradient that the chain rule gives for an array of parameters; writes the
line ``dw`` or ``db`` with the derivative's own sign, whatever that of delta is, the factor
of the reduction and the slope of a penalty, and keeps how the update refers to it.  Of a batch,
the gradient of each sample is written beside it, for reference.  Read by `backward`.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.backprop.layering.penalties import (
    averaging,
    kind_of_parameter,
    regularized,
    regularizing,
)
from tracer.backprop.plan import Draft
from tracer.calculus.primitives import sum_to
from tracer.formula.keys import Key
from tracer.formula.nodes import Apply, Node, Symbol
from tracer.formula.rewriting import ONE, fraction, negative, product, total
from tracer.model.quantity import Axis, Equation, Quantity


class Gradients:
    """Writes dL/dw of every parameter and keeps how an update refers to it."""

    def __init__(self, draft: Draft, batch: int, samples: Axis, sign: int) -> None:
        self.draft = draft
        self.problem = draft.problem
        self.batch = batch
        self.samples = samples
        self.sign = sign
        self.found: dict[str, Node] = {}
        self._waiting: dict[int, list[Equation]] = {}
        """Gradients of a layer's own parameters, until all of its lines are written."""

    def flush(self, but: int | None = None) -> None:
        """Write the gradients of all layers whose lines are behind, in the layer's order."""
        layers = [layer for layer in self._waiting if layer != but]
        if not layers:
            return
        place = {name: number for number, name in enumerate(self.draft.quantities)}
        for layer in layers:
            waiting = self._waiting.pop(layer)
            self.draft.equations += sorted(waiting, key=lambda e: place[e.target.name[1:]])

    def mean(self) -> Node:
        return averaging(self.draft, self.problem.reduction, self.batch)

    def parameter(self, of: str, formula: Node, dense: bool) -> Node:
        """dL/dw or dL/db, whose sign never follows delta's."""
        quantity = self.draft.quantities[of]
        signed = negative(formula) if self.sign < 0 else formula
        if self.problem.written == "gradient":
            signed = product(self.mean(), signed)
        if of in regularized(self.draft):
            slope = regularizing(self.draft, of, "slope", self.batch)
            signed = total((signed, slope))
        own = self.problem.steps.gradient == "own"
        bias = kind_of_parameter(quantity) == "biases"
        rule = "bias_gradient" if bias else "weight_gradient"
        missing = quantity.missing | quantity.frozen
        target = replace(
            quantity,
            name=f"d{of}",
            key=f"d{quantity.key}",
            kind="computed",
            missing=missing,
            frozen=frozenset(),
        )
        layer = Key.parse(quantity.key).layer or 0
        rule = rule if dense else "parameter_gradient"
        equation = Equation(target, signed, rule, "gradient", layer, own)
        if dense:
            symbol = self.draft.write(equation)
        else:
            symbol = self.draft.declare(target)
            self._waiting.setdefault(layer, []).append(equation)
        if self.batch > 1 and self.alone(layer, dense):
            self.each_sample(of, quantity, layer)
        self.found[of] = symbol if own else signed
        return symbol

    def alone(self, layer: int, dense: bool) -> bool:
        """Whether the layer's delta and what comes into it are single arrays."""
        return dense and self.problem.plain and f"delta{layer}" in self.draft.quantities

    def each_sample(self, of: str, quantity: Quantity, layer: int) -> None:
        """One sample's gradient, before any averaging: kept for reference."""
        delta, before = Symbol(f"delta{layer}"), Symbol(f"a{layer - 1}")
        factor: Node = ONE
        if self.problem.written == "delta" and self.mean() != ONE:
            factor = fraction(ONE, self.mean())
        if of.startswith("w"):
            axes: tuple[Axis, ...] = (*quantity.axes, self.samples)
            formula: Node = Apply("outer_each", (delta, before))
            missing = frozenset(
                (i, j, s)
                for i, j in quantity.missing | quantity.frozen
                for s in range(self.samples.size)
            )
        else:
            axes, missing = (quantity.axes[0], self.samples), frozenset()
            shape = self.draft.shapes[delta.name]
            formula = sum_to(delta, shape, (quantity.shape[0], self.batch))
        formula = product(factor, negative(formula) if self.sign < 0 else formula)
        target = Quantity(f"d{of}.each", f"d{of}", axes, missing=missing)
        self.draft.write(
            Equation(target, formula, "sample_gradient", "gradient", layer, shown=False)
        )

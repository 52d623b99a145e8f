"""Targets and weights of classes: what is smoothed, what each class counts and each target weighs.

Takes the outputs with their targets and a loss with settings of its classes; writes the lines
that belong to the targets alone, and gives the outputs with what their losses are to use.
Read by the forward pass, before the loss is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction as Rational

from tracer.backprop.layering.functions import filled
from tracer.backprop.plan import Draft
from tracer.formula.nodes import Apply, Node, Number, Symbol
from tracer.formula.parsing import parse
from tracer.formula.rewriting import ONE, fraction, negative, product, total
from tracer.model.functions import Loss
from tracer.model.problem import Problem
from tracer.model.quantity import UNNAMED, Axis, Equation, Quantity, numbered


@dataclass(frozen=True, slots=True)
class Output:
    """An array that the loss is about, and its targets: one in all, or one for each time
    step or for each sample."""

    name: str
    target: Symbol
    """What the loss is taken of: the targets, or those that were smoothed."""
    given: Symbol
    """The targets as they are given."""
    time: int | None = None
    sample: int | None = None
    position: int | None = None
    weights: tuple[tuple[str, Node], ...] = ()
    """What the formulas of a loss with weights call them, and what they are here."""

    @property
    def mark(self) -> str:
        """What tells its losses from those of the others."""
        if self.time is not None:
            return f"~{self.time}"
        return "" if self.position is None else f"#{self.position + 1}"

    @property
    def names(self) -> dict[str, Node]:
        """What a loss's formula is about."""
        return {"y": self.target, "a": Symbol(self.name), **dict(self.weights)}


class Classes:
    """Writes what a loss's settings make of the targets."""

    def __init__(self, draft: Draft, loss: Loss, samples: Axis) -> None:
        self.draft = draft
        self.loss = loss
        self.samples = samples
        self.two = loss.classes == "two"

    def shaped(self, outputs: Sequence[Output]) -> list[Output]:
        """The outputs with their smoothed targets and their weights."""
        found = list(outputs)
        if self.loss.smooths:
            found = [self.smoothed(output) for output in found]
        if self.loss.class_weights:
            found = [self.weighted(output) for output in found]
            if self.draft.problem.reduction == "weighted":
                self.sum_of_weights(found)
        return found

    def smoothed(self, output: Output) -> Output:
        """``(1 - smoothing)*y + smoothing/classes``."""
        like = self.draft.quantities[output.given.name]
        count = 2 if self.two else like.shape[0 if output.position is None else -1]
        share = self.draft.setting("smoothing", self.loss.smoothing)
        left = product(total((ONE, negative(share))), output.given)
        formula = total((left, fraction(share, Number(str(count)))))
        target = replace(like, name=f"smoothed{output.mark}", key="smoothed", kind="fixed")
        return replace(output, target=self.write(target, formula, "smoothed_target"))

    def weighted(self, output: Output) -> Output:
        """The weights of an output's classes, and what each target weighs in all."""
        weights = self.weights_of(output)
        if self.loss.shortcut:
            weights["whole"] = self.whole(output, weights)
        return replace(output, weights=tuple(weights.items()))

    def weights_of(self, output: Output) -> dict[str, Node]:
        texts = self.loss.class_weights
        if self.two:
            names = (("weight0", "negative_weight"), ("weight1", "positive_weight"))
            return {
                word: self.draft.setting(name, text)
                for (word, name), text in zip(names, texts, strict=True)
            }
        axis = numbered("unit", len(texts))
        axes = (axis, UNNAMED) if output.position is None else (axis,)
        quantity = Quantity("class_weight", "class_weight", axes, "given")
        for index, text in zip(quantity.cells(), texts, strict=True):
            self.draft.values[quantity.cell(index)] = text
        return {"weight": self.draft.declare(quantity)}

    def whole(self, output: Output, weights: dict[str, Node]) -> Node:
        """What a target weighs: a line of its own."""
        like = self.draft.quantities[output.target.name]
        formula = filled(
            parse("weight1*y + weight0*(1 - y)" if self.two else "weight*y"),
            {"y": output.target, **weights},
        )
        axes = like.axes
        if not self.two:
            place = 0 if output.position is None else len(like.axes) - 1
            formula = Apply("sum", (formula,), (place,))
            axes = tuple(UNNAMED if n == place else axis for n, axis in enumerate(like.axes))
        target = replace(
            like,
            name=f"target_weight{output.mark}",
            key="target_weight",
            kind="fixed",
            axes=axes,
        )
        return self.write(target, formula, "target_weight")

    def sum_of_weights(self, outputs: Sequence[Output]) -> None:
        """What a weighted mean divides by: the weights of all targets as they are given."""
        parts: list[Node] = []
        for output in outputs:
            weights = dict(output.weights)
            plain = output.target == output.given and "whole" in weights
            one = weights["whole"] if plain else product(weights["weight"], output.given)
            parts.append(Apply("sum", (one,)))
        kind = "fixed" if self.draft.problem.batch == "full" else "computed"
        target = Quantity("weight_sum", "weight_sum", (), kind)
        self.write(target, total(parts), "weight_sum")

    def write(self, target: Quantity, formula: Node, rule: str) -> Symbol:
        return self.draft.write(Equation(target, formula, rule, "loss"))


def shortcut_of(problem: Problem, loss: Loss) -> str:
    """dL/dz after a shortcut: of targets that name one class, their weight times the plain form.

    >>> from tracer.calculus.losses import LOSSES
    >>> from tracer.model.problem import Dense
    >>> problem = Problem(inputs=["1"], targets=["1", "0"], layers=[Dense(2)])
    >>> shortcut_of(problem, replace(LOSSES["cross_entropy"], class_weights=("1", "2")))
    'whole*(a - y)'
    """
    if not loss.class_weights or loss.weighted is None:
        return loss.shortcut_slope
    if loss.smooths or not _hard(problem.targets):
        return loss.weighted.shortcut_slope
    return f"whole*({loss.shortcut_slope})"


def _hard(targets: object) -> bool:
    """Whether every target is 0 or 1."""
    if isinstance(targets, tuple):
        return all(map(_hard, targets))
    return Rational(str(targets)) in (0, 1)

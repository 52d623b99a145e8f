"""The loss of a layer network: of each output, of each sample or time step, of the batch.

Takes the outputs of the last layer, each with its targets; writes the losses of the
outputs, their sum or mean (of each sample, of each time step, of the batch) as far as
these differ, the data's loss and the penalty where there is one, and a line for each
further loss that the problem only reports.  Read by `forward`; `backward` reads the terms
and what means divide by, so that the gradient is that of the same loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracer.backprop.layering.classes import Output
from tracer.backprop.layering.functions import filled, loss_of
from tracer.backprop.layering.penalties import averaging, regularized, regularizing
from tracer.backprop.plan import Draft
from tracer.calculus.definitions import definition
from tracer.formula.nodes import Apply, Node, Number
from tracer.formula.parsing import parse
from tracer.formula.rewriting import ONE, fraction, product, total
from tracer.model.functions import Loss
from tracer.model.quantity import UNNAMED, Axis, Equation, Quantity, numbered


class Losses:
    """Writes the loss and the reports."""

    def __init__(
        self, draft: Draft, batch: Sequence[int], samples: Axis, outputs: Sequence[Output]
    ) -> None:
        self.draft = draft
        self.problem = draft.problem
        self.batch = batch
        self.samples = samples
        self.outputs = outputs

    def write(self) -> None:
        if self.problem.loss is not None:
            loss = loss_of(self.problem.loss)
            only = self.outputs[0]
            if only.time is None and only.position is None:
                formula = self.of_units(loss, only)
            else:
                formula = self.of_several(loss)
            if self.problem.regularizer:
                formula = self.penalized(formula)
            self.draft.write(Equation(Quantity("loss", "loss", ()), formula, "loss", "loss"))
        for name, report in self.problem.report.items():
            self.report(name, loss_of(report.loss), report.reduction)

    def term(self, loss: Loss, output: Output) -> Node:
        """The share of each output."""
        return filled(parsed_term(loss), output.names)

    def share(self, loss: Loss) -> Node:
        """What a mean over the outputs divides by."""
        return output_share(self.draft, loss, self.outputs)

    def mean(self, reduction: str) -> Node:
        return averaging(self.draft, reduction, len(self.batch))

    def of_units(self, loss: Loss, output: Output) -> Node:
        """The losses of units, of samples, and of the batch, as far as they differ."""
        outputs, several = self.draft.shapes[output.name][0], len(self.batch) > 1
        term, share = self.term(loss, output), self.share(loss)
        labelled = outputs > 1 or several
        unit = numbered("unit", outputs) if outputs > 1 or not several else UNNAMED
        terms = self.draft.write(
            Equation(
                Quantity("loss.terms", "loss", (unit, self.samples)),
                term,
                "loss_term",
                "loss",
                shown=labelled,
            )
        )
        inner: Node = terms
        if outputs > 1 and several:
            each = (UNNAMED, self.samples)
            inner = self.draft.write(
                Equation(
                    Quantity("loss.samples", "loss", each),
                    product(share, Apply("sum", (terms,), (0,))),
                    "sample_loss",
                    "loss",
                )
            )
        elif outputs > 1:
            inner = product(share, Apply("sum", (terms,)))
        if several:
            inner = product(self.mean(self.problem.reduction), Apply("sum", (inner,)))
        elif not labelled:
            inner = term
        return _scalar(inner)

    def of_several(self, loss: Loss) -> Node:
        """The losses at each time step (or of each sample of tokens), and their sum."""
        draft, parts = self.draft, []
        for output in self.outputs:
            like = draft.quantities[output.name]
            terms = draft.write(
                Equation(
                    Quantity(
                        f"loss.terms{output.mark}",
                        "loss",
                        _without_one_unit(like.axes, output),
                        time=output.time,
                        sample=output.sample,
                        position=output.position,
                    ),
                    self.term(loss, output),
                    "loss_term",
                    "loss",
                )
            )
            whole = Apply("sum", (terms,))
            if output.position is not None and len(self.outputs) == 1:
                parts.append(product(self.share(loss), whole))
                continue
            rule = "step_loss" if output.position is None else "sample_loss"
            quantity = Quantity(
                f"loss.part{output.mark}",
                "loss",
                (),
                time=output.time,
                sample=output.sample,
                position=output.position,
            )
            alone = output.position is None and like.shape == (1, 1)
            parts.append(
                whole
                if alone
                else draft.write(Equation(quantity, product(self.share(loss), whole), rule, "loss"))
            )
        return product(self.mean(self.problem.reduction), self.over_time(), total(parts))

    def over_time(self) -> Node:
        return time_share(self.draft, self.outputs)

    def penalized(self, formula: Node) -> Node:
        """The loss of the data plus the penalty on the weights, each a line of its own."""
        draft = self.draft
        data = Equation(Quantity("data_loss", "data_loss", ()), formula, "data_loss", "loss")
        shares = [
            Apply("sum", (regularizing(draft, name, "term", len(self.batch)),))
            for name in regularized(draft)
        ]
        penalty = Quantity("penalty", "penalty", ())
        return total(
            (
                draft.write(data),
                draft.write(Equation(penalty, _scalar(total(shares)), "penalty", "loss")),
            )
        )

    def report(self, name: str, loss: Loss, reduction: str) -> None:
        """A further loss, in one line."""
        parts = []
        for output in self.outputs:
            term = self.term(loss, replace(output, target=output.given))
            one = self.draft.shapes[output.name] == (1, 1) and len(self.outputs) == 1
            parts.append(term if one else Apply("sum", (term,)))
        factors = (self.mean(reduction), time_share(self.draft, self.outputs), self.share(loss))
        formula = product(*factors, total(parts))
        if len(parts) == 1:
            formula = _scalar(formula)
        key = f"report.{name}"
        self.draft.write(Equation(Quantity(key, key, ()), formula, "report", "report"))


def parsed_term(loss: Loss) -> Node:
    """The share of one output, as a formula; a problem's own may use functions of the table."""
    return parse(loss.counted_term) if loss.class_weights else definition(loss).body


def output_share(draft: Draft, loss: Loss, outputs: Sequence[Output]) -> Node:
    """What a mean over a sample's outputs divides by."""
    if loss.over_outputs != "mean":
        return ONE
    shape = draft.shapes[outputs[0].name]
    count = shape[0] if outputs[0].position is None else shape[-1]
    return fraction(ONE, Number(str(count)))


def time_share(draft: Draft, outputs: Sequence[Output]) -> Node:
    """What a mean over the time steps divides by."""
    if draft.problem.over_time != "mean":
        return ONE
    tokens = outputs[0].position is not None
    steps = draft.shapes[outputs[0].name][0] if tokens else len(outputs)
    return fraction(ONE, Number(str(steps)))


def _without_one_unit(axes: tuple[Axis, ...], output: Output) -> tuple[Axis, ...]:
    """The axes of an output's losses: a single unit is not numbered."""
    if output.position is None and axes[0].size == 1:
        return (UNNAMED, *axes[1:])
    return axes


def _scalar(formula: Node) -> Node:
    """A formula over arrays of one cell, as a formula of one number."""
    return formula if isinstance(formula, Apply) else Apply("only", (formula,))

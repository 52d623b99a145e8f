"""The activation of a layer and the loss of a problem: from the tables, or its own.

A problem names a function of the tables, or brings an `Activation` or a `Loss` itself;
whoever asks here need not tell the two apart.  Gives the function, or an error with the
nearest name that there is; `filled` puts arrays into its formula.  Read by the writers of
this folder, and by what proves, compiles and compares plans.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.losses import LOSSES
from tracer.errors import ProblemError, suggestion
from tracer.formula.nodes import Node, substitute
from tracer.model.functions import Activation, Loss
from tracer.model.problem import Dense, Problem


def activation_of(layer: Dense) -> Activation:
    """The layer's activation, from the table or its own.

    Raises:
        ProblemError: naming the nearest one in the table.
    """
    if isinstance(layer.activation, Activation):
        return layer.activation
    found = ACTIVATIONS.get(layer.activation)
    if found is None:
        hint = suggestion(layer.activation, ACTIVATIONS)
        raise ProblemError(f"unknown activation '{layer.activation}'{hint}", ("layers",))
    return found


def loss_of(loss: str | Loss) -> Loss:
    """The loss, from the table or a problem's own.

    Raises:
        ProblemError: naming the nearest one in the table.
    """
    if isinstance(loss, Loss):
        return loss
    if loss not in LOSSES:
        raise ProblemError(f"unknown loss '{loss}'{suggestion(loss, LOSSES)}", ("loss",))
    return LOSSES[loss]


def own_functions(problem: Problem) -> list[Activation | Loss]:
    """The activations and losses that a problem brings itself."""
    found: list[Activation | Loss] = [
        layer.activation for layer in problem.layers if isinstance(layer.activation, Activation)
    ]
    losses = [problem.loss, *(report.loss for report in problem.report.values())]
    return found + [loss for loss in losses if isinstance(loss, Loss)]


def filled(formula: Node, names: Mapping[str, Node]) -> Node:
    """A formula with symbols put in."""
    return substitute(formula, lambda symbol: names.get(symbol.name, symbol))

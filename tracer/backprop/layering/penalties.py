"""Which parameters carry a penalty, its formulas, and m, the number of samples.

The formulas come from the table of regularizers.  ``m`` is a quantity of the plan where
all batches have one size, and else the number itself.  Read by what writes the parameters,
the losses and the gradients of a layer network.
"""

from __future__ import annotations

from tracer.backprop.layering.functions import filled
from tracer.backprop.plan import Draft
from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.kinds import is_bias
from tracer.calculus.regularizers import REGULARIZERS
from tracer.errors import ProblemError, suggestion
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Number, Symbol, symbols
from tracer.formula.parsing import parse
from tracer.formula.rewriting import ONE, fraction
from tracer.model.quantity import Quantity


def kind_of_parameter(quantity: Quantity) -> str:
    """``weights`` or ``biases``; nothing for what is no parameter of a layer."""
    key = Key.parse(quantity.key)
    if quantity.kind not in ("parameter", "given") or key.state:
        return ""
    if key.role in LAYERS and key.part:
        found = is_bias(LAYERS[key.role], key.part)
        return "" if found is None else "biases" if found else "weights"
    return {"w": "weights", "b": "biases"}.get(key.role, "") if key.layer else ""


def regularized(draft: Draft) -> list[str]:
    """The parameters that carry a penalty: weights, and biases if the problem says so."""
    if not draft.problem.regularizer:
        return []
    kinds = ("weights", "biases") if draft.problem.regularize_biases else ("weights",)
    return [
        name for name, quantity in draft.quantities.items() if kind_of_parameter(quantity) in kinds
    ]


def regularizing(draft: Draft, of: str, what: str, samples: int) -> Node:
    """The penalty's term or slope of one array of parameters.

    Raises:
        ProblemError: naming the nearest regularizer in the table.
    """
    problem = draft.problem
    found = REGULARIZERS.get(problem.regularizer)
    if found is None:
        hint = suggestion(problem.regularizer, REGULARIZERS)
        raise ProblemError(f"unknown regularizer '{problem.regularizer}'{hint}", ("regularizer",))
    formula = parse(found.term if what == "term" else found.slope)
    inside: dict[str, Node] = {"w": Symbol(of)}
    if "strength" in symbols(formula):
        inside["strength"] = draft.setting("strength", problem.strength)
    if "m" in symbols(formula):
        inside["m"] = sample_count(draft, samples)
    return filled(formula, inside)


def averaging(draft: Draft, reduction: str, samples: int) -> Node:
    """What the sum over a batch is multiplied by: 1, one over m, or one over all weights."""
    if reduction == "weighted":
        return fraction(ONE, Symbol("weight_sum"))
    if reduction != "mean" or samples < 2:
        return ONE
    return fraction(ONE, sample_count(draft, samples))


def sample_count(draft: Draft, samples: int) -> Node:
    """m, the number of samples; the number itself where the batches differ in size."""
    batches = draft.problem.batch
    sizes = set() if isinstance(batches, str) else {len(part) for part in batches}
    return Number(str(samples)) if len(sizes) > 1 else draft.setting("m", str(samples))

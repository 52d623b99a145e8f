"""The numbers of a problem as leaves of PyTorch, by the names of our arrays (``lstm1.Wf``).

Takes a problem with numbers; gives tensors that gradients flow into.  Where PyTorch keeps two
biases and we one, there is a second one, which begins at 0.  Read by what builds a problem's
layers in PyTorch.
"""

from __future__ import annotations

from typing import Any

from tracer.calculus.layers.recurrence import TWO_BIASES
from tracer.model.problem import Dense, Problem, as_number

SECOND = "second"
"""What the name of a recurrent cell's other bias, which begins at 0, ends in."""


def nested(value: Any) -> Any:
    """Nested tuples of number texts as nested lists of floats."""
    if isinstance(value, str):
        return float(as_number(value))
    return [0.0 if part is None else nested(part) for part in value]


def leaves(torch: Any, problem: Problem, exactly: bool) -> dict[str, Any]:
    """Every parameter by the name of our array; of recurrent cells, a second bias.

    Raises:
        ProblemError: for what has no counterpart.
    """
    found: dict[str, Any] = {}
    for number, layer in enumerate(problem.layers, 1):
        if isinstance(layer, Dense):
            found[f"w{number}"] = nested(layer.weights)
            if layer.biases is not False:
                shared = layer.shared_bias and not exactly
                texts = (layer.biases,) * layer.units if shared else layer.biases
                found[f"b{number}"] = nested(texts)
            continue
        for name, value in layer.parameters.items():
            found[f"{layer.type}{number}.{name}"] = nested(value)
            if not exactly and name in TWO_BIASES.get(layer.type, ()):
                found[f"{layer.type}{number}.{name} {SECOND}"] = [0.0] * layer.units
        own = {"bn", "bm"} & {*layer.parameters}
        if not exactly and layer.type == "gru" and own == {"bn"}:
            found[f"gru{number}.bm {SECOND}"] = [0.0] * layer.units
    return {
        name: torch.tensor(value, dtype=torch.float64).requires_grad_()
        for name, value in found.items()
    }

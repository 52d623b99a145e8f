"""Tensors of PyTorch as a kind of number: formulas of the grammar worked out over them.

Takes the module `torch`, which is not imported here; gives what `Evaluator` needs of a kind
of number, in double precision, so that a problem's own activation or loss runs in PyTorch
with its gradients.  A function that PyTorch is not told of is refused.  Read by
`torch_numbers`.
"""

from __future__ import annotations

import math
from typing import Any

from tracer.errors import ProblemError
from tracer.model.problem import as_number


class Tensors:
    """Tensors as a kind of number for the evaluation of formulas."""

    def __init__(self, torch: Any) -> None:
        self.torch = torch

    def number(self, text: str) -> Any:
        return self.torch.tensor(float(as_number(text)), dtype=self.torch.float64)

    def add(self, terms: Any) -> Any:
        return sum(terms[1:], terms[0])

    def multiply(self, factors: Any) -> Any:
        product = factors[0]
        for factor in factors[1:]:
            product = product * factor
        return product

    def divide(self, numerator: Any, denominator: Any) -> Any:
        return numerator / denominator

    def power(self, base: Any, exponent: Any) -> Any:
        return base**exponent

    def negate(self, value: Any) -> Any:
        return -value

    def call(self, function: str, arguments: Any) -> Any:
        torch = self.torch
        elementary = {
            "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "tanh": torch.tanh,
            "abs": torch.abs, "maximum": torch.maximum, "minimum": torch.minimum,
            "sign": torch.sign, "sin": torch.sin, "cos": torch.cos, "floor": torch.floor,
            "cospi": lambda x: torch.cos(math.pi * x),
            "heaviside": lambda x: (x > 0).to(torch.float64),
            "Phi": torch.special.ndtr,
            "phi": lambda x: torch.exp(-x * x / 2) / math.sqrt(2 * math.pi),
        }  # fmt: skip
        if function not in elementary:
            raise ProblemError(f"the function '{function}' is not compared")
        given = [torch.as_tensor(a, dtype=torch.float64) for a in arguments]
        return elementary[function](*given)

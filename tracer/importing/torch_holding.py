"""What of a problem's parameters is frozen, and which carry a penalty, as PyTorch's tensors.

Takes the leaves of a network by the names of our arrays (``w1``, ``lstm1.Wf``) and what the
problem says about them; holds frozen cells where they are, through the gradients and through
the optimizer, which may move a parameter without one.  Used by `torch_numbers`; PyTorch
itself is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.kinds import is_bias
from tracer.formula.keys import Key
from tracer.model.problem import Problem


class Holding:
    """The frozen cells of a network's leaves.

    Args:
        torch: the package.
        problem: what says which.
        leaves: every parameter by the name of our array.
    """

    def __init__(self, torch: Any, problem: Problem, leaves: Mapping[str, Any]) -> None:
        self.torch = torch
        self.leaves = leaves
        self.cells = {
            name: cells
            for name, leaf in leaves.items()
            for cells in (self._frozen(problem, name, leaf),)
            if bool(cells.any())
        }
        """Of each leaf of which something is frozen, which cells are."""
        self.before = {name: leaves[name].detach().clone() for name in self.cells}

    def _frozen(self, problem: Problem, name: str, leaf: Any) -> Any:
        cells = self.torch.zeros(leaf.shape, dtype=self.torch.bool)
        if {kind_of(name), name} & {*problem.freeze}:
            return ~cells
        for text in problem.freeze:
            key = Key.parse(text)
            if key.name == name:
                cells[tuple(index - 1 for index in key.indices)] = True
        return cells

    def whole(self, name: str) -> bool:
        """Whether an array stays as it is, so that there is nothing to tell of it."""
        return name in self.cells and bool(self.cells[name].all())

    def hold_gradients(self) -> None:
        """Let nothing come back to frozen cells, so that no norm counts them."""
        for name, cells in self.cells.items():
            gradient = self.leaves[name].grad
            if gradient is not None:
                gradient.masked_fill_(cells, 0.0)

    def restore(self) -> None:
        """Put frozen cells back where they were, whatever the optimizer did to them."""
        with self.torch.no_grad():
            for name, cells in self.cells.items():
                leaf = self.leaves[name]
                leaf.copy_(self.torch.where(cells, self.before[name], leaf))


def kind_of(name: str) -> str:
    """Whether an array holds weights or biases.

    >>> kind_of("w2"), kind_of("lstm1.bf"), kind_of("conv1.K")
    ('weights', 'biases', 'weights')
    """
    key = Key.parse(name)
    bias = is_bias(LAYERS[key.role], key.part) if key.part else key.role == "b"
    return "biases" if bias else "weights"


def penalized(problem: Problem, leaves: Mapping[str, Any]) -> list[Any]:
    """The leaves that carry the problem's penalty."""
    return [
        leaf
        for name, leaf in leaves.items()
        if problem.regularize_biases or kind_of(name) == "weights"
    ]

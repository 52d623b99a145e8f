"""The loss of a problem in PyTorch: as its own modules have it, or exactly as the problem says.

Takes what a model found (the last sums and activations); gives the loss as a tensor, with the
means, smoothed targets, weights of classes and penalties that belong to it.  Read by
`torch_numbers`, whose models inherit it.
"""

from __future__ import annotations

from typing import Any

from tracer.calculus.losses import LOSSES
from tracer.formula.evaluating import Evaluator
from tracer.formula.limits import with_limits
from tracer.formula.parsing import parse
from tracer.importing.torch_holding import penalized
from tracer.importing.torch_tensors import Tensors
from tracer.model.continuing import cycle_of
from tracer.model.functions import Loss
from tracer.model.problem import Problem, as_number

_OWN = {
    "half_squared_error": "MSELoss",
    "squared_error": "MSELoss",
    "mean_squared_error": "MSELoss",
    "mean_absolute_error": "L1Loss",
    "huber": "HuberLoss",
    "binary_cross_entropy": "BCELoss",
}
"""PyTorch's losses of outputs and targets; each takes the mean over all of them."""


class Losses:
    """What a model of a problem needs to work out its loss."""

    torch: Any
    problem: Problem
    exactly: bool
    """Just what the problem says, instead of PyTorch's habits."""
    targets: Any
    forms: Any
    """The definitions of functions."""

    def named_leaves(self) -> dict[str, Any]:
        """The parameters by the names of our arrays."""
        raise NotImplementedError

    def loss(self, found: dict[str, Any]) -> Any:
        """The loss as PyTorch's own, or as the problem says."""
        a, z = (found[f"{letter}{len(self.problem.layers)}"] for letter in "az")
        name = self.problem.loss
        nn = self.torch.nn
        if not self.exactly:
            if name in _OWN:
                return getattr(nn, _OWN[str(name)])()(a, self.targets)
            last = self.problem.layers[-1]
            plain = last.activation == "softmax" and not last.settings
            if name == "cross_entropy" and plain:
                return nn.CrossEntropyLoss()(z, self.targets)
        loss = name if isinstance(name, Loss) else LOSSES[str(name)]
        if not self.exactly and loss.name == "cross_entropy" and plain:
            return self.own_cross_entropy(loss, z)
        values = {"y": self.smoothed(loss), "a": a, **self.class_weights(loss)}
        terms = self.evaluate(loss.counted_term, values)
        each = terms.mean(dim=1) if loss.over_outputs == "mean" else terms.sum(dim=1)
        return self.reduced(each) + self.penalty()

    def reduced(self, each: Any) -> Any:
        """The losses of the samples put together."""
        if self.exactly and self.problem.reduction == "weighted":
            return each.sum() / self.weight_of_targets()
        mean = not self.exactly or self.problem.reduction == "mean"
        return each.mean() if mean else each.sum()

    def weight_of_targets(self) -> Any:
        """What all targets weigh together: what a weighted mean divides by."""
        loss = self.problem.loss
        assert isinstance(loss, Loss)
        return (self.targets * self.class_weights(loss)["weight"]).sum()

    def own_cross_entropy(self, loss: Loss, z: Any) -> Any:
        """PyTorch's own cross-entropy, with the settings that it calls weight, label_smoothing."""
        told: dict[str, Any] = {"label_smoothing": float(as_number(loss.smoothing or "0"))}
        if loss.class_weights:
            told["weight"] = self.class_weights(loss)["weight"]
        hard = bool(((self.targets == 0) | (self.targets == 1)).all())
        target = self.targets.argmax(dim=1) if hard else self.targets
        return self.torch.nn.CrossEntropyLoss(**told)(z, target)

    def smoothed(self, loss: Loss) -> Any:
        """The targets, of which a share is spread evenly over the classes."""
        if not loss.smooths:
            return self.targets
        share = float(as_number(loss.smoothing))
        count = 2 if loss.classes == "two" else self.targets.shape[-1]
        return (1 - share) * self.targets + share / count

    def class_weights(self, loss: Loss) -> dict[str, Any]:
        """The weights of the classes, as a loss's formula calls them."""
        weights = self.torch.tensor(
            [float(as_number(text)) for text in loss.class_weights], dtype=self.torch.float64
        )
        if loss.classes == "two" and len(weights):
            return {"weight0": weights[0], "weight1": weights[1]}
        return {"weight": weights}

    def penalty(self) -> Any:
        """The penalty on the weights, where the problem's loss has one."""
        from tracer.calculus.regularizers import REGULARIZERS

        problem = self.problem
        if not problem.regularizer or not self.exactly:
            return 0.0
        values = {
            "strength": self.number(problem.strength),
            "m": self.number(str(len(cycle_of(problem)[0]))),
        }
        term = REGULARIZERS[problem.regularizer].term
        carrying = penalized(problem, self.named_leaves())
        return sum(self.evaluate(term, {"w": w, **values}).sum() for w in carrying)

    def evaluate(self, formula: str, values: dict[str, Any]) -> Any:
        """A formula of the grammar over tensors."""
        functions = {name: len(form.parameters) for name, form in self.forms.items()}
        node = with_limits(parse(formula, functions))
        return Evaluator(Tensors(self.torch), self.forms)(node, values)

    def number(self, text: str) -> Any:
        return self.torch.tensor(float(as_number(text)), dtype=self.torch.float64)

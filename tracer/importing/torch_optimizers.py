"""PyTorch's optimizers under the names of our table, and its clipping.

Used by `torch_numbers`; PyTorch itself is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracer.errors import ProblemError
from tracer.model.problem import Problem, as_number


def optimizer_of(torch: Any, problem: Problem, parameters: Sequence[Any], exactly: bool) -> Any:
    """The optimizer of that name.

    Args:
        torch: the package.
        problem: what says its name and settings.
        parameters: what it updates.
        exactly: whether a penalty stands in the loss, as in the problem, instead of being
            PyTorch's weight decay.

    Raises:
        ProblemError: if PyTorch has none such.
    """
    optim = torch.optim
    told = {key: float(as_number(text)) for key, text in problem.settings.items()}
    rate = told.get("rate")
    decay = float(as_number(problem.strength)) if problem.regularizer and not exactly else 0.0
    common: dict[str, Any] = {"weight_decay": decay}
    common |= {"eps": told["epsilon"]} if "epsilon" in told else {}
    betas = (told.get("beta1", 0.9), told.get("beta2", 0.999))
    family = problem.optimizer.split("_")[0]
    if problem.optimizer == "gradient_descent":
        return optim.SGD(parameters, lr=rate, **common)
    if family in ("momentum", "nesterov"):
        ahead = family == "nesterov"
        return optim.SGD(
            parameters, lr=rate, momentum=told.get("beta", 0.9), nesterov=ahead, **common
        )
    if family == "adagrad":
        return optim.Adagrad(parameters, lr=rate, **common)
    if family == "rmsprop":
        return optim.RMSprop(parameters, lr=rate, alpha=told.get("beta", 0.9), **common)
    if family == "adam":
        return optim.Adam(parameters, lr=0.001 if rate is None else rate, betas=betas, **common)
    if family == "adamw":
        common["weight_decay"] = told.get("decay", 0.01)
        return optim.AdamW(parameters, lr=0.001 if rate is None else rate, betas=betas, **common)
    if family == "adadelta":
        return optim.Adadelta(parameters, lr=rate or 1.0, rho=told.get("beta", 0.9), **common)
    raise ProblemError(f"the optimizer '{problem.optimizer}' is not compared", ("optimizer",))


def clip(torch: Any, problem: Problem, parameters: Sequence[Any], exactly: bool) -> None:
    """Cut the gradients off, where the problem does.

    Args:
        torch: the package.
        problem: what says how.
        parameters: whose gradients.
        exactly: without the 1e-6 that PyTorch adds to the norm.
    """
    if not problem.clip:
        return
    limit = float(as_number(problem.clip_at))
    gradients = [one.grad for one in parameters if one.grad is not None]
    if problem.clip == "norm" and exactly:
        norm = float(sum((gradient**2).sum() for gradient in gradients)) ** 0.5
        for gradient in gradients:
            gradient.mul_(limit / max(limit, norm))
    elif problem.clip == "norm":
        torch.nn.utils.clip_grad_norm_(parameters, limit)
    else:
        torch.nn.utils.clip_grad_value_(parameters, limit)

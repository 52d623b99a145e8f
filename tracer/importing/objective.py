"""What a framework's loss is in our tables: the loss, its means, and what it does to outputs.

Takes a name of our table, one of our losses, or a loss module of PyTorch or Keras (by duck
typing); gives an `Objective`.  Losses of frameworks take means over everything and often
hold the last activation inside (``CrossEntropyLoss`` works on logits): then the last layer
gets it.  Read by `network` and the importer of Keras.

Source: PyTorch 2.13, `torch.nn`; Keras 3, `keras.losses`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracer.calculus.losses import LOSSES
from tracer.errors import ProblemError
from tracer.importing.found import as_array, refuse, texts, unknown
from tracer.model.functions import Loss
from tracer.model.layer import Layer
from tracer.model.problem import Dense


@dataclass(frozen=True)
class Objective:
    """A loss as a problem says it."""

    loss: str | Loss
    reduction: str = "mean"
    over_time: str = "sum"
    turns: tuple[str, str] = ("", "")
    """What the last activation has to be, and what it becomes; nothing: it stays."""
    classes: bool = False
    """Whether a target may be the number of its class, from 0."""
    signs: bool = False
    """Whether targets of 0 and 1 mean -1 and 1."""
    by_weight: bool = False
    """Whether a mean is over the weights of the targets' classes, where each has one class."""

    def __post_init__(self) -> None:
        if isinstance(self.loss, Loss) and self.loss == LOSSES.get(self.loss.name):
            object.__setattr__(self, "loss", self.loss.name)

    def closed(self, layer: Dense | Layer, where: str) -> Dense | Layer:
        """The last layer with the activation that the loss holds inside.

        Raises:
            ProblemError: if it has another.
        """
        before, after = self.turns
        if not before:
            return layer
        if not isinstance(layer, Dense) or layer.activation != before or layer.settings:
            raise ProblemError(
                f"{where}: this loss holds {after} inside, so the last layer is dense and has the "
                f"activation {before}"
            )
        return replace(layer, activation=after)

    def targets(self, values: Any, units: int) -> Any:
        """Targets as numbers of each output: a class by its number becomes a row of 0 and 1."""
        if not isinstance(values, list):
            return values
        if self.signs and _binary_only(values):
            return _as_signs(values)
        if not self.classes:
            return values
        if all(isinstance(value, int) and 0 <= value < units for value in values) and units > 1:
            return [[int(unit == value) for unit in range(units)] for value in values]
        return values

    def over_batch(self, targets: Any) -> str:
        """The reduction over the samples."""
        if not self.by_weight:
            return self.reduction
        rows = [row for row in targets if isinstance(row, list | tuple)]
        hard = all(float(number) in (0, 1) for row in rows for number in row)
        return "weighted" if hard else self.reduction


def _binary_only(value: Any) -> bool:
    """Whether all numbers of nested lists are 0 or 1."""
    if isinstance(value, list):
        return all(map(_binary_only, value))
    return float(value) in (0, 1)


def _as_signs(value: Any) -> Any:
    return [*map(_as_signs, value)] if isinstance(value, list) else 2 * int(float(value)) - 1


def objective_of(told: Any) -> Objective:
    """What a loss is here.

    Raises:
        ProblemError: naming a loss that the tables lack.

    >>> objective_of("huber").loss
    'huber'
    """
    if isinstance(told, Objective):
        return told
    if isinstance(told, str | Loss):
        if isinstance(told, str) and told not in LOSSES:
            raise unknown("the model", "loss", told, LOSSES)
        return Objective(told)
    kind = type(told).__name__
    if kind in _TORCH and hasattr(told, "forward"):
        return _TORCH[kind](told)
    if kind in _KERAS and hasattr(told, "get_config"):
        return _KERAS[kind](told.get_config())
    raise unknown("the model", "loss", kind, _TORCH if hasattr(told, "forward") else _KERAS)


def averaged(name: str) -> Loss:
    """A loss of the table whose outputs are averaged, as frameworks do.

    >>> averaged("huber").over_outputs
    'mean'
    """
    return replace(LOSSES[name], over_outputs="mean")


# --- PyTorch ------------------------------------------------------------------------------


def _elementwise(name: str, **only: Any) -> Callable[[Any], Objective]:
    """A mean (or sum) over all outputs, time steps and samples."""

    def of(module: Any) -> Objective:
        kind = type(module).__name__
        refuse(kind, {key: (getattr(module, key), wanted) for key, wanted in only.items()})
        if module.reduction == "sum":
            return Objective(replace(LOSSES[name], over_outputs="sum"), "sum")
        _check_reduction(module, ("mean",))
        return Objective(averaged(name), "mean", "mean")

    return of


def _check_reduction(module: Any, known: tuple[str, ...]) -> None:
    if module.reduction not in known:
        raise ProblemError(
            f"{type(module).__name__}: the reduction '{module.reduction}' is no single loss"
        )


def _binary(module: Any) -> Objective:
    found = _elementwise("binary_cross_entropy", weight=None)(module)
    if type(module).__name__ == "BCELoss":
        return found
    if module.pos_weight is not None:
        weights = as_array(module.pos_weight, "pos_weight").reshape(-1)
        if len(weights) > 1:
            raise ProblemError("BCEWithLogitsLoss: pos_weight has one number here, not one each")
        loss = found.loss if isinstance(found.loss, Loss) else LOSSES[found.loss]
        found = replace(found, loss=replace(loss, class_weights=("1", *texts(weights))))
    return replace(found, turns=("identity", "sigmoid"))


def _of_classes(module: Any) -> Objective:
    """Cross-entropy of logits, or the likelihood of log-probabilities."""
    kind = type(module).__name__
    _check_reduction(module, ("mean", "sum"))
    if module.ignore_index >= 0:
        raise ProblemError(f"{kind}: ignore_index has no counterpart here")
    crossed = kind == "CrossEntropyLoss"
    loss = LOSSES["cross_entropy" if crossed else "negative_log_likelihood"]
    if module.weight is not None:
        loss = replace(loss, class_weights=texts(as_array(module.weight, "weight")))
    if crossed and module.label_smoothing:
        loss = replace(loss, smoothing=repr(float(module.label_smoothing)))
    by_weight = module.weight is not None and module.reduction == "mean"
    turns = ("identity", "softmax") if crossed else ("", "")
    told = module.reduction
    return Objective(loss, told, told, turns, classes=True, by_weight=by_weight)


def _divergence(module: Any) -> Objective:
    """PyTorch's takes log-probabilities; ours takes their exponentials."""
    _check_reduction(module, ("mean", "batchmean", "sum"))
    refuse("KLDivLoss", {"log_target": (module.log_target, False)})
    turns = ("log_softmax", "softmax")
    if module.reduction == "mean":
        return Objective(averaged("kl_divergence"), "mean", "mean", turns)
    told = "mean" if module.reduction == "batchmean" else "sum"
    return Objective("kl_divergence", told, "sum", turns)


_TORCH: Mapping[str, Callable[[Any], Objective]] = {
    "MSELoss": _elementwise("mean_squared_error"),
    "L1Loss": _elementwise("mean_absolute_error"),
    "HuberLoss": _elementwise("huber", delta=1.0),
    "SmoothL1Loss": _elementwise("huber", beta=1.0),
    "BCELoss": _binary,
    "BCEWithLogitsLoss": _binary,
    "CrossEntropyLoss": _of_classes,
    "NLLLoss": _of_classes,
    "KLDivLoss": _divergence,
}

# --- Keras --------------------------------------------------------------------------------

Config = Mapping[str, Any]


def _keras(name: str, over: str = "mean", **only: Any) -> Callable[[Config], Objective]:
    """A mean over the outputs (or a sum over classes), then over samples and time steps."""

    def of(config: Config) -> Objective:
        refuse(config.get("name", name), {k: (config.get(k, v), v) for k, v in only.items()})
        told = config.get("reduction", "sum_over_batch_size")
        if told not in _REDUCTIONS:
            raise ProblemError(f"{config.get('name', name)}: the reduction '{told}' is not known")
        reduction = _REDUCTIONS[told]
        loss = replace(LOSSES[name], over_outputs=over)
        if smoothing := config.get("label_smoothing", 0):
            loss = replace(loss, smoothing=repr(float(smoothing)))
        inside = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}.get(name, "")
        turns = ("identity", inside) if config.get("from_logits") else ("", "")
        sparse = config.get("name", "").startswith("sparse")
        return Objective(loss, reduction, reduction, turns, classes=sparse, signs=name == "hinge")

    return of


_REDUCTIONS = {"sum_over_batch_size": "mean", "mean": "mean", "sum": "sum"}
_KERAS: Mapping[str, Callable[[Config], Objective]] = {
    "MeanSquaredError": _keras("mean_squared_error"),
    "MeanAbsoluteError": _keras("mean_absolute_error"),
    "Huber": _keras("huber", delta=1.0),
    "BinaryCrossentropy": _keras("binary_cross_entropy", axis=-1),
    "CategoricalCrossentropy": _keras("cross_entropy", "sum", axis=-1),
    "SparseCategoricalCrossentropy": _keras("cross_entropy", "sum", ignore_class=None),
    "KLDivergence": _keras("kl_divergence", "sum"),
    "Hinge": _keras("hinge"),
}
_ALIASES: Mapping[str, str] = {
    "mse": "MeanSquaredError",
    "mean_squared_error": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mean_absolute_error": "MeanAbsoluteError",
    "huber": "Huber",
    "binary_crossentropy": "BinaryCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy",
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
    "kl_divergence": "KLDivergence",
    "hinge": "Hinge",
}


def keras_objective(told: Any) -> Objective | None:
    """What a compiled Keras model says of its loss; None: nothing.

    Raises:
        ProblemError: naming a loss that the tables lack.
    """
    if told is None:
        return None
    if not isinstance(told, str):
        return objective_of(told)
    if told not in _ALIASES:
        raise unknown("the model", "loss", told, _ALIASES)
    return _KERAS[_ALIASES[told]]({"name": told})

"""Writing problems: as plain data for JSON, and as a problem file that reads back equal.

`to_data` spells a problem out in the fields of the problem file, numbers as texts, the
conventions in full (so that no notation's defaults are needed to read it back); `dump`
writes that as YAML in the layout of the examples.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from tracer.calculus.layers import LAYERS
from tracer.calculus.losses import LOSSES
from tracer.errors import ProblemError
from tracer.model.functions import Activation, Loss
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem
from tracer.model.rounding import Precision, Rounding

_PLAIN = re.compile(r"[A-Za-z](?:[\w ./()+*-]*[\w./()+*-])?|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE/]\S+)?")
_WORDS_WITH_MEANING = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def to_data(problem: Problem) -> dict[str, Any]:
    """The problem in the fields of the problem file; numbers as texts.

    Raises:
        ProblemError: for what the format cannot say.

    >>> from tracer.model.problem import Dense
    >>> data = to_data(Problem(inputs=[0.5], layers=[Dense(1, weights=[["0.20"]])]))
    >>> data["inputs"], data["layers"][0]["weights"]
    (['0.5'], [['0.20']])
    """
    data: dict[str, Any] = {"format": 1, "name": problem.name}
    if problem.layers:
        data |= _layers(problem)
    else:
        data |= {
            "given": dict(problem.given),
            "equations": list(problem.equations),
            "loss": problem.loss,
            "upstream": dict(problem.upstream),
        }
        if problem.learn is not None:
            data["learn"] = list(problem.learn)
    data = {key: value for key, value in data.items() if value not in (None, "", {}, ())}
    if problem.settings or problem.optimizer != "gradient_descent":
        data["optimizer"] = {problem.optimizer: dict(problem.settings)}
    data |= _shaping(problem)
    if problem.freeze:
        data["freeze"] = list(problem.freeze)
    data |= {
        "updates": problem.updates,
        "rounding": _rounding(problem.rounding),
        "steps": asdict(problem.steps),
        "notation": problem.notation,
        "conventions": asdict(problem.conventions),
    }
    if problem.made:
        data["made"] = problem.made
    if problem.states:
        data["states"] = dict(problem.states)
    if problem.names:
        data["names"] = dict(problem.names)
    if problem.letters:
        data["letters"] = True
    return _listed(data)  # type: ignore[no-any-return]


def dump(problem: Problem) -> str:
    """The problem as YAML that reads back to an equal problem.

    >>> from tracer.model.problem import Dense
    >>> text = dump(Problem(inputs=[0.5], layers=[Dense(1, weights=[["0.20"]])]))
    >>> print(text.partition("reduction")[0], end="")
    format: 1
    inputs: [0.5]
    layers:
      - {units: 1, activation: sigmoid, weights: [[0.20]], biases: false}
    """
    lines: list[str] = []
    for key, value in to_data(problem).items():
        if key in ("layers", "equations"):
            lines.append(f"{key}:")
            lines += [f"  - {_flow(item)}" for item in value]
        elif key in ("given", "upstream", "report") and value:
            lines.append(f"{key}:")
            lines += [f"  {name}: {_flow(item)}" for name, item in value.items()]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _layers(problem: Problem) -> dict[str, Any]:
    one = problem.samples == 1
    mean = {"batch": problem.reduction, "written": problem.written}
    if problem.over_time != "sum":
        mean["time"] = problem.over_time
    one = one and problem.plain
    return {
        "inputs": problem.inputs[0] if one else problem.inputs,
        "features": problem.features,
        "targets": problem.targets[0] if one and problem.targets else problem.targets,
        "layers": [_layer(layer) for layer in problem.layers],
        "loss": _loss(problem.loss),
        "reduction": mean,
        "report": {
            name: {"loss": _loss(report.loss), "reduction": report.reduction}
            for name, report in problem.report.items()
        },
        "batch": problem.batch,
    }


def _placing(layer: Dense | Layer) -> dict[str, Any]:
    """Name and sources of a layer, where it says any."""
    data = {"name": layer.name, "from": layer.sources}
    if layer.combine != "add":
        data["combine"] = layer.combine
    return {key: value for key, value in data.items() if value}


def _layer(layer: Dense | Layer) -> dict[str, Any]:
    if isinstance(layer, Layer):
        return _typed(layer)
    activation: Any = layer.activation
    if isinstance(activation, Activation):
        settings = {**activation.settings, **layer.settings}
        activation = {"name": activation.name, "formula": activation.formula, **settings}
        if not activation["formula"]:
            del activation["formula"]
    elif layer.settings:
        activation = {"name": activation, **layer.settings}
    return {
        **_placing(layer),
        "units": layer.units,
        "activation": activation,
        "weights": layer.weights,
        "biases": layer.biases,
    }


def _typed(layer: Layer) -> dict[str, Any]:
    """A layer of another type: its parameters by their own names."""
    kind = LAYERS[layer.type]
    letters = layer.parameters == "symbolic"
    return {
        "type": layer.type,
        **_placing(layer),
        **({"units": layer.units} if kind.units else {}),
        **{name: value for name, value in layer.settings.items() if value is not None},
        **({"biases": False} if layer.biases is False else {}),
        **({"weights": "symbolic"} if letters else layer.parameters),
    }


def _loss(loss: str | Loss | None) -> Any:
    if not isinstance(loss, Loss):
        return loss
    told: dict[str, Any] = {"name": loss.name}
    known = LOSSES.get(loss.name)
    if known is None or known.term != loss.term:
        told["formula"] = loss.term
    told["over_outputs"] = loss.over_outputs
    if loss.smoothing:
        told["smoothing"] = loss.smoothing
    if loss.class_weights:
        told["class_weights"] = loss.class_weights
    return told


def _rounding(rounding: Rounding) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if not rounding.precision.exact:
        data |= _precision(rounding.precision)
    elif rounding.policy != "exact":
        raise ProblemError("a file needs figures or places, or the policy exact", ("rounding",))
    data |= {"policy": rounding.policy, "ties": rounding.ties}
    if rounding.roles:
        data["roles"] = {
            role: "exact" if precision.exact else _precision(precision)
            for role, precision in rounding.roles.items()
        }
    if rounding.givens:
        data["givens"] = True
    return data


def _precision(precision: Precision) -> dict[str, int]:
    told = {"figures": precision.figures, "places": precision.places}
    return {key: value for key, value in told.items() if value is not None}


def _listed(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _listed(part) for key, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value


def _flow(value: Any) -> str:
    """A value in one line of YAML."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_text(k)}: {_flow(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(part) for part in value) + "]"
        case None:
            return "."
        case bool():
            return str(value).lower()
        case int():
            return str(value)
    return _text(value)


def _text(text: str) -> str:
    """A text without quotes where YAML reads it back as it is, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_WITH_MEANING:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def _shaping(problem: Problem) -> dict[str, Any]:
    """Schedule, clipping and regularizer, where there are any."""
    data: dict[str, Any] = {}
    if problem.schedule:
        data["schedule"] = {problem.schedule: dict(problem.schedule_settings)}
    if problem.clip:
        data["clip"] = {problem.clip: problem.clip_at}
    if problem.regularizer:
        settings: dict[str, Any] = {"strength": problem.strength}
        if problem.regularize_biases:
            settings["biases"] = True
        data["regularizer"] = {problem.regularizer: settings}
    return data

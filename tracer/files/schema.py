"""JSON Schemas (draft 2020-12) of the files, made from the table of fields.

`tracer schema problem` prints one for editors: completion, and the description of
every field on hovering.
"""

from __future__ import annotations

from typing import Any

from tracer.errors import TracerError
from tracer.files.fields import PROBLEM
from tracer.files.kinds import (
    Array,
    ByType,
    Either,
    Field,
    Kind,
    ListOf,
    Named,
    Number,
    Switch,
    Table,
    Text,
    Whole,
    Word,
)
from tracer.files.report_json import report_schema
from tracer.formula.keys import NAME
from tracer.model.numbers import MINUS_INFINITY
from tracer.model.step import PHASES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = {
    "anyOf": [
        {"type": "number"},
        {
            "type": "string",
            "pattern": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+|/[0-9]+)?$",
        },
    ]
}
_NAME = r"^[^\s0-9_.,:;(){}\[\]+*/@#~=^'\"-][^\s.,:;(){}\[\]+*/@#~=^'\"-]*$"
_MISSING = {"enum": [".", None]}
_HIDDEN = {"enum": list(MINUS_INFINITY)}

KINDS = ("problem", "trace", "report")


def schema(kind: str = "problem") -> dict[str, Any]:
    """The JSON Schema of a problem file, of ``trace.json`` or of a report.

    >>> schema("problem")["properties"]["updates"]["default"]
    1
    """
    if kind == "problem":
        return {"$schema": _DIALECT, "title": "tracer problem", **_problem()}
    if kind == "trace":
        return {"$schema": _DIALECT, "title": "tracer trace", **_trace()}
    if kind == "report":
        return {"$schema": _DIALECT, "title": "tracer report", **report_schema()}
    raise TracerError(f"unknown schema '{kind}'; known are {', '.join(KINDS)}")


def _problem() -> dict[str, Any]:
    return {
        **of_kind(PROBLEM),
        "oneOf": [
            {"required": ["inputs", "layers"], "not": {"required": ["equations"]}},
            {"required": ["equations"], "not": {"required": ["layers"]}},
        ],
    }


def of_kind(kind: Kind) -> dict[str, Any]:
    """The schema of one kind of value."""
    match kind:
        case Text(_, pattern):
            # A text may look like a number to YAML: name: 2024
            plain = {"type": ["string", "number", "boolean"]}
            return {"type": "string", "pattern": _anchored(pattern)} if pattern else plain
        case Number():
            return _number(kind)
        case Whole(least, most):
            return {"type": "integer", "minimum": least, "maximum": most}
        case Word(words):
            return {"enum": list(words)}
        case Switch(values):
            return {"enum": list(values)}
        case Array():
            return _array(kind)
        case ListOf(item, _, least):
            return {"type": "array", "items": of_kind(item), "minItems": least}
        case Named(item, _, pattern):
            names = {"pattern": _anchored(pattern)}
            return {
                "type": "object",
                "additionalProperties": of_kind(item),
                "propertyNames": names,
            }
        case Table():
            return _table(kind)
        case ByType(_, tables):
            return {"anyOf": [of_kind(table) for table in tables.values()]}
        case Either(kinds):
            return {"anyOf": [of_kind(part) for part in kinds]}
    return {"not": {}}


def _number(kind: Number) -> dict[str, Any]:
    """A number within its range; of one that is written as a text, the reader judges."""
    if kind.within is None:
        return _NUMBER
    within = kind.within
    least = "exclusiveMinimum" if within.open_least else "minimum"
    most = "exclusiveMaximum" if within.open_most else "maximum"
    bounds = {least: float(within.least)}
    if within.most is not None:
        bounds[most] = float(within.most)
    return {"anyOf": [{"type": "number", **bounds}, _NUMBER["anyOf"][1]]}


def _anchored(pattern: str) -> str:
    """A pattern that matches all of the text.

    Python's classes of letters are not those of other languages, so a name is told by
    what it cannot hold; the reader is the one who judges.
    """
    return _NAME if pattern == NAME else f"^(?:{pattern})$"


def _array(kind: Array) -> dict[str, Any]:
    more = [*([_MISSING] if kind.sparse else []), *([_HIDDEN] if kind.hidden else [])]
    cell = {"anyOf": [*_NUMBER["anyOf"], *more]} if more else _NUMBER
    levels: list[dict[str, Any]] = [cell]
    for _ in range(kind.most):
        levels.append({"type": "array", "items": levels[-1], "minItems": 1})
    allowed = levels[kind.least :]
    return allowed[0] if len(allowed) == 1 else {"anyOf": allowed}


def _table(kind: Table) -> dict[str, Any]:
    required = [field.name for field in kind.fields if field.required]
    return {
        "type": "object",
        "properties": {field.name: _field(field) for field in kind.fields},
        "additionalProperties": False if kind.rest is None else of_kind(kind.rest),
        **({"required": required} if required else {}),
    }


def _field(field: Field) -> dict[str, Any]:
    found = {"description": field.description, **of_kind(field.kind)}
    return found if field.default is None else {**found, "default": field.default}


def _diagnosis() -> dict[str, Any]:
    """What a trace shows about learning."""
    text, whole = {"type": "string"}, {"type": "integer", "minimum": 0}
    norm = {
        "update": {**whole, "description": "How many updates the parameters have behind them."},
        "layer": {"type": ["integer", "null"]},
        "name": {**text, "description": "The layer, or the array of an equation network."},
        "norm": {**text, "description": "The length of its gradients."},
    }
    finding = {
        "kind": {"enum": ["vanishing", "exploding", "dead", "saturated", "loss_rose"]},
        "update": whole,
        "keys": {"type": "array", "items": text, "description": "The quantities that show it."},
        "facts": {"type": "object", "additionalProperties": text},
    }
    found = {
        name: {
            "type": "array",
            "items": {
                "type": "object",
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            },
        }
        for name, properties in (("norms", norm), ("findings", finding))
    }
    return {
        "type": "object",
        "description": "Gradient norms, vanishing and exploding gradients, dead and saturated "
        "units, updates after which the loss rose.",
        "properties": found,
        "required": list(found),
        "additionalProperties": False,
    }


def _trace() -> dict[str, Any]:
    text, nothing = {"type": "string"}, {"type": ["string", "null"]}
    step = {
        "key": {**text, "description": "The quantity, e.g. w1[1,2]@1."},
        "rule": {**text, "description": "What kind of line it is, e.g. preactivation."},
        "phase": {"enum": list(PHASES), "description": "Which part of the calculation."},
        "formula": {**text, "description": "In tracer's own grammar, over keys."},
        "operands": {
            "type": "object",
            "additionalProperties": nothing,
            "description": "The keys that the formula uses, with their numbers as written.",
        },
        "value": {**nothing, "description": "The result under the declared rounding."},
        "exact": {**nothing, "description": "The result at full precision."},
        "relation": {"enum": ["=", "≈"], "description": "= if the operands give the result."},
    }
    return {
        "type": "object",
        "properties": {
            "format": {"const": 1},
            "version": {**text, "description": "The version of tracer that wrote the file."},
            "problem": {"$ref": "#/$defs/problem"},
            "steps": {
                "type": "array",
                "description": "Every quantity once, in order of calculation.",
                "items": {
                    "type": "object",
                    "properties": step,
                    "required": list(step),
                    "additionalProperties": False,
                },
            },
            "diagnosis": _diagnosis(),
        },
        "required": ["format", "version", "problem", "steps"],
        "additionalProperties": False,
        "$defs": {"problem": _problem()},
    }

"""Definitions of functions on a page: what a name such as sigma or F stands for.

Takes a function's name; gives its formula, typeset.  A layer's definition stands in the
layer, that of a function in equations where it is printed first.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.formula.nodes import Call, Symbol
from tracer.model.functions import Activation
from tracer.model.problem import Dense
from tracer.notation.name import Name
from tracer.rendering.typesetting import Typesetting


def definition_of(function: str, setting: Typesetting) -> str:
    """``σ(z) = 1/(1 + exp(-z))``; nothing for the identity and for what has no formula."""
    found = setting.trace.definitions.get(function)
    if found is None or function == "identity":
        return ""
    symbols = {parameter: Name(parameter) for parameter in found.parameters}
    if setting.trace.problem.layers:
        symbols["z"] = replace(setting.names.name("z1[1]"), sub="", sup="", base=_letter(setting))
    arguments = tuple(Symbol(parameter) for parameter in found.parameters)
    left = setting.formula(Call(function, arguments), symbols.__getitem__)
    right = setting.formula(found.body, symbols.__getitem__)
    return setting.joined(left, setting.sign("="), right)


def activation_definition(layer: Dense, setting: Typesetting) -> str:
    """The definition of a layer's activation."""
    activation = layer.activation
    return definition_of(
        activation.name if isinstance(activation, Activation) else activation, setting
    )


def _letter(setting: Typesetting) -> str:
    """The letter of a preactivation without a layer's number in it."""
    return setting.names.name("z1[1]").base.rstrip("0123456789")

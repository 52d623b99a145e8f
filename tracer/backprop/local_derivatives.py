"""The derivative of one step by one of its operands, as people write it.

Textbook forms are taken where they are declared (``a*(1 - a)``); the rest is derived and
tidied.  Read by `paths`, whose products of these derivatives are the chain rule.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from tracer.backprop.layering.functions import own_functions
from tracer.calculus.definitions import slope_of
from tracer.formula.differentiating import derivative
from tracer.formula.keys import Key
from tracer.formula.nodes import (
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Product,
    Sum,
    Symbol,
    children,
    rebuilt,
    symbols,
)
from tracer.formula.rewriting import ONE, fraction, negative, product, tidy, total
from tracer.model.step import Step
from tracer.model.trace import Trace


def local_derivative(found: Trace, step: Step, by: str) -> Node:
    """The derivative of one step by one operand, in its textbook form where there is one.

    >>> from tracer.backprop.tracing import trace
    >>> from tracer.formula.writing import write
    >>> from tracer.model.problem import Dense, Problem
    >>> found = trace(Problem(inputs=[1, 2], layers=[Dense(1, "sigmoid", [["0.5", "0.1"]])]))
    >>> write(local_derivative(found, found["a1[1]"], "z1[1]"))
    'a1[1]*(1 - a1[1])'
    """
    softmax = _of_softmax(found, step, by)
    if softmax is not None:
        return softmax
    formula = step.formula
    if isinstance(formula, Call):
        own = {function.name: function for function in own_functions(found.problem)}
        factors = [
            (slope_of(formula, place, Symbol(step.key), own), argument)
            for place, argument in enumerate(formula.arguments)
            if by in symbols(argument)
        ]
        raw = total(product(s, derivative(a, by, found.definitions)) for s, a in factors)
    else:
        raw = derivative(formula, by, found.definitions)
    return _constants_first(tidy(raw))


def _of_softmax(found: Trace, step: Step, by: str) -> Node | None:
    """``a_i*(1 - a_i)``, or ``-(a_i*a_j)`` for another unit of the layer."""
    if step.rule != "activation" or step.layer is None:
        return None
    layer = found.problem.layers[step.layer - 1]
    if layer.activation != "softmax" or layer.settings:
        return None
    own = Symbol(step.key)
    other = Symbol(str(replace(Key.parse(by), name=f"a{step.layer}")))
    if own == other:
        return product(own, total((ONE, negative(own))))
    return negative(product(own, other))


def _constants_first(node: Node) -> Node:
    """Constant factors multiplied together: ``1/2*2*x`` is ``x``."""
    parts = tuple(_constants_first(part) for part in children(node))
    node = rebuilt(node, parts) if parts else node
    if isinstance(node, Negative):
        return _turned(node.operand) or negative(node.operand)
    if not isinstance(node, Product):
        return node
    constants = [_constant(factor) for factor in node.factors]
    known = [value for value in constants if value is not None]
    if len(known) < 2:
        return product(*node.factors)
    number = Rational(1)
    for value in known:
        number *= value
    rest = [f for f, value in zip(node.factors, constants, strict=True) if value is None]
    result = product(_written(number), *rest)
    return _turned(result.operand) or result if isinstance(result, Negative) else result


def _turned(node: Node) -> Node | None:
    """The opposite of a product with a difference in it: ``-(2*(y - a))`` is ``2*(a - y)``."""
    if not isinstance(node, Product):
        return None
    for place, factor in enumerate(node.factors):
        match factor:
            case Sum((Symbol() as first, Negative(second))):
                turned = total((second, negative(first)))
                return product(*node.factors[:place], turned, *node.factors[place + 1 :])
    return None


def _constant(node: Node) -> Rational | None:
    match node:
        case Number(text):
            return Rational(text)
        case Negative(inner):
            value = _constant(inner)
            return None if value is None else -value
        case Fraction(Number(top), Number(bottom)):
            return Rational(top) / Rational(bottom)
    return None


def _written(value: Rational) -> Node:
    top: Node = Number(str(abs(value.numerator)))
    node = fraction(top, Number(str(value.denominator)))
    return negative(node) if value < 0 else node

"""Differentiating a scalar formula by the rules of calculus, term by term.

The tree that comes out is raw: `rewriting.tidy` makes it fit to be read.  A function
that is not elementary is differentiated through its declared slope, or else through
the formula behind it.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.errors import FormulaError
from tracer.formula.evaluating import Definition
from tracer.formula.nodes import (
    Apply,
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    substitute,
    symbols,
)
from tracer.formula.parsing import parse
from tracer.formula.rewriting import (
    ONE,
    ZERO,
    fraction,
    negative,
    power,
    product,
    total,
)

_SLOPES = {
    "exp": "exp(x)",
    "log": "1/x",
    "sqrt": "1/(2*sqrt(x))",
    "tanh": "1 - tanh(x)**2",
    "abs": "sign(x)",
    "sin": "cos(x)",
    "cos": "-sin(x)",
    "floor": "0",
    "sign": "0",
    "heaviside": "0",
    "Phi": "phi(x)",
    "phi": "-x*phi(x)",
}
"""Slopes of the elementary functions; at a kink the one that the table's names state."""


def derivative(
    node: Node, symbol: str, definitions: Mapping[str, Definition] | None = None
) -> Node:
    """The derivative of a formula with respect to one quantity.

    Args:
        node: a scalar formula.
        symbol: the key of the quantity.
        definitions: formulas behind function names that are not elementary.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(derivative(parse("3*x**2 + log(x)"), "x"))
    '6*x + 1/x'
    """
    if symbol not in symbols(node):
        return ZERO
    match node:
        case Symbol():
            return ONE
        case Sum(terms):
            return total(derivative(term, symbol, definitions) for term in terms)
        case Negative(operand):
            return negative(derivative(operand, symbol, definitions))
        case Product(factors):
            return _product(factors, symbol, definitions)
        case Fraction(top, bottom):
            return _fraction(top, bottom, symbol, definitions)
        case Power(base, exponent):
            return _power(base, exponent, symbol, definitions)
        case Call(function, arguments):
            return total(
                product(
                    partial(function, arguments, place, definitions),
                    derivative(argument, symbol, definitions),
                )
                for place, argument in enumerate(arguments)
                if symbol in symbols(argument)
            )
        case Apply() | Number():
            raise FormulaError("only a scalar formula is differentiated here")


def partial(
    function: str,
    arguments: tuple[Node, ...],
    place: int,
    definitions: Mapping[str, Definition] | None = None,
) -> Node:
    """The derivative of a function by one of its arguments, at the given arguments.

    Raises:
        FormulaError: for a function whose slope is not known.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(partial("tanh", (parse("2*z"),), 0)), write(partial("log", (parse("z"),), 0))
    ('1 - tanh(2*z)**2', '1/z')
    """
    definition = None if definitions is None else definitions.get(function)
    if definition is not None:
        inner = derivative(definition.body, definition.parameters[place], definitions)
        given = dict(zip(definition.parameters, arguments, strict=True))
        return substitute(inner, lambda symbol: given.get(symbol.name, symbol))
    if function == "maximum" and len(arguments) != 2:  # max of a whole array
        return Call("ismax", (Number(str(place + 1)), *arguments))
    if function in ("maximum", "minimum"):
        return _of_two(function, arguments, place)
    if function == "ismax":
        return ZERO
    if function not in _SLOPES:
        raise FormulaError(f"the slope of '{function}' is not known")
    return substitute(parse(_SLOPES[function]), lambda symbol: arguments[0])


def _of_two(function: str, arguments: tuple[Node, ...], place: int) -> Node:
    """The slope of the larger (or smaller) of two: of equal ones the first is it.

    Beside a fixed number a variable has the slope 0 where they meet, as relu has at 0.
    """
    first, second = arguments
    beyond = (second, negative(first)) if function == "maximum" else (first, negative(second))
    taken = Call("heaviside", (total(beyond),))
    if place == 1:
        return taken
    if _is_number(second):
        return Call("heaviside", (total(map(negative, beyond[::-1])),))
    return total((ONE, negative(taken)))


def _is_number(node: Node) -> bool:
    return isinstance(node.operand if isinstance(node, Negative) else node, Number)


def _product(
    factors: tuple[Node, ...], symbol: str, definitions: Mapping[str, Definition] | None
) -> Node:
    return total(
        product(*factors[:i], derivative(factor, symbol, definitions), *factors[i + 1 :])
        for i, factor in enumerate(factors)
        if symbol in symbols(factor)
    )


def _fraction(
    top: Node, bottom: Node, symbol: str, definitions: Mapping[str, Definition] | None
) -> Node:
    over = derivative(top, symbol, definitions)
    under = derivative(bottom, symbol, definitions)
    square = power(bottom, Number("2"))
    if under == ZERO:
        return fraction(over, bottom)
    if over == ZERO:
        return negative(fraction(product(top, under), square))
    return fraction(total((product(over, bottom), negative(product(top, under)))), square)


def _power(
    base: Node, exponent: Node, symbol: str, definitions: Mapping[str, Definition] | None
) -> Node:
    if symbol in symbols(exponent):
        # b**e = exp(e*log(b))
        inner = derivative(product(exponent, Call("log", (base,))), symbol, definitions)
        return product(Power(base, exponent), inner)
    lower = power(base, total((exponent, Number("-1"))))
    return product(exponent, lower, derivative(base, symbol, definitions))

"""The formula as written: a small immutable tree.

A tree keeps the order in which a person writes the terms and the text of every
number (`0.20` stays `0.20`).  It is parsed by `parsing`, written back by
`writing`, evaluated, differentiated, rewritten, printed by the printers of the
rendering room and turned into SymPy by `bridge`.

The same classes serve two levels.  In an *array equation* (`z1 = w1 @ a0 + b1`)
a symbol names a whole array and `Apply` holds the array primitives; in a *scalar
formula* (`w1[1,1]*a0[1] + w1[1,2]*a0[2] + b1[1]`) a symbol is the key of one
number and there is no `Apply`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import sympy


class Formula:
    """What every node can do."""

    __slots__ = ()

    def sympy(self) -> sympy.Expr:
        """The formula as a SymPy expression over real symbols named by their keys.

        Raises:
            CalculationError: for an array formula, which has no single value, and at a
                function whose definition the formula does not carry.

        >>> Fraction(Symbol("a1[1]"), Number("0.50")).sympy()
        2*a1[1]
        """
        from tracer.formula.bridge import to_sympy

        assert isinstance(self, Node)
        return to_sympy(self)


@dataclass(frozen=True, slots=True)
class Number(Formula):
    """A number with the text it was written with: ``0.20``, ``1/3``, ``1e-3``."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbol(Formula):
    """A quantity, by its key (scalar level) or its array's name (array level)."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum(Formula):
    """Terms in writing order; a subtracted term is a `Negative`."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product(Formula):
    """Factors in writing order."""

    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fraction(Formula):
    """``numerator / denominator``."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True, slots=True)
class Power(Formula):
    """``base ** exponent``."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Negative(Formula):
    """``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Call(Formula):
    """A function of numbers, elementwise when its arguments are arrays."""

    function: str
    arguments: tuple[Node, ...]
    definition: Definition | None = field(default=None, compare=False, repr=False)
    """The formula behind the name, where a step carries it (see `defined`)."""


@dataclass(frozen=True, slots=True)
class Apply(Formula):
    """An array primitive: ``matmul``, ``transpose``, ``index``, ``sum``, ``softmax``, ...

    `options` holds what is not an operand: the indices (from 1) of ``index``, the
    axis of a reduction, the shape of a ``spread``.
    """

    primitive: str
    operands: tuple[Node, ...]
    options: tuple[object, ...] = ()


Node: TypeAlias = Number | Symbol | Sum | Product | Fraction | Power | Negative | Call | Apply


@dataclass(frozen=True, slots=True)
class Definition:
    """A function that is itself a formula: ``sigmoid(z) = 1/(1 + exp(-z))``."""

    parameters: tuple[str, ...]
    body: Node


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, in writing order.

    >>> children(Product((Symbol("x"), Number("2"))))
    (Symbol(name='x'), Number(text='2'))
    """
    match node:
        case Number() | Symbol():
            return ()
        case Sum(parts) | Product(parts):
            return parts
        case Fraction(first, second) | Power(first, second):
            return (first, second)
        case Negative(operand):
            return (operand,)
        case Call(_, parts) | Apply(_, parts):
            return parts


def rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same node over other operands (as many as `children` gives).

    >>> rebuilt(Negative(Symbol("x")), (Symbol("y"),))
    Negative(operand=Symbol(name='y'))
    """
    match node:
        case Number() | Symbol():
            return node
        case Sum():
            return Sum(parts)
        case Product():
            return Product(parts)
        case Fraction():
            return Fraction(*parts)
        case Power():
            return Power(*parts)
        case Negative():
            return Negative(*parts)
        case Call(function, _, definition):
            return Call(function, parts, definition)
        case Apply(primitive, _, options):
            return Apply(primitive, parts, options)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first, in writing order.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> [write(part) for part in walk(parse("w*x + b"))]
    ['w*x + b', 'w*x', 'w', 'x', 'b']
    """
    yield node
    for part in children(node):
        yield from walk(part)


def symbols(node: Node) -> list[str]:
    """The names of all quantities in the formula, each once, in writing order.

    >>> symbols(Sum((Symbol("b"), Product((Symbol("a"), Symbol("b"))))))
    ['b', 'a']
    """
    return list(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Symbol)))


def substitute(node: Node, replace: Callable[[Symbol], Node]) -> Node:
    """The formula with every symbol replaced by what `replace` gives for it.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(substitute(parse("w*x + b"), lambda symbol: Symbol(f"{symbol.name}1")))
    'w1*x1 + b1'
    """
    if isinstance(node, Symbol):
        return replace(node)
    parts = children(node)
    if not parts:
        return node
    return rebuilt(node, tuple(substitute(part, replace) for part in parts))


def defined(node: Node, definitions: Mapping[str, Definition]) -> Node:
    """The same formula, its calls carrying the formulas behind their names.

    >>> half = Definition(("x",), Fraction(Symbol("x"), Number("2")))
    >>> defined(Call("half", (Symbol("z"),)), {"half": half}).sympy()
    z/2
    """
    parts = tuple(defined(part, definitions) for part in children(node))
    if isinstance(node, Call) and node.function in definitions:
        found = definitions[node.function]
        inside = Definition(found.parameters, defined(found.body, definitions))
        return Call(node.function, parts, inside)
    return rebuilt(node, parts) if parts else node

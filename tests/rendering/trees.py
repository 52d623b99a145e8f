"""Random formulas for the printers' tests: trees, and what stands at their leaves."""

from __future__ import annotations

from random import Random

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
)
from tracer.notation.name import Name

NUMBERS = {
    "p": "0.40",
    "q": "3",
    "r": "-0.0416",
    "s": "3.7e-5",
    "t": "-2.50e-7",
    "u": "1/3",
    "v": "-2/7",
    "k": "1e-3",
    "l": "-1e4",
    "n": "-2",
}
"""What a symbol stands for when numbers are printed; no value is 0."""

NAMES = {
    "p": Name("w", sub="11", sup="(2)"),
    "q": Name("y", accent="hat"),
    "r": Name("delta", sub="1", sup="[2]", sample="(3)"),
    "s": Name("out", sub="o1"),
    "t": Name("E", sub="total", before="partial", over=Name("w", sub="5", before="partial")),
    "u": Name("w", sub="1,12", sup="(1)", mark="'"),
    "v": Name("W1.grad", sub="k1"),
    "k": Name("leaky_unit", mark="after 2 updates"),
    "l": Name("b", sub="1", before="Delta d", mark="new 2"),
    "n": Name("gęś", before="-d", sup="(t=2)", mark="++"),
}
"""What a symbol is called when names are printed: every part of a name occurs."""

CALLS = {
    "exp": 1,
    "log": 1,
    "sqrt": 1,
    "abs": 1,
    "tanh": 1,
    "sigmoid": 1,
    "maximum": 2,
    "minimum": 3,
    "softplus": 1,
}
_WRITTEN = ("1", "2", "0.50", "10", "1/2", "1e-3", "-1", "2.5e6")
_EXPONENTS: tuple[Node, ...] = (
    Number("2"),
    Number("3"),
    Number("-1"),
    Negative(Number("2")),
    Sum((Number("1"), Number("1"))),
    Symbol("q"),
    Symbol("n"),
)


def tree(random: Random, depth: int = 4) -> Node:
    """A random scalar formula, nested at most `depth` deep."""
    if depth == 0 or random.random() < 0.15:
        if random.random() < 0.3:
            return Number(random.choice(_WRITTEN))
        return Symbol(random.choice(sorted(NUMBERS)))

    def part() -> Node:
        return tree(random, depth - 1)

    def parts(most: int) -> tuple[Node, ...]:
        return tuple(part() for _ in range(random.randint(2, most)))

    match random.randrange(10):
        case 0 | 1 | 2:
            return Sum(parts(7 if depth > 2 else 3))
        case 3 | 4:
            return Product(parts(4))
        case 5:
            return Fraction(part(), part())
        case 6:
            return Power(part(), random.choice(_EXPONENTS))
        case 7 | 8:
            return Negative(part())
    function = random.choice(sorted(CALLS))
    return Call(function, tuple(part() for _ in range(CALLS[function])))


def array_tree(random: Random, depth: int = 3) -> Node:
    """A random array formula; shapes are of no account in print."""
    if depth == 0 or random.random() < 0.2:
        return Symbol(random.choice(sorted(NAMES)))

    def part() -> Node:
        return array_tree(random, depth - 1)

    match random.randrange(9):
        case 0 | 1:
            return Apply("matmul", (part(), part()))
        case 2:
            return Apply("transpose", (part(),))
        case 3:
            return Apply("index", (part(),), random.choice([(1,), (2, 12), (None, 1)]))
        case 4:
            primitive = random.choice(("sum", "mean", "max", "softmax", "sum_to", "spread"))
            return Apply(primitive, (part(),))
        case 5:
            return Apply(random.choice(("outer", "conv", "stack")), (part(), part()))
        case 6:
            return Product((part(), part(), part()))
        case 7:
            return Power(part(), Number("2"))
    return Sum((part(), Negative(part())))

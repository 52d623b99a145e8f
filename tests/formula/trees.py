"""Random formula trees and texts for property tests, and a plain reading of trees."""

from __future__ import annotations

from fractions import Fraction as Rational
from typing import Any

from hypothesis import strategies as st

from tracer.formula.nodes import (
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

KEYS = ("x", "w1[1,2]", "a0[3]#2", "w2[1,1]@1", "lstm1.f[2]~3", "velocity.b1[1]@2", "loss")
NUMBERS = ("0", "1", "2", "0.20", ".5", "3.", "1e-3", "2.5E2", "12")

symbols = st.sampled_from(KEYS).map(Symbol)
numbers = st.sampled_from(NUMBERS).map(Number)


def trees(calls: bool = True, depth: int = 12) -> st.SearchStrategy[Node]:
    """Any tree of the scalar grammar, in any nesting, also ones that no parser makes."""

    def above(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=4).map(tuple)
        kinds = [
            st.builds(Sum, several),
            st.builds(Product, several),
            st.builds(Fraction, inner, inner),
            st.builds(Negative, inner),
            st.builds(Power, inner, st.sampled_from(["2", "3"]).map(Number)),
        ]
        if calls:
            kinds += [
                st.builds(lambda x: Call("exp", (x,)), inner),
                st.builds(lambda x, y: Call("maximum", (x, y)), inner, inner),
            ]
        return st.one_of(kinds)

    return st.recursive(st.one_of(symbols, numbers), above, max_leaves=depth)


def texts(depth: int = 12) -> st.SearchStrategy[str]:
    """Formulas as a person might type them, brackets and spaces where they please."""
    leaf = st.sampled_from((*KEYS, *NUMBERS))

    def above(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds(
                lambda a, op, b: f"{a}{op}{b}",
                inner,
                st.sampled_from([" + ", "-", "*", " / ", "**2*", " - -", "+ -", "*-"]),
                inner,
            ),
            st.builds(lambda a: f"({a})", inner),
            st.builds(lambda a: f"-{a}", inner),
            st.builds(lambda a: f"({a})**2", inner),
        )

    return st.recursive(leaf, above, max_leaves=depth)


def worth(node: Node, values: dict[str, Rational]) -> Rational:
    """The value of a rational tree, written without tracer's evaluator."""
    match node:
        case Number(text):
            return Rational(text)
        case Symbol(name):
            return values[name]
        case Sum(terms):
            return sum((worth(term, values) for term in terms), Rational(0))
        case Product(factors):
            result = Rational(1)
            for factor in factors:
                result *= worth(factor, values)
            return result
        case Fraction(top, bottom):
            return worth(top, values) / worth(bottom, values)
        case Power(base, exponent):
            result = worth(base, values) ** int(worth(exponent, values))
            return Rational(result)
        case Negative(operand):
            return -worth(operand, values)
    raise ValueError(node)


def values_for(seed: int) -> dict[str, Any]:
    """A rational value for every key, none of them 0."""
    return {key: Rational(7 * (i + 1) * (-1) ** (i + seed), 5 + seed) for i, key in enumerate(KEYS)}

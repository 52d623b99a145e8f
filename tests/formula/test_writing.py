"""Writing array formulas is the inverse of reading them, options and all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.calculus.primitives import PRIMITIVES
from tracer.formula.grammar import ARRAY_FUNCTIONS, ARRAY_OPTIONS
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
    walk,
)
from tracer.formula.parsing import parse
from tracer.formula.writing import write

OPERATORS = {"matmul", "transpose", "index"}
COMPANIONS = {
    "spread", "sum_to", "place", "segment", "unflatten", "is_max", "conv_back", "conv_kernel",
    "maxpool_back", "avgpool_back", "only", "outer_each",
}  # fmt: skip
"""Primitives that only arise on the way back: nobody writes them."""
COUNTS = st.integers(1, 9)


def options_of(primitive: str) -> st.SearchStrategy[tuple[object, ...]]:
    """Options as the parser leaves them: an axis or none, all of a convolution or a pool."""
    known = ARRAY_OPTIONS.get(primitive, {})
    if known.keys() == {"axis"}:
        return st.one_of(st.just(()), st.tuples(st.integers(0, 1)))
    if primitive == "conv":
        both = st.tuples(COUNTS, st.integers(0, 3))
        return both.map(lambda found: () if found == (1, 0) else found)
    return st.tuples(*[COUNTS for _ in known])


def applied(primitive: str, inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """A primitive that is written like a call, of any operands, with any options."""
    count = ARRAY_FUNCTIONS[primitive]
    operands = st.lists(inner, min_size=count or 1, max_size=count or 3).map(tuple)
    return st.builds(
        lambda parts, more: Apply(primitive, parts, more), operands, options_of(primitive)
    )


def arrays() -> st.SearchStrategy[Node]:
    """Any array formula, in any nesting."""
    leaf = st.one_of(
        st.sampled_from(["X", "K", "w1", "b"]).map(Symbol),
        st.sampled_from(["2", "0.20", "1e-3"]).map(Number),
    )

    def above(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        places = st.lists(st.one_of(st.none(), COUNTS), min_size=1, max_size=2).map(tuple)
        return st.one_of(
            st.builds(Sum, several),
            st.builds(Product, several),
            st.builds(Fraction, inner, inner),
            st.builds(Negative, inner),
            st.builds(Power, inner, st.just(Number("2"))),
            st.builds(lambda x: Call("tanh", (x,)), inner),
            st.builds(lambda a, b: Apply("matmul", (a, b)), inner, inner),
            st.builds(lambda a: Apply("transpose", (a,)), inner),
            st.builds(lambda a, where: Apply("index", (a,), where), inner, places),
            *(applied(primitive, inner) for primitive in ARRAY_FUNCTIONS),
        )

    return st.recursive(leaf, above, max_leaves=8)


def primitives(node: Node) -> list[tuple[str, tuple[object, ...]]]:
    """All primitives of a formula with their options, in writing order."""
    return [(p.primitive, p.options) for p in walk(node) if isinstance(p, Apply)]


def test_every_primitive_is_tried() -> None:
    """No primitive of the table escapes, but those that nobody writes."""
    assert set(PRIMITIVES) == OPERATORS | set(ARRAY_FUNCTIONS) | COMPANIONS


@given(arrays())
def test_array_formulas_are_read_back(tree: Node) -> None:
    """Every primitive comes back with its options; once read, the whole tree as it was."""
    read = parse(write(tree), arrays=True)
    assert parse(write(read), arrays=True) == read
    assert sorted(map(str, primitives(read))) == sorted(map(str, primitives(tree)))


@pytest.mark.parametrize("primitive", sorted(ARRAY_FUNCTIONS))
@given(data=st.data())
def test_a_primitive_is_read_back(primitive: str, data: st.DataObject) -> None:
    """One primitive of plain arrays, with any options, is exactly itself again."""
    names = st.sampled_from(["X", "K", "w1"]).map(Symbol)
    tree = data.draw(applied(primitive, names))
    assert parse(write(tree), arrays=True) == tree


@pytest.mark.parametrize(
    "text",
    [
        "conv(X, K, stride=2, pad=1)",
        "conv(X, K)",
        "conv(X, K, pad=1)",
        "maxpool(X)",
        "avgpool(X, size=3)",
        "softmax(X @ K.T, axis=0)[1,:]",
        "sum(X)/mean(X, axis=1)",
    ],
)
def test_what_holds_anyway_is_not_written(text: str) -> None:
    """Options at their defaults stay out: the text is what a person writes."""
    assert write(parse(text, arrays=True)) == text

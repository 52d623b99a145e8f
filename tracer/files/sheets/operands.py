"""Numbers that a line puts in for its names: what it says of them, without saying so.

In ``a3 = w13*y3 + w23*y4 = 0.3*0.57 + 0.9*0.59 = 0.702`` the second member states ``y3`` and
``y4`` as they are used.  Takes the members of a chain; gives the quantities and numbers that
stand in the same places of two members.  Factors change places as people like: of several
orders that one is meant in which most numbers are those that are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, permutations

from tracer.formula.nodes import Negative, Node, Number, Product, Symbol, children, symbols
from tracer.model.answer import Link

_MOST_FACTORS = 4
"""Factors of a product whose orders are tried."""
Fits = Callable[[str, str], bool]
"""Whether a number is known to be a quantity's."""


def put_in(
    links: Sequence[Link], fits: Fits = lambda key, text: False
) -> list[tuple[str, str, Link]]:
    """Each quantity with the number that is put in for it, and the member that does so."""
    found: dict[str, tuple[str, Link] | None] = {}
    for before, after in pairwise(links):
        if not symbols(before.formula) or symbols(after.formula):
            continue
        if after.alternative is not None:
            continue  # whether z or a is put in for it, nobody can tell
        for key, text in _pairs(before.formula, after.formula, fits):
            known = found.get(key, (text, after))
            found[key] = (text, after) if known is not None and known[0] == text else None
    return [(key, *told) for key, told in found.items() if told is not None]


def _pairs(named: Node, numeric: Node, fits: Fits) -> Iterator[tuple[str, str]]:
    """Quantities and numbers in the same places; what is worked out already is passed over."""
    if isinstance(named, Symbol):
        if (text := _number(numeric)) is not None:
            yield named.name, text
        return
    first, second = children(named), children(numeric)
    if type(named) is not type(numeric) or len(first) != len(second):
        return
    orders: Iterable[Sequence[Node]] = (second,)
    if isinstance(named, Product) and len(second) <= _MOST_FACTORS:
        orders = permutations(second)
    found = (list(_in_order(first, order, fits)) for order in orders)
    yield from max(found, key=lambda pairs: sum(fits(*pair) for pair in pairs))


def _in_order(
    named: Sequence[Node], numeric: Sequence[Node], fits: Fits
) -> Iterator[tuple[str, str]]:
    for one, other in zip(named, numeric, strict=True):
        yield from _pairs(one, other, fits)


def _number(node: Node) -> str | None:
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Negative) and isinstance(node.operand, Number):
        return f"-{node.operand.text}"
    return None

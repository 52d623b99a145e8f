"""Normal form: no reducing primitive stands inside another.

A matrix product inside a softmax inside a matrix product would print a line that
nobody can follow.  The inner ones get names of their own (``O.1``, ``O.2``) and lines of
their own; elementwise functions stay inline, and sums of several products stay one line.
"""

from __future__ import annotations

from collections.abc import Callable

from tracer.calculus.primitives import PRIMITIVES
from tracer.formula.nodes import Apply, Node, children, rebuilt


def normal_form(formula: Node, named: Callable[[Node], Node], keep: bool = True) -> Node:
    """The formula with inner reducing primitives replaced by names.

    Args:
        formula: an array formula.
        named: gives the symbol for an inner formula (and notes its equation); called in
            order of calculation.
        keep: whether a reducing primitive may stay where it stands.

    >>> from tracer.formula.nodes import Symbol
    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> def named(inner: Node) -> Node:
    ...     print("h =", write(inner))
    ...     return Symbol("h")
    >>> write(normal_form(parse("W2 @ (W1 @ x)", arrays=True), named))
    h = W1 @ x
    'W2 @ h'
    """
    reduces = isinstance(formula, Apply) and PRIMITIVES[formula.primitive].reduces
    inside_keep = keep and not reduces
    parts = tuple(normal_form(part, named, inside_keep) for part in children(formula))
    node = rebuilt(formula, parts) if parts else formula
    return named(node) if reduces and not keep else node

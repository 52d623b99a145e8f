r"""The share of one time step in a gradient: ``∂L/∂U|_{t=2}``, ``dU^{(2)}``, ``dW_hh (t=2)``.

In backpropagation through time a parameter's gradient is the sum of what each use of the
parameter adds to it, and people write these shares down one by one.  Takes a written name;
gives the name without its mark of the time step.  Takes the gradient's formula; gives the
terms of that step.  Used by `naming`.
"""

from __future__ import annotations

import re

from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Number, Sum, symbols

_AT = re.compile(
    r"(?:\\(?:right|[bB]igg?[rlm]?))?\s*(?:\||\\[lr]?vert)\s*_?\s*\{?\s*(?:t\s*=\s*)?(\d{1,3})\s*\}?\s*$"
    r"|\s*(?:\^\s*)?\{?\s*[(⟨<]\s*t\s*=\s*(\d{1,3})\s*[)⟩>]\s*\}?$"
    r"|\^\s*\{?\s*[(⟨<]\s*(\d{1,3})\s*[)⟩>]\s*\}?$"
)
_OPENED = re.compile(r"^\s*\\left\s*\.\s*")
_NUMBERED = re.compile(r"[A-Za-z](\d+)$")


def at_time(name: str) -> tuple[str, int] | None:
    r"""A name without the mark of a time step, and that step; None if it has none.

    >>> at_time(r"\frac{\partial L}{\partial U}\Big|_{t=2}")
    ('\\frac{\\partial L}{\\partial U}', 2)
    >>> at_time("dU^{(2)}"), at_time("dU (t=2)"), at_time("dU")
    (('dU', 2), ('dU', 2), None)
    """
    found = _AT.search(name)
    if found is None or not found.start():
        return None
    bare = _OPENED.sub("", name[: found.start()]).strip()
    return bare, int(found[1] or found[2] or found[3])


def share(formula: Node, time: int) -> Node | None:
    """The terms of a sum over time that belong to one step; None if it is no such sum.

    A term belongs to the step of the derivative that stands in it.

    Args:
        formula: a gradient's.
        time: the step, from 1.
    """
    terms = formula.terms if isinstance(formula, Sum) else (formula,)
    times = [_time(term) for term in terms]
    told = all(key.time is not None for key in _derivatives(terms[0]))
    if None in times or len(set(times)) < len(times) or (len(terms) == 1 and not told):
        return None
    kept = [term for term, its in zip(terms, times, strict=True) if its == time]
    return kept[0] if kept else Number("0")


def _time(term: Node) -> int | None:
    """The step of the derivative in a term: of its key, or as its author's name says it."""
    for key in _derivatives(term):
        if key.time is not None:
            return key.time
        if numbered := _NUMBERED.search(key.name):
            return int(numbered[1])
    return None


def _derivatives(term: Node) -> list[Key]:
    """The derivatives of the loss in a term."""
    return [key for name in symbols(term) if (key := Key.parse(name)).role.startswith("d")]

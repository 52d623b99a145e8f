"""Marking schemes: what each answer is worth, and what each verdict earns of it.

A scheme stands in the problem file under ``marking:``, or in a YAML file of its own with
the same keys::

    each: 1
    points: {loss: 2, "delta2[1]": 3, backward: 2}
    earns: {carried: 1/2, last digit: 1/2}
    carried_cap: 1/2

`points` goes by key, by name (``w2``), by role (``delta``) or by phase; the most specific
entry holds, else `each`.  `carried_cap` is the largest share of all points that carried
answers may earn, so that early nonsense with a consistent rest does not pay.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from fractions import Fraction as Rational
from typing import Any

from tracer.errors import TracerError, suggestion
from tracer.files.faults import Faults, Source
from tracer.files.input import read_bytes
from tracer.files.kinds import Field, Named, Number, Table
from tracer.files.places import key_place, place_of
from tracer.files.positions import LARGEST, Pairs, Tree, decoded, read_tree, source_of
from tracer.files.reading import read as read_kind
from tracer.formula.keys import Key
from tracer.model.answer import Marking
from tracer.model.step import PHASES
from tracer.model.trace import Trace

_SHARE = Number("a share, from 0 to 1")
_EARNS = {
    "correct": "A value that is right.",
    "rounded": "A value that is right within the digits of the sheet's own numbers.",
    "carried": "A value that is right in itself, but follows from an earlier mistake.",
    "last digit": "A wrong value of which only the last digit is off.",
    "too coarse": "A value with so few digits that it shows nothing.",
    "wrong": "Any other wrong value.",
    "missing": "What was asked for and is not there.",
}

MARKING = Table(
    (
        Field("each", Number("a number of points"), "Points of an answer not named here.", 1),
        Field(
            "points",
            Named(Number("a number of points"), "points", pattern=r"\S.*"),
            "Points by key, name, role or phase; the most specific entry holds.",
        ),
        Field(
            "earns",
            Table(
                tuple(Field(name, _SHARE, said) for name, said in _EARNS.items()),
                "shares of the points",
                noun="verdict",
            ),
            "The share of its points that an answer of each verdict earns, from 0 to 1.",
        ),
        Field(
            "carried_cap",
            _SHARE,
            "The largest share of all points that carried answers may earn.",
            1,
        ),
    ),
    "a marking scheme",
)
"""What a marking scheme may hold."""
_BESIDE_KEYS = ("expression", *PHASES)


def load_marking(path: str | os.PathLike[str]) -> Marking:
    """Read a marking scheme from a file of its own (YAML or JSON).

    Raises:
        FileError: all errors at once, each with line, column and a caret.
    """
    name, data = read_bytes(path, LARGEST)
    return marking_text(decoded(data, name), name)


def marking_text(text: str, name: str = "<text>") -> Marking:
    """Read a marking scheme from a text.

    >>> scheme = marking_text("points: {loss: 2}\\nearns: {carried: 1/2}")
    >>> scheme.points["loss"], scheme.earns["carried"], scheme.earns["rounded"]
    (Fraction(2, 1), Fraction(1, 2), Fraction(1, 1))
    """
    source = source_of(name, text)
    tree = read_tree(source)
    inner = tree.get("marking") if isinstance(tree, Pairs) and len(tree.pairs) == 1 else None
    return _marking(inner or tree, source)


def marking_of(tree: Tree, source: Source) -> Marking | None:
    """The marking scheme of a problem file; None if it has none.

    Args:
        tree: of the whole problem file.
        source: its text, for errors.

    Raises:
        FileError: with line, column and a caret.
    """
    inner = tree.get("marking") if isinstance(tree, Pairs) else None
    return None if inner is None else _marking(inner, source)


def _marking(tree: Tree, source: Source) -> Marking:
    faults = Faults(source)
    data = read_kind(MARKING, tree, faults)
    faults.raise_any()
    found = _Reading(tree, faults).marking(data)
    faults.raise_any()
    return found


class _Reading:
    """From checked texts to a scheme: bounds, and names in their normal spelling."""

    def __init__(self, tree: Tree, faults: Faults) -> None:
        self.tree = tree
        self.faults = faults

    def marking(self, data: Mapping[str, Any]) -> Marking:
        default = Marking()
        points = {
            self._name(name): self._points(("points", name), text)
            for name, text in data.get("points", {}).items()
        }
        earns = {
            name: self._share(("earns", name), text) for name, text in data.get("earns", {}).items()
        }
        each = self._points(("each",), data["each"]) if "each" in data else default.each
        cap = default.carried_cap
        if "carried_cap" in data:
            cap = self._share(("carried_cap",), data["carried_cap"])
        return Marking(each, points, {**default.earns, **earns}, cap)

    def _name(self, name: str) -> str:
        if name in _BESIDE_KEYS:
            return name
        try:
            return str(Key.parse(name))
        except TracerError as error:
            place = key_place(self.tree, ("points", name), self.faults.source)
            self.faults.add(place, str(error))
            return name

    def _points(self, path: tuple[str, ...], text: str) -> Rational:
        return self._bounded(path, text, None, "points are 0 or more")

    def _share(self, path: tuple[str, ...], text: str) -> Rational:
        return self._bounded(path, text, 1, "a share is a number from 0 to 1")

    def _bounded(
        self, path: tuple[str, ...], text: str, most: int | None, message: str
    ) -> Rational:
        number = Rational(text)
        if number < 0 or (most is not None and number > most):
            place = place_of(self.tree, path, self.faults.source)
            self.faults.add(place, f"{message}; found {text}")
        return number


def unmatched(marking: Marking, trace: Trace) -> list[str]:
    """Sentences about entries of `points` that match nothing in a calculation.

    >>> from tracer.model.problem import Problem
    >>> from tracer.model.step import Step
    >>> from tracer.formula.nodes import Number
    >>> trace = Trace(Problem(equations=["p = 1"]), (Step("p", "equation", "forward",
    ...     Number("1")),), ())
    >>> unmatched(Marking(points={"p": Rational(2), "q": Rational(1)}), trace)
    ["marking: nothing is called 'q' here"]
    """
    known = set(_names(trace))
    return [
        f"marking: nothing is called '{name}' here{suggestion(name, sorted(known))}"
        for name in marking.points
        if name not in known and name not in _BESIDE_KEYS
    ]


def _names(trace: Trace) -> Iterable[str]:
    """Everything by which points can be given in a calculation."""
    for step in trace:
        key = step.parsed
        yield from (step.key, key.name, key.role)

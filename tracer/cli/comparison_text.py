"""A comparison in words: the conventions, then array by array.

Takes a `Comparison` of the model's; gives plain text: the verdict, the conventions that
explain the difference with their alternatives, and a table of the arrays.  The sentences
come from the prose templates.  Read by `compare`, whose JSON takes the sentences too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracer.cli.console import plain_table
from tracer.model.comparison import Compared, Comparison, Convention
from tracer.rendering.prose import Prose

FIGURES = 9
"""Significant figures of numbers that differ."""


class Words:
    """The sentences of comparisons."""

    def __init__(self) -> None:
        self.prose = Prose(part="comparison")

    def said(self, name: str, **facts: str) -> str:
        """A sentence with its facts."""
        return "".join(
            facts[piece.text] if piece.kind == "fact" else piece.text
            for piece in self.prose.pieces(name)
        )

    def convention(self, one: Convention) -> str:
        """One convention in a sentence."""
        sentence = self.said(f"convention.{one.id}", **dict(one.facts))
        if not one.where:
            return sentence
        return f"{self.said(f'where.{one.where}')} {sentence[0].lower()}{sentence[1:]}"


def text(found: Comparison) -> str:
    """The comparison as plain text."""
    return "\n".join(_lines(found, Words())) + "\n"


def _lines(found: Comparison, words: Words) -> Iterator[str]:
    source = found.source or words.said("comparison.somebody")
    kind = "title" if found.problem else "title_plain"
    yield words.said(f"comparison.{kind}", problem=found.problem, source=source)
    yield ""
    yield from _verdict(found, words)
    yield ""
    numbers = {one: str(place) for place, one in enumerate(found.conventions, 1)}
    rows = [[array.name, str(array.count), _told(array, numbers, words)] for array in found.arrays]
    yield from plain_table(("array", "numbers", ""), rows)


def _verdict(found: Comparison, words: Words) -> Iterator[str]:
    if found.agrees:
        count = sum(array.count for array in found.arrays)
        yield words.said("comparison.agree", count=str(count))
        return
    count = len(found.conventions)
    if count:
        name = "one" if count == 1 else "many"
        yield words.said(f"comparison.{name}", count=str(count))
        yield from _listed(found.conventions, words)
        for other in found.alternatives:
            yield words.said("comparison.or")
            yield from _listed(other, words)
    if not found.explained:
        yield words.said("comparison.rest" if count else "comparison.none")


def _listed(conventions: Iterable[Convention], words: Words) -> Iterator[str]:
    for place, one in enumerate(conventions, 1):
        yield f"  {place}. {words.convention(one)}"


def _told(array: Compared, numbers: dict[Convention, str], words: Words) -> str:
    if array.explained:
        if not array.conventions:
            return words.said("comparison.same")
        needed = ", ".join(numbers[one] for one in array.conventions if one in numbers)
        return words.said("comparison.under", numbers=needed)
    if array.ours is None or array.theirs is None:
        return words.said("comparison.missing", key=array.key)
    return words.said(
        "comparison.differ",
        key=array.key,
        ours=f"{array.ours:.{FIGURES}g}",
        theirs=f"{array.theirs:.{FIGURES}g}",
    )

"""The pictures of slides: the drawing before and after each step.

Takes the steps in order; gives for each what its two pictures are made of.  From one picture
to the next nearly all stays the same, so each shape is set once in the whole document, where
it is first seen, and a picture is a list of shapes by their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracer.rendering.pictures import Pictures

LEGIBLE = (1250.0, 620.0)
"""A diagram wider or taller than this cannot be read on a slide."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A step that is shown."""

    key: str
    """The last step that is worked out."""
    until: str
    """The last one before."""
    room: str
    """The stage for which there is room."""
    lit: str
    """The step that is lit up; nothing: none."""


@dataclass(frozen=True, slots=True)
class NewShape:
    """A shape that no picture before has shown."""

    number: int
    facts: Mapping[str, object]
    """What the template of a shape takes."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The pictures of one step; empty where there is no drawing, or none that can be read."""

    width: str = ""
    height: str = ""
    new: tuple[NewShape, ...] = ()
    before: tuple[int, ...] = ()
    """The shapes that are seen before the step, in the order in which they are painted."""
    after: tuple[int, ...] = ()
    """Those that are seen with its result."""


def shots(moments: Iterable[Moment], pictures: Pictures) -> list[Shot]:
    """The pictures of all steps, in order.

    How large a drawing is follows from the room that it leaves: where one is too large, so are
    the others, and they need not be made to see it.
    """
    found: list[Shot] = []
    too_large: set[tuple[str, int]] = set()
    numbers: dict[str, int] = {}
    for moment in moments:
        kind = moment.room, pictures.update(moment.key)
        before = None
        if kind not in too_large:
            before = pictures.layout("", moment.until, moment.lit, moment.room, moment.key)
        if before is None or before.width > LEGIBLE[0] or before.height > LEGIBLE[1]:
            too_large.add(kind)
            found.append(Shot())
            continue
        after = pictures.layout("", moment.key, moment.lit, moment.room, moment.key)
        found.append(_shot(before, after, numbers))
    return found


def _shot(before: Any, after: Any, numbers: dict[str, int]) -> Shot:
    """The pictures of a step from its `Diagram`s; shapes keep their numbers in `numbers`."""
    from tracer.rendering.diagram.geometry import place
    from tracer.rendering.diagram.tikz import shape_facts

    new: list[NewShape] = []
    seen: list[tuple[int, ...]] = []
    for layout in (before, after):
        shown = []
        for shape in layout.shapes:
            facts = shape_facts(shape)
            told = repr(facts)
            if told not in numbers:
                numbers[told] = len(numbers) + 1
                new.append(NewShape(numbers[told], facts))
            shown.append(numbers[told])
        seen.append(tuple(shown))
    return Shot(place(before.width), place(before.height), tuple(new), seen[0], seen[1])

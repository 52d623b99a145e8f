"""Diagrams of networks and calculations: one layout, drawn as SVG, TikZ or Typst.

`diagram` reads a trace and puts everything in its place; `draw` writes it.

    layout = diagram(trace, stage="updated", highlight="delta1[1]")
    draw(layout, "svg")       # a picture of its own, or inline in a page of HTML
    draw(layout, "tikz")      # a tikzpicture to be \\input; standalone=True: a document
    draw(layout, "typst")     # a block of Typst; standalone=True: a document

*Stages*: ``network`` (names only), ``given`` (the given numbers), ``forward``, ``backward``,
``updated`` (with the new parameters).  ``until=key`` shows nothing that comes after that
step; ``room=stage`` leaves the room of a later stage, so that the pictures of a series do
not move from one to the next.  ``highlight=key`` lights up what that step gives, what it
uses, and the edges between; on the way back their arrows point back.

*SVG*: every number and card has ``data-key`` (the key of its quantity) and a class for its
phase (``forward``, ``backward``, ``update``, ``given``); what is highlighted has ``hot``
(the step's own) or ``lit``.  Its colours are the custom properties ``--tracer-ink``,
``-faint``, ``-line``, ``-frame``, ``-card``, ``-paper``, ``-page``, ``-forward``,
``-backward`` and ``-update``: a page that sets them decides; else the reader's scheme (light
or dark) does.

*TikZ* needs ``\\usepackage{tikz}`` and its library ``arrows.meta``; it is made smaller where it
is wider than the line or higher than the page, and ends its options with ``tracer/own/.try``,
a style in which authors can change any of ``tracer/card``, ``tracer/edge``, ...

*Kinds*: a chain of dense layers is drawn unit by unit.  Anything else is read off its
equations: a recurrent network is unrolled, attention alone and convolution have drawings of
their own, and every other calculation is a graph of its arrays.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.errors import TracerError, suggestion
from tracer.formula.keys import Key
from tracer.model.problem import Dense
from tracer.model.trace import Trace, checked_trace
from tracer.notation.loading import Notation, notation_of
from tracer.rendering.diagram.attention import attention_of
from tracer.rendering.diagram.convolution import Convolution, has_windows
from tracer.rendering.diagram.dense import Layers, is_drawn
from tracer.rendering.diagram.graph import Graph
from tracer.rendering.diagram.quantities import Quantities
from tracer.rendering.diagram.reading import (
    STAGES,
    Reading,
    batch_of,
    check_stage,
    chosen_sample,
    stage_of,
)
from tracer.rendering.diagram.shapes import Diagram
from tracer.rendering.diagram.steps import times_of
from tracer.rendering.diagram.svg import svg_text
from tracer.rendering.diagram.telling import Telling
from tracer.rendering.diagram.tikz import tikz_text
from tracer.rendering.diagram.typst import typst_text
from tracer.rendering.diagram.unrolled import Unrolled
from tracer.rendering.prose import Prose

WRITERS = {"svg": svg_text, "tikz": tikz_text, "typst": typst_text}
"""By format: what writes a diagram."""

__all__ = ["STAGES", "WRITERS", "Diagram", "diagram", "draw"]


def diagram(
    trace: Trace,
    stage: str = "",
    highlight: str = "",
    notation: str | Notation | None = None,
    sample: int | None = None,
    update: int = 1,
    until: str = "",
    room: str = "",
    language: str = "en",
    comma: bool | None = None,
    templates: str = "",
    every: bool = False,
) -> Diagram:
    """Lay out the network of a trace.

    Args:
        trace: the record of a calculation.
        stage: how far the calculation is: one of `STAGES`; "": as far as the highlighted
            step, without one "updated".
        highlight: the key of a step to be lit up.
        notation: the name of a notation, or one; None: the problem's own.
        sample: which sample; None: that of the highlighted step, or of the last one that is
            shown, else the first of the update's batch.
        update: which update, from 1.
        until: the key of the last step whose value is shown.
        room: the stage for which there is room; "": the same as `stage`.
        language: of the captions and the description.
        comma: write numbers with a decimal comma; None: as the language does.
        templates: a folder of the user's own templates and languages, searched first.
        every: leave room for the numbers of every sample of the update, so that their drawings
            lie on one another.

    Raises:
        TracerError: at an unknown stage, key, sample or update.

    >>> import tracer
    >>> from tracer.model.problem import Dense, Problem
    >>> layer = Dense(1, "sigmoid", [["0.15", "0.25"]], ["0.35"])
    >>> problem = Problem(inputs=[0.5, 0.8], targets=[1], layers=[layer],
    ...                   loss="half_squared_error", settings={"rate": "0.5"})
    >>> layout = diagram(tracer.trace(problem), stage="forward")
    >>> [box.key for box in layout.boxes]
    ['a0[1]', 'a0[2]', 'a1[1]', 'loss']
    """
    checked_trace(trace, "diagram")
    before = _before(trace, update)
    if until:
        until = trace[until].key
    if highlight:
        highlight = trace[highlight].key
    prose = Prose(language, templates, part="diagram")
    book = notation_of(trace.problem, notation)
    stage = check_stage(stage) if stage else stage_of(trace, highlight)
    later = max(stage, check_stage(room or stage), key=STAGES.index)
    last = _shown_last(trace, before, until)
    reading = Reading(
        trace,
        book.for_problem(trace.problem),
        "network" if trace.symbolic else stage,
        "network" if trace.symbolic else later,
        chosen_sample(trace, before, sample, highlight or ("" if sample else last)),
        before,
        until,
        highlight,
        prose.language.comma if comma is None else comma,
        batch_of(trace, before) if every else (),
    )
    telling = Telling(reading, prose)
    return replace(_laid_out(reading, telling), voice=telling.voice)


def _laid_out(reading: Reading, telling: Telling) -> Diagram:
    """The drawing of its own kind."""
    if is_layered(reading.trace):
        return Layers(reading, telling, reading.light(is_drawn)).diagram()
    arrays = Quantities(reading, telling)
    light = reading.light(arrays.is_drawn)
    if (times := times_of(arrays)) is not None:
        return Unrolled(arrays, telling, light, times).diagram()
    if reading.room_for("forward") and (attention := attention_of(arrays)):
        return replace(attention, light=light).diagram()
    if reading.room_for("forward") and has_windows(arrays):
        return Convolution(arrays, telling, light).diagram()
    return Graph(arrays, telling, light).diagram()


def is_layered(trace: Trace) -> bool:
    """Whether the network is a plain chain of dense layers."""
    layers = trace.problem.layers
    return bool(layers) and all(isinstance(la, Dense) and not la.sources for la in layers)


def _before(trace: Trace, update: int) -> int:
    """How many updates come before the one to be drawn."""
    updates = max(trace.problem.updates, 1)
    if not 1 <= update <= updates:
        there = "1 update" if updates == 1 else f"{updates} updates"
        raise TracerError(f"there is no update {update}; this problem has {there}")
    return update - 1


def _shown_last(trace: Trace, before: int, until: str) -> str:
    """The last step that is shown, if the update to be drawn is made of its sample."""
    sample = Key.parse(until).sample if until else None
    return until if sample in batch_of(trace, before) else ""


def draw(
    layout: Diagram, to: str = "svg", standalone: bool = False, templates: str = "", id: str = ""
) -> str:
    """Write a diagram.

    Args:
        layout: what `diagram` gave.
        to: ``svg``, ``tikz`` or ``typst``.
        standalone: TikZ and Typst: a whole document.
        templates: a folder of the user's own templates, searched first.
        id: SVG: the id of the picture; "": one that follows from what it shows.

    Raises:
        TracerError: at an unknown format.
    """
    if to not in WRITERS:
        raise TracerError(
            f"a diagram is drawn as {', '.join(WRITERS)}; found '{to}'{suggestion(to, WRITERS)}"
        )
    return WRITERS[to](layout, standalone, templates, id)

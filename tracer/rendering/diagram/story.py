"""A graph told in sentences: the description of its drawing.

Takes the cards of a drawing, its words and what is lit up in it; gives the text for those
who do not see it: each array with its equation and its numbers, in the order of the
calculation.  Read by the drawings of equations, unrolled networks, convolution and
attention.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.rendering.diagram.arrays import ArrayCard, Block
from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.telling import Telling, begun

_MOST = 40
"""Arrays; of more than these only the first are told."""


def described(cards: Sequence[ArrayCard], telling: Telling, light: Light) -> str:
    """All cards in the order of the calculation."""
    said = [telling.say("alt.graph"), telling.say(f"alt.stage_{telling.reading.stage}")]
    foot = telling.foot()
    if foot:
        said.append(begun(telling.spoken(foot)) + ".")
    blocks = [block for card in cards for block in card.blocks]
    said += [sentence for block in blocks[:_MOST] if (sentence := _block(block, telling))]
    if len(blocks) > _MOST:
        said.append(begun(telling.say("alt.elided", count=len(blocks) - _MOST)) + ".")
    if light.keys:
        said.append(telling.highlighted(light))
    return " ".join(said)


def _block(block: Block, telling: Telling) -> str:
    """The name of an array, the equation that gives it, and its numbers, row by row."""
    name = telling.spoken(block.name)
    rows = [telling.listed(cell.text for cell in row if cell and cell.text) for row in block.grid]
    value = "; ".join(row for row in rows if row)
    if block.formula and value:
        return telling.say(
            "alt.equation", name=name, formula=telling.spoken(block.formula), value=value
        )
    if block.formula:
        return telling.say("alt.formula", name=name, formula=telling.spoken(block.formula))
    return telling.say("alt.array", name=name, value=value) if value else ""

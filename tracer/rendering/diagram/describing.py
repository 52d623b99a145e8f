"""A layered network told in sentences: the description of its drawing.

Takes the columns and edges of a drawing; gives what a screen reader says of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.rendering.diagram.card import Card
from tracer.rendering.diagram.placing import Column, Edge
from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.telling import Telling, begun

_MOST = 60
"""Weights; of more than these between two layers only the first are told."""


def description(
    telling: Telling,
    columns: Sequence[Column],
    edges: Sequence[Edge],
    light: Light,
) -> str:
    """The whole drawing in sentences."""
    said = [telling.say("alt.network", shape=telling.shape())]
    said.append(telling.say(f"alt.stage_{telling.reading.stage}"))
    foot = telling.foot()
    if foot:
        said.append(begun(telling.spoken(foot)) + ".")
    for column in columns:
        cards = "; ".join(_card(telling, column.cards[unit]) for unit in column.seen if unit)
        which, *rest = map(telling.spoken, column.caption)
        caption = ", ".join(filter(None, (which, " ".join(rest))))
        said.append(telling.say("alt.layer", layer=begun(caption), cards=cards))
        arriving = [e for e in edges if e.column == column.number - 1 and e.old]
        if arriving:
            said.append(_weights(telling, arriving))
    if telling.reading.highlight:
        said.append(telling.highlighted(light))
    return " ".join(said)


def _card(telling: Telling, card: Card) -> str:
    rows = []
    for row in card.rows:
        if row.value is not None:
            name = telling.spoken(row.name) or telling.voice.words["then"]
            rows.append(telling.say("alt.row", name=name, value=telling.spoken(row.value)))
        elif not row.centred or row is card.rows[-1]:
            rows.append(telling.spoken(row.name))
    return ", ".join(row for row in rows if row)


def _weights(telling: Telling, edges: Sequence[Edge]) -> str:
    told = []
    for edge in edges[:_MOST]:
        name = telling.spoken(telling.reading.name(edge.key))
        value = telling.spoken(edge.old or ())
        if value == name:
            told.append(name)
        elif edge.new:
            new = telling.spoken(edge.new)
            told.append(telling.say("alt.weight_new", name=name, value=value, new=new))
        else:
            told.append(telling.say("alt.weight", name=name, value=value))
    if len(edges) > _MOST:
        told.append(telling.say("alt.elided", count=len(edges) - _MOST))
    return telling.say("alt.weights", list="; ".join(told))

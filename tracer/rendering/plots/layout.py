"""The places of everything in a plot: lines, ticks, and the names at the ends of lines.

Takes a `Figure`; gives pixels.  Each line is named at its right end, in its colour, where
the eye already is; names that would stand on one another are moved apart.  Of very many
lines only the groups are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracer.rendering.plots.colours import COLOURS
from tracer.rendering.plots.figure import Figure, Series
from tracer.rendering.plots.scales import Scale, Tick, around
from tracer.rendering.plots.thinning import straightened, thinned

WIDTH, HEIGHT = 760, 430
TOP, BOTTOM, LEFT = 74, 50, 66
LINE = 16
"""Pixels from one name to the next."""
LETTER = 6.7
"""Pixels of a letter, on average."""
_SEEN = 0.08
"""Pixels by which a line may pass a point."""
_WIDEST = 190
_MANY = 22


@dataclass(frozen=True, slots=True)
class Line:
    """A series, drawn."""

    series: Series
    colour: int
    pieces: tuple[tuple[tuple[float, float], ...], ...]
    """Points in pixels; a new piece where numbers are missing."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name at the end of a line."""

    text: str
    value: str
    """The last number, rounded."""
    colour: int
    end: tuple[float, float]
    """Where the line ends."""
    y: float
    """Where the name stands."""
    typst: str = ""
    """The name as a formula of Typst, if it is one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A plot with all its places."""

    figure: Figure
    across: Scale
    up: Scale
    right: float
    """Right end of the axes."""
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    width: float = WIDTH
    height: float = HEIGHT

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return LEFT + self.across.share(value) * (self.right - LEFT)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return self.height - BOTTOM - self.up.share(value) * (self.height - BOTTOM - TOP)

    def ticks_across(self) -> list[tuple[float, Tick]]:
        return [(self.x(tick.value), self._told(tick)) for tick in self.across.ticks(7)]

    def ticks_up(self) -> list[tuple[float, Tick]]:
        return [(self.y(tick.value), self._told(tick)) for tick in self.up.ticks(6)]

    def _told(self, tick: Tick) -> Tick:
        return replace(tick, text=self.figure.number(tick.text))


def laid_out(figure: Figure) -> Layout:
    """The figure with everything in its place."""
    drawn = [(series, figure.drawn(series)) for series in figure.series]
    drawn = [(series, points) for series, points in drawn if points]
    values = [y for _, points in drawn for _, y in points]
    places = [x for _, points in drawn for x, _ in points]
    low, high = min(places), max(places)
    across = Scale(low, high if high > low else low + 1, figure.log_across, figure.counts)
    up = around(min(values), max(values), figure.log)
    names = _names(figure, [series for series, _ in drawn])
    longest = max(len(text) + 1 + _LONGEST_VALUE for text in names.values())
    right = WIDTH - min(max(longest * LETTER + 28, 90), _WIDEST)
    bare = Layout(figure, across, up, right, (), ())
    colours = _colours([series for series, _ in drawn])
    lines = tuple(
        Line(series, colours[series.key], tuple(_pieces(bare, series, figure)))
        for series, _ in drawn
    )
    height = max(HEIGHT, TOP + BOTTOM + LINE * len(names))
    whole = Layout(figure, across, up, right, lines, (), WIDTH, height)
    if height > HEIGHT:
        lines = tuple(
            Line(line.series, line.colour, tuple(_pieces(whole, line.series, figure)))
            for line in lines
        )
    labels = tuple(_labels(whole, drawn, names, colours))
    return Layout(figure, across, up, right, lines, labels, WIDTH, height)


_LONGEST_VALUE = 9


def _names(figure: Figure, series: Sequence[Series]) -> dict[str, str]:
    """What is named at the ends of lines: each line, or each group of very many."""
    if len(series) <= _MANY:
        return {one.key: figure.called(one.label) for one in series}
    groups: dict[str, str] = {}
    for one in series:
        if one.group not in groups.values():
            groups[one.key] = one.group
    return groups


def _colours(series: Sequence[Series]) -> dict[str, int]:
    """A colour for each line; for each group, where there are more lines than colours."""
    if len(series) <= len(COLOURS):
        return {one.key: place for place, one in enumerate(series)}
    groups = list(dict.fromkeys(one.group for one in series))
    if len(groups) == 1:
        return {one.key: place % len(COLOURS) for place, one in enumerate(series)}
    return {one.key: groups.index(one.group) % len(COLOURS) for one in series}


def _pieces(
    layout: Layout, series: Series, figure: Figure
) -> Iterator[tuple[tuple[float, float], ...]]:
    """The line's points in pixels; runs of numbers with nothing missing between them."""
    columns = int(layout.right - LEFT)
    drawn = dict(figure.drawn(series))
    alternating = len(drawn) < len(figure.positions)
    run: list[tuple[float, float]] = []
    for x in figure.positions:
        if x in drawn:
            run.append((layout.across.share(x), drawn[x]))
        elif not alternating:
            yield _in_pixels(layout, thinned(run, columns))
            run = []
    if run:
        yield _in_pixels(layout, thinned(run, columns))


def _in_pixels(
    layout: Layout, points: Sequence[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    wide = layout.right - LEFT
    placed = [(LEFT + share * wide, layout.y(value)) for share, value in points]
    return tuple(straightened(placed, _SEEN))


def _labels(
    layout: Layout,
    drawn: Sequence[tuple[Series, list[tuple[float, float]]]],
    names: dict[str, str],
    colours: dict[str, int],
) -> Iterator[Label]:
    ends = []
    for series, points in drawn:
        if series.key in names:
            x, y = points[-1]
            value = layout.figure.number(f"{y:.3g}".replace("-", "−"))
            value = value if len(drawn) <= _MANY else ""
            place = (layout.x(x), layout.y(y))
            alone = names[series.key] == series.label
            formula = series.typst if alone else ""
            ends.append((place, names[series.key], value, colours[series.key], formula))
    ends.sort(key=lambda end: end[0][1])
    heights = apart([place[1] for place, *_ in ends], LINE, TOP, layout.height - BOTTOM)
    for (place, text, value, colour, formula), y in zip(ends, heights, strict=True):
        yield Label(text, value, colour, place, y, formula)


def apart(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Ascending places as near as possible to the wanted ones, at least `gap` apart.

    >>> apart([10, 12, 50], 16, 0, 100)
    [3.0, 19.0, 50.0]
    """
    blocks: list[list[float]] = []  # [sum of wanted first places, count]
    for place in wanted:
        blocks.append([place, 1])
        while len(blocks) > 1 and _start(blocks[-2], gap) + gap * blocks[-2][1] > _start(
            blocks[-1], gap
        ):
            total, count = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
    found = [_start(block, gap) + gap * place for block in blocks for place in range(int(block[1]))]
    return _inside(found, gap, top, bottom)


def _start(block: list[float], gap: float) -> float:
    total, count = block
    return total / count - gap * (count - 1) / 2


def _inside(places: list[float], gap: float, top: float, bottom: float) -> list[float]:
    """The same, within bounds."""
    least = top
    for k, place in enumerate(places):
        places[k] = max(place, least)
        least = places[k] + gap
    most = bottom
    for k in range(len(places) - 1, -1, -1):
        places[k] = min(places[k], most)
        most = places[k] - gap
    return places

"""Convolution and pooling as windows: the cells that one result is made of, and the result.

The arrays stand in the order of the calculation, cell by cell.  The window is the bounding
box of the numbers that the chosen result uses in its own line, so that stride and padding
need no second rule; dashed lines lead from it to the result.  The chosen result is the one
that is highlighted, else the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tracer.formula.nodes import Apply, Symbol, walk
from tracer.model.quantity import Equation
from tracer.rendering.diagram.arrays import Grid
from tracer.rendering.diagram.graph import Graph
from tracer.rendering.diagram.matrices import NAME, Matrix, drawn_matrix, title_width
from tracer.rendering.diagram.quantities import Quantities
from tracer.rendering.diagram.shapes import (
    Box,
    Diagram,
    Label,
    Line,
    Rect,
    Shape,
    framed,
)
from tracer.rendering.diagram.story import described
from tracer.rendering.diagram.text import sign

_WINDOWS = frozenset({"conv", "maxpool", "avgpool"})
_WIDEST = 840.0
"""Units; what is longer goes on in a row below."""
_APART = 46.0
_BELOW = 34.0


def has_windows(arrays: Quantities) -> bool:
    """Whether there is a convolution among the equations."""
    return any(_window_of(equation) == "conv" for equation in arrays.equations)


def _window_of(equation: Equation) -> str:
    """The primitive whose window slides over an array; nothing where there is none."""
    for part in walk(equation.formula):
        if isinstance(part, Apply) and part.primitive in _WINDOWS:
            return part.primitive
    return ""


def _slid_over(equation: Equation) -> tuple[str, str]:
    """The array under the window, and the kernel if there is one."""
    for part in walk(equation.formula):
        match part:
            case Apply("conv", (Symbol(image), Symbol(kernel))):
                return image, kernel
            case Apply("maxpool" | "avgpool", (Symbol(image), *_)):
                return image, ""
    return "", ""


@dataclass(frozen=True)
class Convolution(Graph):
    """A convolutional calculation on its way to a drawing."""

    sharing = "diagram.around"

    def diagram(self) -> Diagram:
        """The whole drawing: the arrays in a row, windows on them, the rest below."""
        places = self._places()
        windows = [pair for e in self.arrays.equations if (pair := self._window(e, places))]
        shapes = [guide for pair in windows for guide in _guides(*pair)]  # under the matrices
        for name, rect in places.items():
            shapes += drawn_matrix(self.matrices[name], rect.x, rect.y, self.light)
        shapes += self._between(places)
        shapes += [Box(rect, "window", 2) for pair in windows for rect in pair]
        if self.arrays.reading.room_for("backward"):
            shapes += self.legend(shapes)
        shapes += self.strip(shapes)
        cards = [self.card(name) for name in self.flow]
        text = described([*cards, *self.shared_cards], self.telling, self.light)
        return framed(shapes, self.telling.title(), text)

    @cached_property
    def flow(self) -> list[str]:
        """The arrays of the row: kernels before what they slide over, then every result."""
        found: list[str] = []
        for equation in self.arrays.equations:
            image, kernel = _slid_over(equation)
            found += [name for name in (kernel, image, equation.target.name) if name]
        return list(dict.fromkeys(found))

    @property
    def shared(self) -> list[str]:
        """What goes into the results of the row and stands in no card of it."""
        return [
            name
            for name in self.uses
            if not self.arrays.is_computed(name)
            and name not in self.constants
            and (name not in self.flow or self.arrays.is_parameter(name))
        ]

    @cached_property
    def matrices(self) -> dict[str, Matrix]:
        return {name: self._matrix(name) for name in self.flow}

    def _matrix(self, name: str) -> Matrix:
        arrays = self.arrays
        block = arrays.forward(name)
        gradient = arrays.gradient(name)
        below: Grid = ()
        if gradient and arrays.reading.room_for("backward"):
            below = arrays.grid(gradient)
        return Matrix(block.name, block.grid, block.role, below, None, block.formula)

    def _places(self) -> dict[str, Rect]:
        """The matrices in rows, each row on one middle line."""
        rows: list[list[str]] = [[]]
        x = 0.0
        for name in self.flow:
            wide = self._room(name)
            if rows[-1] and x + wide > _WIDEST:
                rows.append([])
                x = 0.0
            rows[-1].append(name)
            x += wide + _APART
        found, y = {}, 0.0
        for row in rows:
            high = max(self.matrices[name].size[1] for name in row)
            x = 0.0
            for name in row:
                wide, tall = self.matrices[name].size
                found[name] = Rect(x, y + NAME + (high - tall) / 2, wide, tall)
                x += self._room(name) + _APART
            y += NAME + high + _BELOW
        return found

    def _room(self, name: str) -> float:
        return max(self.matrices[name].size[0], title_width(self.matrices[name]))

    def _between(self, places: dict[str, Rect]) -> list[Shape]:
        """Arrows from one array to the next, and the star of a convolution."""
        kernels = {_slid_over(equation)[1] for equation in self.arrays.equations}
        found: list[Shape] = []
        for one, other in zip(self.flow, self.flow[1:], strict=False):
            here, there = places[one], places[other]
            y = here.y + here.height / 2
            if there.x < here.x:
                continue
            middle = (here.right + there.x) / 2
            if one in kernels:
                found.append(Label(middle, y + 8, sign("∗"), "faint", "title", "middle"))
            elif not self._has_guides(other):
                ends = (middle - 13, y), (middle + 13, y)
                found.append(Line(ends[0], ((ends[1],),), "edge", "end"))
        return found

    def _has_guides(self, name: str) -> bool:
        equation = self.arrays.by_target.get(name)
        return equation is not None and _window_of(equation) != ""

    def _window(self, equation: Equation, places: dict[str, Rect]) -> tuple[Rect, Rect] | None:
        """The window of the chosen result, and the place of that result."""
        image, _ = _slid_over(equation)
        target = equation.target.name
        step = self.arrays.reading.step(self._chosen(target)) if image else None
        if step is None:
            return None
        under = self._box(image, places[image], step.operands)
        result = self._box(target, places[target], [step.key])
        return None if under is None or result is None else (under, result)

    def _chosen(self, name: str) -> str:
        """The key of the cell that is shown with its window."""
        keys = [cell.key for row in self.matrices[name].grid for cell in row if cell and cell.key]
        lit = [key for key in keys if key in self.light.hot] or [
            key for key in keys if key in self.light.used
        ]
        return (lit or keys or [""])[0]

    def _box(self, name: str, place: Rect, keys: list[str]) -> Rect | None:
        """The bounding box of some cells of a matrix."""
        matrix = self.matrices[name]
        at = [
            (row, column)
            for row, cells in enumerate(matrix.grid)
            for column, cell in enumerate(cells)
            if cell and cell.key in keys
        ]
        if not at:
            return None
        top, left = min(row for row, _ in at), min(column for _, column in at)
        rows = max(row for row, _ in at) - top + 1
        columns = max(column for _, column in at) - left + 1
        return matrix.rect(place.x, place.y, top, left, rows, columns)


def _guides(under: Rect, result: Rect) -> list[Shape]:
    """Lines from a window to its result, where that stands at its right."""
    if result.x <= under.right:
        return []
    return [
        Line((under.right, under.y), (((result.x, result.y),),), "guide"),
        Line((under.right, under.bottom), (((result.x, result.bottom),),), "guide"),
    ]

"""Attention as it is multiplied by hand: queries beside the scores, keys above them.

The scores stand where a query's row meets a key's column; below them the weights that
softmax makes of each row, shaded by their size; what is masked is an empty cell.  The
weights' rows meet the columns of the values above the output.  Found by its structure: a
softmax of a product with a transposed array, multiplied by a third one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracer.formula.nodes import Apply, Symbol, symbols, walk
from tracer.rendering.diagram.arrays import Grid
from tracer.rendering.diagram.graph import Graph
from tracer.rendering.diagram.matrices import NAME, Matrix, drawn_matrix, title_width
from tracer.rendering.diagram.quantities import Quantities
from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.shapes import Diagram, Line, Shape, extent, framed
from tracer.rendering.diagram.story import described

_APART = 30.0
_HEADS = 44.0


@dataclass(frozen=True, slots=True)
class Head:
    """The arrays of one attention head, by their names."""

    queries: str
    keys: str
    scores: str
    """What softmax is applied to."""
    weights: str
    values: str
    output: str

    @property
    def names(self) -> tuple[str, ...]:
        return self.queries, self.keys, self.scores, self.weights, self.values, self.output


def attention_of(arrays: Quantities) -> Attention | None:
    """Who draws a calculation that is attention and little else; None of any other.

    What leads to queries, keys and values and what is made of the output stand below the
    heads; where more than the loss follows, or something comes before, a graph shows it all.
    """
    found = Attention(arrays, arrays.telling, Light(), tuple(heads_of(arrays)))
    shown = {name for head in found.heads for name in head.names} | set(found.shared)
    for head in found.heads:
        shown |= set(_scaled(head.scores, arrays))
    left_out = [e for e in arrays.equations if e.target.name not in shown and e.phase != "loss"]
    last = arrays.equations[-1:]
    return found if found.heads and left_out in ([], list(last)) else None


def _scaled(name: str, arrays: Quantities) -> Iterator[str]:
    """The scores before they are scaled and masked, from the last to the product itself."""
    while name in arrays.by_target:
        yield name
        computed = [one for one in symbols(arrays.by_target[name].formula)
                    if arrays.is_computed(one)]  # fmt: skip
        name = computed[0] if len(computed) == 1 else ""


def heads_of(arrays: Quantities) -> list[Head]:
    """The attention heads of a calculation."""
    found = []
    for equation in arrays.equations:
        operand = _softmax_of(equation.formula)
        pair = _product_of(operand, arrays) if operand else None
        if operand is None or pair is None:
            continue
        weights = equation.target.name
        for later in arrays.equations:
            match later.formula:
                case Apply("matmul", (Symbol(first), Symbol(second))) if first == weights:
                    found.append(Head(*pair, operand, weights, second, later.target.name))
    return found


def _softmax_of(formula: object) -> str | None:
    match formula:
        case Apply("softmax", (Symbol(name),)):
            return name
    return None


def _product_of(name: str, arrays: Quantities) -> tuple[str, str] | None:
    """The queries and keys behind scores, through masks and scales."""
    equation = arrays.by_target.get(name)
    if equation is None:
        return None
    for part in walk(equation.formula):
        match part:
            case Apply("matmul", (Symbol(left), Apply("transpose", (Symbol(right),)))):
                return left, right
    computed = [one for one in symbols(equation.formula) if arrays.is_computed(one)]
    return _product_of(computed[0], arrays) if len(computed) == 1 else None


@dataclass(frozen=True)
class Attention(Graph):
    """Attention heads on their way to a drawing."""

    heads: tuple[Head, ...]
    sharing = "diagram.around"

    def diagram(self) -> Diagram:
        """The whole drawing: head by head, then what stands around them."""
        shapes: list[Shape] = []
        for head in self.heads:
            y = extent(shapes).bottom + _HEADS if shapes else 0.0
            shapes += self._head(head, y)
        if self.arrays.reading.room_for("backward"):
            shapes += self.legend(shapes)
        shapes += self.strip(shapes)
        cards = [self.card(name) for head in self.heads for name in head.names]
        text = described([*self.shared_cards, *cards], self.telling, self.light)
        return framed(shapes, self.telling.title(), text)

    @property
    def shared(self) -> list[str]:
        """What queries, keys and values are made of, and what is made of the output."""
        inside = {name for head in self.heads for name in head.names}
        around: list[str] = []
        for head in self.heads:
            for name in (head.queries, head.keys, head.values):
                equation = self.arrays.by_target.get(name)
                around += self.arrays.operands(equation) if equation else []
        for head in self.heads:
            for user in self.uses.get(head.output, []):
                around += [*self.arrays.operands(self.arrays.by_target[user]), user]
        return [
            name
            for name in dict.fromkeys(around)
            if name not in inside and name not in self.constants
        ]

    def _head(self, head: Head, top: float) -> list[Shape]:
        matrices = {name: self._matrix(name, head) for name in head.names}
        scores, weights = matrices[head.scores], matrices[head.weights]
        wide = max(scores.cell[0], weights.cell[0], matrices[head.keys].cell[0])
        high = max(matrix.cell[1] for matrix in matrices.values())
        side = max(matrices[head.values].cell[0], matrices[head.output].cell[0])
        columns = len(scores.grid[0])
        left = max(matrices[head.queries].size[0], title_width(matrices[head.queries])) + _APART
        right = left + max(wide * columns, title_width(weights), title_width(scores)) + _APART
        keys_high = high * len(matrices[head.keys].grid)
        first = top + NAME + keys_high + _APART
        second = first + high * len(scores.grid) + _APART + 6
        x, queries_x = left, 0.0
        shapes: list[Shape] = []
        for name, at, y, cell in (
            (head.queries, queries_x, first, matrices[head.queries].cell[0]),
            (head.keys, x, top + NAME, wide),
            (head.scores, x, first, wide),
            (head.weights, x, second, wide),
            (head.values, right, first, side),
            (head.output, right, second, side),
        ):
            shapes += drawn_matrix(matrices[name], at, y, self.light, (cell, high))
        middle = first + high * len(scores.grid) / 2
        queries_right = queries_x + matrices[head.queries].size[0]
        down = x + wide * columns / 2
        for start, end in (
            ((queries_right + 5, middle), (x - 5, middle)),
            ((down, top + NAME + keys_high + 3), (down, first - NAME + 2)),
            ((down, first + high * len(scores.grid) + 3), (down, second - NAME + 2)),
        ):
            shapes.append(Line(start, ((end,),), "edge", "end"))
        return shapes

    def _matrix(self, name: str, head: Head) -> Matrix:
        arrays = self.arrays
        block = arrays.forward(name)
        grid, formula, title = block.grid, block.formula, block.name
        gradient = arrays.gradient(name)
        below: Grid = ()
        if gradient and arrays.reading.room_for("backward"):
            below = arrays.grid(gradient)
        if name == head.keys:
            grid, below = _turned(grid), _turned(below)
            title, formula = arrays.transposed(name), None
        shades = {}
        if name == head.weights:
            shades = {key: arrays.amount(key) for row in grid for cell in row if cell
                      for key in [cell.key] if key}  # fmt: skip
        return Matrix(title, grid, block.role, _fitting(below, grid), shades, formula)


def _turned(grid: Grid) -> Grid:
    return tuple(zip(*grid, strict=True))


def _fitting(below: Grid, grid: Grid) -> Grid:
    """The gradients, if there are as many as numbers."""
    same = len(below) == len(grid) and all(
        len(a) == len(b) for a, b in zip(below, grid, strict=True)
    )
    return below if same and below else ()

"""Array equations as a textbook writes them: with names, and with matrices of numbers.

The plan holds arrays with a sample in each column and weights as (to, from).  A book whose
samples are rows, or whose weights are (from, to), writes the transposed equation; both are
made here from the one equation of the plan: `Z = W X + b` becomes `Z = X W + b`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from tracer.formula.keys import Key
from tracer.formula.nodes import (
    Apply,
    Fraction,
    Node,
    Sum,
    Symbol,
    children,
    rebuilt,
    symbols,
    walk,
)
from tracer.model.quantity import Equation, Plan, Quantity
from tracer.notation.name import Name
from tracer.rendering.content import Line, Member
from tracer.rendering.lines import label, member
from tracer.rendering.shapes import ONES, gives, uses_a_row
from tracer.rendering.typesetting import Typesetting

_UNSPEAKABLE = frozenset(
    {
        "place",
        "is_max",
        "conv_back",
        "conv_kernel",
        "maxpool_back",
        "avgpool_back",
        "outer_each",
        "unflatten",
        "sum_to",
    }
)
"""Backward primitives that no textbook has a sign for: the result alone is shown."""
_MINOR = frozenset({"only", "spread"})
_LARGEST = 12
"""Rows and columns of the largest matrix that is printed."""
_MOST_ROWS = {"math": 2, "text": 6, "markup": 6}
"""Rows of matrices between the formula and the result: more would hide the rule."""

Rows = list[list[str]]


class Matrices:
    """The array equations of one pass, displayed in a notation."""

    def __init__(self, plan: Plan, update: int, setting: Typesetting) -> None:
        self.plan = plan
        self.update = update
        self.setting = setting
        notation = setting.names.notation
        self._layered = bool(setting.trace.problem.layers)
        self._samples_in_rows = self._layered and notation.rows == "samples"
        self._from_to = self._layered and notation.weights == "from,to"

    @cached_property
    def arrays(self) -> frozenset[str]:
        """The names whose products are elementwise: all but single numbers."""
        found = {n for n, q in self.plan.quantities.items() if any(s > 1 for s in q.shape)}
        return frozenset(found)

    def equation(self, rule: str, key: Key) -> Equation | None:
        """The equation that the step of this key and rule is a cell of."""
        return self._by_rule.get((rule, self.array_of(key)))

    def array_of(self, key: Key) -> Key:
        """The key without what tells the cells of one array apart."""
        leading, own_sample = self._arrays_of.get(key.name, (0, False))
        sample = key.sample if own_sample else None
        return Key(key.name, key.indices[:leading], key.time, sample)

    @cached_property
    def _arrays_of(self) -> dict[str, tuple[int, bool]]:
        """How many leading indices an array has, and whether each sample has its own."""
        return {q.key: (len(q.leading), q.sample is not None) for q in self._targets}

    @property
    def _targets(self) -> list[Quantity]:
        return [equation.target for equation in self.plan.equations]

    @cached_property
    def _by_rule(self) -> dict[tuple[str, Key], Equation]:
        return {(e.rule, key_of(e.target)): e for e in self.plan.equations}

    # -- names ---------------------------------------------------------------------------------

    def definition(self, equation: Equation) -> str:
        """The equation with names, or nothing where no textbook writes it so."""
        formula = self.displayed(equation)
        if formula is None:
            return ""
        setting = self.setting
        left = setting.printer.name(self._target_name(equation))
        right = setting.formula(formula, self._name, self.arrays)
        return setting.joined(left, setting.sign("="), right)

    def displayed(self, equation: Equation) -> Node | None:
        """The right side as the notation's rows and columns want it."""
        formula = _simple(equation.formula, self.plan)
        if any(
            isinstance(part, Apply) and part.primitive in _UNSPEAKABLE for part in walk(formula)
        ):
            return None
        return self._turned(formula, self._is_turned(equation.target.name))

    def _holds(self, equation: Equation) -> bool:
        """Whether the equation is true of the matrices as they are displayed."""
        formula = _simple(equation.formula, self.plan)
        shapes = {name: quantity.shape for name, quantity in self.plan.quantities.items()}
        if not self._layered and uses_a_row(formula, shapes):
            return False
        return gives(formula, equation.target.shape, shapes)

    def _target_name(self, equation: Equation) -> Name:
        return self._name(equation.target.name + ("'" if equation.is_next else ""))

    def _name(self, name: str) -> Name:
        if name.startswith(ONES):
            return Name("1", sub=name.removeprefix(ONES))
        quantity = self.plan.quantities.get(name.rstrip("'"))
        if quantity is None:
            return self.setting.names.array(name, self.update)
        fixed = quantity.kind == "given"
        if key_of(quantity) != Key(quantity.key):  # one array of several that share a name
            name = str(key_of(quantity)) + name[len(name.rstrip("'")) :]
        return self.setting.names.array(name, 0 if fixed else self.update)

    # -- numbers -------------------------------------------------------------------------------

    def line(self, equation: Equation, detail: str = "standard") -> Line | None:
        """The equation with names, with matrices of numbers, and the matrix it gives."""
        setting, target = self.setting, equation.target
        if len(target.shape) > 2 or max(target.shape, default=1) > _LARGEST:
            return None
        left = setting.printer.name(self._target_name(equation))
        room = setting.form.width - setting.width(left) - setting.form.gap
        equals = setting.sign("=")
        formula = self.displayed(equation) if self._holds(equation) else None
        members: list[Member] = []
        shape = self._displayed_shape(target)
        if formula is not None:
            members.append(
                member(setting, equals, formula, self._name, room, "formula", self.arrays)
            )
        if not setting.trace.symbolic:
            numbers = self._spread_out(formula, target)
            if numbers is not None and detail != "brief" and self._readable(numbers):
                leaf = self._numbers(shape)
                found = member(setting, equals, numbers, leaf, room, "numbers", self.arrays)
                if len(found.parts) <= _MOST_ROWS[setting.form.equations] and _plain(
                    found.parts, setting
                ) != _plain(self._shown(equation), setting):
                    members.append(found)
            members.append(self._result(equation, room))
        if not members:
            return None
        first = next(iter(target.cells()))
        key = target.cell(first, self.update + equation.is_next)
        return Line(key, left, tuple(members), label(f"{equation.target.name}-array@{self.update}"))

    def _result(self, equation: Equation, room: float) -> Member:
        setting, trace = self.setting, self.setting.trace
        update = self.update + equation.is_next
        keys = [equation.target.cell(index, update) for index in equation.target.cells()]
        steps = [trace[key] for key in keys if key in trace]
        relation = "≈" if any(step.relation == "≈" for step in steps) else "="
        found, (shown,) = self._cells(equation.target, update), self._shown(equation)
        if isinstance(found, str):
            shown = setting.result(found)
        parts = setting.wrapped(shown, room)
        fitted = max(map(setting.width, parts)) > room
        return Member(setting.sign(relation), parts, "result", fitted)

    def _shown(self, equation: Equation) -> tuple[str, ...]:
        """The result as it would look among the numbers."""
        found = self._cells(equation.target, self.update + equation.is_next)
        return (self.setting.formula(Symbol("x"), lambda name: found, arrays=True),)

    def _numbers(self, shape: tuple[int, ...]) -> Callable[[str], str | Rows]:
        def leaf(name: str) -> str | Rows:
            if name.startswith(ONES):
                return [["1"] for _ in range(int(name.removeprefix(ONES)))]
            if name.startswith("row:"):
                return _repeated(leaf(name.removeprefix("row:")), shape)
            bare = name.rstrip("'")
            return self._cells(self.plan.quantities[bare], self.update + len(name) - len(bare))

        return leaf

    def _cells(self, quantity: Quantity, update: int) -> str | Rows:
        """The numbers of an array as displayed; a structural zero is an empty text."""
        if not quantity.shape or quantity.shape == (1, 1):
            return self._text(quantity, (0,) * len(quantity.shape), update) or "0"
        if len(quantity.shape) == 1:
            return [[self._text(quantity, (i,), update)] for i in range(quantity.shape[0])]
        height, width = quantity.shape
        rows = [[self._text(quantity, (i, j), update) for j in range(width)] for i in range(height)]
        return _transposed(rows) if self._is_turned(quantity.name) else rows

    def _text(self, quantity: Quantity, index: tuple[int, ...], update: int) -> str:
        if index in quantity.missing:
            return ""
        return self.setting.trace_text(quantity.cell(index, update)) or "0"

    def _spread_out(self, formula: Node | None, target: Quantity) -> Node | None:
        """A bias added to each sample's column is written out as often as it is added."""
        if not isinstance(formula, Sum) or not target.shape:
            return formula
        terms = tuple(
            Symbol(f"row:{term.name}")
            if isinstance(term, Symbol)
            and term.name in self.plan.quantities
            and self.plan.quantities[term.name].shape != target.shape
            else term
            for term in formula.terms
        )
        return Sum(terms)

    def _readable(self, formula: Node) -> bool:
        """Whether it can be read with numbers: no large matrix, no division by a matrix."""
        for part in walk(formula):
            quantity = self.plan.quantities.get(part.name) if isinstance(part, Symbol) else None
            if quantity is not None and max(quantity.shape, default=1) > _LARGEST:
                return False
            below = symbols(part.denominator) if isinstance(part, Fraction) else ()
            if not self.arrays.isdisjoint(below):
                return False
        return True

    def _displayed_shape(self, quantity: Quantity) -> tuple[int, ...]:
        return quantity.shape[::-1] if self._is_turned(quantity.name) else quantity.shape

    # -- rows and columns ----------------------------------------------------------------------

    def _is_turned(self, name: str) -> bool:
        """Whether the notation displays the transpose of this array."""
        bare = name.rstrip("'")
        quantity = self.plan.quantities.get(bare)
        if quantity is None or len(quantity.shape) != 2:
            return False
        if any(axis.name == "source" for axis in quantity.axes):
            return self._from_to
        return self._samples_in_rows

    def _turned(self, node: Node, turn: bool) -> Node:
        """A formula in displayed arrays whose value is the formula's, transposed if `turn`."""
        match node:
            case Symbol(name):
                quantity = self.plan.quantities.get(name.rstrip("'"))
                if quantity is not None and quantity.shape in ((), (1, 1)):
                    return node
                same = turn == self._is_turned(name)
                return node if same else Apply("transpose", (node,))
            case Apply("matmul", (left, right)):
                if turn:
                    return Apply("matmul", (self._turned(right, True), self._turned(left, True)))
                return Apply("matmul", (self._turned(left, False), self._turned(right, False)))
            case Apply("transpose", (inner,)):
                return self._turned(inner, not turn)
            case Apply("outer", (left, right)) if turn:  # of vectors, which stand upright
                return Apply("outer", (self._turned(right, False), self._turned(left, False)))
            case Apply(primitive, operands, (int(axis),)) if turn:
                turned = tuple(self._turned(part, True) for part in operands)
                return Apply(primitive, turned, (1 - axis,))
        parts = tuple(self._turned(part, turn) for part in children(node))
        return rebuilt(node, parts) if parts else node


def _plain(parts: tuple[str, ...], setting: Typesetting) -> tuple[str, ...]:
    return tuple(map(setting.plain, parts))


def _simple(node: Node, plan: Plan) -> Node:
    """The formula without what only the program needs: shapes made to fit, sums as products."""
    parts = tuple(_simple(part, plan) for part in children(node))
    match node:
        case Apply(primitive) if primitive in _MINOR:
            return parts[0]
        case Apply("sum_to", _, (shape, target)):
            return _summed(parts[0], tuple(shape), tuple(target))  # type: ignore[arg-type]
    return rebuilt(node, parts) if parts else node


def _summed(node: Node, shape: tuple[int, ...], target: tuple[int, ...]) -> Node:
    """A sum over rows or columns, as a product with a vector of ones."""
    if max(target, default=1) > 1 and (len(shape) != 2 or len(target) != 2):
        return Apply("sum_to", (node,))  # some axes of several: no textbook has a sign for it
    if len(shape) != 2 or len(target) != 2:
        return Apply("sum", (node,))
    if shape[1] > 1 and target[1] == 1:
        node = Apply("matmul", (node, Symbol(f"{ONES}{shape[1]}")))
    if shape[0] > 1 and target[0] == 1:
        ones = Apply("transpose", (Symbol(f"{ONES}{shape[0]}"),))
        node = Apply("matmul", (ones, node))
    return node


def _transposed(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _repeated(found: str | Rows, shape: tuple[int, ...]) -> str | Rows:
    """A number, row or column repeated to a shape, as an addition repeats it."""
    rows = [[found]] if isinstance(found, str) else found
    if len(shape) != 2:
        height, width = (shape[0] if shape else 1), 1
    else:
        height, width = shape
    return [
        [rows[i if len(rows) > 1 else 0][j if len(rows[0]) > 1 else 0] for j in range(width)]
        for i in range(height)
    ]


def key_of(quantity: Quantity) -> Key:
    """The key of an array as a whole: with its time step, its sample, its leading indices."""
    return Key(quantity.key, quantity.leading, quantity.time, quantity.sample)

"""Array equations as a textbook writes them: with names, and with matrices of numbers.

Takes an equation of the plan; gives the line that displays it.  `turning` knows which
arrays a book transposes, `grids` lays out the numbers.
"""

from __future__ import annotations

from functools import cached_property

from tracer.formula.keys import Key
from tracer.formula.nodes import (
    Apply,
    Node,
    Symbol,
    walk,
)
from tracer.model.quantity import Equation, Plan, Quantity
from tracer.notation.name import Name
from tracer.rendering.content import Line, Member
from tracer.rendering.grids import LARGEST, Grids, readable, spread_out
from tracer.rendering.lines import label, member
from tracer.rendering.shapes import ONES, gives, uses_a_row
from tracer.rendering.turning import Turning, simple
from tracer.rendering.typesetting import Typesetting

_VIEWS = frozenset({"stack", "index", "concat", "segment", "flatten"})
"""How one layer looks at what another gives: no line of its own in a network of layers."""
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
_MOST_ROWS = {"math": 2, "text": 6, "markup": 6}
"""Rows of matrices between the formula and the result: more would hide the rule."""


class Matrices:
    """The array equations of one pass, displayed in a notation."""

    def __init__(self, plan: Plan, update: int, setting: Typesetting) -> None:
        self.plan = plan
        self.update = update
        self.setting = setting
        notation = setting.names.notation
        self._layered = bool(setting.trace.problem.layers)
        self._dense = self._layered and setting.trace.problem.plain
        self.turning = Turning(
            plan,
            samples_in_rows=self._layered and notation.rows == "samples",
            from_to=self._layered and notation.weights == "from,to",
        )
        self.grids = Grids(plan, update, setting, self.turning)

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

    def rule_line(self, equation: Equation) -> Line | None:
        """The equation with names alone, as a line to be displayed."""
        formula, setting = self.displayed(equation), self.setting
        if formula is None:
            return None
        left = setting.printer.name(self._target_name(equation))
        room = setting.form.width - setting.width(left) - setting.form.gap
        found = member(setting, setting.sign("="), formula, self._name, room, "rule", self.arrays)
        key = equation.target.cell(next(iter(equation.target.cells())), self.update)
        name = label(f"{equation.target.name}-rule@{self.update}")
        return Line(key, left, (found,), name)

    def displayed(self, equation: Equation) -> Node | None:
        """The right side as the notation's rows and columns want it."""
        formula = simple(equation.formula, self.plan)
        silent = _UNSPEAKABLE | _VIEWS if self._layered else _UNSPEAKABLE
        if any(isinstance(part, Apply) and part.primitive in silent for part in walk(formula)):
            return None
        if self._layered and len(equation.target.shape) == 1 and has_windows(formula):
            return None  # vectors are displayed as columns, in which no window slides
        return self.turning.turned(formula, self.turning.is_turned(equation.target.name))

    def _holds(self, equation: Equation) -> bool:
        """Whether the equation is true of the matrices as they are displayed."""
        formula = simple(equation.formula, self.plan)
        shapes = {name: quantity.shape for name, quantity in self.plan.quantities.items()}
        if not self._dense and uses_a_row(formula, shapes):
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
        fixed = quantity.kind in ("given", "fixed")
        several = quantity.time is not None or quantity.position is not None or quantity.leading
        if several:  # one array of several that share a name
            name = str(key_of(quantity)) + name[len(name.rstrip("'")) :]
        return self.setting.names.array(name, 0 if fixed else self.update)

    # -- numbers -------------------------------------------------------------------------------

    def line(self, equation: Equation, detail: str = "standard") -> Line | None:
        """The equation with names, with matrices of numbers, and the matrix it gives."""
        setting, target = self.setting, equation.target
        if len(target.shape) > 2 or max(target.shape, default=1) > LARGEST:
            return None
        left = setting.printer.name(self._target_name(equation))
        room = setting.form.width - setting.width(left) - setting.form.gap
        equals = setting.sign("=")
        formula = self.displayed(equation) if self._holds(equation) else None
        members: list[Member] = []
        shape = self.turning.shape(target)
        if formula is not None:
            members.append(
                member(setting, equals, formula, self._name, room, "formula", self.arrays)
            )
        if not setting.trace.symbolic:
            numbers = spread_out(formula, target, self.plan)
            if (
                numbers is not None
                and detail != "brief"
                and readable(numbers, self.plan, self.arrays)
            ):
                leaf = self.grids.numbers(shape)
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
        found, (shown,) = self.grids.cells(equation.target, update), self._shown(equation)
        if isinstance(found, str):
            shown = setting.result(found)
        parts = setting.wrapped(shown, room)
        fitted = max(map(setting.width, parts)) > room
        return Member(setting.sign(relation), parts, "result", fitted)

    def _shown(self, equation: Equation) -> tuple[str, ...]:
        """The result as it would look among the numbers."""
        found = self.grids.cells(equation.target, self.update + equation.is_next)
        return (self.setting.formula(Symbol("x"), lambda name: found, arrays=True),)


def _plain(parts: tuple[str, ...], setting: Typesetting) -> tuple[str, ...]:
    return tuple(map(setting.plain, parts))


def has_windows(formula: Node) -> bool:
    """Whether a formula slides a kernel or a window over an array."""
    sliding = ("conv", "maxpool", "avgpool")
    return any(isinstance(part, Apply) and part.primitive in sliding for part in walk(formula))


def key_of(quantity: Quantity) -> Key:
    """The key of an array as a whole: with its time step, its sample, its leading indices."""
    return Key(quantity.key, quantity.leading, quantity.time, quantity.sample)

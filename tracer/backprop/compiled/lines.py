"""A plan cut into scalar lines: what the straight-line forms are generated from.

Takes the draft of one update and the names of the quantities to record; gives one line
for each cell that these and the next parameters depend on, with the formula that the
trace prints, and says which cells are carried on, which change with the batch and which
stay.  Nothing is defined here: formulas come from the plan, functions from the tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tracer.backprop.compiled.logarithms import with_logarithms
from tracer.backprop.layering.functions import own_functions
from tracer.backprop.plan import Cells, Draft
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.definitions import callable_functions, definitions
from tracer.calculus.primitives import entry
from tracer.calculus.tables import Rows
from tracer.errors import ProblemError, suggestion
from tracer.formula.evaluating import Definition
from tracer.formula.keys import Key
from tracer.formula.limits import with_limits
from tracer.formula.nodes import (
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Sum,
    Symbol,
    children,
    rebuilt,
    symbols,
)
from tracer.formula.parsing import parse
from tracer.formula.rewriting import ZERO
from tracer.model.functions import Activation
from tracer.model.problem import Problem
from tracer.model.quantity import Equation, Quantity


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment: the key of a cell and the scalar formula that gives it."""

    key: str
    formula: Node


@dataclass(frozen=True, slots=True)
class Lines:
    """One update as assignments of single numbers."""

    body: tuple[Line, ...]
    carried: Mapping[str, str]
    """Each learnt cell and the key of its value after the update."""
    varying: tuple[str, ...]
    """Given cells that belong to a sample."""
    constant: tuple[str, ...]
    """Given cells that every update shares."""


def lines_of(
    draft: Draft, record: Collection[str], update: bool = True, safe: bool = False
) -> Lines:
    """The lines that give the recorded quantities and, with `update`, the next parameters.

    With `safe`, quotients of exponentials (softmax) are written so that none overflows.
    """
    cells = Cells(draft.quantities, draft.shapes, 0)
    body = [
        Line(
            equation.target.cell(index, int(equation.is_next)),
            with_safe_shares(formula) if safe else formula,
        )
        for equation in machine_equations(draft, record, update, safe)
        for index in equation.target.cells()
        if not (equation.is_next and index in equation.target.frozen)
        for formula in (entry(equation.formula, index, cells) or ZERO,)
    ]
    carried = carried_cells(draft)
    body += [_ticking(q) for q in clocks(draft) if update]
    used = {name for line in body for name in symbols(line.formula)}
    given = [
        (quantity.cell(index), quantity.sampled)
        for quantity in draft.quantities.values()
        if quantity.kind in ("given", "parameter")
        for index in quantity.cells()
        if quantity.cell(index) not in carried and quantity.cell(index) in used
    ]
    return Lines(
        tuple(body),
        carried if update else dict.fromkeys(carried, ""),
        tuple(key for key, sampled in given if sampled),
        tuple(key for key, sampled in given if not sampled),
    )


def _ticking(clock: Quantity) -> Line:
    """The number of the next update."""
    return Line(clock.cell((), 1), Sum((Symbol(clock.cell(())), Number("1"))))


def clocks(draft: Draft) -> list[Quantity]:
    """The number of the update, where its formulas use it."""
    return [quantity for quantity in draft.quantities.values() if quantity.kind == "clock"]


def needed_equations(draft: Draft, record: Collection[str], update: bool) -> list[Equation]:
    """The equations on which the recorded quantities and the next parameters depend."""
    wanted = {name for name in record if draft.quantities[name].kind in ("computed", "fixed")}
    found: list[Equation] = []
    for equation in reversed(draft.equations):
        name = equation.target.name
        if (equation.is_next and update) or (name in wanted and not equation.is_next):
            found.append(equation)
            wanted.update(used.removesuffix("'") for used in symbols(equation.formula))
    return found[::-1]


def machine_equations(
    draft: Draft, record: Collection[str], update: bool, safe: bool
) -> list[Equation]:
    """The same equations, written for machine numbers."""
    own = {function.name: function for function in own_functions(draft.problem)}
    return with_logarithms(needed_equations(draft, record, update), own, safe)


def learnt(draft: Draft) -> list[Quantity]:
    """The parameters and states that the update changes, in the order of declaration."""
    updated = {equation.target.name for equation in draft.equations if equation.is_next}
    return [quantity for name, quantity in draft.quantities.items() if name in updated]


def states(draft: Draft) -> list[Quantity]:
    """The optimizer's memory, among what is learnt."""
    memory = {equation.target.name for equation in draft.equations if equation.rule == "state"}
    return [quantity for quantity in learnt(draft) if quantity.name in memory]


def carried_cells(draft: Draft) -> dict[str, str]:
    """The key of each cell that moves on, and of the same cell after one update."""
    return {
        quantity.cell(index): quantity.cell(index, 1)
        for quantity in (*learnt(draft), *clocks(draft))
        for index in quantity.cells()
        if index not in quantity.frozen
    }


# --- what is recorded -------------------------------------------------------------------


def recorded(draft: Draft, record: str | Iterable[str]) -> list[str]:
    """The names of the quantities to record, learnt ones first, then in order of calculation.

    Args:
        draft: the plan of one update.
        record: ``"all"`` (every quantity that has a line of its own in the walkthrough),
            or roles and names: ``w``, ``b``, ``loss`` (with the report losses), ``delta``,
            ``w1``, ``report``.

    Raises:
        ProblemError: naming the nearest quantity.
    """
    first = [quantity.name for quantity in learnt(draft)]
    later = [equation for equation in draft.equations if not equation.is_next]
    if record == "all":
        return first + [e.target.name for e in later if e.shown]
    words = [record] if isinstance(record, str) else list(record)
    told = {name: _words(draft.quantities[name]) for name in first}
    told |= {q.name: {q.key, q.key.partition(".")[0]} for q in states(draft)}
    told |= {e.target.name: _words(e.target) for e in later if e.rule != "sample_gradient"}
    known = {word for names in told.values() for word in names}
    if draft.problem.equations and draft.problem.loss is not None:
        words = [str(draft.problem.loss) if word == "loss" else word for word in words]
    for word in words:
        if word not in known:
            raise ProblemError(
                f"there is no quantity '{word}' to record{suggestion(word, known)}", ("record",)
            )
    return [name for name, names in told.items() if names.intersection(words)]


def _words(quantity: Quantity) -> set[str]:
    """What `record` may call a quantity."""
    key = Key.parse(quantity.key)
    found = {quantity.key, key.role if not key.state else key.state}
    if key.state == "report":
        found |= {"loss"}
    if key.state == "increment":
        found = {quantity.key, "increment"}
    return found - {"loss"} if quantity.name.startswith(_PARTS_OF_LOSS) else found


_PARTS_OF_LOSS = "loss."
"""Recorded with everything, but not meant by the word ``loss``."""


def recorded_cells(draft: Draft, names: Sequence[str], batch: Sequence[int] = ()) -> list[str]:
    """The keys of the recorded cells, as they are called for the samples of `batch`."""
    return [
        quantity.cell(index)
        for name in names
        for quantity in (relabelled(draft.quantities[name], batch),)
        for index in quantity.cells()
        if index not in quantity.frozen
    ]


def relabelled(quantity: Quantity, batch: Sequence[int]) -> Quantity:
    """The same quantity for another batch of as many samples."""
    if quantity.sample is not None and quantity.position is not None and batch:
        return replace(quantity, sample=batch[quantity.position])
    if not batch or not any(axis.name == "sample" and axis.labels for axis in quantity.axes):
        return quantity
    axes = tuple(
        replace(axis, labels=tuple(batch)) if axis.name == "sample" and axis.labels else axis
        for axis in quantity.axes
    )
    return replace(quantity, axes=axes)


# --- functions --------------------------------------------------------------------------


def functions_of(problem: Problem, safe: bool = False) -> Mapping[str, Definition]:
    """The formulas behind function names; with `safe`, each activation's declared twin."""
    own = {function.name: function for function in own_functions(problem)}
    every = definitions(own.values())

    def written(name: str) -> Definition:
        function = own.get(name) or ACTIVATIONS.get(name)
        if safe and isinstance(function, Activation) and function.twin:
            body = parse(function.twin, callable_functions())
            return Definition(("z", *function.settings), with_limits(body))
        return Definition(every[name].parameters, with_limits(every[name].body))

    return Rows(every.names, lambda name: written(name) if name in every else None)


def with_safe_shares(node: Node) -> Node:
    """``exp(x)/(exp(x) + exp(y))`` with the largest of x, y taken off each: no overflow.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(with_safe_shares(parse("exp(x)/(exp(x) + exp(y))")))
    'exp(x - maximum(x, y))/(exp(x - maximum(x, y)) + exp(y - maximum(x, y)))'
    """
    parts = tuple(with_safe_shares(part) for part in children(node))
    node = rebuilt(node, parts) if parts else node
    match node:
        case Fraction(Call("exp", (own,)), Sum(terms)):
            powers = [t.arguments[0] for t in terms if isinstance(t, Call) and t.function == "exp"]
            if len(powers) == len(terms) and own in powers:
                least = Negative(Call("maximum", tuple(powers)))
                shifted = [Call("exp", (Sum((power, least)),)) for power in powers]
                return Fraction(shifted[powers.index(own)], Sum(tuple(shifted)))
        case Call("log", (Sum(terms),)):
            powers = [t.arguments[0] for t in terms if isinstance(t, Call) and t.function == "exp"]
            if len(powers) == len(terms):
                largest = Call("maximum", tuple(powers))
                rest = [Call("exp", (Sum((power, Negative(largest))),)) for power in powers]
                return Sum((largest, Call("log", (Sum(tuple(rest)),))))
    return node

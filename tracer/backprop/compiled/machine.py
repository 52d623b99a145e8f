"""A problem made ready to run: its batches in turn, its plan compiled in the chosen form.

Read by training.  A form is compiled for each size of batch and for what is recorded,
when it is first needed.  An update is worked out by the formulas as printed; where they
overflow although the value is finite (`exp` of a saturated unit), that one update is made
by the twins that the tables declare.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from fractions import Fraction as Rational
from itertools import cycle, groupby, islice, repeat
from typing import Any

import numpy as np

from tracer.backprop.compiled.lines import (
    carried_cells,
    clocks,
    learnt,
    needed_equations,
    recorded,
    recorded_cells,
    relabelled,
    states,
)
from tracer.backprop.compiled.outcome import Form, Outcome
from tracer.backprop.plan import Draft
from tracer.backprop.planning import make_plan
from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.patterns import PATTERNS
from tracer.calculus.layers.wiring import completed
from tracer.calculus.tables import Table
from tracer.errors import ProblemError, suggestion
from tracer.model.continuing import cycle_of
from tracer.model.history import Layout
from tracer.model.layer import Layer
from tracer.model.problem import Problem
from tracer.model.quantity import Quantity

FORMS: Table[Callable[..., Form]] = Table(
    "tracer.backprop.compiled",
    {
        "straight": "straight:Straight",
        "numpy": "matrices:Matrices",
        "columns": "straight:Columns",
    },
)
CROSSOVER = 350
"""Numbers an update beyond which NumPy is faster than straight-line code."""

Batch = tuple[int, ...]
Kind = Hashable
"""What batches share whose updates are the same code: their size, the rows of an embedding
that their inputs name, and the samples themselves where each may have a mask of its own."""


class Machine:
    """Makes the updates of one problem, recording what is asked for.

    Args:
        problem: layers or equations, with numbers and something to learn.
        record: ``"all"``, or roles and names of quantities.
        how: ``"straight"``, ``"numpy"``, ``"columns"``; None: by the size.
        columns: given numbers that differ between variants, vectors by key.

    Raises:
        ProblemError: if there is nothing to learn, or a name is unknown.
    """

    def __init__(
        self,
        problem: Problem,
        record: str | Iterable[str] = "all",
        how: str | None = None,
        columns: Mapping[str, Any] | None = None,
    ) -> None:
        if how is not None and how not in FORMS:
            raise ProblemError(f"unknown form '{how}'{suggestion(how, FORMS)}", ("how",))
        if problem.symbolic:
            raise ProblemError("training needs numbers; the weights are symbolic", ("layers",))
        problem = completed(problem)
        self.problem = problem
        self.cycle = cycle_of(problem)
        self.kind = _kinds(problem)
        self.drafts: dict[Kind, Draft] = {}
        for batch in self.cycle:
            if self.kind(batch) not in self.drafts:
                self.drafts[self.kind(batch)] = make_plan(problem, batch)
        self.draft = self.drafts[self.kind(self.cycle[0])]
        if not learnt(self.draft):
            raise ProblemError("there is nothing to learn: give targets and a loss, or learn")
        words = record if isinstance(record, str) else list(record)
        self.names = {kind: recorded(draft, words) for kind, draft in self.drafts.items()}
        """The quantities to record, for each kind of batch."""
        self.columns = {
            batch: recorded_cells(
                self.drafts[self.kind(batch)], self.names[self.kind(batch)], batch
            )
            for batch in dict.fromkeys(self.cycle)
        }
        self.carried = list(carried_cells(self.draft))
        self.ticks = {clock.cell(()) for clock in clocks(self.draft)}
        """The number of the update, where formulas use it."""
        self.how = how or self.chosen()
        self.values: dict[str, Any] = self._values()
        self.known = frozenset(self.values)
        """The keys of all given numbers."""
        self.values.update(columns or {})
        if self.how == "columns":
            self.values = {key: np.atleast_1d(value) for key, value in self.values.items()}
        self._forms: dict[tuple[Kind, bool, bool], Form] = {}
        self._batches: list[Any] | None = None

    def layout(self) -> Layout:
        """Which column of a recorded row holds which key."""
        quantities = [
            self.drafts[kind].quantities[name]
            for kind, names in self.names.items()
            for name in names
        ]
        sampled = {
            q.cell(index)
            for draft in self.drafts.values()
            for q in draft.quantities.values()
            if q.sampled
            for index in q.cells()
        }
        constant = [key for key in self.draft.values if key not in sampled]
        changing = {*self.carried, *(["m"] if len(self.drafts) > 1 else [])}
        return Layout(
            self.cycle,
            {batch: tuple(keys) for batch, keys in self.columns.items()},
            tuple(key for key in self.carried if key not in self.ticks),
            tuple(key for q in states(self.draft) for key in recorded_cells(self.draft, [q.name])),
            _shapes(quantities),
            {
                key: float(Rational(self.draft.values[key]))
                for key in constant
                if key not in changing
            },
            self.loss,
        )

    @property
    def loss(self) -> str:
        """The key of what is trained; empty where only an upstream gradient is given."""
        if self.problem.layers:
            return "loss"
        if self.problem.loss is None:
            return ""
        quantity = self.draft.quantities[str(self.problem.loss)]
        return quantity.cell((0,) * len(quantity.axes))

    def chosen(self) -> str:
        """The form that suits the count of numbers of an update."""
        counts = [
            sum(len(list(equation.target.cells())) for equation in equations)
            for kind, draft in self.drafts.items()
            for equations in (needed_equations(draft, self.names[kind], True),)
        ]
        return "straight" if max(counts) <= CROSSOVER else "numpy"

    def _values(self) -> dict[str, float]:
        """Every given number, of all samples."""
        texts: dict[str, str] = {}
        if self.problem.layers and len(self.cycle) > 1:
            everything = tuple(range(1, self.problem.samples + 1))
            texts.update(make_plan(self.problem, everything, backward=False).values)
        for draft in self.drafts.values():
            texts.update(draft.values)
        ticks = {clock.cell(()): self.problem.made + 1.0 for clock in clocks(self.draft)}
        return {key: float(Rational(text)) for key, text in texts.items()} | ticks

    def _of_size(self, draft: Draft) -> dict[str, Any]:
        """Given numbers that depend on the size of the batch: the m of a mean."""
        return {"m": float(draft.values["m"])} if "m" in draft.values else {}

    def form(self, kind: Kind, recording: bool = True, safe: bool = False) -> Form:
        """The compiled update for batches of one kind."""
        key = (kind, recording, safe)
        if key not in self._forms:
            draft = self.drafts[kind]
            first = next(batch for batch in self.cycle if self.kind(batch) == kind)
            names, cells = (self.names[kind], self.columns[first]) if recording else ([], [])
            values = {**self.values, **self._of_size(draft)}
            self._forms[key] = FORMS[self.how](draft, names, cells, values, safe)
        return self._forms[key]

    @property
    def batches(self) -> list[Any]:
        """What each batch of the cycle brings."""
        if self._batches is None:
            self._batches = []
            for batch in self.cycle:
                form = self.form(self.kind(batch))
                renamed = _renamed(self.drafts[self.kind(batch)], batch)
                self._batches.append(form.batch([self.values[renamed[k]] for k in form.varying]))
        return self._batches

    def start(self) -> Any:
        """The state before the first update."""
        return self.form(self.kind(self.cycle[0])).start([self.values[key] for key in self.carried])

    def restart(self, numbers: Mapping[str, float], done: int) -> Any:
        """The state after `done` updates that left these learnt numbers."""
        ticks = dict.fromkeys(self.ticks, self.problem.made + done + 1.0)
        every: dict[str, Any] = {**numbers, **ticks}
        found: list[Any] = [every[key] for key in self.carried]
        if self.how == "columns":
            found = [np.array([number]) for number in found]
        return self.form(self.kind(self.cycle[0])).start(found)

    def numbers(self, state: Any) -> dict[str, Any]:
        """The learnt numbers of a state, by key."""
        found = self.form(self.kind(self.cycle[0])).numbers(state)
        return dict(zip(self.carried, found, strict=True))

    def finite(self, state: Any) -> bool:
        """Whether all learnt numbers are finite."""
        return self.form(self.kind(self.cycle[0])).finite(state)

    def advance(self, first: int, count: int, rows: Any, state: Any) -> Outcome:
        """Make updates `first` + 1 to `first` + `count`, recording each if there are rows.

        Returns:
            How many were made; the error is None, Ctrl-C, or what even the safe form met.
        """
        done = 0
        while done < count:
            kind, batches = self._segment(first + done, count - done)
            where = None if rows is None else rows[done:]
            outcome = self.form(kind, rows is not None).run(where, batches, state)
            done, state = done + outcome.done, outcome.state
            if isinstance(outcome.error, KeyboardInterrupt):
                return Outcome(done, state, outcome.error)
            if outcome.error is not None:
                kind, batches = self._segment(first + done, 1)
                where = None if rows is None else rows[done:]
                outcome = self.form(kind, rows is not None, True).run(where, batches, state)
                done, state = done + outcome.done, outcome.state
                if outcome.error is not None:
                    return Outcome(done, state, outcome.error)
        return Outcome(done, state, None)

    def _segment(self, first: int, count: int) -> tuple[Kind, Iterable[Any]]:
        """The next updates whose batches are of one kind: that kind, and what they bring."""
        if len(self.cycle) == 1:
            return self.kind(self.cycle[0]), repeat(self.batches[0], count)
        start = first % len(self.cycle)
        if len(self.drafts) == 1:
            return self.kind(self.cycle[0]), islice(cycle(self.batches), start, start + count)
        ahead = islice(cycle(zip(self.cycle, self.batches, strict=True)), start, start + count)
        kind, same = next(groupby(ahead, key=lambda pair: self.kind(pair[0])))
        return kind, [brought for _, brought in same]


def _kinds(problem: Problem) -> Callable[[Batch], Kind]:
    """What tells batches apart whose updates are different code."""
    typed = [layer for layer in problem.layers if isinstance(layer, Layer)]
    if any(layer.settings.get(name) for layer in typed for name in PATTERNS):
        return tuple
    if any(LAYERS[layer.type].over == "lookup" for layer in typed):
        return lambda batch: tuple(problem.inputs[sample - 1] for sample in batch)
    return len


def _shapes(quantities: Iterable[Quantity]) -> dict[str, tuple[int, ...]]:
    """The shapes by which keys are indexed, without samples, by what the keys begin with."""
    found: dict[str, tuple[int, ...]] = {}
    for quantity in quantities:
        own = tuple(a.size for a in quantity.axes if a.labels and a.name not in ("sample", "time"))
        shape = (*quantity.leading, *own)
        before = found.get(quantity.key, shape)
        found[quantity.key] = tuple(map(max, shape, before))
    return {key: shape for key, shape in found.items() if shape}


def _renamed(draft: Draft, batch: Batch) -> dict[str, str]:
    """Given cells of the draft's own batch, with their keys in another batch."""
    return {
        quantity.cell(index): other.cell(index)
        for quantity in draft.quantities.values()
        if quantity.kind == "given"
        for other in (relabelled(quantity, batch),)
        for index in quantity.cells()
    }

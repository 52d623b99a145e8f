"""A trace: every step of a calculation, flat and in order, and ways to look at it.

Steps are found by key in any spelling, grouped into sections, or composed to one SymPy
expression of the given quantities.  Beside the steps it holds the problem, the plans that
were traced, and what the proof and the diagnosis found.  Made by the engine (`tracing`);
read by everything that prints, checks, proves, draws or stores a calculation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from tracer.errors import FormulaError, TracerError, UnknownQuantity, suggestion
from tracer.formula.evaluating import Definition
from tracer.formula.keys import Key
from tracer.model.diagnosis import Diagnosis
from tracer.model.problem import Problem
from tracer.model.quantity import Plan
from tracer.model.step import Step

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, slots=True)
class Section:
    """Steps that belong under one heading: a phase of one update, in one layer."""

    phase: str
    update: int
    """Which pass: the steps use the parameters after this many updates."""
    layer: int | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a proof compared: the derived number beside an independent one."""

    subject: str
    """A key, or ``direction 1``."""
    derived: float
    independent: float
    method: str
    """``central difference``, ``sympy``, ..."""
    agrees: bool


@dataclass(frozen=True)
class Trace:
    """The record of a calculation.

    ``trace["w1[1,1]@1"]`` is a step; iterating gives all steps in order of calculation,
    the given quantities first.

    Attributes:
        problem: what it started from.
        steps: every quantity once, flat.
        plans: the array equations of each update, first to last; one more without
            backward pass for the forward pass after the last update.
        definitions: the formulas behind the function names that steps use.
        proof: the check by central differences along random directions.
        diagnosis: gradient norms, dead and saturated units, and their like.
    """

    problem: Problem
    steps: tuple[Step, ...]
    plans: tuple[Plan, ...]
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    proof: tuple[Agreement, ...] = ()
    diagnosis: Diagnosis = field(default_factory=Diagnosis)
    _index: dict[str, Step] = field(init=False, compare=False, repr=False)

    show: ClassVar[Callable[[Trace], dict[str, Any]] | None] = None
    """How a notebook shows a trace; `tracer.notebook` sets it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {step.key: step for step in self.steps})

    def __getitem__(self, key: str) -> Step:
        """The step of a quantity.

        A parameter that is never updated is found under any ``@k``.

        Raises:
            UnknownQuantity: naming the nearest key.
        """
        step = self._index.get(key) or self._meant(key)
        if step is not None:
            return step
        hint = suggestion(key, self._index)
        raise UnknownQuantity(f"this calculation has no quantity '{key}'{hint}")

    def _meant(self, key: str) -> Step | None:
        """The step of a key that is written in another way, or of a later update."""
        try:
            parsed = Key.parse(key)
        except FormulaError:
            parsed = Key(key)
        return self._index.get(str(parsed)) or self._never_updated(parsed)

    def _never_updated(self, key: Key) -> Step | None:
        """A given quantity asked for after some update, if no update changes it."""
        first = self._index.get(str(key.at(0)))
        changes = str(key.at(1)) in self._index
        return first if first is not None and first.rule == "given" and not changes else None

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            return False
        return key in self._index or self._meant(key) is not None

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def keys(self) -> list[str]:
        return list(self._index)

    @cached_property
    def rules(self) -> frozenset[str]:
        """The rules of all steps."""
        return frozenset(step.rule for step in self.steps)

    @cached_property
    def shown_rules(self) -> frozenset[str]:
        """The rules of the steps that a page may show."""
        return frozenset(step.rule for step in self.steps if step.shown)

    @cached_property
    def has_loss_over_time(self) -> bool:
        """Whether each time step has a loss of its own."""
        losses = (step for step in self.steps if step.phase == "loss")
        return any(step.rule == "step_loss" or step.parsed.time for step in losses)

    @cached_property
    def users(self) -> Mapping[str, tuple[Step, ...]]:
        """By key, the lines of the forward pass and of the loss that use a quantity."""
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            for key in step.operands if step.phase in ("forward", "loss") else ():
                found.setdefault(key, []).append(step)
        return {key: tuple(steps) for key, steps in found.items()}

    @property
    def symbolic(self) -> bool:
        return self.problem.symbolic

    def sections(self, hidden: bool = False) -> list[Section]:
        """The steps grouped by update, phase and layer, in order of calculation."""
        found: list[Section] = []
        for step in self.steps:
            if step.rule == "given" or not (step.shown or hidden):
                continue
            place = (step.phase, pass_of(step), step.layer)
            if found and (found[-1].phase, found[-1].update, found[-1].layer) == place:
                last = found.pop()
                found.append(Section(*place, (*last.steps, step)))
            else:
                found.append(Section(*place, (step,)))
        return found

    def sympy(self, key: str) -> sympy.Expr:
        """The quantity as one SymPy expression in terms of the given quantities alone."""
        from tracer.formula.bridge import symbol, to_sympy

        wanted, known = [self[key].key], {}
        while wanted:
            step = self[wanted[-1]]
            open_ones = [name for name in step.operands if name not in known]
            if step.rule == "given":
                known[step.key] = symbol(step.key)
            elif open_ones:
                wanted.extend(open_ones)
                continue
            else:
                known[step.key] = to_sympy(step.formula, self.definitions, known)
            wanted.pop()
        return known[self[key].key]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        show = type(self).show
        if show is None:
            return {"text/plain": "\n".join(str(step) for step in self.steps if step.shown)}
        return show(self)


def checked_trace(found: object, who: str) -> Trace:
    """The same object, if it is a trace.

    Raises:
        TracerError: saying what the function takes.
    """
    if not isinstance(found, Trace):
        raise TracerError(
            f"{who}() takes a Trace, such as trace(problem) gives; found {found!r:.60}"
        )
    return found


def pass_of(step: Step) -> int:
    """The pass that a step belongs to: an updated parameter ends the pass before it.

    >>> from tracer.formula.nodes import Symbol
    >>> pass_of(Step("w1[1,1]@1", "update", "update", Symbol("w1[1,1]")))
    0
    >>> pass_of(Step("z1[1]@1", "preactivation", "forward", Symbol("a0[1]")))
    1
    """
    return step.update - 1 if step.rule in ("update", "state", "running") else step.update

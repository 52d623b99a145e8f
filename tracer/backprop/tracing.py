"""Tracing: the plan worked through cell by cell, every intermediate number kept.

Each step is evaluated twice: exactly, from exact operands, and as the problem's rounding
has it, from the numbers that were written down before.  If numbers were added that lie so
far apart that 34 digits do not hold both (1 - a of a saturated unit), the whole trace is
made again with as many digits as that takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction as Rational

from tracer.backprop.diagnosing import diagnosed
from tracer.backprop.kinks import kinks
from tracer.backprop.kinks import remark as kink_remark
from tracer.backprop.layering.functions import own_functions
from tracer.backprop.passes import Pass, passes_of
from tracer.backprop.plan import Cells, Draft
from tracer.calculus.definitions import definitions, written_out
from tracer.calculus.primitives import entry
from tracer.errors import CalculationError, TracerError
from tracer.formula.bounding import Bounding, plain
from tracer.formula.evaluating import DIGITS, MOST_DIGITS, Definition, Evaluator, Exact
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Number, Symbol, symbols
from tracer.formula.rewriting import ZERO
from tracer.model.functions import Loss
from tracer.model.problem import Problem
from tracer.model.quantity import Equation
from tracer.model.rounding import Precision, Rounding, Value, magnitude
from tracer.model.step import Remark, Step
from tracer.model.trace import Trace

LARGEST_POWER = 20_000
"""Powers of ten beyond which no number is written."""


def trace(problem: Problem, prove: bool = True) -> Trace:
    """Work a problem through and record every quantity.

    Args:
        problem: the network, its numbers and conventions.
        prove: whether to hold the exact gradients against central differences.

    Returns:
        The trace of `problem.updates` updates and of the forward pass after them.

    Raises:
        ProblemError: if names or shapes do not fit.
        CalculationError: where a quantity has no finite value.
        ProofFailed: if a gradient disagrees with the central difference.

    >>> from tracer.model.problem import Dense, Problem
    >>> problem = Problem(inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.15", "0.25"]])], settings={"rate": "0.5"})
    >>> print(trace(problem)["z1[1]"])
    z1[1] = w1[1,1]*a0[1] + w1[1,2]*a0[2] = 0.275
    """
    if not isinstance(problem, Problem):
        raise TracerError(
            f"trace() takes a Problem, such as load(path) gives; found {problem!r:.60}"
        )
    return trace_passes(problem, passes_of(problem), prove)


def trace_passes(problem: Problem, passes: list[Pass], prove: bool = True) -> Trace:
    """Like `trace`, of passes that are planned already."""
    found = diagnosed(_worked_out(problem, passes))
    if prove and not problem.symbolic:
        from tracer.backprop.proving import spot_check

        return spot_check(found)
    return found


def _worked_out(problem: Problem, passes: list[Pass]) -> Trace:
    """The trace, with as many digits as it takes to keep everything that was added apart.

    Where terms cancelled nearly all their digits, it is made with twice as many, and with
    bounds of their errors: what is left below them is 0.
    """
    run = _Tracing(problem, passes, Exact())
    failed: CalculationError | None = None
    try:
        found = run.run()
    except CalculationError as error:
        failed = error
    digits = run.arithmetic.enough_digits
    if digits > DIGITS and not run.cancelled:
        failed, run = None, _Tracing(problem, passes, Exact(digits))
        found = run.run()
    if run.cancelled:
        failed, digits = None, min(max(digits, run.arithmetic.digits + DIGITS), MOST_DIGITS)
        found = _Tracing(problem, passes, Bounding(digits)).run()
    if failed is not None:
        raise failed
    return found


class _Tracing:
    """One run through all passes."""

    def __init__(self, problem: Problem, passes: list[Pass], exact: Exact) -> None:
        self.problem = problem
        self.passes = passes
        self.rounding = problem.rounding
        own = own_functions(problem)
        self.definitions: dict[str, Definition] = definitions(own)
        self.own = {f.name: f for f in own}
        self.arithmetic = exact
        self.exact = Evaluator(exact, self.definitions)
        self.by_hand = type(exact)(exact.digits)
        self.written = Evaluator(self.by_hand, self.definitions)
        self.steps: dict[str, Step] = {}
        self.exacts: dict[str, Value] = {}
        self.values: dict[str, Value] = {}
        self.used: dict[str, list[str]] = {}
        """Operands of the line that is being worked out, for its error."""
        self.inexact: set[str] = set()
        """Keys whose printed text is not the number that is calculated with."""

    def run(self) -> Trace:
        for update, one in enumerate(self.passes):
            self.givens(one.draft, update)
        for update, one in enumerate(self.passes):
            cells = Cells(one.draft.quantities, one.draft.shapes, update)
            for equation in one.draft.equations:
                self.equation(equation, cells, update)
        plans = tuple(one.draft.finished(one.batch) for one in self.passes)
        return Trace(self.problem, tuple(self.steps.values()), plans, self.definitions)

    @property
    def cancelled(self) -> bool:
        """Whether a sum lost nearly all its digits, with all of them or as done by hand."""
        return self.arithmetic.cancelled or self.by_hand.cancelled

    def givens(self, draft: Draft, update: int) -> None:
        for quantity in draft.quantities.values():
            if quantity.kind == "clock":
                self.given(quantity.cell((), update), str(self.problem.made + update + 1))
            if quantity.kind not in ("given", "parameter"):
                continue
            for index in quantity.cells():
                key = quantity.cell(index)
                if key not in self.steps:
                    self.given(key, draft.values.get(key))

    def given(self, key: str, text: str | None) -> None:
        if text is None:  # a letter without a number
            self.steps[key] = Step(key, "given", "given", Symbol(key), layer=Key.parse(key).layer)
            return
        exact: Value = Rational(text)
        role = Key.parse(key).role
        shown = self.rounding.given_text(text, role)
        value = self.rounding.rounded(exact, role) if self.rounding.givens else exact
        self.exacts[key], self.values[key] = exact, value
        self.steps[key] = Step(
            key,
            "given",
            "given",
            Number(shown),
            exact=exact,
            value=value,
            text=shown,
            layer=Key.parse(key).layer,
        )

    def equation(self, equation: Equation, cells: Cells, update: int) -> None:
        target = equation.target
        for index in target.cells():
            if equation.is_next and index in target.frozen:
                continue
            formula = entry(equation.formula, index, cells) or ZERO
            key = target.cell(index, update + equation.is_next)
            step = self.step(key, equation, formula)
            if step is not None:
                self.steps[key] = step

    def step(self, key: str, equation: Equation, formula: Node) -> Step | None:
        """The step of one cell; None for one that is kept for reference and has no value."""
        expanded = written_out(formula, self.definitions)
        bare = Step(
            key,
            equation.rule,
            equation.phase,
            formula,
            expanded=None if expanded == formula else expanded,
            layer=equation.layer,
            shown=equation.shown,
        )
        if self.problem.symbolic:
            return bare
        self.used = {key: bare.operands}
        try:
            self.arithmetic.vanished = self.exact.at_limit = False
            exact = _writable(self.exact(formula, self.exacts))
            value = _writable(self.written_value(formula, key, exact))
        except (CalculationError, KeyError) as error:
            if not equation.shown:
                return None
            if isinstance(error, CalculationError) and error.key:
                raise
            raise self.failed(error, key) from None
        found = self.numbered(bare, equation, exact, value)
        if not self.exact.at_limit:
            return found
        return replace(found, remarks=(*found.remarks, Remark("limit")))

    def written_value(self, formula: Node, key: str, exact: Value) -> Value:
        """What the line gives by hand, from the numbers that stand on the page."""
        if self.rounding.policy != "carried":
            return exact
        try:
            return self.written(formula, self.values)  # type: ignore[no-any-return]
        except CalculationError as error:
            raise self.failed(error, key, self.enough_figures(formula)) from None

    def numbered(self, bare: Step, equation: Equation, exact: Value, value: Value) -> Step:
        """The step with its numbers, rounded as the problem says."""
        key, formula = bare.key, bare.formula
        role = "update" if equation.is_next else self.role(key, equation)
        text = self.rounding.text(value, role)
        if self.rounding.policy == "carried":
            value = self.rounding.rounded(value, role)
        text = self.as_before(text, value, formula, equation)
        self.exacts[key], self.values[key] = exact, value
        if Rational(text) != value:
            self.inexact.add(key)
        relation, remarks = self.relation(formula, text, role)
        found = replace(bare, exact=plain(exact), value=plain(value), text=text, relation=relation)
        return replace(found, remarks=(*remarks, *self.remarks(found)))

    def as_before(self, text: str, value: Value, formula: Node, equation: Equation) -> str:
        """A number that a line only passes on keeps the digits it was written with."""
        if equation.is_next:
            return text
        for key in symbols(formula):
            before = self.steps[key]
            same = self.values[key] == value and Rational(before.text) == Rational(text)
            if same and before.rule != "given" and len(before.text) > len(text):
                return before.text
        return text

    def role(self, key: str, equation: Equation) -> str:
        """The role by which the problem may give this quantity a precision of its own."""
        if equation.rule == "increment":
            return "increment"
        parsed = Key.parse(key)
        return parsed.role if self.problem.layers else parsed.name

    def relation(self, formula: Node, text: str, role: str) -> tuple[str, tuple[Remark, ...]]:
        """``=`` if the printed operands, worked out, give the printed result.

        ``≈`` means that they give it but for the last figure; what is further off is remarked.
        """
        used = symbols(formula)
        unrounded = self.rounding.precision_of(role).exact
        if self.rounding.policy == "carried" and not unrounded and self.inexact.isdisjoint(used):
            return "=", ()
        printed = {key: Rational(self.steps[key].text) for key in used}
        try:
            again = self.written(formula, printed)
        except CalculationError:
            return "≈", (Remark("printed_nothing"),)
        # a number that had to be cut is not equal, and a short one says that it is exact
        gives = self.rounding.text(again, role)
        value = Rational(text)
        if (gives == text and not unrounded) or Rational(again) == value:
            return "=", ()
        if abs(Rational(again) - value) < 10 * self.rounding.unit(value, role):
            return "≈", ()
        return "≈", (Remark("printed_alone", {"gives": gives}),)

    def remarks(self, step: Step) -> Iterator[Remark]:
        """What is to be said beside a step with numbers."""
        if step.value == 0 and (step.exact != 0 or self.arithmetic.vanished):
            yield Remark(
                "lost_in_rounding", {"figures": self.more_figures(step.exact or Rational(0))}
            )
        if step.phase in ("backward", "gradient"):
            for jump in kinks(step, self.exacts, self.exact):
                forward = (s for s in self.steps.values() if s.update == step.update)
                yield kink_remark(jump, self.differentiated(step), forward, self.own)

    def differentiated(self, step: Step) -> Iterator[str]:
        """The function of the tables that a layer's line differentiates."""
        if step.layer is None or not self.problem.layers:
            return
        match step.rule:
            case "slope" | "delta":
                activation = self.problem.layers[step.layer - 1].activation
                yield activation if isinstance(activation, str) else activation.name
            case "da":
                loss = self.problem.loss
                yield loss.name if isinstance(loss, Loss) else str(loss)
            case _:
                yield self.problem.regularizer

    def more_figures(self, exact: Value | None) -> str:
        """How many figures would keep this number from rounding away."""
        now = self.rounding.precision.figures or self.rounding.precision.places or 5
        beyond = self.arithmetic.gap if self.arithmetic.vanished else 5
        return str(now + (max(-magnitude(exact), 1) if exact else beyond))

    def enough_figures(self, formula: Node) -> str:
        """How many figures of its operands give this line a finite value at all."""
        used = {key: self.exacts[key] for key in symbols(formula)}
        for figures in range(self.rounding.precision.figures or 1, MOST_DIGITS):
            rounding = Rounding(Precision(figures=figures), ties=self.rounding.ties)
            try:
                self.written(formula, {k: rounding.rounded(v) for k, v in used.items()})
            except CalculationError:
                continue
            return str(figures)
        return ""

    def failed(self, error: Exception, key: str, figures: str = "") -> CalculationError:
        if isinstance(error, KeyError):
            return CalculationError(f"{key}: {error.args[0]} has no value", key)
        cause = (
            f"; the numbers before it were rounded too far: carry at least {figures} figures"
            if figures
            else ""
        )
        return CalculationError(f"{key}: {error}{self.there(key)}{cause}", key)

    def there(self, key: str) -> str:
        """The numbers that went into a line, where few: what was 0, or too large."""
        used = self.used.get(key, ())
        numbers = [f"{name} = {self.steps[name].text}" for name in used if name in self.steps]
        return f" ({', '.join(numbers)})" if 0 < len(numbers) <= 4 else ""


def _writable(value: Value) -> Value:
    """The value, if its digits can be written down at all."""
    if value and abs(magnitude(value)) > LARGEST_POWER:
        side = "large" if magnitude(value) > 0 else "near to 0"
        raise CalculationError(f"the result is too {side}: beyond 1e±{LARGEST_POWER}")
    return value

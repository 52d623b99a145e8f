"""A step gets its numbers: exact, as written by hand, as printed, and what is to be said of it.

Takes the given numbers and the lines of a calculation in their order; keeps every number so
far.  A line is worked out twice, from exact operands and from those that stand on the page;
one that has no value is told with the numbers that went into it.  Read by `tracing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction as Rational

from tracer.backprop.kinks import kinks
from tracer.backprop.kinks import remark as kink_remark
from tracer.backprop.layering.functions import own_functions
from tracer.calculus.definitions import definitions, written_out
from tracer.errors import CalculationError
from tracer.formula.bounding import plain
from tracer.formula.evaluating import MOST_DIGITS, Definition, Evaluator, Exact
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Number, Symbol, defined, symbols
from tracer.model.functions import Loss
from tracer.model.problem import Problem
from tracer.model.quantity import Equation
from tracer.model.rounding import Precision, Rounding, Value, magnitude
from tracer.model.step import Remark, Step

LARGEST_POWER = 20_000
"""Powers of ten beyond which no number is written."""


class Numbering:
    """The numbers of one run through a problem, in one arithmetic.

    Args:
        problem: its rounding and functions count.
        exact: the arithmetic of full precision.
    """

    def __init__(self, problem: Problem, exact: Exact) -> None:
        self.problem = problem
        self.rounding = problem.rounding
        self.symbolic = problem.symbolic
        own = own_functions(problem)
        self.definitions: Mapping[str, Definition] = definitions(own)
        self.own = {f.name: f for f in own}
        self.arithmetic = exact
        self.exact = Evaluator(exact, self.definitions)
        self.by_hand = type(exact)(exact.digits)
        self.written = Evaluator(self.by_hand, self.definitions)
        self.steps: dict[str, Step] = {}
        self.exacts: dict[str, Value] = {}
        self.values: dict[str, Value] = {}
        self.inexact: set[str] = set()
        """Keys whose printed text is not the number that is calculated with."""

    @property
    def cancelled(self) -> bool:
        """Whether a sum lost nearly all its digits, with all of them or as done by hand."""
        return self.arithmetic.cancelled or self.by_hand.cancelled

    def given(self, key: str, text: str | None) -> None:
        """Note a given number, or a letter that stands for one."""
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

    def step(self, key: str, equation: Equation, formula: Node) -> Step | None:
        """The step of one cell; None for one that is kept for reference and has no value."""
        expanded = written_out(formula, self.definitions)
        named = expanded != formula
        bare = Step(
            key,
            equation.rule,
            equation.phase,
            defined(formula, self.definitions) if named else formula,
            expanded=expanded if named else None,
            layer=equation.layer,
            shown=equation.shown,
        )
        if self.symbolic:
            return bare
        try:
            self.arithmetic.vanished = self.exact.at_limit = False
            exact = _writable(self.exact(formula, self.exacts))
            value = _writable(self.written_value(bare, exact))
        except (CalculationError, KeyError) as error:
            if not equation.shown:
                return None
            if isinstance(error, CalculationError) and error.key:
                raise
            raise self.failed(error, bare) from None
        found = self.numbered(bare, equation, exact, value)
        if not self.exact.at_limit:
            return found
        return replace(found, remarks=(*found.remarks, Remark("limit")))

    def written_value(self, bare: Step, exact: Value) -> Value:
        """What the line gives by hand, from the numbers that stand on the page."""
        if self.rounding.policy != "carried":
            return exact
        try:
            return self.written(bare.formula, self.values)  # type: ignore[no-any-return]
        except CalculationError as error:
            raise self.failed(error, bare, self.enough_figures(bare.formula)) from None

    def numbered(self, bare: Step, equation: Equation, exact: Value, value: Value) -> Step:
        """The step with its numbers, rounded as the problem says."""
        key, formula = bare.key, bare.formula
        role = "update" if equation.is_next else self.role(key, equation)
        text = self.rounding.text(value, role)
        if self.rounding.policy == "carried":
            value = self.rounding.rounded(value, role)
        text = self.as_before(self.as_fraction(text, value, formula), value, formula, equation)
        self.exacts[key], self.values[key] = exact, value
        if Rational(text) != value:
            self.inexact.add(key)
        relation, remarks = self.relation(formula, text, role)
        found = replace(bare, exact=plain(exact), value=plain(value), text=text, relation=relation)
        return replace(found, remarks=(*remarks, *self.remarks(found)))

    def as_fraction(self, text: str, value: Value, formula: Node) -> str:
        """Where nothing is rounded, a line of fractions gives a fraction: -7/4, not -1.75."""
        if self.rounding.policy != "exact" or not isinstance(value, Rational):
            return text
        operands = [self.steps[key].text for key in symbols(formula)]
        fractions = any("/" in one for one in operands)
        decimals = any("." in one or "e" in one for one in operands)
        return str(value) if fractions and not decimals and "." in text else text

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
        if not self.problem.layers:
            return parsed.name
        if not parsed.part or parsed.part.isdigit():
            return parsed.role
        return f"d{parsed.part}" if equation.phase in ("backward", "gradient") else parsed.part

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

    def failed(self, error: Exception, bare: Step, figures: str = "") -> CalculationError:
        """The error of a line, with its quantity and its numbers."""
        key = bare.key
        if isinstance(error, KeyError):
            return CalculationError(f"{key}: {error.args[0]} has no value", key)
        cause = (
            f"; the numbers before it were rounded too far: carry at least {figures} figures"
            if figures
            else ""
        )
        return CalculationError(f"{key}: {error}{self.there(bare)}{cause}", key)

    def there(self, bare: Step) -> str:
        """The numbers that went into a line, where few: what was 0, or too large."""
        numbers = [f"{key} = {self.steps[key].text}" for key in bare.operands if key in self.steps]
        return f" ({', '.join(numbers)})" if 0 < len(numbers) <= 4 else ""


def _writable(value: Value) -> Value:
    """The value, if its digits can be written down at all."""
    if value and abs(magnitude(value)) > LARGEST_POWER:
        side = "large" if magnitude(value) > 0 else "near to 0"
        raise CalculationError(f"the result is too {side}: beyond 1e±{LARGEST_POWER}")
    return value

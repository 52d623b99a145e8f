"""An explanation as lines of plain text, in the notation of the problem.

Takes an `Explanation`; gives the text that ``tracer explain`` prints: backprop's own line,
the matrix form, every path with its factors and its share, and whether all agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction as Rational

from tracer.formula.evaluating import Exact
from tracer.formula.nodes import symbols
from tracer.model.explanation import Explanation, Path
from tracer.model.quantity import Equation, Plan
from tracer.model.rounding import Precision, Rounding, Value
from tracer.model.step import Step
from tracer.rendering.lines import line
from tracer.rendering.matrices import Matrices
from tracer.rendering.saying import Sayings
from tracer.rendering.typesetting import Typesetting

_INDENT = "  "


def text(explanation: Explanation, setting: Typesetting, figures: int) -> str:
    """The explanation as text.

    Args:
        explanation: what to say.
        setting: trace, notation and format (a format of plain characters).
        figures: significant figures of the exact numbers that are shown.
    """
    return "\n".join(_Telling(explanation, setting, Rounding(Precision(figures))).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Telling:
    said: Explanation
    setting: Typesetting
    rounding: Rounding

    def lines(self) -> Iterator[str]:
        step, gradient = self.said.step, self.said.gradient
        if step is not gradient:
            yield from self.part(step, "Its line")
            yield from self.operands(step)
        if gradient is not None:
            if step is not gradient:
                yield ""
            yield from self.part(gradient, "Component form")
        yield from self.matrix()
        if self.said.of:
            yield from self.paths()
        yield from self.verdict()

    def part(self, step: Step, heading: str) -> Iterator[str]:
        """One quantity: why, and its line with names and with numbers."""
        yield f"{self.setting.name(step.key)}   ({step.key})"
        if why := Sayings(self.setting).why(step):
            yield why
        yield ""
        yield heading
        yield from self.step(step)

    # -- the line itself -----------------------------------------------------------------------

    def step(self, step: Step) -> Iterator[str]:
        if step.rule == "given":
            yield f"{_INDENT}{self.setting.name(step.key)} = {self.number(step)} (given)"
            return
        found = line(step, self.setting)
        left = found.left
        for member in found.members:
            for place, part in enumerate(member.parts):
                sign = member.sign if not place else " " * len(member.sign)
                yield f"{_INDENT}{left} {sign} {part}"
                left = " " * len(found.left)
        assert step.exact is not None
        if Rational(step.text) != Rational(step.exact):
            yield f"{_INDENT}At full precision {self.equated(step.exact)}."

    def number(self, step: Step) -> str:
        return self.setting.number(step.text)

    def matrix(self) -> Iterator[str]:
        form, equation = self.said.matrix, self.array_equation
        if form is None or equation is None:
            return
        told = Matrices(self.plan(form.update), form.update, self.setting).definition(equation)
        yield ""
        yield "Matrix form"
        cell = ", ".join(str(position + 1) for position in form.cell)
        of_cell = f", cell ({cell})" if cell else ""
        if told:
            yield f"{_INDENT}{told}"
        yield f"{_INDENT}Worked out by matrices{of_cell} {self.equated(form.value)}."

    def plan(self, update: int) -> Plan:
        plans = self.setting.trace.plans
        return plans[min(update, len(plans) - 1)]

    @property
    def array_equation(self) -> Equation | None:
        """The equation of the matrix form, if it is about more than single numbers."""
        form = self.said.matrix
        if form is None:
            return None
        plan = self.plan(form.update)
        names = [form.array, *(name.removesuffix("'") for name in symbols(form.formula))]
        if not any(size > 1 for name in names for size in plan.quantities[name].shape):
            return None
        return next(
            e for e in plan.equations if e.target.name == form.array and e.formula == form.formula
        )

    def operands(self, step: Step) -> Iterator[str]:
        if not step.operands or step.rule == "given":
            return
        yield ""
        yield "It depends on"
        for key in step.operands:
            operand = self.setting.trace[key]
            yield f"{_INDENT}{self.setting.name(key)} = {self.number(operand)}   ({key})"

    # -- paths ---------------------------------------------------------------------------------

    def paths(self) -> Iterator[str]:
        said, name = self.said, self.setting.name
        listed = len(said.paths)
        starts = ", ".join(name(key) for key in said.objective)
        if said.held:
            yield ""
            count = "count as fixed numbers" if len(said.held) > 1 else "counts as a fixed number"
            yield (
                f"Backpropagation through time is truncated: {', '.join(map(name, said.held))} "
                f"{count} in the next time step, and no path goes back through it."
            )
        if not said.count:
            yield ""
            yield f"No path leads from {starts} back to {name(said.of)}: the derivative is 0."
            return
        count = "1 path" if said.count == 1 else f"{said.count:,} paths"
        largest = (
            "the one with the largest share"
            if listed == 1
            else (f"the {listed:,} with the largest shares")
        )
        which = "" if listed == said.count else f"; {largest}" if listed else ""
        yield ""
        yield f"Every path from {starts} back to {name(said.of)}: {count}{which}"
        for number, path in enumerate(said.paths, 1):
            yield from self.path(path, number)
        if said.count != 1:
            yield ""
        if listed < said.count:
            left_out = self.minus(said.total, [path.share for path in said.paths])
            yield f"{_INDENT}All other shares together {self.equated(left_out)}"
        if said.count != 1:
            yield f"{_INDENT}Sum of the shares {self.equated(said.total)}"

    def path(self, path: Path, number: int) -> Iterator[str]:
        name, numbered = self.setting.name, f"{_INDENT}{number}. "
        pad = " " * len(numbered)
        yield ""
        yield (
            numbered + " ← ".join(map(name, path.keys))
            if self.unicode
            else (numbered + " <- ".join(map(name, path.keys)))
        )
        d = "∂" if self.unicode else "d"
        lefts = [f"{d}{name(link.of)}/{d}{name(link.by)}" for link in path.links]
        widest = max(map(len, lefts), default=0)
        if path.weight != 1:
            yield f"{pad}upstream gradient {self.equated(path.weight)}"
        for link, left in zip(path.links, lefts, strict=True):
            formula = self.setting.formula(link.formula, self.setting.names.name)
            shown = self.shown(link.value)
            result = "" if formula == shown else f" {self.equated(link.value)}"
            yield f"{pad}{left.ljust(widest)} = {formula}{result}"
        yield f"{pad}share = {self.product(path)}"

    def product(self, path: Path) -> str:
        """The factors' numbers, and what they give."""
        values = [link.value for link in path.links]
        if path.weight != 1:
            values.insert(0, path.weight)
        texts = [self.rounding.text(value) for value in values]
        share = self.rounding.text(path.share)
        if len(texts) < 2:
            return self.setting.number(share)
        product = Rational(1)
        for factor in texts:
            product *= Rational(factor)
        sign = self.setting.sign("=" if product == Rational(share) else "≈")
        times = " · " if self.unicode else " * "
        bracketed = [self.setting.printer.number(factor, bracket=True) for factor in texts]
        return f"{times.join(bracketed)} {sign} {self.setting.number(share)}"

    # -- agreement -----------------------------------------------------------------------------

    def verdict(self) -> Iterator[str]:
        said = self.said
        if said.of and said.gradient is None:
            yield ""
            yield "Backprop needs no line of its own for this derivative."
        if not said.agreements:
            return
        yield ""
        if said.sign < 0:
            yield "It is written with the opposite sign (delta: t-o), so the sum is its negative."
        hidden = "" if self.array_equation else "matrix form"
        ways = [result.method for result in said.agreements if result.method != hidden]
        if said.agrees and ways:
            first = "The component form" if said.gradient else "The line"
            yield f"{', the '.join([first, *ways[:-1]])} and the {ways[-1]} agree."
        for result in said.agreements:
            if not result.agrees:
                yield (
                    f"DISAGREEMENT: the component form gives {result.derived:.12g}, "
                    f"the {result.method} {result.independent:.12g}."
                )

    # -- numbers -------------------------------------------------------------------------------

    @property
    def unicode(self) -> bool:
        return self.setting.form.printer == "unicode"

    def shown(self, value: Value) -> str:
        return self.setting.number(self.rounding.text(value))

    def equated(self, value: Value | float) -> str:
        """``= 0.5`` or, where figures were left out, ``≈ 0.33333``."""
        exact: Value = Rational(value) if isinstance(value, float) else value
        text = self.rounding.text(exact)
        sign = "=" if Rational(text) == Rational(exact) else "≈"
        return f"{self.setting.sign(sign)} {self.setting.number(text)}"

    def minus(self, total: Value, shares: list[Value]) -> Value:
        arithmetic = Exact(60)
        return arithmetic.add([total, *(arithmetic.negate(share) for share in shares)])

"""An explanation as lines of plain text, in the notation of the problem.

Takes an `Explanation`; gives the text that ``tracer explain`` prints: backprop's own line,
the matrix form, every path with its factors and its share, and whether all agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction as Rational

from tracer.formula.evaluating import Exact
from tracer.model.explanation import Explanation, Path
from tracer.model.quantity import Equation
from tracer.model.rounding import Precision, Rounding, Value
from tracer.model.step import Step
from tracer.rendering.lines import line
from tracer.rendering.matrices import Matrices
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
        step = self.said.gradient or self.said.step
        yield f"{self.setting.name(step.key)}   ({step.key})"
        yield from self.why(step)
        yield ""
        yield "Component form" if self.said.gradient else "Its line"
        yield from self.step(step)
        yield from self.matrix()
        if self.said.gradient is None:
            yield from self.operands(step)
        if self.said.of:
            yield from self.paths()
        yield from self.verdict()

    def why(self, step: Step) -> Iterator[str]:
        """The rule in a sentence, if it needs no facts."""
        last = len(self.setting.trace.problem.layers)
        place = "output" if step.layer == last else "hidden"
        for name in (f"why.{step.rule}_{place}", f"why.{step.rule}"):
            prose = self.setting.prose
            if name in prose and all(kind != "fact" for kind, _ in prose.pieces(name)):
                yield self.setting.say(name)
                return

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
        form = self.said.matrix
        if form is None:
            return
        plan = self.setting.trace.plans[min(form.update, len(self.setting.trace.plans) - 1)]
        equation = next((e for e in plan.equations if self.is_it(e)), None)
        if equation is None or not any(size > 1 for size in equation.target.shape):
            return
        told = Matrices(plan, form.update, self.setting).definition(equation)
        yield ""
        yield "Matrix form"
        cell = ", ".join(str(position + 1) for position in form.cell)
        if told:
            yield f"{_INDENT}{told}"
        yield f"{_INDENT}Worked out by matrices, cell ({cell}) {self.equated(form.value)}."

    def is_it(self, equation: Equation) -> bool:
        form = self.said.matrix
        return form is not None and (
            equation.target.name == form.array and equation.formula == form.formula
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
        count = "1 path" if said.count == 1 else f"{said.count:,} paths"
        which = "" if listed == said.count else f"; the {listed:,} with the largest shares"
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
        yield numbered + " ← ".join(map(name, path.keys)) if self.unicode else (
            numbered + " <- ".join(map(name, path.keys))
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
            yield f"It is written with the opposite sign (delta: t-o), so the sum is its negative."
        ways = " and the ".join(result.method for result in said.agreements)
        if said.agrees:
            yield f"The component form and the {ways} agree."
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

"""What a page says in words beside its lines, each thing where it is needed first.

Takes steps and what is printed of them; gives sentences: why a rule holds, what a function
or a sign means, and what is to be remarked.  It remembers what the page has said already.
Read by the story and by explanations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracer.formula.nodes import Node, Symbol, substitute, symbols
from tracer.formula.rewriting import ZERO
from tracer.model.layer import Layer
from tracer.model.ordering import is_local, place_of
from tracer.model.quantity import Equation, Plan, Quantity
from tracer.model.step import Remark, Step
from tracer.model.trace import pass_of
from tracer.rendering.content import Block
from tracer.rendering.introducing import introductions
from tracer.rendering.local import begins_with_nothing, is_last_of_memory
from tracer.rendering.reasons import reasons
from tracer.rendering.typesetting import Typesetting

_BROKEN_NUMBER = re.compile(r"-?\d+(\.\d+(e-?\d+)?|e-?\d+)")
"""A number that is written as in a formula: with the language's decimal mark."""


@dataclass
class Sayings:
    """The sentences of one page, in the order in which they are asked for."""

    setting: Typesetting
    partial: bool = False
    """Only chosen quantities are printed."""
    repeating: bool = False
    """Every line says why it holds, not only the first of its kind: for slides."""
    _said: set[str] = field(default_factory=set)
    _figures: int = 0

    # -- why -----------------------------------------------------------------------------------

    def is_new(self, step: Step) -> bool:
        """Whether the page has a sentence about this rule and has not said it yet."""
        words = reasons(step, self.setting.trace)
        found = next((word for word in words if f"why.{word}" in self.setting.prose), None)
        return found is not None and found not in self._said

    def why(self, step: Step) -> str:
        """One sentence about a rule, at its first appearance on the page; before it, which
        time step begins."""
        said = [self.place(step)]
        for word in reasons(step, self.setting.trace):
            if f"why.{word}" in self.setting.prose:
                if self.repeating or word not in self._said:
                    self._said.add(word)
                    said.append(self.setting.say(f"why.{word}"))
                break
        return " ".join(sentence for sentence in said if sentence)

    def place(self, step: Step) -> str:
        """Which time step or sample of a layer begins with this line, if one does."""
        if not step.layer or self.partial or not is_local([step], self.setting.trace):
            return ""
        time, sample = place_of(step)
        at = f"{step.phase} {step.layer} {time} {sample} {pass_of(step)}"
        if at in self._said or (time is None and sample is None):
            return ""
        self._said.add(at)
        if time is None:
            return self.setting.say("story.sample", number=str(sample))
        begins = step.phase == "forward" and time == 1
        first = begins and begins_with_nothing(step, self.setting.trace)
        word = "story.first_step" if first else f"story.{step.phase}_step"
        if step.phase == "backward" and is_last_of_memory(step, self.setting.trace):
            word = "story.backward_last"
        said = [self.setting.say(word, number=str(time))]
        layer = self.setting.trace.problem.layers[step.layer - 1]
        if step.phase == "backward" and isinstance(layer, Layer) and layer.is_cut(time or 0):
            said.append(self.setting.say("story.cut", before=str((time or 0) - 1)))
        return " ".join(said)

    def is_new_rule(self, equation: Equation, plan: Plan, step: Step) -> bool:
        """Whether no earlier time step, sample or pass was told this rule, but for its place."""
        if self.repeating or self.partial:
            return True
        target, quantities = equation.target, plan.quantities

        def at_its_place(symbol: Symbol) -> Symbol:
            found = quantities.get(symbol.name.rstrip("'"))
            if found is None:
                return symbol
            time = (found.time or 0) - (target.time or 0) if found.time is not None else ""
            return Symbol(f"{found.key} {found.leading} {time}")

        rule = substitute(equation.formula, at_its_place)
        said = f"rule {target.key} {target.leading} {step.phase} {rule}"
        is_new = said not in self._said
        self._said.add(said)
        return is_new

    def once(self, formula: str) -> str:
        if not formula or formula in self._said:
            return ""
        self._said.add(formula)
        return self.setting.rule(formula)

    # -- what is new to the reader -------------------------------------------------------------

    def introduced(self, formulas: Iterable[Node], printed: str, brief: bool) -> Iterable[str]:
        """What functions and signs mean, at the first of each on the page.

        A brief page only defines the functions that it names.
        """
        for word, facts in introductions(formulas, printed, self.setting):
            if brief and word != "function":
                continue
            said = facts.get("formula") or f"where.{word} {facts.get('name', '')}"
            if said not in self._said:
                self._said.add(said)
                yield self.setting.say(f"where.{word}", **facts)

    def absent(self, blocks: Sequence[Block], equations: Sequence[Equation]) -> Iterable[str]:
        """What a dot in a matrix means, at the first one of the page."""
        drawn = [line for block in blocks for line in block.lines if "-array" in line.label]
        dots = any(quantity.missing for e in equations for quantity in self.arrays_of(e))
        if drawn and dots and "missing" not in self._said:
            self._said.add("missing")
            yield self.setting.say("remark.absent")

    def arrays_of(self, equation: Equation) -> Iterable[Quantity]:
        """The target and all operands of an array equation."""
        yield equation.target
        quantities = self.setting.trace.plans[0].quantities
        for name in symbols(equation.formula):
            if name.rstrip("'") in quantities:
                yield quantities[name.rstrip("'")]

    def unconnected(self, steps: Sequence[Step]) -> Iterable[str]:
        """Which units lead nowhere, so that their gradient is 0 by itself."""
        zero = [s.key for s in steps if s.rule == "da" and s.formula == ZERO and s.update == 0]
        if zero:
            names = ", ".join(map(self.setting.inline_name, zero))
            yield self.setting.say("remark.unconnected", names=names)

    # -- remarks -------------------------------------------------------------------------------

    def remarks(self, steps: Sequence[Step]) -> Iterable[str]:
        """What is to be said beside the lines; the same remark about several once."""
        found: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
        alone = [(s, r) for s in steps for r in s.remarks if r.kind == "printed_alone"]
        if alone:
            yield self.printed_alone(alone)
        for step in steps:
            for remark in step.remarks:
                if remark.kind == "printed_alone":
                    continue
                facts = tuple(sorted(remark.facts.items()))
                if remark.kind == "lost_in_rounding" and not self.is_news(remark):
                    continue
                found.setdefault((remark.kind, facts), []).append(step.key)
        for (kind, pairs), keys in found.items():
            yield self.remark(Remark(kind, dict(pairs)), keys)

    def printed_alone(self, found: Sequence[tuple[Step, Remark]]) -> str:
        """What the printed numbers of some lines give, where it is far from their results."""
        setting, about = self.setting, self.setting.sign("≈")
        pairs = [
            setting.inline(f"{setting.name(s.key)} {about} {setting.number(r.facts['gives'])}")
            for s, r in found
        ]
        return setting.say("remark.printed_alone", pairs=", ".join(pairs))

    def is_news(self, remark: Remark) -> bool:
        """Whether a number is lost that the figures advised so far would not keep."""
        figures = int(remark.facts.get("figures", "0"))
        news = figures > self._figures
        self._figures = max(self._figures, figures)
        return news

    def remark(self, remark: Remark, keys: Sequence[str]) -> str:
        setting = self.setting
        names = ", ".join(map(setting.inline_name, keys))
        facts = {name: self.fact(name, text) for name, text in remark.facts.items()}
        return setting.say(f"remark.{remark.kind}", names=names, **facts)

    def fact(self, name: str, text: str) -> str:
        """What a remark puts into its sentence: a sentence's part, a function, or a number."""
        if name == "at":
            return self.setting.say(f"kink.{text}")
        if name == "function":
            return self.setting.called("activation", text)
        is_number = _BROKEN_NUMBER.fullmatch(text)
        return self.setting.cell(text) if is_number else self.setting.text(text)

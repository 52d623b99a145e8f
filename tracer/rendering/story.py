"""The story of a trace: parts by phase, sections by layer, lines by rule, and why.

Takes a trace and what was asked for; gives the `Content` of a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from tracer.formula.keys import Key
from tracer.formula.nodes import Node, symbols
from tracer.formula.rewriting import ZERO
from tracer.model.problem import Dense
from tracer.model.quantity import Equation, Quantity
from tracer.model.step import Remark, Step
from tracer.model.trace import pass_of
from tracer.rendering import checks, given_numbers, givens
from tracer.rendering.chains import chain_line, is_rounded_between, paths_line
from tracer.rendering.content import Block, Content, Group, Line, Part, Section
from tracer.rendering.introducing import introductions, printed_text
from tracer.rendering.lines import block, blocks_that_fit, by_sample, line
from tracer.rendering.local import array_and_place, begins_with_nothing, is_local, place_of
from tracer.rendering.matrices import Matrices, key_of
from tracer.rendering.reasons import activation_name, reasons
from tracer.rendering.selecting import number_of_updates
from tracer.rendering.typesetting import Typesetting

_PARTS = {
    "forward": "forward",
    "loss": "forward",
    "report": "forward",
    "backward": "backward",
    "gradient": "backward",
    "update": "update",
}
_ALWAYS_SHORT = frozenset({"loss", "loss_term", "sample_loss", "report"})
"""Rules whose lines say all that a definition would."""


@dataclass
class Story:
    """Tells one trace."""

    setting: Typesetting
    detail: str = "standard"
    form: str = "scalar"
    partial: bool = False
    """Only chosen quantities are printed: no tables, no conclusions."""
    repeating: bool = False
    """Every line says why it holds, not only the first of its kind: for slides."""
    _said: set[str] = field(default_factory=set)
    _numbers: int = 0
    _figures: int = 0

    def content(self, steps: Sequence[Step]) -> Content:
        """The content of the page that prints these steps."""
        setting = self.setting
        given = () if self.partial else given_numbers.given_tables(setting)
        blocks = () if self.partial else given_numbers.given_blocks(setting, setting.trace.plans[0])
        parts = tuple(self.parts(steps))
        return Content(
            title=givens.title(setting),
            intro=givens.intro(setting),
            given_heading=setting.say("given.heading"),
            given_tables=given,
            given_blocks=blocks,
            parts=parts,
            check_heading=setting.say("check.heading"),
            proof=checks.proof(setting),
        )

    # -- parts and sections --------------------------------------------------------------------

    def parts(self, steps: Sequence[Step]) -> Iterable[Part]:
        before = -1
        for place, found in groupby(steps, lambda s: (pass_of(s), _PARTS.get(s.phase, "forward"))):
            update, phase = place
            part = self.part(update, phase, list(found))
            if update > before + 1 and not self.partial:
                part = replace(part, before=self.left_out(before + 2, update))
            before = max(before, update)
            yield part

    def part(self, update: int, phase: str, steps: list[Step]) -> Part:
        setting, updates = self.setting, number_of_updates(self.setting.trace)
        after = update > 0 and update == updates
        word = "after" if after else phase
        if not self.layered and not setting.trace.problem.loss and not updates:
            word = phase if setting.trace.problem.upstream else "calculation"
        heading = setting.say(f"phase.{word}")
        if updates > 1 and not after:
            heading = setting.say(f"phase.numbered_{phase}", number=str(update + 1))
        sections = [
            self.section(part_phase, layer, list(found))
            for (part_phase, layer), found in groupby(steps, lambda s: (s.phase, s.layer))
        ]
        check: tuple[str, ...] = ()
        if not self.partial and phase == "update" and not setting.trace.symbolic:
            sections += self.table(steps)
        if not self.partial and after:
            check = checks.did_it_help(setting, update, whole=True)
        return Part(phase, heading, tuple(sections), check=check)

    def left_out(self, first: int, last: int) -> str:
        """A sentence about updates (from 1) that are not printed."""
        if first == last:
            return self.setting.say("phase.skipped_one", first=str(first))
        return self.setting.say("phase.skipped", first=str(first), last=str(last))

    def section(self, phase: str, layer: int | None, steps: list[Step]) -> Section:
        self._numbers += 1
        runs = _by_rule(steps, layered=self.layered)
        if layer is None or not is_local(steps, self.setting.trace):
            groups = [self.group(found) for found in runs]
        else:
            named = [list(part) for run in runs for _, part in groupby(run, array_and_place)]
            groups = [self.group(found) for found in self.in_places(named)]
        return Section(self._numbers, self.heading(phase, layer), tuple(groups))

    def in_places(self, runs: Iterable[list[Step]]) -> Iterable[list[Step]]:
        """Lines of a layer that works step by step: those of one time step (or sample)
        together, but for rules that the page has not explained yet."""
        gathered: list[Step] = []
        for found in runs:
            apart = gathered and place_of(gathered[-1]) != place_of(found[0])
            if gathered and (apart or self.is_new(found[0])):
                yield gathered
                gathered = []
            gathered = [*gathered, *found]
        if gathered:
            yield gathered

    def is_new(self, step: Step) -> bool:
        """Whether the page has a sentence about this rule and has not said it yet."""
        return any(
            word not in self._said and f"why.{word}" in self.setting.prose
            for word in reasons(step, self.setting.trace)[:1]
        )

    def table(self, steps: Sequence[Step]) -> list[Section]:
        updated = [step for step in steps if step.rule == "update"]
        if not updated:
            return []
        self._numbers += 1
        tables = checks.parameter_tables(updated, self.setting)
        return [Section(self._numbers, self.setting.say("section.table"), tables=tables)]

    @property
    def layered(self) -> bool:
        return bool(self.setting.trace.problem.layers)

    def heading(self, phase: str, layer: int | None) -> str:
        last = len(self.setting.trace.problem.layers)
        if phase in ("loss", "report"):
            return self.setting.say(f"section.{phase}")
        if layer is None:
            return self.setting.say(f"section.{phase}_equations")
        kind = self.setting.trace.problem.layers[layer - 1].type
        if kind != "dense":
            name = self.setting.say(f"layer.{kind}")
            return self.setting.say(f"section.{phase}_typed", number=str(layer), name=name)
        if layer == last:
            return self.setting.say(f"section.{phase}_output")
        if last == 2:
            return self.setting.say(f"section.{phase}_hidden")
        return self.setting.say(f"section.{phase}_hidden_many", number=str(layer))

    # -- groups --------------------------------------------------------------------------------

    def group(self, steps: list[Step]) -> Group:
        first = steps[0]
        update = pass_of(first)
        plan = self.setting.trace.plans[min(update, len(self.setting.trace.plans) - 1)]
        matrices = Matrices(plan, update, self.setting)
        equations = self.equations(steps, matrices)
        brief = self.detail == "brief"
        blocks = list(self.blocks(steps, equations, matrices))
        chain_why, chain = self.chain(steps)
        definition = "" if brief else self.definition(first, equations, matrices)
        displayed = [matrices.displayed(equation) for equation in equations]
        formulas = [*(s.formula for s in steps), *(s.expanded for s in steps), *displayed]
        new = "" if brief else printed_text(definition, blocks)
        return Group(
            first.rule,
            "" if brief else self.why(first),
            definition,
            tuple(blocks),
            chain_why,
            chain,
            (
                *self.introduced([node for node in formulas if node is not None], new),
                *self.absent(blocks, equations),
                *self.unconnected(steps),
                *self.remarks(steps),
            ),
        )

    def equations(self, steps: Sequence[Step], matrices: Matrices) -> list[Equation]:
        arrays = dict.fromkeys((step.rule, matrices.array_of(step.parsed)) for step in steps)
        found = [matrices.equation(rule, key) for rule, key in arrays]
        return [equation for equation in found if equation is not None]

    def blocks(
        self, steps: Sequence[Step], equations: Sequence[Equation], matrices: Matrices
    ) -> Iterable[Block]:
        drawn: dict[Key, Line] = {}
        counts = Counter(matrices.array_of(step.parsed) for step in steps)
        for equation in equations if self.form != "scalar" else ():
            scalar = self.layered and not equation.target.shape
            there = counts[key_of(equation.target)]
            cells = len(list(equation.target.cells()))
            if there < cells and not self.partial:
                continue  # single parameters are frozen: the matrix equation does not hold
            if self.says_more(equation, matrices) and not scalar:
                shown = matrices.line(equation, self.detail)
                if shown and (len(shown.members) > 1 or self.setting.trace.symbolic):
                    drawn[key_of(equation.target)] = shown
        if self.layered:
            runs = [(list(drawn.values()), list(steps))]
        else:  # in the order of calculation: each array, then what stands between two of them
            parts = groupby(steps, lambda step: drawn.get(matrices.array_of(step.parsed)))
            runs = [([one] if one else [], list(found)) for one, found in parts]
        for matrix_lines, found in runs:
            if matrix_lines:
                yield block(matrix_lines, self.setting)
            if self.form == "matrix":  # what has no matrix form stands unit by unit
                found = [step for step in found if matrices.array_of(step.parsed) not in drawn]
            if found:
                yield from self.scalar_blocks(found)

    def scalar_blocks(self, steps: Sequence[Step]) -> Iterable[Block]:
        """Lines of single numbers, sample by sample."""
        lines = []
        for sample, part in enumerate(by_sample(steps)):
            for place, step in enumerate(part):
                found = line(step, self.setting, self.detail)
                apart = sample > 0 and place == 0 and len(part) > 1
                lines.append(replace(found, apart=apart))
        if self.layered or steps[0].parsed.indices:
            yield block(lines, self.setting)
        else:
            yield from blocks_that_fit(lines, self.setting)

    def definition(self, first: Step, equations: Sequence[Equation], matrices: Matrices) -> str:
        """The rule in one formula, if that says more than the lines do."""
        if first.rule in _ALWAYS_SHORT or (self.form != "scalar" and first.rule != "activation"):
            return ""
        if first.rule == "activation":
            layer = self.setting.trace.problem.layers[(first.layer or 1) - 1]
            assert isinstance(layer, Dense)
            shown = givens.activation_definition(layer, self.setting)
            if shown or activation_name(layer.activation) == "identity":
                return self.once(shown)
            if self.form != "scalar":
                return ""
        shown_ones = [
            self.setting.rule(shown)
            for equation in equations
            if self.says_more(equation, matrices) and (shown := matrices.definition(equation))
        ]
        return ", ".join(shown_ones)

    def once(self, formula: str) -> str:
        if not formula or formula in self._said:
            return ""
        self._said.add(formula)
        return self.setting.rule(formula)

    def says_more(self, equation: Equation, matrices: Matrices) -> bool:
        names = [equation.target.name, *symbols(equation.formula)]
        return any(name.rstrip("'") in matrices.arrays for name in names)

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
        return self.setting.say(word, number=str(time))

    # -- the chain rule, and remarks -----------------------------------------------------------

    def chain(self, steps: Sequence[Step]) -> tuple[str, tuple[Block, ...]]:
        """Each gradient factor by factor, where everything is to be shown."""
        if self.detail != "full" or not self.layered:
            return "", ()
        rule = steps[0].rule
        if rule in ("weight_gradient", "bias_gradient"):
            lines = [
                found for s in self.one_by_one(steps) if (found := chain_line(s, self.setting))
            ]
            between = any(is_rounded_between(one, self.setting) for one in lines)
            policy = self.setting.trace.problem.rounding.policy
            word = f"why.chain_{policy}" if between else "why.chain"
        elif rule == "da":
            lines = [found for s in steps if (found := paths_line(s, self.setting))]
            word = "why.paths"
        else:
            return "", ()
        if not lines:
            return "", ()
        return self.setting.say(word), (block(lines, self.setting),)

    def one_by_one(self, steps: Sequence[Step]) -> Iterable[Step]:
        """The gradients themselves, or in a batch those of each sample.

        Where a mean's 1/m is written in the errors, it is in no single sample's gradient.
        """
        trace = self.setting.trace
        batch = trace.plans[min(pass_of(steps[0]), len(trace.plans) - 1)].samples
        for step in steps:
            alone = len(batch) > 1 and trace.problem.written != "delta"
            if not alone:
                yield step
            for sample in batch if alone else ():
                key = str(replace(step.parsed, sample=sample))
                if key in trace:
                    yield trace[key]

    def introduced(self, formulas: Sequence[Node], printed: str) -> Iterable[str]:
        """What functions and signs mean, at the first of each on the page."""
        for word, facts in introductions(formulas, printed, self.setting) if printed else ():
            said = f"where.{word} {facts.get('name', '')}"
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

    def unconnected(self, steps: Sequence[Step]) -> Iterable[str]:
        """Which units lead nowhere, so that their gradient is 0 by itself."""
        zero = [s.key for s in steps if s.rule == "da" and s.formula == ZERO and s.update == 0]
        if zero:
            names = ", ".join(self.setting.inline(self.setting.name(key)) for key in zero)
            yield self.setting.say("remark.unconnected", names=names)

    def arrays_of(self, equation: Equation) -> Iterable[Quantity]:
        """The target and all operands of an array equation."""
        yield equation.target
        quantities = self.setting.trace.plans[0].quantities
        for name in symbols(equation.formula):
            if name.rstrip("'") in quantities:
                yield quantities[name.rstrip("'")]

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
        names = ", ".join(setting.inline(setting.name(key)) for key in keys)
        facts = {name: setting.text(text) for name, text in remark.facts.items()}
        return setting.say(f"remark.{remark.kind}", names=names, **facts)


def _by_rule(steps: Iterable[Step], layered: bool) -> list[list[Step]]:
    """Steps that follow each other by the same rule; in an equation network, of one array
    (single numbers that follow each other stand together)."""

    def place(step: Step) -> tuple[str, str]:
        alone = layered or not step.parsed.indices
        return (step.rule, "" if alone else step.parsed.name)

    return [list(found) for _, found in groupby(steps, place)]

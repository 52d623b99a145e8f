"""Lines of one rule, put together: why, the rule in one formula, the lines, what to remark.

Takes steps that follow each other by one rule; gives a `Group` for the page.  `lines` and
`matrices` print the single lines, `saying` has the sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from tracer.formula.keys import Key
from tracer.formula.nodes import Apply, symbols, walk
from tracer.model.ordering import by_sample, is_local
from tracer.model.problem import Dense
from tracer.model.quantity import Equation
from tracer.model.step import Step
from tracer.model.trace import pass_of
from tracer.rendering.chains import chain_line, is_near, is_rounded_between, paths_line
from tracer.rendering.compact_norm import compact_line
from tracer.rendering.content import Block, Group, Line
from tracer.rendering.defining import activation_definition
from tracer.rendering.introducing import printed_text
from tracer.rendering.layer_chains import layer_chain_line, layer_paths_line
from tracer.rendering.lines import block, blocks_that_fit, line
from tracer.rendering.matrices import Matrices, key_of
from tracer.rendering.reasons import activation_name
from tracer.rendering.saying import Sayings
from tracer.rendering.typesetting import Typesetting

_ALWAYS_SHORT = frozenset({"loss", "loss_term", "sample_loss", "step_loss", "report"})
"""Rules whose lines say all that a definition would."""
MOST_IN_A_SENTENCE = 2
"""Rules that stand in running text; more are displayed."""


@dataclass
class Grouping:
    """Makes the groups of one page."""

    setting: Typesetting
    sayings: Sayings
    detail: str = "standard"
    form: str = "scalar"
    partial: bool = False
    """Only chosen quantities are printed."""
    _matrices: dict[int, Matrices] = field(default_factory=dict)
    """Of each pass its array equations, which all groups of the pass share."""

    @property
    def layered(self) -> bool:
        return bool(self.setting.trace.problem.layers)

    def group(self, steps: list[Step]) -> Group:
        first = steps[0]
        update = pass_of(first)
        plan = self.setting.trace.plans[min(update, len(self.setting.trace.plans) - 1)]
        if update not in self._matrices:
            self._matrices[update] = Matrices(plan, update, self.setting)
        matrices = self._matrices[update]
        equations = self.equations(steps, matrices)
        brief = self.detail == "brief"
        blocks = list(self.blocks(steps, equations, matrices))
        chain_why, chain = self.chain(steps)
        local = is_local(steps, self.setting.trace)
        if local and not brief and self.form == "scalar":  # not what an earlier step said alike
            equations = [e for e in equations if self.sayings.is_new_rule(e, plan, first)]
        several = self.several(first, equations, matrices)
        if several:
            blocks = [block(several, self.setting), *blocks]
        definition = "" if brief or several else self.definition(first, equations, matrices)
        displayed = [matrices.displayed(equation) for equation in equations]
        formulas = [*(s.formula for s in steps), *(s.expanded for s in steps), *displayed]
        new = printed_text(definition, blocks)
        return Group(
            first.rule,
            "" if brief else self.sayings.why(first),
            definition,
            tuple(blocks),
            chain_why,
            chain,
            (
                *self.sayings.introduced(filter(None, formulas), new, brief),
                *self.sayings.absent(blocks, equations),
                *self.sayings.unconnected(steps),
                *self.sayings.remarks(steps),
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
        if self.layered and not is_local(steps, self.setting.trace):
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
        for _, run in self.arrays(steps):
            for sample, part in enumerate(run):
                for place, step in enumerate(part):
                    found = line(step, self.setting, self.detail)
                    apart = sample > 0 and place == 0 and len(part) > 1
                    lines.append(replace(found, apart=apart))
        if self.layered or steps[0].parsed.indices:
            yield block(lines, self.setting)
        else:
            yield from blocks_that_fit(lines, self.setting)

    def arrays(self, steps: Sequence[Step]) -> Iterable[tuple[str, list[list[Step]]]]:
        """What is worked out first stands first: sample by sample within each array alone."""
        local = is_local(steps, self.setting.trace)
        for name, run in groupby(steps, lambda step: step.parsed.name if local else ""):
            yield name, by_sample(list(run))

    def definition(self, first: Step, equations: Sequence[Equation], matrices: Matrices) -> str:
        """The rule in one formula, if that says more than the lines do."""
        if first.rule in _ALWAYS_SHORT or (self.form != "scalar" and first.rule != "activation"):
            return ""
        if first.rule == "activation":
            layer = self.setting.trace.problem.layers[(first.layer or 1) - 1]
            assert isinstance(layer, Dense)
            shown = activation_definition(layer, self.setting)
            if shown or activation_name(layer.activation) == "identity":
                return self.sayings.once(shown)
            if self.form != "scalar":
                return ""
        shown_ones = [
            self.setting.rule(shown)
            for equation in equations
            if self.says_more(equation, matrices) and (shown := matrices.definition(equation))
        ]
        return ", ".join(shown_ones) if len(shown_ones) <= MOST_IN_A_SENTENCE else ""

    def several(self, first: Step, equations: Sequence[Equation], matrices: Matrices) -> list[Line]:
        """The rules of many arrays, to be displayed one below the other.

        A sentence bears one or two in its midst.  Of updates the single lines say all.
        """
        if self.detail == "brief" or self.form != "scalar" or first.rule in _ALWAYS_SHORT:
            return []
        told = [e for e in equations if self.says_more(e, matrices)]
        lines = [found for e in told if (found := matrices.rule_line(e))]
        return lines if len(lines) > MOST_IN_A_SENTENCE and first.phase != "update" else []

    def says_more(self, equation: Equation, matrices: Matrices) -> bool:
        """Whether arrays are told as a whole: no single number of single cells is."""
        parts = [part.primitive for part in walk(equation.formula) if isinstance(part, Apply)]
        if not self.layered and not equation.target.shape and set(parts) <= {"index"}:
            return False
        names = [equation.target.name, *symbols(equation.formula)]
        return any(name.rstrip("'") in matrices.arrays for name in names)

    # -- the chain rule, factor by factor ------------------------------------------------------

    def chain(self, steps: Sequence[Step]) -> tuple[str, tuple[Block, ...]]:
        """Each gradient factor by factor, where everything is to be shown."""
        if self.detail != "full" or not self.layered:
            return "", ()
        rule, plain = steps[0].rule, self.setting.trace.problem.plain
        if rule in ("weight_gradient", "bias_gradient", "parameter_gradient"):
            chained = chain_line if plain else layer_chain_line
            each = self.one_by_one(steps) if plain else steps
            lines = [found for s in each if (found := chained(s, self.setting))]
            between = any(is_rounded_between(one, self.setting) for one in lines)
            policy = self.setting.trace.problem.rounding.policy
            near = policy == "carried" and any(is_near(one, self.setting) for one in lines)
            alone = "why.chain_near" if near else "why.chain"
            word = f"why.chain_{policy}" if between else alone
        elif rule in ("da", "gradient"):
            told = paths_line if plain else layer_paths_line
            by_array = [s for _, run in self.arrays(steps) for part in run for s in part]
            ordered = steps if plain else by_array
            compact = [found for s in ordered if (found := compact_line(s, self.setting))]
            lines = compact or [found for s in ordered if (found := told(s, self.setting))]
            word = "why.compact" if compact else "why.paths"
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

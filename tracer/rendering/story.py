"""The story of a trace: parts by phase, sections by layer, groups of lines by rule.

Takes a trace and what was asked for; gives the `Content` of a page.  `grouping` puts the
lines of one rule together, `saying` has the sentences beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from tracer.model.layer import Layer
from tracer.model.ordering import by_array, by_rule, is_local, place_of
from tracer.model.step import Step
from tracer.model.trace import pass_of
from tracer.rendering import checks, given_numbers, givens
from tracer.rendering.content import Content, Part, Section
from tracer.rendering.grouping import Grouping
from tracer.rendering.saying import Sayings
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
_BEFORE_THE_STEPS = {
    "schedule": "schedule",
    "gradient_norm": "clip",
    "clip_scale": "clip",
    "clipped": "clip",
}
"""Rules of an update that have a section of their own."""


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
    sayings: Sayings = field(init=False)
    grouping: Grouping = field(init=False)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.sayings = Sayings(self.setting, self.partial, self.repeating)
        self.grouping = Grouping(self.setting, self.sayings, self.detail, self.form, self.partial)

    def content(self, steps: Sequence[Step], given: bool = True) -> Content:
        """The content of the page that prints these steps.

        Args:
            steps: what is printed, in the order of calculation.
            given: whether the numbers that the calculation starts from are printed as well.
        """
        setting = self.setting
        tables = given_numbers.given_tables(setting) if given else ()
        blocks = given_numbers.given_blocks(setting, setting.trace.plans[0]) if given else ()
        parts = tuple(self.parts(steps))
        return Content(
            title=givens.title(setting),
            intro=givens.intro(setting),
            given_heading=setting.say("given.heading"),
            given_tables=tables,
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
            self.section(kind, layer, list(found))
            for (kind, layer), found in groupby(steps, lambda s: (_kind(s), s.layer))
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

    def section(self, kind: str, layer: int | None, steps: list[Step]) -> Section:
        self._numbers += 1
        runs = by_rule(steps, layered=self.layered)
        if layer is None or not is_local(steps, self.setting.trace):
            groups = [self.grouping.group(found) for found in runs]
        else:
            named = [part for run in runs for part in by_array(run)]
            groups = [self.grouping.group(found) for found in self.in_places(named)]
        return Section(self._numbers, self.heading(kind, layer), tuple(groups))

    def in_places(self, runs: Iterable[list[Step]]) -> Iterable[list[Step]]:
        """Lines of a layer that works step by step: those of one time step (or sample)
        together, but for rules that the page has not explained yet."""
        gathered: list[Step] = []
        for found in runs:
            apart = gathered and place_of(gathered[-1]) != place_of(found[0])
            if gathered and (apart or self.sayings.is_new(found[0])):
                yield gathered
                gathered = []
            gathered = [*gathered, *found]
        if gathered:
            yield gathered

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

    def heading(self, kind: str, layer: int | None) -> str:
        last = len(self.setting.trace.problem.layers)
        if kind in ("loss", "report", "schedule"):
            return self.setting.say(f"section.{kind}")
        if layer is None:
            return self.setting.say(f"section.{kind}_equations")
        told = self.setting.trace.problem.layers[layer - 1]
        if isinstance(told, Layer):
            name = self.setting.layer_type(told)
            return self.setting.say(f"section.{kind}_typed", number=self.numbered(layer), name=name)
        if layer == last:
            return self.setting.say(f"section.{kind}_output")
        if last == 2:
            return self.setting.say(f"section.{kind}_hidden")
        return self.setting.say(f"section.{kind}_hidden_many", number=self.numbered(layer))

    def numbered(self, layer: int) -> str:
        """A layer's number, and the name that its author gave it."""
        name = self.setting.trace.problem.layers[layer - 1].name
        return f"{layer} ({self.setting.text(name)})" if name else str(layer)


def _kind(step: Step) -> str:
    """What a step's section is about: its phase, or what an update does before its steps."""
    return _BEFORE_THE_STEPS.get(step.rule, step.phase)

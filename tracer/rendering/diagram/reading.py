"""What a diagram reads off a trace: which values it may show, and which ones a step is about.

Takes a trace, a stage of the calculation and the step to be highlighted; gives the texts of
names and values.  One update and one sample are drawn at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tracer.errors import ProblemError, TracerError, suggestion
from tracer.formula.keys import Key
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.notation.names import Names
from tracer.rendering.diagram.text import Text, named, number

STAGES = ("network", "given", "forward", "backward", "updated")
"""Nothing but names; the given numbers; with the forward pass; with deltas; with new weights."""
_PHASES = {
    "given": 1,
    "forward": 2,
    "loss": 2,
    "report": 2,
    "backward": 3,
    "gradient": 3,
    "update": 4,
}
PHASE_ROLES = {
    "given": "ink",
    "forward": "forward",
    "loss": "forward",
    "report": "forward",
    "backward": "backward",
    "gradient": "backward",
    "update": "update",
}
"""How the phases of a calculation are called in the role of a label."""


_OF_SUM = re.compile(r"^(?:slope|delta)(?=\d)")
"""How the keys begin of what is calculated of a weighted sum on the way back."""


def check_stage(stage: str) -> str:
    """The same word, if it is a stage.

    Raises:
        TracerError: naming the nearest one.
    """
    if stage not in STAGES:
        raise TracerError(
            f"the stage is one of {', '.join(STAGES)}; found '{stage}'{suggestion(stage, STAGES)}"
        )
    return stage


def stage_of(trace: Trace, key: str) -> str:
    """The first stage at which a step has its value; without a step the last one."""
    return STAGES[_PHASES[trace[key].phase]] if key else STAGES[-1]


@dataclass(frozen=True, slots=True)
class Light:
    """What is highlighted."""

    hot: frozenset[str] = frozenset()
    """The keys that the step gives."""
    used: frozenset[str] = frozenset()
    """The keys that it uses."""
    phase: str = ""
    """Of the step, as the role of a label."""

    @property
    def keys(self) -> frozenset[str]:
        return self.hot | self.used

    def on(self, *keys: str) -> str:
        """How something that shows these keys is lit: ``hot``, ``lit`` or not at all."""
        if not self.hot.isdisjoint(keys):
            return "hot"
        return "" if self.used.isdisjoint(keys) else "lit"


@dataclass(frozen=True)
class Reading:
    """A trace, read for one drawing."""

    trace: Trace
    names: Names
    stage: str
    """What is shown."""
    room: str
    """What there is room for: a stage that is not earlier."""
    sample: int | None
    """The sample's number; None where there is one, or none is spoken of."""
    before: int
    """How many updates the parameters have behind them."""
    until: str = ""
    """Nothing after this step is shown."""
    highlight: str = ""
    """The key of the step to be highlighted."""
    comma: bool = False
    """Whether numbers have a decimal comma."""
    samples: tuple[int, ...] = ()
    """For the numbers of which samples there is room besides those of its own."""
    _places: dict[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        places = {step.key: place for place, step in enumerate(self.trace.steps)}
        object.__setattr__(self, "_places", places)

    def key(self, role: str, *indices: int, update: int = 0, sampled: bool = False) -> str:
        """The key of a quantity of this sample and update."""
        sample = self.sample if sampled else None
        return str(Key(role, indices, None, sample, self.before + update))

    def step(self, key: str) -> Step | None:
        """The step, if the trace has it (a parameter that stays is found after updates)."""
        if key not in self.trace:
            return None
        return self.trace[key]

    def name(self, key: str) -> Text:
        """The name as the drawing writes it: without sample and update, which it says once."""
        return named(self.names.name(str(replace(Key.parse(key), sample=None, update=0))))

    def room_for(self, phase: str) -> bool:
        """Whether the drawing has room for the values of a phase."""
        return STAGES.index(self.room) >= _PHASES[phase]

    def value(self, key: str) -> Text | None:
        """The value as it was written down; None if it is not to be seen (yet)."""
        step = self.step(key)
        if step is None or not step.text:
            return None
        after = step.parsed.update > self.before  # what follows from the update comes with it
        if STAGES.index(self.stage) < _PHASES["update" if after else step.phase]:
            return None
        if self.until and step.rule != "given" and self._places[step.key] > self._last:
            return None
        return number(step.text, self.comma)

    @property
    def _last(self) -> int:
        return self._places[self.trace[self.until].key]

    @property
    def hot_step(self) -> Step | None:
        return self.trace[self.highlight] if self.highlight else None

    def light(self, drawn: Callable[[Key], bool]) -> Light:
        """What the highlighted step gives, and what it uses.

        What is not in the drawing (a slope, a gradient) stands for what it is made of.
        """
        step = self.hot_step
        if step is None:
            return Light()
        hot = set(homes(step.parsed, drawn))
        used = set(self._drawn_operands(step.operands, drawn)) - hot
        return Light(frozenset(hot), frozenset(used), PHASE_ROLES[step.phase])

    def _drawn_operands(
        self, operands: Iterable[str], drawn: Callable[[Key], bool]
    ) -> Iterable[str]:
        open_ones, seen = list(operands), set()
        while open_ones:
            key = open_ones.pop(0)
            step = self.step(key)
            if step is None or key in seen:
                continue
            seen.add(key)
            if drawn(step.parsed):
                yield step.key
            elif step.rule != "given":
                open_ones.extend(step.operands)


def homes(key: Key, drawn: Callable[[Key], bool]) -> Iterable[str]:
    """Where a quantity belongs in a drawing: itself where it is drawn, else a gradient or an
    increment to its weight, a slope or a delta to z."""
    whole = key.whole
    for name in (key.name, whole, whole[1:] if whole[:1] == "d" else "",
                 _OF_SUM.sub("z", whole)):  # fmt: skip
        home = replace(key, name=name) if name else key
        if name and drawn(home):
            yield str(home)
            return


def batch_of(trace: Trace, before: int) -> tuple[int, ...]:
    """The samples of the update that has so many before it."""
    return trace.plans[min(before, len(trace.plans) - 1)].samples or (1,)


def chosen_sample(trace: Trace, before: int, sample: int | None, step: str = "") -> int | None:
    """The sample to draw: the one asked for, that of a step, or the first of the update's batch.

    Args:
        trace: the record of a calculation.
        before: how many updates come before the one to be drawn.
        sample: which is asked for.
        step: the key of the step that the drawing is about.

    Raises:
        ProblemError: if there is no such sample, or if the step belongs to another one.
    """
    problem = trace.problem
    if not problem.layers or problem.samples == 1:
        if sample not in (None, 1):
            raise ProblemError(f"there is no sample {sample}; this problem has one")
        return None
    own = Key.parse(step).sample if step else None
    if own and sample not in (None, own):
        raise ProblemError(f"'{step}' belongs to sample {own}, and sample {sample} is asked for")
    sample = own or sample
    batch = batch_of(trace, before)
    if sample is None:
        return batch[0]
    if sample not in batch:
        raise ProblemError(
            f"sample {sample} is not in this update; it is made of {', '.join(map(str, batch))}"
        )
    return sample

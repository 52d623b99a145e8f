"""Which steps a page prints: of which updates, which phases, which quantities.

Takes a trace and what was asked for; gives the steps in order.  A network of many steps is
counted here before anything is typeset, so that the command line can refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracer.errors import FormulaError, ProblemError, UnknownQuantity, suggestion
from tracer.formula.keys import Key
from tracer.model.step import PHASES, Step
from tracer.model.trace import Trace, pass_of

_MEANT = {"backward": ("backward", "gradient")}
"""Phases that a word means besides its own: the gradients belong to the way back."""


def count_lines(
    trace: Trace,
    only: Sequence[str] | None = None,
    updates: Iterable[int] | None = None,
) -> int:
    """How many lines `render` would print.

    >>> from tracer.formula.nodes import Number
    >>> from tracer.model.problem import Problem
    >>> step = Step("p", "equation", "forward", Number("1"))
    >>> count_lines(Trace(Problem(equations=["p = 1"]), (step,), ()))
    1
    """
    return len(selected(trace, only, updates))


def selected(
    trace: Trace,
    only: Sequence[str] | None = None,
    updates: Iterable[int] | None = None,
) -> list[Step]:
    """The steps to print, in order of calculation.

    Args:
        trace: the record of the calculation.
        only: phases (``backward``: with the gradients), quantities (``delta1``: all its
            cells) or single keys (without a sample's number: of all samples).
        updates: numbers from 1; None: the first and the last.

    Raises:
        ProblemError: if there is no such update.
        UnknownQuantity: if a word names neither a phase nor a quantity.
    """
    passes = printed_passes(number_of_updates(trace), trace.symbolic, updates)
    steps = [s for s in trace if s.rule != "given" and pass_of(s) in passes]
    if only is None:
        return [step for step in steps if step.shown]
    wanted = [_wanted(trace, word) for word in only]
    return [step for step in steps if any(_matches(step, word, trace) for word in wanted)]


def number_of_updates(trace: Trace) -> int:
    """How many updates the trace holds."""
    return max((step.update for step in trace if step.rule == "update"), default=0)


def printed_passes(count: int, symbolic: bool, updates: Iterable[int] | None) -> set[int]:
    """The passes to print: pass k begins with the parameters after k updates.

    Args:
        count: how many updates there are.
        symbolic: whether weights are letters: nothing is compared after the update.
        updates: numbers from 1; None: the first and the last.

    >>> printed_passes(5, False, None), printed_passes(5, False, [2])
    ({0, 4, 5}, {1})
    """
    after = set() if symbolic else {count}
    if updates is None:
        return {0, count - 1} | after if count else {0}
    chosen = set(updates)
    for number in sorted(chosen):
        if not 1 <= number <= max(count, 1):
            have = "1 update" if count == 1 else f"updates 1 to {count}"
            raise ProblemError(f"there is no update {number}; the calculation has {have}")
    passes = {number - 1 for number in chosen}
    return passes | after if count in chosen else passes


def _wanted(trace: Trace, word: str) -> str:
    if word in PHASES or word in trace:
        return word
    try:
        name = Key.parse(word).name
    except FormulaError:
        name = word
    names = {step.parsed.name for step in trace}
    if name in names and (name == word or any(_is_of_a_sample(s, word) for s in trace)):
        return word
    hint = suggestion(word, [*PHASES, *names, *trace.keys()])
    if not hint:
        there = {step.phase for step in trace} - {"given"}
        hint = f"; its phases are {', '.join(phase for phase in PHASES if phase in there)}"
    raise UnknownQuantity(f"'{word}' is neither a phase nor a quantity of this calculation{hint}")


def _matches(step: Step, word: str, trace: Trace) -> bool:
    if word in PHASES:
        return step.shown and is_in_phase(step.phase, word)
    if word == step.key:
        return True
    whole = "" if step.sample is None else str(replace(step.parsed, sample=None))
    if not step.shown and whole in trace:  # a sample's share of a gradient
        return False
    return word in (step.parsed.name, whole)


def is_in_phase(phase: str, word: str) -> bool:
    """Whether a word, if it is a phase at all, means this one.

    >>> is_in_phase("gradient", "backward"), is_in_phase("loss", "backward")
    (True, False)
    """
    return phase in _MEANT.get(word, (word,))


def _is_of_a_sample(step: Step, word: str) -> bool:
    """Whether the word is the step's key without the number of its sample."""
    return step.sample is not None and str(replace(step.parsed, sample=None)) == word

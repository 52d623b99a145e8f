"""What a page says at its beginning about the update: optimizer, rate, clipping, penalty.

Takes the typesetting of a trace; gives sentences.  Plain gradient descent needs no more
than its rate; every other method is named, with the numbers that it works with.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracer.rendering.typesetting import Typesetting

_OPTIMIZER = ("rate", "beta", "beta1", "beta2", "epsilon", "decay")
"""Settings in the order in which they are said."""


def update_sentences(setting: Typesetting) -> Iterable[str]:
    """One sentence each: the optimizer, the schedule, clipping, and the penalty."""
    problem = setting.trace.problem
    scheduled = bool(problem.schedule)
    values = values_of(_OPTIMIZER[1:] if scheduled else _OPTIMIZER, setting)
    if problem.optimizer == "gradient_descent":
        if not scheduled and values:
            yield setting.say("intro.rate", rate=values)
    else:
        word = f"optimizer.{problem.optimizer}"
        name = setting.say(word) if word in setting.prose else setting.text(problem.optimizer)
        if values:
            yield setting.say("intro.optimizer", name=name, settings=values)
        else:
            yield setting.say("intro.optimizer_alone", name=name)
    if scheduled:
        yield _schedule(setting)
    if problem.clip:
        yield setting.say(f"intro.clip_{problem.clip}", limit=values_of(("clip",), setting))
    if problem.regularizer:
        word = "intro.penalty_all" if problem.regularize_biases else "intro.penalty_weights"
        yield setting.say(f"regularizer.{problem.regularizer}")
        yield setting.say(word, strength=values_of(("strength",), setting))


def _schedule(setting: Typesetting) -> str:
    """The formula of the rate, and its numbers."""
    names = setting.names.name
    left = setting.name("rate")
    right = setting.formula(setting.trace["rate"].formula, names)
    settings = sorted(f"schedule.{name}" for name in _schedule_settings(setting))
    return setting.say(
        "intro.schedule",
        rule=setting.inline(setting.joined(left, setting.sign("="), right)),
        step=setting.inline(setting.name("step")),
        settings=values_of(("initial", *settings), setting),
    )


def _schedule_settings(setting: Typesetting) -> list[str]:
    used = setting.trace["rate"].operands
    return [key.removeprefix("schedule.") for key in used if key.startswith("schedule.")]


def values_of(keys: Iterable[str], setting: Typesetting) -> str:
    """``β = 0.9, ε = 0.001``: the numbers that are there; a letter alone in a derivation."""
    found = []
    for key in keys:
        if key not in setting.trace:
            continue
        text, shown = setting.trace[key].text, setting.name(key)
        if text:
            shown = setting.joined(shown, setting.sign("="), setting.number(text))
        found.append(setting.inline(shown))
    return ", ".join(found)

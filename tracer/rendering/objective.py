"""What a page says at its beginning about the loss: its formula, smoothed labels, class weights.

Takes the typesetting of a trace of layers; gives sentences.  Read by `givens`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tracer.formula.keys import Key
from tracer.formula.nodes import Node
from tracer.formula.parsing import parse
from tracer.model.functions import Loss
from tracer.model.layer import Layer
from tracer.model.problem import Problem
from tracer.notation.name import Name
from tracer.rendering.typesetting import Typesetting
from tracer.rendering.updating import values_of

_WEIGHTS = {
    "weight": "class_weight[1]",
    "weight0": "negative_weight",
    "weight1": "positive_weight",
}
"""What a weighted loss's formula calls them, and the quantities that they are."""


def loss_sentences(problem: Problem, setting: Typesetting) -> Iterable[str]:
    """The loss of one output, and what its settings say."""
    loss = problem.loss
    assert loss is not None
    name = loss.name if isinstance(loss, Loss) else loss
    known = f"loss.{name}"
    own = "" if known in setting.prose else "_own"
    said = setting.text(name.replace("_", " ")) if own else setting.say(known)
    names = _bare_pair(setting) | _bare_weights(setting)
    formula = setting.formula(_term(loss, name, setting), lambda s: names.get(s, Name(s)))
    several = problem.layers[-1].units > 1
    word = f"intro.loss{own}_each" if several else f"intro.loss{own}"
    yield setting.say(word, name=said, formula=setting.inline(formula))
    if isinstance(loss, Loss):
        yield from _settings(loss, known in setting.prose and several, setting)


def _term(loss: str | Loss, name: str, setting: Typesetting) -> Node:
    if isinstance(loss, Loss) and loss.class_weights:
        return parse(loss.counted_term)
    return setting.trace.definitions[name].body


def _settings(loss: Loss, averages: bool, setting: Typesetting) -> Iterable[str]:
    """A mean over the outputs that the loss's name does not tell; smoothing; weights."""
    if averages and loss.over_outputs == "mean" and not loss.name.startswith("mean"):
        yield setting.say("intro.over_outputs")
    if "smoothing" in setting.trace:
        yield setting.say("intro.smoothing", share=values_of(("smoothing",), setting))
    if loss.class_weights:
        keys = [key for key in _weight_keys(loss) if key in setting.trace]
        yield setting.say("intro.class_weights", weights=values_of(keys, setting))


def _weight_keys(loss: Loss) -> list[str]:
    if loss.classes == "two":
        return ["negative_weight", "positive_weight"]
    return [f"class_weight[{place}]" for place in range(1, len(loss.class_weights) + 1)]


def _bare_weights(setting: Typesetting) -> dict[str, Name]:
    """The names of weights; that of a class without its number."""
    found = {
        word: setting.names.name(key) for word, key in _WEIGHTS.items() if key in setting.trace
    }
    if "weight" in found:
        found["weight"] = replace(found["weight"], sub="")
    return found


def _bare_pair(setting: Typesetting) -> dict[str, Name]:
    """Target and output without the number of a unit, where that keeps them apart."""
    last = len(setting.trace.problem.layers)
    output = f"a{last}[1]"
    if isinstance(setting.trace.problem.layers[-1], Layer):
        terms = (step for step in setting.trace if step.rule == "loss_term")
        operands = map(Key.parse, next(terms).operands)
        output = str(next(key for key in operands if key.role not in _OF_TARGETS))
    full = {"y": setting.names.name("y[1]"), "a": setting.names.name(output)}
    bare = {word: replace(name, sub="", sup="", sample="") for word, name in full.items()}
    return bare if bare["y"] != bare["a"] else full


_OF_TARGETS = ("y", "smoothed", "class_weight", "negative_weight", "positive_weight")

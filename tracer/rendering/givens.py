"""How a page begins: its title, what is calculated, and how numbers are rounded.

Takes the typesetting of a page; gives its title and the sentences before the first line:
the network or the equations, the samples, the loss, the update, what is frozen, and how
numbers are rounded.  The sentences stand in the templates; here are their facts.  Read by
`story`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tracer.model.functions import Activation
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem
from tracer.model.rounding import Precision
from tracer.rendering.objective import loss_sentences
from tracer.rendering.selecting import number_of_updates
from tracer.rendering.typesetting import Typesetting
from tracer.rendering.updating import update_sentences, values_of

# --- title and sentences ----------------------------------------------------------------


def title(setting: Typesetting) -> str:
    """The problem's own name, or what it is."""
    problem = setting.trace.problem
    if problem.name:
        return setting.text(problem.name)
    updates = number_of_updates(setting.trace)
    if not problem.layers:
        learns = bool(problem.loss or problem.upstream)
        return setting.say("title.gradients" if learns else "title.equations")
    word = "one" if updates == 1 else "several" if updates else "forward"
    return setting.say(f"title.{word}", shape=_shape(setting), count=str(updates))


def intro(setting: Typesetting) -> tuple[str, ...]:
    """What is calculated, with which loss and rate, and how numbers are rounded."""
    problem = setting.trace.problem
    found = [*_network(setting)] if problem.layers else [setting.say("intro.equations")]
    if not problem.layers and (problem.loss or problem.upstream):
        found.append(setting.say("intro.derivatives"))
    if "rate" in setting.trace and number_of_updates(setting.trace):
        found.extend(update_sentences(setting))
        found.extend(_marks(setting))
    if problem.freeze:
        found.append(setting.say("intro.frozen", what=_frozen(problem, setting)))
    if setting.trace.symbolic:
        return (*found, setting.say("intro.symbolic"))
    return (*found, *_rounding(setting))


def _marks(setting: Typesetting) -> Iterable[str]:
    """What the mark of an updated parameter says, where there are several updates."""
    count = number_of_updates(setting.trace)
    last = next(s for s in setting.trace if s.rule == "update" and s.update == count)
    if count > 1:
        new, old = (setting.inline(setting.name(str(last.parsed.at(k)))) for k in (count, 0))
        yield setting.say("intro.marks", new=new, old=old, count=str(count))


def _network(setting: Typesetting) -> Iterable[str]:
    problem = setting.trace.problem
    layers = [_units(number, setting) for number in range(1, len(problem.layers) + 1)]
    if any(layer.sources and layer.type != "residual" for layer in problem.layers):
        joined = [
            setting.say("intro.joined", name=_called(number, setting), what=what, sources=sources)
            for number, what, sources in zip(
                range(1, len(layers) + 1), layers, _sources(setting), strict=True
            )
        ]
        parts = "; ".join([_inputs(setting), *joined])
        yield setting.say("intro.graph", count=str(len(layers)), layers=parts)
    else:
        parts = ", ".join([_inputs(setting), *layers])
        yield setting.say("intro.network", shape=_shape(setting), layers=parts)
    if problem.samples > 1:
        yield from _samples(setting)
    if problem.targets and problem.loss is not None:
        yield from loss_sentences(problem, setting)


def _samples(setting: Typesetting) -> Iterable[str]:
    """How many samples there are, how their losses become one, and which make an update."""
    problem = setting.trace.problem
    learns = problem.targets and problem.loss is not None
    word = f"samples_{problem.reduction}" if learns and problem.batch == "full" else "samples"
    count = values_of(("m",), setting) or str(problem.samples)
    yield setting.say(f"intro.{word}", count=count)
    if problem.batch == "online":
        yield setting.say("intro.online")
    elif problem.batch != "full":
        word = f"intro.batches_{problem.reduction}"
        yield setting.say(word if learns and word in setting.prose else "intro.batches")


def _units(number: int, setting: Typesetting) -> str:
    """How many units a layer has, and of what kind."""
    problem = setting.trace.problem
    layer = problem.layers[number - 1]
    if isinstance(layer, Layer):
        return _counted("intro.typed", layer.units, setting, name=setting.layer_type(layer))
    word = "output" if number == len(problem.layers) else "hidden"
    activation = setting.called("activation", _activation(layer))
    return _counted(f"intro.{word}", layer.units, setting, activation=activation)


def _called(number: int, setting: Typesetting) -> str:
    """The name that its author gave a layer, or its number."""
    name = setting.trace.problem.layers[number - 1].name
    return setting.text(name) if name else setting.say("intro.layer", number=str(number))


def _sources(setting: Typesetting) -> Iterable[str]:
    """For each layer, what it takes from."""
    layers = setting.trace.problem.layers
    numbers = {layer.name: number for number, layer in enumerate(layers, 1) if layer.name}
    for number, layer in enumerate(layers, 1):
        told = [numbers.get(name, 0) for name in layer.sources]
        if not told or layer.type == "residual":
            told = [number - 1, *told]
        names = [_called(one, setting) if one else setting.say("intro.the_inputs") for one in told]
        yield ", ".join(names)


def _inputs(setting: Typesetting) -> str:
    """How many inputs there are: in all, at each time step, or as an image."""
    shape, sample = [], setting.trace.problem.inputs[0]
    while not isinstance(sample, str):
        shape.append(len(sample))
        sample = sample[0]
    if len(shape) == 1:
        return _counted("intro.inputs", shape[0], setting)
    if setting.trace.problem.layers[0].type == "embedding":
        return setting.say("intro.numbers", steps=str(shape[0]))
    if len(shape) == 2 and any(step.parsed.time for step in setting.trace):
        if shape[0] == 1:  # a single time step is no sequence
            return _counted("intro.inputs", shape[1], setting)
        return _counted("intro.sequence", shape[1], setting, steps=str(shape[0]))
    size = " × ".join(map(str, shape[1:] if shape[0] == 1 else shape))
    return setting.say("intro.image", size=setting.text(size))


def _frozen(problem: Problem, setting: Typesetting) -> str:
    words = {"biases": "intro.all_biases", "weights": "intro.all_weights"}
    found = []
    for item in problem.freeze:
        if item in words:
            found.append(setting.say(words[item]))
        elif "[" in item or item in setting.trace:
            found.append(setting.inline(setting.name(item)))
        else:
            found.append(setting.inline(setting.printer.name(setting.names.array(item))))
    return ", ".join(found)


def _rounding(setting: Typesetting) -> Iterable[str]:
    rounding = setting.trace.problem.rounding
    yield setting.say(
        f"rounding.{rounding.policy}",
        **(
            {}
            if rounding.policy == "exact"
            else {"precision": _precision(rounding.precision, setting)}
        ),
        **({} if rounding.policy == "carried" else {"approx": setting.inline(setting.sign("≈"))}),
    )
    if rounding.policy == "exact":
        return
    if rounding.precision.places is not None:
        small = _precision(rounding.precision.of_small, setting)
        yield setting.say("rounding.small", precision=small)
    if rounding.roles:
        roles = [_role_precision(role, p, setting) for role, p in rounding.roles.items()]
        yield setting.say("rounding.roles", list=", ".join(roles))
    if rounding.ties == "half_even":
        yield setting.say("rounding.half_even")


def _role_precision(role: str, precision: Precision, setting: Typesetting) -> str:
    """To what a role is rounded, in words."""
    word = "rounding.role_update" if role == "update" else "rounding.role"
    facts = {} if role == "update" else {"role": _role(role, setting)}
    if precision.exact:
        return setting.say(f"{word}_unrounded", **facts)
    return setting.say(word, **facts, precision=_precision(precision, setting))


def _role(role: str, setting: Typesetting) -> str:
    """A role as a quantity without its place: the z of all units."""
    keys = [step.key for step in setting.trace if step.parsed.role == role]
    if not keys:
        return setting.text(role)
    name = setting.names.name(keys[0])
    over = name.over and replace(name.over, sub="", sup="", sample="")
    bare = replace(name, sub="", sup="", sample="", over=over)
    return setting.inline(setting.printer.name(bare))


def _precision(precision: Precision, setting: Typesetting) -> str:
    if precision.figures is not None:
        return _counted("rounding.figures", precision.figures, setting)
    if precision.places is not None:
        return _counted("rounding.places", precision.places, setting)
    return setting.say("rounding.unrounded")


def _counted(sentence: str, count: int, setting: Typesetting, **facts: str) -> str:
    if count == 1:
        return setting.say(f"{sentence}_one", **facts)
    return setting.say(sentence, count=str(count), **facts)


def _shape(setting: Typesetting) -> str:
    problem = setting.trace.problem
    sizes = [problem.width, *(layer.units for layer in problem.layers)]
    return setting.text("–".join(map(str, sizes)))


def _activation(layer: Dense) -> str:
    activation = layer.activation
    return activation.name if isinstance(activation, Activation) else activation

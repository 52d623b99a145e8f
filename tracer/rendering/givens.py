"""How a page begins: its title, what is calculated and how, and the numbers that are given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tracer.formula.nodes import Call, Symbol
from tracer.model.functions import Activation, Loss
from tracer.model.problem import Dense, Problem, array_shape
from tracer.model.quantity import Plan
from tracer.model.rounding import Precision
from tracer.notation.name import Name
from tracer.rendering.content import Block, Line, Member, Table
from tracer.rendering.lines import block, label
from tracer.rendering.selecting import number_of_updates
from tracer.rendering.typesetting import Typesetting

_PER_ROW = 4
_TWO_COLUMNS_FROM = 4
Entry = tuple[list[str], list[str]]
"""Names and their numbers, for one row of the table of given numbers."""


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
        rate = setting.trace["rate"]
        shown = setting.name("rate")
        if rate.text:
            shown = f"{shown} {setting.sign('=')} {setting.number(rate.text)}"
        found.append(setting.say("intro.rate", rate=setting.inline(shown)))
    if problem.freeze:
        found.append(setting.say("intro.frozen", what=_frozen(problem, setting)))
    if setting.trace.symbolic:
        return (*found, setting.say("intro.symbolic"))
    return (*found, *_rounding(setting))


def _network(setting: Typesetting) -> Iterable[str]:
    problem = setting.trace.problem
    layers = [_counted("intro.inputs", len(problem.inputs[0]), setting)]
    for number, layer in enumerate(problem.layers, 1):
        word = "output" if number == len(problem.layers) else "hidden"
        activation = setting.text(_activation(layer).replace("_", " "))
        layers.append(_counted(f"intro.{word}", layer.units, setting, activation=activation))
    shape = _shape(setting)
    yield setting.say("intro.network", shape=shape, layers=", ".join(layers))
    if problem.samples > 1:
        learns = problem.targets and problem.loss is not None
        word = f"samples_{problem.reduction}" if learns and problem.batch == "full" else "samples"
        yield setting.say(f"intro.{word}", count=str(problem.samples))
        if problem.batch != "full":
            yield setting.say("intro.online" if problem.batch == "online" else "intro.batches")
    if problem.targets and problem.loss is not None:
        yield _loss(problem, setting)


def _loss(problem: Problem, setting: Typesetting) -> str:
    assert problem.loss is not None
    name = problem.loss.name if isinstance(problem.loss, Loss) else problem.loss
    known = f"loss.{name}"
    said = setting.say(known) if known in setting.prose else setting.text(name.replace("_", " "))
    found = setting.trace.definitions[name]
    names = _bare_pair(setting)
    formula = setting.formula(found.body, lambda s: names.get(s, Name(s)))
    several = problem.layers[-1].units > 1
    word = "intro.loss_each" if several else "intro.loss"
    return setting.say(word, name=said, formula=setting.inline(formula))


def _bare_pair(setting: Typesetting) -> dict[str, Name]:
    """Target and output without the number of a unit, where that keeps them apart."""
    last = len(setting.trace.problem.layers)
    full = {"y": setting.names.name("y[1]"), "a": setting.names.name(f"a{last}[1]")}
    bare = {word: replace(name, sub="", sup="", sample="") for word, name in full.items()}
    return bare if bare["y"] != bare["a"] else full


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
    if rounding.roles:
        roles = [
            setting.say(
                "rounding.role_update" if role == "update" else "rounding.role",
                **({} if role == "update" else {"role": _role(role, setting)}),
                precision=_precision(precision, setting),
            )
            for role, precision in rounding.roles.items()
        ]
        yield setting.say("rounding.roles", list=", ".join(roles))
    if rounding.ties == "half_even":
        yield setting.say("rounding.half_even")


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
    sizes = [len(problem.inputs[0]), *(layer.units for layer in problem.layers)]
    return setting.text("–".join(map(str, sizes)))


def _activation(layer: Dense) -> str:
    activation = layer.activation
    return activation.name if isinstance(activation, Activation) else activation


# --- the given numbers ------------------------------------------------------------------


def given_tables(setting: Typesetting) -> tuple[Table, ...]:
    """The numbers that a layer network starts from."""
    problem = setting.trace.problem
    if not problem.layers or setting.trace.symbolic:
        return ()
    tables = []
    if problem.samples > 1:
        tables.append(_samples(problem, setting))
        entries = _parameters(problem, setting)
    else:
        inputs = _entry([f"a0[{i + 1}]" for i in range(len(problem.inputs[0]))], setting)
        targets = [f"y[{i + 1}]" for i in range(len(problem.targets[0]))] if problem.targets else []
        entries = [*inputs, *_parameters(problem, setting), *_entry(targets, setting)]
    tables.append(_in_columns(entries, setting))
    return tuple(tables)


def _samples(problem: Problem, setting: Typesetting) -> Table:
    """One row a sample: inputs, then targets."""
    inputs, targets = len(problem.inputs[0]), len(problem.targets[0]) if problem.targets else 0
    bare = [f"a0[{i + 1}]" for i in range(inputs)] + [f"y[{i + 1}]" for i in range(targets)]
    names = [replace(setting.names.name(f"{key}#1"), sample="") for key in bare]
    if any("1," in name.sub for name in names):  # the sample stands among the indices
        names = [setting.names.name(key) for key in bare]
    head = (setting.say("given.sample"), *(setting.inline(setting.printer.name(n)) for n in names))
    rows = []
    for sample in range(1, problem.samples + 1):
        texts = [
            *problem.inputs[sample - 1],
            *(problem.targets[sample - 1] if problem.targets else ()),
        ]
        rows.append((str(sample), *map(setting.cell, texts)))
    return Table(head, ("l", *("r" for _ in bare)), tuple(rows))


def _parameters(problem: Problem, setting: Typesetting) -> list[Entry]:
    """A row for each unit's weights and bias; a shared bias on its own."""
    entries: list[Entry] = []
    for number, layer in enumerate(problem.layers, 1):
        for unit, row in enumerate(layer.weights, 1):
            there = [j for j, weight in enumerate(row, 1) if weight is not None]
            keys = [f"w{number}[{unit},{j}]" for j in there]
            if layer.biases is not False and not layer.shared_bias:
                keys.append(f"b{number}[{unit}]")
            entries += _entry(keys, setting)
        if layer.shared_bias:
            entries += _entry([f"b{number}"], setting)
    return entries


def _entry(keys: list[str], setting: Typesetting) -> list[Entry]:
    entries: list[Entry] = []
    for start in range(0, len(keys), _PER_ROW):
        part = [key for key in keys[start : start + _PER_ROW] if key in setting.trace]
        names = [setting.inline(setting.name(key)) for key in part]
        entries.append((names, [setting.cell(setting.trace[key].text) for key in part]))
    return entries


def _in_columns(entries: list[Entry], setting: Typesetting) -> Table:
    head = (setting.say("given.quantity"), setting.say("given.value"))
    separator = "; " if setting.comma else ", "
    cells = [(", ".join(names), separator.join(values)) for names, values in entries]
    if len(cells) < _TWO_COLUMNS_FROM:
        return Table(head, ("l", "r"), tuple(cells))
    half = -(-len(cells) // 2)
    right = cells[half:] + [("", "")] * (2 * half - len(cells))
    rows = tuple((*a, "", *b) for a, b in zip(cells[:half], right, strict=True))
    return Table((*head, "", *head), ("l", "r", "l", "l", "r"), rows)


def given_blocks(setting: Typesetting, plan: Plan) -> tuple[Block, ...]:
    """The given numbers and matrices of an equation network."""
    problem = setting.trace.problem
    if problem.layers or setting.trace.symbolic:
        return ()
    lines = []
    for name, array in [*problem.given.items(), *_upstream(problem)]:
        rows = _as_rows(array)
        shown = setting.formula(Symbol(name), lambda _, found=rows: found, arrays=True)
        left = setting.printer.name(setting.names.array(name))
        wide = setting.width(shown) > setting.form.width
        member = Member(setting.sign("="), (shown,), "numbers", fitted=wide)
        lines.append(Line(name, left, (member,), label(f"given-{name}")))
    return (block(lines, setting),) if lines else ()


def _upstream(problem: Problem) -> Iterable[tuple[str, object]]:
    return [(f"d{name}", array) for name, array in problem.upstream.items()]


def _as_rows(array: object) -> str | list[list[str]]:
    if isinstance(array, str):
        return array
    assert isinstance(array, tuple)
    if len(array_shape(array)) == 1:
        return [[str(cell)] for cell in array]
    return [[str(cell) for cell in row] for row in array]


# --- definitions of functions -----------------------------------------------------------


def activation_definition(layer: Dense, setting: Typesetting) -> str:
    """``σ(z) = 1/(1 + exp(-z))``; nothing for the identity and for softmax."""
    name = _activation(layer)
    found = setting.trace.definitions.get(name)
    if found is None or name == "identity":
        return ""
    symbols = {p: Name(p) for p in found.parameters}
    symbols["z"] = replace(setting.names.name("z1[1]"), sub="", sup="", base=_letters(setting))
    arguments = tuple(Symbol(p) for p in found.parameters)
    left = setting.formula(Call(name, arguments), symbols.__getitem__)
    right = setting.formula(found.body, symbols.__getitem__)
    return f"{left} {setting.sign('=')} {right}"


def _letters(setting: Typesetting) -> str:
    """The letter of a preactivation without a layer's number in it."""
    return setting.names.name("z1[1]").base.rstrip("0123456789")

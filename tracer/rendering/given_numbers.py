"""The numbers that a calculation starts from, in tables or as matrices.

Takes the typesetting of a page; gives tables for plain layer networks (inputs, parameters
and targets, or a row for each sample), and for equations and other types of layers blocks
with a line for each array, turned as the book turns it.  A symbolic page has neither.  Read
by `story`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from tracer.formula.keys import Key
from tracer.formula.nodes import Symbol
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem, array_shape
from tracer.model.quantity import Index, Plan, Quantity
from tracer.rendering.content import Block, Line, Member, Table
from tracer.rendering.lines import block, label
from tracer.rendering.matrices import Matrices, key_of
from tracer.rendering.printers.pieces import Known
from tracer.rendering.typesetting import Typesetting

_PER_ROW = 4
_TWO_COLUMNS_FROM = 4
Entry = tuple[list[str], list[str]]
"""Names and their numbers, for one row of the table of given numbers."""


def given_tables(setting: Typesetting) -> tuple[Table, ...]:
    """The numbers that a layer network starts from."""
    problem = setting.trace.problem
    if not problem.layers or setting.trace.symbolic or not problem.plain:
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
        known = [
            Known(problem.rounding.given_text(text, Key.parse(key).role), f"{key}#{sample}")
            for text, key in zip(texts, bare, strict=True)
        ]
        rows.append((str(sample), *map(setting.cell, known)))
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
        entries.append((names, [setting.cell(setting.trace_text(key)) for key in part]))
    return entries


def _in_columns(entries: list[Entry], setting: Typesetting) -> Table:
    head = (setting.say("given.quantity"), setting.say("given.value"))
    separator = setting.text_piece("; " if setting.comma else ", ", inside_a_line=True)
    cells = [(", ".join(names), separator.join(values)) for names, values in entries]
    if len(cells) < _TWO_COLUMNS_FROM:
        return Table(head, ("l", "r"), tuple(cells))
    half = -(-len(cells) // 2)
    right = cells[half:] + [("", "")] * (2 * half - len(cells))
    rows = tuple((*a, "", *b) for a, b in zip(cells[:half], right, strict=True))
    return Table((*head, "", *head), ("l", "r", "l", "l", "r"), rows)


def given_blocks(setting: Typesetting, plan: Plan) -> tuple[Block, ...]:
    """The given numbers and matrices of an equation network, or of layers of several types."""
    problem = setting.trace.problem
    if setting.trace.symbolic or (problem.layers and problem.plain):
        return ()
    if problem.layers:
        turned = Matrices(plan, 0, setting).turning.is_turned
        named = [
            (str(key_of(q)), _rows_of(q, setting, turned(q.name)))
            for q in _arrays(plan, problem.layers)
        ]
    else:
        given = [*problem.given.items(), *_upstream(problem)]
        named = [(name, _as_rows(array, name, problem)) for name, array in given]
    lines = []
    for name, rows in named:
        shown = setting.formula(Symbol(name), _always(rows), arrays=True)
        left = setting.printer.name(setting.names.array(name))
        parts = setting.wrapped(shown, setting.form.width - setting.width(left) - setting.form.gap)
        wide = max(map(setting.width, parts)) > setting.form.width
        member = Member(setting.sign("="), parts, "numbers", fitted=wide)
        lines.append(Line(name, left, (member,), label(f"given-{name}")))
    return (block(lines, setting),) if lines else ()


def _of_network(key: Key, layers: Sequence[Dense | Layer]) -> bool:
    """Whether a given number belongs to the network, not to its update."""
    if key.name in ("a0", "y"):
        return True
    if not key.layer or key.layer > len(layers):
        return False
    kind = layers[key.layer - 1].type
    return key.role in ("w", "b") if kind == "dense" else key.role == kind and bool(key.part)


def _arrays(plan: Plan, layers: Sequence[Dense | Layer]) -> Iterable[Quantity]:
    """The arrays of a layer network that are given or learnt."""
    for quantity in plan.quantities.values():
        key = Key.parse(quantity.key)
        memory = key.state and quantity.kind == "parameter"
        if quantity.kind in ("given", "parameter") and not memory and _of_network(key, layers):
            yield quantity


def _rows_of(quantity: Quantity, setting: Typesetting, turned: bool) -> str | list[list[str]]:
    """The numbers of an array as the book displays it; what is not there is left blank."""
    trace = setting.trace

    def text(index: Index) -> str:
        key = quantity.cell(index)
        return trace[key].text if index not in quantity.missing and key in trace else ""

    match quantity.shape:
        case ():
            return text(())
        case (size,):
            return [[text((i,))] for i in range(size)]
        case (height, width):
            rows = [[text((i, j)) for j in range(width)] for i in range(height)]
            return [list(column) for column in zip(*rows, strict=True)] if turned else rows
    return ""


def _upstream(problem: Problem) -> Iterable[tuple[str, object]]:
    return [(f"d{name}", array) for name, array in problem.upstream.items()]


def _as_rows(array: object, name: str, problem: Problem) -> str | list[list[str]]:
    """The numbers of a given array as they are used."""
    role = Key.parse(name).role

    def text(cell: object) -> str:
        return problem.rounding.given_text(str(cell), role)

    if isinstance(array, str):
        return text(array)
    assert isinstance(array, tuple)
    if len(array_shape(array)) == 1:
        return [[text(cell)] for cell in array]
    return [[text(cell) for cell in row] for row in array]


def _always(rows: Any) -> Callable[[str], Any]:
    """A leaf that is the same for every symbol."""
    return lambda symbol: rows

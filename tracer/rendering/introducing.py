"""What a page says about a function or a sign where it prints it for the first time.

Takes the formulas that a group of lines prints; gives the names of sentences in the group
``where`` of the prose.  Functions that everybody knows (ln, exp, max of two numbers) need
none; the tables' functions are defined where a layer or an equation uses them first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracer.formula.nodes import Apply, Call, Node, Number, Power, Symbol, walk
from tracer.rendering.content import Block
from tracer.rendering.defining import definition_of
from tracer.rendering.printers.aloud import seen
from tracer.rendering.shapes import ONES
from tracer.rendering.typesetting import Typesetting

_WORDS = frozenset({"heaviside", "Phi", "phi", "sign", "ismax", "outer", "stack", "concat",
                    "flatten", "causal", "masked", "conv", "maxpool", "avgpool",
                    "log_softmax"})  # fmt: skip
"""Functions that need an introduction."""
_ALONG = {"sum": "along", "mean": "along_mean", "max": "along_max"}
"""Reductions along one index."""


def introductions(
    formulas: Iterable[Node], printed: str, setting: Typesetting
) -> Iterator[tuple[str, dict[str, str]]]:
    """The sentences that these formulas ask for, each with its facts.

    Args:
        formulas: trees of what is printed.
        printed: the typeset text: what does not stand in it is not explained.
        setting: of the page.
    """
    printed = seen(printed)
    formulas = tuple(formulas)
    for node in formulas:
        for part in walk(node):
            for word, name, facts in _asked(part, setting):
                if seen(name) in printed:
                    yield word, facts
    sign = seen(setting.elementwise)
    raised = {power for power in _powers(formulas, setting) if sign in power and power in printed}
    for power in raised:
        printed = printed.replace(power, "")
    if sign in printed:
        yield "elementwise", {"sign": setting.inline(setting.elementwise)}
    if raised:
        yield "elementwise_power", {"sign": setting.inline(setting.elementwise)}


def _powers(formulas: Iterable[Node], setting: Typesetting) -> Iterator[str]:
    """What stands raised in powers of arrays."""
    for node in formulas:
        for part in walk(node):
            if isinstance(part, Power) and isinstance(part.exponent, Number):
                yield seen(setting.printer.elementwise_power(part.exponent.text))


def printed_text(definition: str, blocks: Iterable[Block]) -> str:
    """All formulas that a group prints, one after another."""
    lines = [line for block in blocks for line in block.lines]
    parts = [part for line in lines for member in line.members for part in member.parts]
    return "\n".join([definition, *parts])


def _asked(node: Node, setting: Typesetting) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A sentence, what must stand in print for it to be needed, and its facts."""
    printer = setting.printer
    match node:
        case Call(function) | Apply(function) if function in _WORDS:
            yield function, printer.function_name(function, ""), {}
        case Call(function) if function in setting.trace.definitions:
            name = printer.function_name(setting.renamed.get(function, function), "")
            formula = definition_of(function, setting)
            if formula:
                yield "function", name, {"formula": formula, "shown": setting.rule(formula)}
        case Apply(primitive, _, options) if primitive in _ALONG and _is_axis(options):
            axis = str(int(str(options[0])) + 1)
            name = printer.function_name(primitive, axis)
            what = setting.say("where.column" if axis == "1" else "where.row")
            yield _ALONG[primitive], name, {"name": setting.inline(name), "what": what}
        case Symbol(name) if name.startswith(ONES):
            count = name.removeprefix(ONES)
            shown = setting.ones(count)
            yield "ones", shown, {"name": setting.inline(shown), "count": count}


def _is_axis(options: tuple[object, ...]) -> bool:
    return len(options) == 1 and options[0] in (0, 1) and not isinstance(options[0], bool)

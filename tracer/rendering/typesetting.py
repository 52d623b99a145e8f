"""Typesetting for one page: names, numbers, formulas and sentences in the page's format.

Takes a trace, a notation and a format; gives strings.  It knows no layout: `lines` and
`story` decide what is said, this says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracer.formula.nodes import Call, Node, children, rebuilt
from tracer.formula.parsing import parse
from tracer.model.layer import Layer
from tracer.model.trace import Trace
from tracer.notation.name import Name
from tracer.notation.names import Names
from tracer.rendering import measuring
from tracer.rendering.formats import PageFormat
from tracer.rendering.printers import PRINTERS, Leaf, Printer
from tracer.rendering.printers.aloud import Aloud, measured
from tracer.rendering.printers.pieces import Known
from tracer.rendering.printers.spoken import voice_of
from tracer.rendering.prose import Prose
from tracer.rendering.wrapping import best_breaks, depths, wrapped

_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+")
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
LONGEST_SUM = 4
"""Terms of a sum in one row of a formula that does not fit into one."""
_WHOLE = 0.75
"""Of a page's width: rules in running text that are longer may be broken."""


@dataclass
class Typesetting:
    """How one trace is typeset in one format."""

    trace: Trace
    names: Names
    form: PageFormat
    prose: Prose
    comma: bool = False
    printer: Printer = field(init=False)
    renamed: Mapping[str, str] = field(init=False)
    """The notation's own letters for functions, where they differ from the usual ones."""

    def __post_init__(self) -> None:
        printer = PRINTERS[self.form.printer]
        if isinstance(printer, Aloud):
            printer = replace(printer, ear=voice_of(self.prose.language.code, self.prose.folder))
        self.printer = replace(printer, comma=True) if self.comma else printer  # type: ignore[type-var]
        taken = set(self.trace.plans[0].quantities) if self.trace.plans else set()
        letters = {name: self.names.function(name) for name in self.trace.definitions}
        self.renamed = {
            name: letter.base
            for name, letter in letters.items()
            if letter is not None and letter.base not in {"sigma", name, *taken}
        }

    def trace_text(self, key: str) -> str:
        """The number of a quantity, as written down."""
        step = self.trace[key]
        return Known(step.text, step.key)

    def joined(self, *parts: str) -> str:
        """Typeset parts of one formula, side by side."""
        return " ".join(parts)

    def plain(self, part: str) -> str:
        """A typeset part without marks: what is the same there looks the same."""
        return part

    # -- formulas ----------------------------------------------------------------------------

    def name(self, key: str) -> str:
        """The name of a quantity."""
        return self.printer.name(self.names.name(key))

    def number(self, text: str) -> str:
        """A number in a formula."""
        return self._decimals(self.printer.number(text))

    def result(self, text: str) -> str:
        """A number as the result of its line."""
        return self._decimals(self.printer.result(self.printer.number(text)))

    def formula(self, node: Node, leaf: Leaf, arrays: bool | Collection[str] = False) -> str:
        """A formula in one line."""
        return self._decimals(self.printer.formula(self._lettered(node), leaf, arrays))

    def lines(
        self, node: Node, leaf: Leaf, room: float, arrays: bool | Collection[str] = False
    ) -> tuple[str, ...]:
        """A formula in as few lines as fit into the room."""
        node = self._lettered(node)
        whole = self._decimals(self.printer.formula(node, leaf, arrays))
        if self.width(whole) <= room or self.form.equations == "text":
            return self.wrapped(whole, room)
        found = [whole]
        for terms in range(LONGEST_SUM, 0, -1):
            parts = self.printer.formula_lines(node, leaf, terms, arrays)
            found = [self._decimals(part) for part in parts]
            if max(map(self.width, found)) <= room:
                break
        return self._fewest(found, node, leaf, room, arrays)

    def _fewest(
        self,
        found: Sequence[str],
        node: Node,
        leaf: Leaf,
        room: float,
        arrays: bool | Collection[str],
    ) -> tuple[str, ...]:
        """Lines of equally many terms; where these break brackets or do not fit, the best
        breaks of all, between the factors of a product too."""

        def broken(kept: Collection[int] | None = None) -> list[str]:
            lines = self.printer.formula_lines(node, leaf, 1, arrays, kept=kept, factors=True)
            return [self._decimals(line) for line in lines]

        fits = max(map(self.width, found)) <= room
        if fits and not any(depths(map(measured, found[:-1]))):
            return tuple(found)
        pieces = broken()
        kept = best_breaks([measured(one) for one in pieces], list(map(self.width, pieces)), room)
        best = broken(kept)
        if max(map(self.width, best)) <= room and (len(best) <= len(found) or not fits):
            return tuple(best)
        return tuple(found)

    def wrapped(self, formula: str, room: float) -> tuple[str, ...]:
        """A typeset formula in lines that fit, where its format is plain text."""
        if self.form.equations == "text":
            return tuple(wrapped(formula, room))
        return (formula,)

    def width(self, formula: str) -> float:
        """How wide a typeset formula is, in the unit of the format's width."""
        measure: Callable[[str], float] = (
            measuring.points if self.form.equations == "math" else measuring.characters
        )
        return measure(measured(formula))

    def is_tall(self, formula: str) -> bool:
        """Whether a formula in a block of equations is taller than a line."""
        return r"\frac" in formula or r"\begin" in formula

    def sign(self, relation: str) -> str:
        """``=`` or ``≈``."""
        return self.printer.equals if relation == "=" else self.printer.approx

    @property
    def elementwise(self) -> str:
        """The sign between two arrays that are multiplied number by number."""
        return self.printer.elementwise

    def ones(self, count: str) -> str:
        """The name of a column of ones."""
        return self.printer.name(Name("1", sub=count))

    def _decimals(self, formula: str) -> str:
        macro = self.form.decimals
        if not macro or self.comma or "." not in formula:
            return formula
        return _DECIMAL.sub(lambda match: f"{macro}{{{match[0]}}}", formula)

    def _lettered(self, node: Node) -> Node:
        return _renamed(node, self.renamed) if self.renamed else node

    # -- running text ------------------------------------------------------------------------

    def inline(self, formula: str) -> str:
        """A formula in running text."""
        before, after = self.form.inline
        return f"{before}{formula}{after}"

    def inline_name(self, key: str) -> str:
        """The name of a quantity in running text."""
        return self.inline(self.printer.in_text(self.names.name(key)))

    def rule(self, formula: str) -> str:
        """A rule in one formula, in running text: fractions as tall as in a display.

        A browser would break it after any sign; in braces it stays in one piece.
        """
        shown = formula.replace(r"\frac", r"\dfrac")
        in_browser = self.form.printer == "latex" and self.form.display[0]
        if in_browser and self.width(formula) <= _WHOLE * self.form.width:
            shown = f"{{{shown}}}"
        return self.inline(shown)

    def text(self, words: str) -> str:
        """A person's text, made safe."""
        return self.form.escape(words)

    def called(self, kind: str, name: str) -> str:
        """What the prose calls something of a kind; what is the user's own, by its own name."""
        known = f"{kind}.{name}"
        return self.say(known) if known in self.prose else self.text(name.replace("_", " "))

    def layer_type(self, layer: Layer) -> str:
        """What the prose calls a layer's type; an activation by itself says which it is."""
        name = self.say(f"layer.{layer.type}")
        function = layer.settings.get("function")
        return f"{name} ({self.called('activation', function)})" if function else name

    def cell(self, text: str) -> str:
        """A number in a table: as text where it is a plain decimal."""
        if self.form.equations != "math" or not _PLAIN_NUMBER.fullmatch(text) or self.comma:
            return self.inline(self.number(text))
        if self.form.decimals:
            return self.inline(self.number(text))
        return text.replace("-", "−")

    def say(self, sentence: str, **facts: str) -> str:
        """A sentence of the prose, its facts typeset already."""
        return "".join(
            facts[text]
            if kind == "fact"
            else self.text_piece(text, place > 0)
            if kind == "text"
            else self.inline(self.formula(parse(text), Name))
            for place, (kind, text) in enumerate(self.prose.pieces(sentence))
        )

    def text_piece(self, words: str, inside_a_line: bool = False) -> str:
        """A piece of a sentence, made safe, with its spaces at both ends."""
        inside = words.strip()
        if not inside:
            return " " if words else ""
        before = " " if words[0].isspace() else ""
        after = " " if words[-1].isspace() else ""
        if inside_a_line:  # where no list or heading can begin, which a letter before it says
            return f"{before}{self.text(f'x{inside}')[1:]}{after}"
        return f"{before}{self.text(inside)}{after}"


def _renamed(node: Node, letters: Mapping[str, str]) -> Node:
    parts = tuple(_renamed(part, letters) for part in children(node))
    if isinstance(node, Call) and node.function in letters:
        return Call(letters[node.function], parts)
    return rebuilt(node, parts) if parts else node

"""A formula in three printings at once: as it is seen, as it is said, and as it is measured.

For formats in which each formula needs words beside it (a PDF for everybody): Typst is
seen, English words are said, and the LaTeX of the same formula tells how wide it will be.
The three stand in one string between marks that no text holds, so that strings can be put
together as ever; `seen`, `said` and `measured` take them apart, and `settled` makes a whole
page ready for its template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from tracer.formula.nodes import Node
from tracer.notation.name import Name
from tracer.rendering.printers.latex import Latex
from tracer.rendering.printers.pieces import Functions, Leaf
from tracer.rendering.printers.printer import TreePrinter
from tracer.rendering.printers.spoken import Spoken
from tracer.rendering.printers.typst import Typst

FORMULA = ("\x05", "\x06")
"""What stands before and after a formula in running text."""
_PIECE = re.compile("\x01([^\x04]*?)\x02([^\x04]*?)\x03([^\x04]*?)\x04")
_INLINE = re.compile(f"{FORMULA[0]}([^{FORMULA[1]}]*){FORMULA[1]}")
_SPACES = re.compile(r"\s+")

Text = TypeVar("Text")


def seen(text: str) -> str:
    """What is printed on the page.

    >>> text = Aloud().name(Name("delta", sub="1"))
    >>> seen(text), said(text), measured(text)
    ('δ_(1)', 'delta one', '\\\\delta_{1}')
    """
    return _PIECE.sub(r"\1", text)


def said(text: str) -> str:
    """What a voice says of it."""
    return _SPACES.sub(" ", _PIECE.sub(r" \2 ", text)).strip()


def measured(text: str) -> str:
    """The same in LaTeX, whose width is known; other text as it is."""
    return _PIECE.sub(r"\3", text) if "\x01" in text else text


@dataclass(frozen=True)
class Aloud:
    """A printer that prints for the eye, for the ear and for the ruler."""

    comma: bool = False
    eye: TreePrinter = field(default_factory=Typst)
    ear: TreePrinter = field(default_factory=Spoken)
    ruler: TreePrinter = field(default_factory=Latex)

    def __post_init__(self) -> None:
        for name in ("eye", "ear", "ruler"):
            object.__setattr__(self, name, replace(getattr(self, name), comma=self.comma))

    def _each(self, printed: Callable[[TreePrinter], str]) -> str:
        return _marked(printed(self.eye), printed(self.ear), printed(self.ruler))

    @property
    def equals(self) -> str:
        """The sign between two equal things."""
        return self._each(lambda printer: printer.equals)

    @property
    def approx(self) -> str:
        """The sign where a rounding stands between the two sides."""
        return self._each(lambda printer: printer.approx)

    @property
    def elementwise(self) -> str:
        """The sign between two arrays that are multiplied number by number."""
        return self._each(lambda printer: printer.elementwise)

    def function_name(self, function: str, index: str) -> str:
        """The name of a function, with an index if given."""
        return self._each(lambda printer: printer.function_name(function, index))

    def formula(
        self,
        node: Node,
        leaf: Leaf,
        arrays: bool | Collection[str] = False,
        functions: Functions | None = None,
    ) -> str:
        """A formula in one line."""
        return self._each(lambda printer: printer.formula(node, leaf, arrays, functions))

    def formula_lines(
        self,
        node: Node,
        leaf: Leaf,
        terms: int = 4,
        arrays: bool | Collection[str] = False,
        functions: Functions | None = None,
        kept: Collection[int] | None = None,
        factors: bool = False,
    ) -> list[str]:
        """A formula in several lines; the words for all of it stand with the first."""
        shown = self.eye.formula_lines(node, leaf, terms, arrays, functions, kept, factors)
        ruled = self.ruler.formula_lines(node, leaf, terms, arrays, functions, kept, factors)
        words = self.ear.formula(node, leaf, arrays, functions)
        if len(shown) < len(ruled):  # broken at fewer places: any may be as wide as all
            ruled = ["".join(ruled)] * len(shown)
        elif len(shown) > len(ruled):
            ruled = [max(ruled, key=len)] * len(shown)
        told = [words, *[""] * (len(shown) - 1)]
        return [_marked(*three) for three in zip(shown, told, ruled, strict=True)]

    def name(self, name: Name) -> str:
        """A name."""
        return self._each(lambda printer: printer.name(name))

    def in_text(self, name: Name) -> str:
        """A name in a sentence, no higher than its line."""
        return self._each(lambda printer: printer.in_text(name))

    def number(self, text: str, bracket: bool = False) -> str:
        """A number, from its text in our grammar."""
        return self._each(lambda printer: printer.number(text, bracket))

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """A matrix of texts that are typeset already."""
        printings = ((self.eye, seen), (self.ear, said), (self.ruler, measured))
        return _marked(
            *(p.matrix([[half(cell) for cell in row] for row in rows]) for p, half in printings)
        )

    def result(self, text: str) -> str:
        """A typeset text marked as the result of its line."""
        printings = ((self.eye, seen), (self.ear, said), (self.ruler, measured))
        return _marked(*(printer.result(half(text)) for printer, half in printings))

    def elementwise_power(self, exponent: str) -> str:
        """What is raised where each number of an array is taken to a power by itself."""
        return self._each(lambda printer: printer.elementwise_power(exponent))


def settled(page: Text) -> Text:
    """A page whose strings are ready for a template of Typst.

    A formula in running text becomes ``#f("words", $formula$)``; one that stands alone
    becomes the pair ``"words", $formula$``.
    """
    return _settled(page)  # type: ignore[no-any-return]


def _settled(found: Any) -> Any:
    if isinstance(found, str):
        if FORMULA[0] in found:
            return _INLINE.sub(lambda match: f"#f({_pair(match[1])})", found)
        return _pair(found) if "\x01" in found else found
    if isinstance(found, tuple):
        return tuple(_settled(part) for part in found)
    if is_dataclass(found) and not isinstance(found, type):
        changed = {one.name: _settled(getattr(found, one.name)) for one in fields(found)}
        return replace(found, **changed)
    return found


def _pair(text: str) -> str:
    words = said(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}", ${seen(text)}$'


def _marked(shown: str, words: str, ruled: str) -> str:
    return f"\x01{shown}\x02{words}\x03{ruled}\x04"

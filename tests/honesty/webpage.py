r"""A page of HTML cut into what can be recomputed, its MathML written as plain mathematics.

Reads the page as a browser does: elements, not text patterns.  MathML becomes the LaTeX that
the rest of this reader understands, letter by letter; what is drawn is compared with what
stands in the lines, because each number says which quantity it is the value of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.honesty.pages import LATEX, Chain, Part, Row, Sentence, members

_NUMBER = re.compile(r"−?\d+(?:[.,]\d+)?")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_VOID = {"meta", "input", "link", "br", "hr", "img"}
_BLOCKS = {"p", "div", "section", "details", "table", "ul", "ol", "figure", "nav", "h1", "h2", "h3"}
_ENDED = {
    **{tag: {"p"} for tag in _BLOCKS},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"td", "th", "tr"},
    "tbody": {"td", "th", "tr", "thead"},
    "li": {"li", "p"},
}
"""What HTML takes as ended where such an element begins."""
_OPEN = {"p", "td", "th", "tr", "thead", "tbody", "li", "body", "html"}
"""What HTML takes as ended where what is around it ends."""
_FOREIGN = re.compile(r"m(?!ain|eta|ark|ap|enu|eter)\w+|svg|text|tspan")
"""In formulas and drawings an end brings with it the ends of all that is inside."""
_UNSEEN = {"script", "style", "svg", "nav", "title", "button", "label"}
_MACROS = {"σ": r"\sigma ", "Φ": r"\Phi ", "φ": r"\phi ", "∂": r"\partial "}
_LABEL = re.compile(r"[a-z]\d+")
_WORDS = {"ln", "exp", "max", "min", "tanh"}
_SIGNS = {"·": r"\cdot ", "\u2062": r"\,", "\u2061": "", "⊙": r"\odot ", "⊤": r"\top", "′": "'"}


@dataclass
class Element:
    """An element of a page, or a piece of text (its tag is empty)."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def words(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "") -> Iterator[Element]:
        """This element and all within it, in order."""
        if not tag or self.tag == tag:
            yield self
        for one in self.inside:
            yield from one.all(tag)

    def shown(self) -> str:
        """Its text as it is seen."""
        return self.text + "".join(one.shown() for one in self.inside)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self.open[-1].tag in _ENDED.get(tag, ()):
            self.open.pop()
        found = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(found)
        if tag not in _VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while (here := self.open[-1].tag) != tag:
            together = _FOREIGN.fullmatch(here) and _FOREIGN.fullmatch(tag)
            assert together or here in _OPEN, f"</{tag}> closes <{here}>"
            self.open.pop()
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(Element("", text=data))


def tree_of(page: str) -> Element:
    """The elements of a page."""
    tree = _Tree()
    tree.feed(page)
    tree.close()
    return tree.root


def visible(page: str) -> str:
    """The text that stands on a page, without scripts, styles and drawings."""

    def of(element: Element) -> str:
        if element.tag in _UNSEEN:
            return ""
        return element.text + "".join(map(of, element.inside))

    return of(tree_of(page))


def html_parts(page: str) -> Iterator[Part]:
    """Everything on a page, in order."""
    yield from _parts(tree_of(page))


def _parts(element: Element) -> Iterator[Part]:
    if element.tag in _UNSEEN:
        return
    if element.tag == "p" and "id" in element.attributes:
        yield _chain(element)
    elif element.tag == "tr":
        cells = [one for one in element.inside if one.tag in ("td", "th")]
        yield Row([_written(cell, "", "") for cell in cells], LATEX)
    elif element.tag in ("p", "h1", "h2", "h3"):
        yield Sentence(_written(element, "‹", "›"), LATEX)
    else:
        for one in element.inside:
            yield from _parts(one)
        if element.tag == "table":
            yield Sentence("")


def _chain(element: Element) -> Chain:
    """What is given, and sides that begin with their sign; a side may be in several pieces."""
    left, *sides = element.inside
    found = []
    for side in sides:
        formula = "".join(_formula(one) for one in side.all("math"))
        if not formula:  # a plain number
            formula = _COMMA.sub("{,}", side.shown()).replace("−", "-")
        found += members(formula.replace(r"\approx", "≈").strip())
    return Chain(_written(left, "", "").strip(), found, LATEX)


def _written(element: Element, before: str, after: str) -> str:
    """Text with formulas in it; a formula in several pieces is one."""
    if element.tag == "math":
        return f"{before}{_formula(element).strip()}{after}"
    if element.tag == "span" and any(element.all("math")):  # one formula in several pieces
        return before + "".join(_formula(one) for one in element.all("math")).strip() + after
    inside = "".join(_written(one, before, after) for one in element.inside)
    if element.tag == "span" or (element.tag == "td" and _NUMBER.fullmatch(inside)):
        return _COMMA.sub("{,}", inside).replace("−", "-")  # a number without a formula around it
    return re.sub(r"\s+", " ", element.text) + inside


def _formula(element: Element) -> str:
    return re.sub(r" {2,}", " ", _row(element)).strip(" ") + " " * (element.tag == "math")


# --- MathML -----------------------------------------------------------------------------


_FLOOR = {"⌊": r"\lfloor ", "⌋": r"\rfloor "}


def _row(element: Element) -> str:
    """The parts of a row one after another; bars come in pairs, brackets of a matrix go."""
    inside = [one for one in element.inside if one.tag]
    if [one.tag for one in inside] == ["mo", "mtable", "mo"]:
        return _mathml(inside[1])
    shown, bars = "", 0
    for place, one in enumerate(inside):
        if one.tag == "mo" and one.shown() == "−" and not place and inside[1:]:
            shown += "-"  # a sign that stands first is that of what follows
        elif one.tag == "mo" and one.shown() == "|":
            shown += r"\rvert " if bars % 2 else r"\lvert "
            bars += 1
        elif one.tag == "mo" and one.shown() in _FLOOR:
            shown += _FLOOR[one.shown()]
        else:
            shown += _mathml(one)
    return shown


def _mathml(element: Element) -> str:
    parts = [_mathml(one).strip() for one in element.inside if one.tag]
    if element.tag in ("msub", "msubsup"):
        parts[1:] = [one.replace(" = ", "=").replace("{,}", ",") for one in parts[1:]]
    text = element.shown()
    match element.tag:
        case "mi":
            return _letter(text)
        case "mn":
            return _COMMA.sub("{,}", text) if re.fullmatch(r"\d+,\d+", text) else text
        case "mo":
            return _sign(text, element.attributes.get("form") == "prefix")
        case "mtext":
            return rf"\text{{{text}}}"
        case "mspace":
            return " "
        case "msub":
            return f"{parts[0]}_{{{parts[1]}}}"
        case "msup":
            return f"{parts[0]}^{{{parts[1]}}}"
        case "msubsup":
            return f"{parts[0]}_{{{parts[1]}}}^{{{parts[2]}}}"
        case "mover":
            return rf"\hat{{{parts[0]}}}"
        case "mfrac":
            return rf"\frac{{{parts[0]}}}{{{parts[1]}}}"
        case "msqrt":
            return rf"\sqrt{{{_row(element).strip()}}}"
        case "mtable":
            rows = [" & ".join(_mathml(cell) for cell in row.inside) for row in element.inside]
            return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"
    return _row(element)


def _letter(text: str) -> str:
    if text in _WORDS:
        return rf"\{text} "
    if text in _MACROS:
        return _MACROS[text]
    if _LABEL.fullmatch(text):
        return text
    return text if len(text) == 1 and text.isascii() else rf"\mathrm{{{text}}}"


def _sign(text: str, prefix: bool) -> str:
    if text == "−":
        return "-" if prefix else " - "
    if text == "≈":
        return r" \approx "
    return f" {text} " if text in "=+" else _SIGNS.get(text, text)


# --- the same quantity everywhere -------------------------------------------------------


def disagreeing(page: str) -> list[str]:
    """Quantities whose number is not the same in lines, tables and drawing.

    A number in the drawing may be cut short, which its dots say.
    """
    found: dict[str, set[str]] = {}
    for element in tree_of(page).all():
        mark = element.attributes.get("data-v")
        if element.tag == "p" and "id" in element.attributes and "data-o" not in element.attributes:
            result = [one for one in element.inside if one.tag == "b"]
            told = [one.shown()[2:] for one in result if not any(one.inside[0].all("math"))]
            for text in told:  # a line gives the quantity whose mark is its id
                found.setdefault(element.attributes["id"], set()).add(text.replace("−", "-"))
        if mark is not None:
            shown = _row(element) if element.tag == "mrow" else element.shown()
            plain = re.sub(r"[→ ]|\{,\}|[{}\\^]", "", shown.replace("{,}", ",").replace("−", "-"))
            found.setdefault(mark, set()).add(plain.replace("·", "cdot"))
    return [
        f"{mark}: {', '.join(sorted(numbers))}"
        for mark, numbers in found.items()
        if not _agree(numbers)
    ]


def _agree(numbers: set[str]) -> bool:
    whole = {number for number in numbers if not number.endswith("…")}
    cut = {number.removesuffix("…") for number in numbers - whole}
    return len(whole) <= 1 and all(one.startswith(start) for one in whole for start in cut)

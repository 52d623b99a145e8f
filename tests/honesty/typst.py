r"""Pages of Typst: their source cut into equations, table rows and sentences.

Takes the source of a page; gives the same parts as other formats do.  Formulas are written
anew in LaTeX's signs, place by place (``frac(a, b)`` becomes ``\frac{a}{b}``), so that the
rest of the reader need not know Typst.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<blank>\s+)|(?P<escaped>\\.)|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<word>[A-Za-z]{2,})|(?P<other>.)""",
    re.DOTALL,
)
_CALLS = {"frac": "\\frac", "sqrt": "\\sqrt", "bold": "\\mathbf", "hat": "\\hat", "op": ""}
_WORDS = {
    "dot": r"\cdot ",
    "thin": r"\,",
    "approx": r" \approx ",
    "prime": "'",
    **{word: rf"\{word}" for word in ("ln", "exp", "max", "min", "tanh", "sin", "cos")},
}
_SIGNS = {"⊙": r" \odot ", "⊤": r"\top", "∂": r"\partial ", "∇": r"\nabla "}
_NUMBER = re.compile(r"\d+(?:,\d+)?")


def latex_of(formula: str) -> str:
    r"""A formula of Typst in LaTeX's signs.

    >>> print(latex_of('frac(1, 2) thin (y - "out"_(o 1))^(2)'))
    \frac{1}{2}\,(y - \mathrm{out}_{o1})^{2}
    >>> print(latex_of('mat(delim: "[", "0,5", -1; 2, w^(\\( 1 \\)))'))
    \begin{bmatrix} 0{,}5 & -1 \\ 2 & w^{(1)} \end{bmatrix}
    """
    return re.sub("  +", " ", _Formula(formula).all().strip())


class _Formula:
    """Reads a formula from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def all(self) -> str:
        """Everything up to the end, or to the bracket that closes what was opened before."""
        shown = ""
        while self.place < len(self.text) and self.text[self.place] != ")":
            shown += self.one()
        return shown

    def one(self) -> str:
        match = _TOKEN.match(self.text, self.place)
        assert match is not None
        self.place = match.end()
        kind = match.lastgroup or ""
        text = match[kind]
        match kind:
            case "blank":
                return self.blank(match.start())
            case "escaped":
                return text[1]
            case "quoted":
                return self.quoted(text)
            case "word":
                return self.word(text)
            case "number":
                return text
        if text in "_^":
            inside = re.sub(r"(?<!\\,) ", "", self.group()) if text == "_" else self.raised()
            return f"{text}{{{inside}}}"
        if text == "(":
            inside = self.all()
            self.place += 1
            return f"({inside})"
        if text in _SIGNS:
            return _SIGNS[text]
        if "GREEK" in unicodedata.name(text, ""):
            name = unicodedata.name(text).split()
            word = name[-1].lower()
            return f"\\{word.capitalize() if 'CAPITAL' in name else _greek(word)} "
        return text

    def blank(self, start: int) -> str:
        """A blank counts only beside a sign that stands between two things."""
        before, after = self.text[:start][-1:], self.text[self.place :][:1]
        return " " if before in "+-=,;≈" or after in "+-=≈" else ""

    def quoted(self, text: str) -> str:
        text = re.sub(r"\\(.)", r"\1", text)
        if _NUMBER.fullmatch(text):
            return text.replace(",", "{,}")
        if re.fullmatch(r"[\W_]+", text):
            return text
        return rf"\text{{{text}}}" if text[0] == " " else rf"\mathrm{{{text}}}"

    def word(self, text: str) -> str:
        if self.text[self.place : self.place + 1] == "(":
            if text == "mat":
                return self.matrix()
            if text == "abs":
                return rf"\lvert {self.group()}\rvert"
            if text == "floor":
                return rf"\lfloor {self.group()}\rfloor"
            if text in _CALLS:
                parts = self.arguments()
                return (
                    parts[0] if text == "op" else _CALLS[text] + "".join(f"{{{p}}}" for p in parts)
                )
        return _WORDS.get(text, text)

    def group(self) -> str:
        """The inside of the brackets that open here."""
        assert self.text[self.place] == "(", self.text[self.place :]
        self.place += 1
        inside = self.all()
        self.place += 1
        return inside.strip()

    def raised(self) -> str:
        inside = self.group()
        return inside if re.search(r"\d.*[-+/]|\\cdot|\\frac", inside) else inside.replace(" ", "")

    def arguments(self) -> list[str]:
        """The arguments in brackets, parted by commas (or semicolons) outside of others."""
        return [part for row in self.rows() for part in row]

    def rows(self) -> list[list[str]]:
        self.place += 1
        rows: list[list[str]] = [[""]]
        while self.text[self.place] != ")":
            sign = self.text[self.place]
            if sign in ",;":
                self.place += 1
                if sign == ";":
                    rows.append([""])
                else:
                    rows[-1].append("")
            else:
                rows[-1][-1] += self.one()
        self.place += 1
        return [[part.strip() for part in row] for row in rows]

    def matrix(self) -> str:
        rows = self.rows()
        assert rows[0][0].startswith("delim:"), rows
        rows[0] = rows[0][1:]
        body = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _greek(word: str) -> str:
    return {"lamda": "lambda"}.get(word, word)


# --- the page ---------------------------------------------------------------------------

_COMMAND = re.compile(
    r"^#(?P<text>why|note|check|proof|step|phase)\b(?:\([^)\n]*\))?(?=\[)"
    r"|^#(?P<equations>wide|stacked|givens)\("
    r"|^#(?P<table>parameters)\("
    r"|^  (?P<intro>title|intro): (?=\[)",
    re.MULTILINE,
)
_PIECE = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|[\[\]()$]""", re.DOTALL)
_INLINE = re.compile(r'#f\("(?:[^"\\]|\\.)*", \$(?P<formula>(?:"(?:[^"\\]|\\.)*"|[^"$])*)\$\)')
_SIDE = re.compile(r'"(?:[^"\\]|\\.)*", \$(?P<formula>(?:"(?:[^"\\]|\\.)*"|[^"$])*)\$')

Piece = tuple[str, list[str]]
"""``text``, ``row`` or ``equation``, and its texts."""


def pieces_of(page: str) -> Iterator[Piece]:
    """Everything on a page of Typst, in order."""
    place = page.index("#show: worked")
    while match := _COMMAND.search(page, place):
        place = match.end()
        if match["equations"] or match["table"]:
            end = _closing(page, place - 1)
            inside = page[place:end]
            place = end
            yield from _equations(inside) if match["equations"] else _table(inside)
            continue
        while page[place : place + 1] == "[":
            end = _closing(page, place)
            for line in page[place + 1 : end].splitlines():
                yield "text", [_said(line.strip())]
            place = end + 1


def _closing(text: str, start: int) -> int:
    """Where the bracket closes that opens at `start`; those in formulas and strings count
    for nothing."""
    depth, formula = 0, False
    for match in _PIECE.finditer(text, start):
        sign = match[0]
        if sign == "$":
            formula = not formula
        elif not formula and sign in "[(":
            depth += 1
        elif not formula and sign in "])":
            depth -= 1
            if not depth:
                return match.start()
    raise AssertionError(f"a bracket is not closed: {text[start : start + 40]!r}")


def _said(text: str) -> str:
    """Running text, its formulas between ‹ and ›."""
    shown, place = "", 0
    for match in _INLINE.finditer(text):
        shown += _unescaped(text[place : match.start()]) + f"‹{latex_of(match['formula'])}›"
        place = match.end()
    return shown + _unescaped(text[place:])


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _equations(inside: str) -> Iterator[Piece]:
    """Each row: its left side, then every side with its sign."""
    for row in re.split(r"^  row\(", inside, flags=re.MULTILINE)[1:]:
        left, *sides = re.split(r"^    side\(", row, flags=re.MULTILINE)
        name = _SIDE.search(left)
        assert name is not None, left
        texts = [latex_of(name["formula"])]
        for side in sides:
            sign, *parts = [latex_of(match["formula"]) for match in _SIDE.finditer(side)]
            texts.append(f"{sign} {' '.join(parts)}".replace(r"\approx", "≈"))
        yield "equation", texts


def _table(inside: str) -> Iterator[Piece]:
    yield "text", [""]
    head, *rows = inside[inside.index("([") :].splitlines()
    for line in [head, *rows]:
        cells, place = [], line.find("[")
        while place >= 0:
            end = _closing(line, place)
            cells.append(re.sub("[‹›]", "", _said(line[place + 1 : end])))
            place = line.find("[", end)
        if cells:
            yield "row", cells

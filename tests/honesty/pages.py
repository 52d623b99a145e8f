r"""A printed page cut into what can be recomputed: chains of equations, tables, sentences.

Takes the text of a page in Markdown (any flavor), LaTeX or Typst; gives its parts in order.  A
chain is ``left = formula = numbers = result``, put together again where it was broken
into several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.honesty import typst
from tests.honesty.lexing import braced

LATEX, PLAIN = "latex", "plain"


@dataclass
class Chain:
    """One equation: a name, and what it is said to be equal or about equal to."""

    left: str
    members: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a sign, ``=`` or ``≈``, and a text."""
    language: str = LATEX

    def __str__(self) -> str:
        return " ".join([self.left, *(f"{sign} {text}" for sign, text in self.members)])


@dataclass
class Row:
    """A row of a table: the texts of its cells, formulas without their delimiters."""

    cells: list[str]
    language: str = LATEX


@dataclass
class Sentence:
    """Running text; formulas in it stand between ‹ and ›."""

    text: str
    language: str = LATEX


Part = Chain | Row | Sentence


def parts_of(page: str) -> list[Part]:
    """Everything on a page, in order."""
    if page.startswith("<!doctype html"):
        from tests.honesty.webpage import html_parts

        return list(html_parts(page))
    if r"\begin{trsteps}" in page:
        return list(_latex_parts(page))
    if "#show: worked" in page:
        return list(_typst_parts(page))
    return list(_markdown_parts(page))


# --- Markdown ---------------------------------------------------------------------------

_FENCES = {"```math": "```", "```text": "```", "$$": "$$"}


def _markdown_parts(page: str) -> Iterator[Part]:
    typeset = "```math" in page or "\n$$\n" in page
    language = LATEX if typeset else PLAIN
    lines = iter(page.splitlines())
    for line in lines:
        if line in _FENCES:
            body = []
            for inside in lines:
                if inside == _FENCES[line]:
                    break
                body.append(inside)
            found = _text_rows(body) if line == "```text" else _aligned_rows("\n".join(body))
            yield from _chains(found, PLAIN if line == "```text" else LATEX)
        elif line.startswith("|"):
            cells = [_bare(cell.strip()) for cell in line.strip().strip("|").split("|")]
            yield Row(cells, language)
        else:
            yield Sentence(_marked(line), language)


def _marked(line: str) -> str:
    """A line of text with its formulas between ‹ and ›, whatever the flavor's delimiters."""
    line = re.sub(r"\$`(.*?)`\$", r"‹\1›", line)
    line = re.sub(r"(?<![\\$])\$(?!\$)(.+?)(?<!\\)\$", r"‹\1›", line)
    line = re.sub(r"`(.+?)`", r"‹\1›", line)
    return re.sub(r"‹\{([^‹›]*)\}›", r"‹\1›", line)  # braces keep a formula on one line


def _bare(cell: str) -> str:
    """A table's cell without emphasis and delimiters."""
    return re.sub("[‹›]", "", _marked(cell.strip("*")))


_SIGN = re.compile(r" (=|≈|~) ")


def _text_rows(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Rows of plain text: what stands left of the first sign, and the rest with its sign."""
    for line in lines:
        if not line.strip():
            continue
        if line[0] == " ":
            start = line.strip()
            yield ("", start if start[:2] in ("= ", "≈ ", "~ ") else f"+ {start}")
        else:
            match = _SIGN.search(line)
            if match is None:
                yield (line.strip(), "")
            else:
                yield (line[: match.start()].strip(), line[match.start() :].strip())


_ROW_END = re.compile(r"\\\\(?:\[\d+pt\])?")
_MATRIX = re.compile(r"\\begin\{bmatrix\}.*?\\end\{bmatrix\}", re.DOTALL)


def _aligned_rows(body: str) -> Iterator[tuple[str, str]]:
    """Rows of ``aligned`` or ``alignedat``; matrices keep their own row ends."""
    body = re.sub(r"\\(?:begin|end)\{aligned(?:at)?\}(?:\{\d+\})?", "", body)
    matrices: list[str] = []

    def put_away(match: re.Match[str]) -> str:
        matrices.append(match[0])
        return f"⟪{len(matrices) - 1}⟫"

    body = _MATRIX.sub(put_away, body)
    for row in _ROW_END.split(body):
        left, _, rest = row.partition("&")
        rest = rest.replace("&", " ").strip()
        if rest.startswith(r"\quad{}"):
            rest = "+ " + rest.removeprefix(r"\quad{}").strip()
        rest = rest.replace(r"\approx", "≈")
        left, rest = (
            re.sub(r"⟪(\d+)⟫", lambda m: matrices[int(m[1])], text) for text in (left, rest)
        )
        yield left.strip(), rest


def _chains(rows: Iterator[tuple[str, str]], language: str) -> Iterator[Chain]:
    """Rows put together: a row without a name goes on with the chain before it."""
    chain: Chain | None = None
    for left, rest in rows:
        if left:
            if chain:
                yield chain
            chain = Chain(left, [], language)
        assert chain is not None, rest
        if rest.startswith("+ ") and chain.members:
            sign, text = chain.members[-1]
            chain.members[-1] = (sign, f"{text} {rest[2:]}")
        elif rest:
            chain.members += members(rest)
    if chain:
        yield chain


def members(text: str) -> list[tuple[str, str]]:
    """``= a = b ≈ c`` as pairs of a sign and a text."""
    pieces = _SIGN.split(f" {text} ")
    assert not pieces[0].strip(), text
    return [
        ("=" if sign == "=" else "≈", piece.strip())
        for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True)
    ]


def _typst_parts(page: str) -> Iterator[Part]:
    for kind, texts in typst.pieces_of(page):
        match kind:
            case "text":
                yield Sentence(texts[0])
            case "row":
                yield Row(texts)
            case _:
                left, *sides = texts
                yield Chain(left, [side for text in sides for side in members(text)])


# --- LaTeX ------------------------------------------------------------------------------

_COMMANDS = re.compile(
    r"\\treq(?:\[[^\]]*\])?(?=\{)"
    r"|\\(?P<text>trtitle|trintro|trnote|trstep|trcheck|trproof|trphase|trwhy)(?=\{)"
    r"|\\begin\{(?P<table>trtable)\}|(?P<row>^[^\\%\n].*\\\\$)",
    re.MULTILINE,
)
_ARGUMENTS = {"trphase": 2, "trproof": 2, "trwhy": 2}


def _latex_parts(page: str) -> Iterator[Part]:
    place = page.index(r"\begin{trsteps}")
    while match := _COMMANDS.search(page, place):
        place = match.end()
        if match["table"]:
            yield Sentence("")
            continue
        if match["row"]:
            cells = match["row"].removesuffix(r"\\").split(" & ")
            yield Row([_unwrapped(cell.strip()) for cell in cells])
            continue
        groups = []
        for _ in range(_ARGUMENTS.get(match["text"] or "", 1) if match["text"] else 5):
            while page[place] in " \n":
                place += 1
            inside, place = braced(page, place)
            groups.append(inside.replace(r"\trbreak", "").strip())
        if match["text"]:
            for text in groups:
                for sentence in text.splitlines():
                    yield Sentence(re.sub(r"\$(.+?)\$", r"‹\1›", sentence.strip()))
            continue
        left, formula, numbers, sign, result = groups
        sides = [("=", side) for side in (formula, numbers) if side]
        if result:
            sides += members(f"{sign} {result}".replace(r"\approx", "≈"))
        yield Chain(left, sides)


def _unwrapped(cell: str) -> str:
    """A cell of a table without the macros round it."""
    if cell.startswith(r"\trnew{"):
        cell = braced(cell, len(r"\trnew"))[0]
    return cell.replace("$", "")

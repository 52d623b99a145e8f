r"""The number at the end of a chain: ``0.651``, ``≈ -0.0376``, ``[0.4136, 0.5139]``, blank.

Takes the last member as written; gives the number's text, an array's cells, an empty text
for a blank, or None where it is a formula.  A remark behind the number is ignored.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tracer.errors import TracerError
from tracer.files.sheets.grids import read_cells
from tracer.files.sheets.rows import Cells
from tracer.files.sheets.scanning import cleaned
from tracer.model.answer import written

READ = lru_cache(maxsize=4096)(written)
"""The sheets of one class hold the same numbers again and again."""
_NUMBER = re.compile(
    r"\s*[≈~]?\s*(?P<number>[-+−–]?\s*(?:\d+(?:[.,]\d+)?\.?(?!\d)|[.,]\d+)"
    r"(?:[eE][-+−–]?\d+|\s*(?:[·×∙⋅*x]|\\cdot|\\times)\s*10\s*"
    r"(?:\^\s*[{(]?\s*[-+−–]?\d+\s*[)}]?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    r"|[-+−–]?\d+\s*/\s*\d+(?!\w))"
)
_FRACTION = re.compile(
    r"\s*([-+−–]?)\s*\\[dt]?frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}\s*[.,;]?\s*"
)
_BLANK = re.compile(r"\s*(?:_+|\?+|…|\.{3,}|\\underline\{.*\}|\[\s*\])?\s*")
_REMARK = re.compile(
    r"\s*(?:[.,;:!]?\s*|[✓✔✗✘←]|\s\(\s*[^\W\d_]{3,}[^=]*|\s+[(]?[^\W\d_]{2,}[^=+*/·×^]*|\s*(?:#|//)\s.*"
    r"|\s*\\(?:text|mathrm|tag)\s*\{.*|\s*\\q?quad.*|\s*\}?\s*[.,;]?)\s*",
    re.DOTALL,
)
_MEANT = re.compile(
    r"[-+−–≈~ ]*(?:[\d.,]+(?:[eE][\d.,+-]*)?\s*\\?%?|nan|inf|infinity|∞)", re.IGNORECASE
)
_QUOTIENT = re.compile(r"\s*[≈~]?\s*(?P<number>[-+−–]?\d+\s*/\s*\d+)(?![\w.,]*\d)")
_TRANSPOSED = re.compile(r"ᵀ|\^\{?\s*(?:T|\\top)\s*\}?")
_TIMES = re.compile(r"\\(?:cdot|times)|[∙⋅]")
_SIGN = re.compile(r"^([-+−–])\s+")
_CALLED = re.compile(r"\s*(?:exp|log|ln|tanh|sigmoid|sqrt|max|min|relu)\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def value_of(text: str) -> str | Cells | None:
    r"""The number, the array, an empty text for a blank, or None for a formula.

    >>> value_of("0.767 (prediction)"), value_of("0.2 + 0.3"), value_of("\\approx")
    ('0.767', None, None)
    >>> value_of("[-0.0271, -0.0277]")
    ('-0.0271', '-0.0277')
    """
    plain = cleaned(text).strip()
    if _BLANK.fullmatch(plain):
        return ""
    if fraction := _FRACTION.fullmatch(plain):
        return f"{fraction[1]}{fraction[2]}/{fraction[3]}"
    if plain[0] in "[(" and (cells := _array(plain)) is not None:
        return cells
    match = _longest(plain)
    if match is None:
        return None
    rest = plain[match.end() :]
    if not _REMARK.fullmatch(rest) or _CALLED.match(rest):
        return None
    return number_text(match["number"])


def mistaken_number(text: str) -> bool:
    """Whether something stands there that was meant to be a number: ``0.3.5``, ``nan``, ``38%``."""
    plain = cleaned(text).strip()
    return value_of(text) is None and _MEANT.fullmatch(plain) is not None


def number_text(text: str) -> str:
    """A number as `written` reads it."""
    if "\\" in text or "∙" in text or "⋅" in text:
        text = _TIMES.sub("·", text)
    return _SIGN.sub(r"\1", text.rstrip(".").strip(), count=1)


def _longest(text: str) -> re.Match[str] | None:
    """The number at the beginning; a quotient of whole numbers counts as one."""
    quotient = _QUOTIENT.match(text) if "/" in text else None
    return quotient or _NUMBER.match(text)


def _array(text: str) -> Cells | None:
    """The cells, if every one of them is a number."""
    closing = "]" if text[0] == "[" else ")"
    end = text.rfind(closing)
    behind = text[end + 1 :]
    transposed = _TRANSPOSED.match(behind)
    stop = end + 1 + (transposed.end() if transposed else 0)
    if end < 0 or not _REMARK.fullmatch(text[stop:]):
        return None
    try:
        cells = read_cells(text[:stop])
    except TracerError:
        return None
    numbers = _numbers(cells)
    if text[0] == "(" and len(cells) < 2:
        return None
    return numbers if cells else None


def _numbers(cells: Cells) -> Cells | None:
    found: list[str | Cells] = []
    for cell in cells:
        inner = _numbers(cell) if isinstance(cell, tuple) else value_of(cell)
        if not inner:
            return None
        found.append(inner)
    return tuple(found)

"""PDF without TeX: a page of Typst, compiled in this process by the package `typst`.

Takes the source that `render` makes with ``to="typst"``; gives the bytes of a PDF that
keeps to PDF/UA-1 (Typst checks it: every formula has its words, every table its head).
Only the fonts inside Typst are used, so that every machine makes the same file; a
character that they lack is shown by its number.
"""

from __future__ import annotations

import re
from typing import Literal

from tracer.errors import MissingTool, TracerError

STANDARD: Literal["ua-1"] = "ua-1"
"""Which PDF standard is kept to: PDF for universal accessibility."""
_MISSING = re.compile(r'the text `"(?P<text>(?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)")
_ATTEMPTS = 20


def pdf_of(source: str) -> bytes:
    """The PDF of a page of Typst.

    Args:
        source: the page, whole.

    Raises:
        MissingTool: if the package `typst` is not installed.
        TracerError: if Typst refuses the source (a template of one's own has a slip).
    """
    try:
        import typst
    except ImportError:
        raise MissingTool("a PDF needs the package typst: pip install typst") from None
    for _ in range(_ATTEMPTS):
        try:
            compiler = typst.Compiler(source.encode(), ignore_system_fonts=True)
            made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=0)
            return made if isinstance(made, bytes) else b""
        except typst.TypstError as error:
            absent = _absent_characters(str(error.diagnostic or error.message), source)
            if not absent:
                raise TracerError(f"Typst refuses the page: {_first(error)}") from None
            for character in absent:
                source = source.replace(character, f"\\[U\\+{ord(character):04X}\\]")
    raise TracerError("Typst has no font for the characters of this page")


def _absent_characters(diagnostic: str, source: str) -> set[str]:
    """The characters for which there is no font, as far as they stand in the source."""
    found = "".join(
        _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], match["text"])
        for match in _MISSING.finditer(diagnostic)
    )
    return {character for character in found if character in source and not character.isascii()}


def _first(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0].removeprefix("error: ") if lines else "no reason given"

"""Styles and scripts without what only their readers need: comments, indentation, spaces.

Takes the text of a file in ``templates/html`` or a drawing; gives what is placed in a page.
Strings, patterns and templates of strings are never touched.  A script keeps its ends of
lines, since they may end a statement.
"""

from __future__ import annotations

import re

_STYLE = re.compile(
    r"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?\*/"""
    r"""|\s*(?P<sign>[{};,>])\s*|(?<=:)\s+|\s+(?=!)|(?P<space>\s+)""",
    re.DOTALL,
)
_SCRIPT = re.compile(
    r"""(?P<kept>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"""
    r"""|(?<=[(,=:!&|?])[ ]*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)"""
    r"""|(?P<gap>(?:\s|//[^\n]*|/\*.*?\*/)+)""",
    re.DOTALL,
)
_SHEET = re.compile(r"(<style>)(.*?)(</style>)", re.DOTALL)


def lean_style(sheet: str) -> str:
    r"""A style sheet as short as its rules.

    >>> lean_style("a > b {\n  c: d;  /* why */\n}\n#e f::before { content: 'g : h'; }\n")
    "a>b{c:d}#e f::before{content:'g : h'}"
    """

    def short(match: re.Match[str]) -> str:
        return match["kept"] or match["sign"] or (" " if match["space"] else "")

    return _STYLE.sub(short, sheet).replace(";}", "}").strip()


def lean_script(script: str) -> str:
    r"""A script as short as its statements; a line stays a line.

    >>> lean_script("// why\nconst a = b => /x y/.test(b) || `${b} c`;\n\n  return - a;\n")
    'const a=b=>/x y/.test(b)||`${b} c`;\nreturn-a;'
    """

    def short(match: re.Match[str]) -> str:
        if match["kept"]:
            return match["kept"].lstrip(" ")
        if "\n" in match["gap"]:
            return "\n"
        before, after = script[match.start() - 1 : match.start()], script[match.end() :][:1]
        words = _is_word(before) and _is_word(after)
        return " " if words or (before == after and before in "+-") else ""

    return _SCRIPT.sub(short, script).strip()


def lean_drawing(picture: str) -> str:
    """A drawing whose own style sheet is short."""
    return _SHEET.sub(lambda match: match[1] + lean_style(match[2]) + match[3], picture)


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "$")

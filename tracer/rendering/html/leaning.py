"""Styles and scripts without what only their readers need: comments, indentation, spaces.

Takes the text of a file in ``templates/html`` or a drawing; gives what is placed in a page.
Strings, patterns and templates of strings are never touched.  A script keeps the ends of
lines that may end a statement.
"""

from __future__ import annotations

import re
from collections.abc import Collection

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
_GOES_ON = frozenset("{([;,")
"""After these signs the end of a line ends nothing."""
_RULE = re.compile(r"([^{}@]+)(\{[^{}]*\})")
_CLASS = re.compile(r"\.([a-z][\w-]*)")
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
    r"""A script as short as its statements; a line's end stays where it may count.

    >>> lean_script("// why\nconst a = b => /x y/.test(b) || `${b} c`;\n\n  return - a;\n")
    'const a=b=>/x y/.test(b)||`${b} c`;return-a;'
    """

    def short(match: re.Match[str]) -> str:
        if match["kept"]:
            return match["kept"].lstrip(" ")
        before, after = script[match.start() - 1 : match.start()], script[match.end() :][:1]
        if "\n" in match["gap"] and before not in _GOES_ON and after not in ("}", ")"):
            return "\n"
        words = _is_word(before) and _is_word(after)
        return " " if words or (before == after and before in "+-") else ""

    return _SCRIPT.sub(short, script).strip()


def lean_drawing(picture: str, worn: Collection[str], more: str = "") -> str:
    r"""A drawing whose own style sheet is short, with the rules for what is drawn alone.

    Args:
        picture: as SVG.
        worn: the classes that its shapes have, or may be given.
        more: rules that are added.

    >>> lean_drawing("<svg><style>.a, .b { c: d }\n.e { f: g }</style></svg>", {"a"})
    '<svg><style>.a{c:d}</style></svg>'
    """

    def rule(match: re.Match[str]) -> str:
        kept = [one for one in match[1].split(",") if set(_CLASS.findall(one)) <= set(worn)]
        return ",".join(kept) + match[2] if kept else ""

    def sheet(match: re.Match[str]) -> str:
        return match[1] + _RULE.sub(rule, lean_style(match[2])) + more + match[3]

    return _SHEET.sub(sheet, picture)


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "$")

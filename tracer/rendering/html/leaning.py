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
STRING = (
    r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
    r"""|(?<=[(,=:!&|?>])[ ]*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*"""
)
"""What a script holds between quotes, or as a pattern."""
TEMPLATE = r"`(?:[^`\\]|\\.)*`"
"""A string of a script into which values are put."""
_SCRIPT = re.compile(
    rf"(?P<kept>{STRING}|{TEMPLATE})|(?P<gap>(?:\s|//[^\n]*|/\*.*?\*/)+)", re.DOTALL
)
_GOES_ON = frozenset("{([;,")
"""After these signs the end of a line ends nothing."""
_RULE = re.compile(r"([^{}@]+)(\{[^{}]*\})")
_CLASS = re.compile(r"\.([a-z][\w-]*)")
_SHEET = re.compile(r"(<style>)(.*?)(</style>)", re.DOTALL)
_WORN = re.compile(r' class="([^"]*)"')
_HOOK = re.compile(r"--\w+:var\(--tracer-[^()]*\);?")
"""A colour about which the page is asked."""
_DARK = re.compile(r"@media[^{}]*\{#drawing\{([^{}]*)\}\}")
_NESTED = re.compile(r"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*\}")
"""Rules under a condition."""


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


def lean_drawing(
    picture: str, more: str, live: Collection[str] = (), kept: Collection[str] = ()
) -> str:
    r"""A drawing for a page that has colours of its own.

    Its style sheet says nothing that its page decides, has the rules for what is drawn alone,
    each of them for the drawing's own inside; its shapes bear no class without a rule.

    Args:
        picture: as SVG, with the id ``drawing``.
        more: rules that are added.
        live: classes that shapes may be given later.
        kept: classes that stay without a rule.

    >>> rules = "#drawing{--a:var(--tracer-a,red);b:c}#drawing .d,#drawing .e{f:g}"
    >>> lean_drawing(f'<svg><style>{rules}</style><g class="d h"/></svg>', "")
    '<svg><style>#drawing{b:c;.d{f:g}}</style><g class="d"/></svg>'
    """
    worn = {one for words in _WORN.findall(picture) for one in words.split()} | {*live}
    ruled = {*kept}

    def rule(match: re.Match[str]) -> str:
        meant = [one for one in match[1].split(",") if {*_CLASS.findall(one)} <= worn]
        ruled.update(word for one in meant for word in _CLASS.findall(one))
        return ",".join(meant) + match[2] if meant else ""

    def sheet(match: re.Match[str]) -> str:
        sheet = _HOOK.sub("", _DARK.sub(_hooked, lean_style(match[2] + more)))
        sheet = _RULE.sub(rule, sheet.replace(";}", "}"))
        return match[1] + _nested(sheet) + match[3]

    def shape(match: re.Match[str]) -> str:
        words = " ".join(word for word in match[1].split() if word in ruled)
        return f' class="{words}"' if words else ""

    return _WORN.sub(shape, _SHEET.sub(sheet, picture))


def _hooked(match: re.Match[str]) -> str:
    """A sheet for the dark, without what its page decides; nothing if that is all."""
    return "" if not _HOOK.sub("", match[1]) else match[0]


def _nested(sheet: str) -> str:
    """Rules for what is inside the drawing, inside the rule for the drawing."""
    whole, inside, other = "", "", ""
    for match in _RULE.finditer(_NESTED.sub("", sheet)):
        inner = match[1].split(",")
        if match[1] == "#drawing":
            whole += match[2][1:-1].rstrip(";") + ";" if match[2] != "{}" else ""
        elif all(one.startswith("#drawing ") for one in inner):
            inside += ",".join(one[9:] for one in inner) + match[2]
        else:
            other += match[0]
    return f"#drawing{{{whole}{inside}}}{other}{''.join(_NESTED.findall(sheet))}"


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "$")

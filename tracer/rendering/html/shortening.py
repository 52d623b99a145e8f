"""Scripts with short words for what they name themselves.

Takes a script that `leaning` has made lean; gives it with the names that it declares written
as one or two letters.  A name that is also the name of a property, in this script, stays as
it is, and so does every word that the script does not declare: nothing has to be known of
where a name holds, since all that is called the same is renamed the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from string import ascii_letters

from tracer.rendering.html.leaning import STRING, TEMPLATE

_TOKEN = re.compile(
    rf"(?P<kept>{STRING})|(?P<template>{TEMPLATE})"
    r"|(?P<number>\.?\d\w*)|(?P<word>[A-Za-z_$][\w$]*)|(?P<sign>\s+|\.\.\.|\?\.|=>|.)",
    re.DOTALL,
)
_PUT_IN = re.compile(r"\$\{([^{}]*)\}")
_WORD = re.compile(r"(?<![\w$.])[A-Za-z_$][\w$]*")
_DECLARING = frozenset({"const", "let", "function"})
_KNOWN = frozenset(
    {"break", "case", "catch", "class", "const", "continue", "default", "delete", "do", "else",
     "false", "finally", "for", "function", "if", "in", "instanceof", "let", "new", "null", "of",
     "return", "static", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var",
     "void", "while", "with", "yield"}
)  # fmt: skip
"""Words that no name may be."""
Token = tuple[str, str]
"""Its kind and its text."""


def short_names(script: str) -> str:
    """The script, shorter.

    >>> short_names('const sum=(one,two)=>`${one}`+two.one;')
    'const b=(one,a)=>`${one}`+a.one;'
    """
    tokens = [(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(script)]
    plain = [n for n, (kind, text) in enumerate(tokens) if kind != "sign" or text.strip()]
    words = Counter(_words(tokens))
    told = _declared(tokens, plain) - _properties(tokens, plain) - _KNOWN
    free = (name for name in _letters() if name not in words and name not in _KNOWN)
    longest = sorted(told, key=lambda name: (-words[name], name))
    short = dict(zip(longest, free, strict=False))
    return "".join(_renamed(token, short) for token in tokens)


def _letters() -> Iterator[str]:
    """``a`` to ``Z``, ``a0``, ``a1`` and so on."""
    yield from ascii_letters
    for number in count():
        yield from (f"{letter}{number}" for letter in ascii_letters)


def _words(tokens: list[Token]) -> Iterator[str]:
    for kind, text in tokens:
        if kind == "word":
            yield text
        elif kind == "template":
            for inside in _PUT_IN.findall(text):
                yield from _WORD.findall(inside)


def _declared(tokens: list[Token], plain: list[int]) -> set[str]:
    """What stands after ``const``, ``let`` and ``function``, and the names of parameters."""
    found: set[str] = set()
    texts = [tokens[n][1] for n in plain]
    for place, text in enumerate(texts):
        if text in _DECLARING:
            found |= _listed(texts, place + 1)
        elif text == "=>":
            before = texts[place - 1]
            found |= {before} if before != ")" else _inside(texts, place - 1)
        elif text == "(" and "function" in texts[max(place - 2, 0) : place]:
            found |= _listed(texts, place + 1)
    return {one for one in found if re.fullmatch(r"[A-Za-z_$][\w$]*", one)}


def _listed(texts: list[str], place: int) -> set[str]:
    """The names of a list of declarations: those that no default or value holds."""
    found, depth, value = set(), 0, -1
    for text in texts[place:]:
        if text in ("[", "{", "("):
            depth += 1
        elif text in ("]", "}", ")"):
            depth -= 1
            value = -1 if depth < value else value
            if depth < 0:
                break
        elif depth == 0 and text in (";", "of", "in"):
            break
        elif text == "," and depth == value:
            value = -1
        elif text == "=" and value < 0:
            value = depth
        elif value < 0:
            found.add(text)
        if depth == 0 and value < 0 and text == ")":
            break
    return found


def _inside(texts: list[str], end: int) -> set[str]:
    """The names of the parameters in the brackets that end there."""
    depth, place = 0, end
    while place >= 0:
        depth += (texts[place] in (")", "]", "}")) - (texts[place] in ("(", "[", "{"))
        if not depth:
            break
        place -= 1
    return _listed(texts, place + 1)


def _properties(tokens: list[Token], plain: list[int]) -> set[str]:
    """Words after a dot or before a colon, and those that stand for a property in braces."""
    found: set[str] = set()
    around: list[str] = []
    texts = [tokens[n][1] for n in plain]
    for before, text, after in zip(["", *texts], texts, [*texts[1:], ""], strict=False):
        if text in ("(", "[", "{"):
            around.append(text)
        elif text in (")", "]", "}") and around:
            around.pop()
        else:
            listed = before in ("{", ",")
            alone = listed and after in (",", "}") and around[-1:] == ["{"]
            if before in (".", "?.") or alone or (listed and after == ":"):
                found.add(text)
    for kind, text in tokens:
        if kind == "template":
            for inside in _PUT_IN.findall(text):
                found.update(re.findall(r"\.([A-Za-z_$][\w$]*)", inside))
    return found


def _renamed(token: Token, short: dict[str, str]) -> str:
    kind, text = token
    if kind == "word":
        return short.get(text, text)
    if kind == "template":
        return _PUT_IN.sub(lambda put: _WORD.sub(lambda m: short.get(m[0], m[0]), put[0]), text)
    return text

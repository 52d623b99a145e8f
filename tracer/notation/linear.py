"""A name on one line, as people type it; for messages, dictionaries and tests.

`plain` is ASCII.  The pages that tracer makes use the printers of the rendering room.
"""

from __future__ import annotations

from tracer.notation.name import Name


def plain(name: Name) -> str:
    """The name in ASCII.

    >>> plain(Name("net", sub="h1")), plain(Name("w", sub="12", sup="(2)", mark="'"))
    ('net_h1', "w_12^(2)'")
    >>> plain(Name("E", sub="total", before="partial", over=Name("w", sub="5", before="partial")))
    'dE_total/dw_5'
    """
    before = {"partial": "d"}.get(name.before, name.before)
    low = f"_{_grouped(name.sub)}" if name.sub else ""
    high = "".join(f"^{_grouped(part)}" for part in (name.sup, name.sample) if part)
    text = before + name.base + name.accent + low + high + _mark(name.mark)
    return f"{text}/{plain(name.over)}" if name.over else text


def _grouped(text: str) -> str:
    simple = text.isalnum() or (text[0] + text[-1] in ("()", "[]") and text.count(text[0]) == 1)
    return text if simple else f"{{{text}}}"


def _mark(mark: str) -> str:
    return mark if not mark or mark[0] in "+'" else f"({mark})"

"""One quantity as a single expression in the given ones, by SymPy, written in a format."""

from __future__ import annotations

import json

from tracer.model.trace import Trace
from tracer.notation import Names
from tracer.rendering.formats import page_format
from tracer.rendering.printers import PRINTERS


def composed(found: Trace, key: str, names: Names, to: str, flavor: str) -> str:
    """The quantity composed of the given ones alone.

    Args:
        found: the trace.
        key: the quantity.
        names: the names of the problem's notation, used in LaTeX and Markdown.
        to: ``markdown``, ``latex`` or ``json``.
        flavor: which Markdown; ``plain`` and ``ascii`` give the expression over keys.
    """
    expression = found.sympy(key)
    plain = str(expression)
    if to == "markdown" and flavor in ("plain", "ascii"):
        return f"{key} = {plain}\n"
    printer = PRINTERS["latex"]
    import sympy

    letters = {symbol: printer.name(names.name(symbol.name)) for symbol in expression.free_symbols}
    latex = sympy.latex(expression, symbol_names=letters, parenthesize_super=True)
    equation = f"{printer.name(names.name(key))} = {latex}"
    if to == "json":
        data = {"key": key, "expression": plain, "latex": equation}
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    if to == "latex":
        return f"\\[\n{equation}\n\\]\n"
    before, after = page_format("markdown", flavor).display
    return f"{before}\n{equation}\n{after}\n"

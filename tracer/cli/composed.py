"""One quantity as a single expression in the given ones, by SymPy, written in a format.

Names are those of the problem's notation; an expression that does not fit the page is
broken into lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracer.errors import FormulaError
from tracer.formula.bridge import to_formula
from tracer.formula.nodes import (
    Fraction,
    Negative,
    Node,
    Number,
    Product,
    Sum,
    Symbol,
    children,
    rebuilt,
)
from tracer.model.json_text import json_text
from tracer.model.trace import Trace
from tracer.notation import Names
from tracer.rendering.formats import page_format
from tracer.rendering.printers import PRINTERS
from tracer.rendering.prose import Prose
from tracer.rendering.typesetting import Typesetting


def composed(found: Trace, key: str, names: Names, to: str, flavor: str) -> str:
    """The quantity composed of the given ones alone.

    Args:
        found: the trace.
        key: the quantity.
        names: the names of the problem's notation.
        to: ``markdown``, ``latex`` or ``json``.
        flavor: which Markdown.
    """
    expression = found.sympy(key)
    if to == "json":
        data = {"key": key, "expression": str(expression), "latex": _latex(found, key, names)}
        return json_text(data, indent=1) + "\n"
    form = page_format(to, flavor)
    left, parts = _lines(Typesetting(found, names, form, Prose()), key)
    if form.equations == "text":
        pad = " " * (len(left) + 3)
        return f"{left} = " + f"\n{pad}".join(parts) + "\n"
    if len(parts) == 1:
        equation = f"{left} = {parts[0]}"
    else:
        rows = " \\\\\n&\\quad{} ".join(parts)
        equation = f"\\begin{{aligned}}\n{left} &= {rows}\n\\end{{aligned}}"
    before, after = ("\\[", "\\]") if to == "latex" else form.display
    return f"{before}\n{equation}\n{after}\n".replace(r"\trn", "")


def _latex(found: Trace, key: str, names: Names) -> str:
    """The equation in one line of LaTeX."""
    import sympy

    printer, expression = PRINTERS["latex"], found.sympy(key)
    letters = {one: printer.name(names.name(one.name)) for one in expression.free_symbols}
    latex = sympy.latex(expression, symbol_names=letters, parenthesize_super=True)
    return f"{printer.name(names.name(key))} = {latex}"


def _lines(setting: Typesetting, key: str) -> tuple[str, tuple[str, ...]]:
    """The name, and the expression in lines that fit the page."""
    left = setting.name(key)
    room = setting.form.width - setting.width(left) - setting.form.gap
    expression = setting.trace.sympy(key)
    try:
        formula = to_formula(expression)
    except FormulaError:
        if setting.form.equations == "text":
            return key, setting.wrapped(str(expression), room)
        return left, (_latex(setting.trace, key, setting.names).partition(" = ")[2],)
    whole = _shown(formula, setting)
    if setting.width(whole) <= room:
        return left, (whole,)
    if setting.form.equations == "text":
        return left, setting.wrapped(_shown(_factored(formula), setting), room)
    return left, tuple(_broken(_factored(formula), setting, room))


def _shown(formula: Node, setting: Typesetting) -> str:
    return setting.formula(formula, setting.names.name)


def _factored(node: Node) -> Node:
    """Long quotients as products with ``1/(...)``, so that a line may end before it."""
    parts = tuple(_factored(part) for part in children(node))
    match node:
        case Fraction(Product() | Sum(), bottom) if not isinstance(bottom, Symbol | Number):
            top, bottom = parts
            factors = top.factors if isinstance(top, Product) else (top,)
            return Product((*factors, Fraction(Number("1"), bottom)))
    return rebuilt(node, parts) if parts else node


def _broken(node: Node, setting: Typesetting, room: float) -> Iterator[str]:
    """Typeset rows that end between the terms of a sum or the factors of a product."""
    if setting.width(_shown(node, setting)) <= room or not isinstance(node, Sum | Product):
        yield _shown(node, setting)
        return
    row = ""
    for piece in _pieces(node, setting, room):
        joined = row + piece
        if row and setting.width(joined) > room:
            yield row.strip()
            joined = piece
        row = joined
    yield row.strip()


def _pieces(node: Sum | Product, setting: Typesetting, room: float) -> Iterator[str]:
    """What stays together: terms with the sign after them, factors, parts of a long factor."""
    if isinstance(node, Sum):
        for place, term in enumerate(node.terms):
            minus = isinstance(term, Negative)
            sign = (" - " if minus else " + ") if place else "-" if minus else ""
            inner = term.operand if isinstance(term, Negative) else term
            rows = list(_broken(inner, setting, room))
            yield sign + rows[0]
            yield from rows[1:]
        return
    for place, factor in enumerate(node.factors):
        dot = r"\cdot " if place else ""
        if not isinstance(factor, Sum):
            yield dot + _shown(factor, setting)
            continue
        rows = list(_broken(factor, setting, room))
        rows[0] = rf"{dot}\biggl({rows[0]}"
        rows[-1] += r"\biggr)"
        yield from rows

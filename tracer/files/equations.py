"""The names of an equation network, checked while the file is read.

Every equation is parsed at once, so that an error points at the very character; each
name must be given or defined above.  Shapes are left to the engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tracer.calculus.definitions import callable_functions
from tracer.errors import FormulaError, suggestion
from tracer.files.functions import Report, column_of, find_name
from tracer.files.wording import unknown
from tracer.formula.keys import NAME
from tracer.formula.nodes import symbols
from tracer.formula.parsing import parse_equation


def _later(name: str, equations: Sequence[str]) -> str:
    """Where a name is defined that is used too early."""
    names = [text.partition("=")[0].strip() for text in equations]
    return f"; equation {names.index(name) + 1} defines it, put that first" if name in names else ""


def check_equations(data: Mapping[str, Any], fault: Report) -> None:
    """Check what the equations, the loss, the upstream gradients and `learn` name.

    Args:
        data: what was read of the problem.
        fault: where errors go, with their paths.
    """
    given = set(data.get("given", ()))
    known, broken = dict.fromkeys(data.get("given", ())), False
    for place, text in enumerate(data["equations"]):
        try:
            name, formula = parse_equation(text, callable_functions())
        except FormulaError as error:
            fault(("equations", place, *column_of(error)), str(error))
            name = text.partition("=")[0].strip()
            if re.fullmatch(NAME, name):
                known[name] = None  # what it would be is known, but not what it is made of
            else:
                broken = True
            continue
        for used in symbols(formula):
            # Behind an equation whose name cannot be read, a missing name proves nothing.
            if used not in known and not broken:
                where = find_name(text, used, arrays=True, start=text.index("="))
                message = f"'{used}' is not given or defined before this line"
                message += _later(used, data["equations"]) or suggestion(used, known)
                fault(("equations", place, *where), message)
        if name in known:
            column = len(text) - len(text.lstrip())
            fault(("equations", place, column, len(name)), f"'{name}' is defined twice")
        known[name] = None
    if broken:
        return
    defined = [name for name in known if name not in given]
    loss = data.get("loss")
    if isinstance(loss, str) and loss not in defined:
        fault(("loss",), unknown("quantity of the equations", loss, defined))
    for name in data.get("upstream", {}):
        if name not in defined:
            message = unknown("quantity of the equations", name, defined)
            fault(("upstream", name), message, key=True)
    for place, name in enumerate(data.get("learn", ())):
        if name not in given:
            fault(("learn", place), unknown("given quantity", name, sorted(given)))

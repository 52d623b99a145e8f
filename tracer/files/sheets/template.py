"""Answer sheets to be filled in: the names of what is asked, and room for the numbers.

Takes a trace; gives the text of a sheet in CSV, YAML or plain lines.  Names are those of the
notation where they are read back as the same quantity, else keys.  Filled with the
solution's printed numbers it is a sheet without a mistake.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from tracer.errors import TracerError, suggestion
from tracer.files.sheets.naming import Naming, naming_of
from tracer.formula.nodes import Symbol
from tracer.model.ordering import printed_order
from tracer.model.step import PHASES, Step
from tracer.model.trace import Trace
from tracer.notation.linear import plain

FORMATS = ("csv", "yaml", "text")


def sheet_template(
    trace: Trace,
    keys: Iterable[str] | str | None = None,
    format: str = "csv",
    notation: str | None = None,
    filled: bool = False,
    problem: str = "",
) -> str:
    """An answer sheet for the quantities that are asked, in the order of a page.

    Args:
        trace: the calculation.
        keys: what is asked: keys, or one phase (``forward``, ``backward``, ...); default:
            every line of the calculation.
        format: ``csv``, ``yaml`` or ``text``.
        notation: whose names; default: the problem's.
        filled: put in the numbers as the solution prints them.
        problem: the problem's file, to be named in the sheet.

    Raises:
        TracerError: for an unknown format or phase, or if nothing is asked.
        UnknownQuantity: for a key that the calculation does not have.

    >>> from tracer import Dense, Problem, trace
    >>> found = trace(Problem(inputs=["0.5", "0.8"], layers=[Dense(1, "sigmoid", [["1", "2"]])]))
    >>> print(sheet_template(found, notation="ng", format="text"))
    ---
    notation: ng
    ---
    z_1^[1] =
    a_1^[1] =
    <BLANKLINE>
    """
    if format not in FORMATS:
        known = ", ".join(FORMATS)
        raise TracerError(f"a sheet's format is one of {known}{suggestion(format, FORMATS)}")
    steps = _asked(trace, keys)
    if filled and trace.symbolic:
        raise TracerError("a symbolic calculation has no numbers to fill in")
    naming = naming_of(trace, notation or trace.problem.notation)
    rows = [(_name(step.key, naming), step.text if filled else "") for step in steps]
    header = _header(trace, notation, naming, problem)
    return {"csv": _csv, "yaml": _yaml, "text": _text}[format](header, rows)


def _asked(trace: Trace, keys: Iterable[str] | str | None) -> list[Step]:
    if isinstance(keys, str) and keys not in PHASES:
        raise TracerError(f"there is no phase '{keys}'{suggestion(keys, PHASES)}")
    if keys is None or isinstance(keys, str):
        found = [
            step
            for step in trace.steps
            if step.rule != "given" and step.shown and keys in (None, step.phase)
        ]
    else:
        found = [trace[key] for key in keys]
    if not found:
        raise TracerError("nothing is asked in this sheet")
    return list(printed_order(found, trace))


def _name(key: str, naming: Naming) -> str:
    """The notation's name if it is read as this very quantity, else the key."""
    name = plain(naming.names.name(key))
    try:
        return name if naming.formula(name) == Symbol(key) else key
    except TracerError:
        return key


def _header(
    trace: Trace, notation: str | None, naming: Naming, problem: str
) -> list[tuple[str, str]]:
    """What the sheet says of itself."""
    found = [("problem", problem)] if problem else []
    if notation and notation != trace.problem.notation:
        found.append(("notation", notation))
        sign = trace.problem.conventions.delta
        if naming.notation.conventions.get("delta", sign) != sign:
            found.append(("delta", sign))
    return found


def _front(header: list[tuple[str, str]]) -> str:
    lines = [f"{word}: {_quoted(text)}" for word, text in header]
    return "\n".join(["---", *lines, "---", ""]) if lines else ""


def _csv(header: list[tuple[str, str]], rows: list[tuple[str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("name", "value"), *rows])
    return _front(header) + out.getvalue()


def _yaml(header: list[tuple[str, str]], rows: list[tuple[str, str]]) -> str:
    lines = [f"{word}: {_quoted(text)}" for word, text in header]
    lines += ["answers:", *(f"  {_quoted(name)}: {value}".rstrip() for name, value in rows)]
    return "\n".join([*lines, ""])


def _text(header: list[tuple[str, str]], rows: list[tuple[str, str]]) -> str:
    lines = [f"{name} = {value}".rstrip() for name, value in rows]
    return _front(header) + "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    """A text as YAML takes it; quoted unless it is a plain word."""
    simple = text.replace("/", "").replace(".", "").replace("-", "").isalnum() and text[0].isalpha()
    return text if simple else json.dumps(text, ensure_ascii=False)

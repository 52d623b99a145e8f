"""Reading a sheet or an article in one step: a file or a text in, statements out.

Takes a sheet and the trace that its names belong to; gives a `Sheet` of the model's, ready
for the checker.  The work is that of `opening`; whoever wants to know first which problem a
sheet names, opens it there.  Read by the roof.
"""

from __future__ import annotations

import os
from dataclasses import replace

from tracer.files.sheets.opening import open_sheet
from tracer.model.answer import Sheet
from tracer.model.trace import Trace


def read_sheet(
    where: str | os.PathLike[str],
    trace: Trace,
    notation: str | None = None,
    skip_unknown: bool = False,
    delta: str | None = None,
    unit: str = "",
) -> Sheet:
    """Read a sheet of answers: CSV, YAML, JSON, or lines of text, Markdown or LaTeX.

    Args:
        where: a file, ``-`` for standard input, or the text itself (several lines).
        trace: the calculation whose quantities are answered.
        notation: whose names; overrides what the sheet says.
        skip_unknown: skip unknown names and list them, instead of refusing the sheet.
        delta: the sign of the sheet's deltas, ``dL/dz`` or ``t-o``.
        unit: the worth of the last place of its numbers, where digits say too much.

    Raises:
        FileError: all errors at once, each with line, column and a caret.

    >>> from tracer import Dense, Problem, trace
    >>> found = trace(Problem(inputs=["0.5", "0.8"], layers=[Dense(1, "sigmoid", [["1", "2"]])]))
    >>> sheet = read_sheet("name,value\\nz1[1],2.1\\na1[1],0.89", found)
    >>> [(one.key, one.written.text) for one in sheet.statements]
    [('z1[1]', '2.1'), ('a1[1]', '0.89')]
    """
    return open_sheet(where).read(trace, notation, skip_unknown, delta, unit)


def read_article(
    where: str | os.PathLike[str],
    trace: Trace,
    notation: str | None = None,
    delta: str | None = None,
    unit: str = "",
) -> Sheet:
    """Read the calculation out of an article's text; see `read_sheet`.

    What is no calculation is passed over and listed in the sheet's `unread`, names that
    nobody knows in its `skipped`.

    Raises:
        FileError: if no calculation stands in it.
    """
    found = replace(open_sheet(where), kind="text", article=True)
    return found.read(trace, notation, True, delta, unit)

"""Sheets as files: what kind one is, what it says of itself, and what it states.

`open_sheet` takes a path, ``-`` or a text; the `SheetFile` names its problem (so that one
file is enough) and is read against a trace of it.  Kinds: a table (CSV), a listing (YAML,
JSON), or lines of a calculation as people write them (text, LaTeX, Markdown with its tables).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tracer.errors import FileError
from tracer.files.faults import Faults, Place, Source
from tracer.files.input import read_bytes
from tracer.files.positions import LARGEST, Pairs, Tree, decoded, read_tree, source_of
from tracer.files.sheets.choosing import notation_of_names
from tracer.files.sheets.guessing import KINDS, front_matter, guessed, passed_over
from tracer.files.sheets.header import Header, read_header
from tracer.files.sheets.listing import read_listing
from tracer.files.sheets.naming import Naming, naming_of
from tracer.files.sheets.quick import quick_rows
from tracer.files.sheets.rows import Row
from tracer.files.sheets.stating import MOST_LISTED, Stating
from tracer.files.sheets.table import read_table
from tracer.model.answer import Sheet
from tracer.model.problem import Problem
from tracer.model.trace import Trace
from tracer.notation import Notation

_LONGEST_PATH = 1000


@dataclass(frozen=True)
class SheetFile:
    """A sheet that is opened but not yet read."""

    source: Source
    kind: str
    """``table``, ``listing`` or ``text``."""
    header: Header
    first: int
    """Index of its first line, behind the front matter."""
    tree: Tree | None
    folder: Path
    rows: list[Row] | None = None
    """The answers, where they could be read at once."""
    article: bool = False
    """Whether it is an article: prose with a calculation in it."""

    def problem(self) -> Problem | None:
        """The problem that the sheet names or carries, or None.

        Raises:
            FileError: if it cannot be read.
        """
        return self.header.solved(self.source, self.folder)

    def read(
        self,
        trace: Trace,
        notation: str | None = None,
        skip_unknown: bool = False,
        delta: str | None = None,
        unit: str = "",
    ) -> Sheet:
        """What the sheet states; see `read_sheet`."""
        chosen: str | Notation = notation or self.header.notation
        faults = Faults(self.source)
        answers = self._answers(faults)
        if self.kind == "text" and not chosen:
            from tracer.files.sheets.books import best_notation

            chosen = best_notation(self.source, self.first, trace, self._own())
        elif not chosen:
            texts = {name: row.value for row in answers if (name := row.key or row.name)}
            written = {name: text for name, text in texts.items() if isinstance(text, str)}
            chosen = notation_of_names(dict.fromkeys(texts, "") | written, trace, self._own())
        naming = naming_of(trace, chosen or trace.problem.notation, self._own())
        self._check_names(naming, faults)
        stating = Stating(naming, faults, skip_unknown, unit=unit)
        stating.turned = self._sign(delta, notation, trace) != trace.problem.conventions.delta
        stating.negated = frozenset(
            formula
            for name in self.header.negated
            if (formula := stating.meant(name.text, name)) is not None
        )
        unread = self._state(stating, answers)
        asked = self._asked(stating)
        stating.settle()
        faults.raise_any()
        if not stating.statements and not (stating.skipped and skip_unknown):
            self._tell_long_lines(faults)
            raise FileError(
                f"{self.source.name}: no answer stands in this sheet{_unknown(stating)}"
            )
        return Sheet(
            tuple(stating.statements),
            self.source.name,
            asked,
            unread,
            tuple(stating.skipped),
            isinstance(chosen, Notation),
        )

    def _tell_long_lines(self, faults: Faults) -> None:
        """Lines too long to be read may be why nothing was found."""
        from tracer.files.sheets.lines import LONGEST

        for number, line in enumerate(self.source.lines, 1):
            if len(line) > LONGEST:
                faults.add(Place(number, 1), f"a line may have {LONGEST} characters")
        faults.raise_any()

    def _answers(self, faults: Faults) -> list[Row]:
        """The rows of a table or a list; a text has none."""
        if self.kind == "table":
            return read_table(list(self.source.lines), self.first, faults)
        if self.rows is not None:
            return self.rows
        return read_listing(self.tree, faults) if self.tree is not None else []

    def _state(self, stating: Stating, answers: list[Row]) -> tuple[int, ...]:
        if self.kind == "text":
            from tracer.files.sheets.text import read_lines

            return read_lines(self.source, self.first, stating, self.article)
        stating.rows(answers)
        return ()

    def _own(self) -> dict[str, str]:
        return {name: key.text for name, key in self.header.names.items()}

    def _check_names(self, naming: Naming, faults: Faults) -> None:
        for name, key in self.header.names.items():
            meant = naming.canonical(key.text)
            if meant is None:
                faults.add(key.place, naming.unknown(key.text))
            elif naming.canonical(name) not in (None, meant):
                faults.add(key.place, f"'{name}' is the key of another quantity")

    def _sign(self, delta: str | None, notation: str | None, trace: Trace) -> str:
        """The sign of the sheet's deltas: as told, as declared, as its notation has it."""
        told = delta or self.header.delta
        named = notation or self.header.notation
        problem = trace.problem
        if not told and named and named != problem.notation:
            from tracer.notation import notation_of

            told = notation_of(problem, named).conventions.get("delta", "")
        return told or problem.conventions.delta

    def _asked(self, stating: Stating) -> tuple[str, ...]:
        from tracer.formula.nodes import Symbol

        found = []
        for name in self.header.asked:
            formula = stating.meant(name.text, name)
            if isinstance(formula, Symbol):
                found.append(formula.name)
            elif formula is not None:
                stating.faults.add(name.place, "what is asked for is a quantity, not a formula")
        return tuple(found)


def _unknown(stating: Stating) -> str:
    """Which names of a text that was passed over are not known, and what they may be."""
    names = list(stating.skipped)
    if not names:
        return ""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    listed = ", ".join(f"'{name[:40]}'" for name in names[:MOST_LISTED])
    return f"; not known to this problem: {listed}{more}{stating.proposal(names)}"


def open_sheet(where: str | os.PathLike[str]) -> SheetFile:
    """Open a sheet: a path, ``-``, or a text of several lines.

    Raises:
        FileError: if it cannot be read, or its front matter is at fault.
    """
    if isinstance(where, str) and ("\n" in where or len(where) > _LONGEST_PATH):
        name, text, folder = "<text>", where, Path()
        if len(text) > LARGEST:
            raise FileError(f"{name}: larger than 1 MiB; this is no sheet")
    else:
        name, data = read_bytes(where, LARGEST)
        text = decoded(data, name)
        folder = Path() if name == "<stdin>" else Path(where).parent
    source = source_of(name, text)
    if not source.text.strip():
        raise FileError(f"{name}: this sheet is empty")
    return _opened(source, folder)


def _opened(source: Source, folder: Path) -> SheetFile:
    faults = Faults(source)
    first, header, body = 0, Header(), source
    kind = KINDS.get(Path(source.name).suffix.casefold(), "")
    end = front_matter(source)
    if end:
        front = Source(source.name, "\n" + "\n".join(source.lines[1:end]))
        first = end + 1
        tree = read_tree(front)
        if isinstance(tree, Pairs):
            header = read_header(tree, faults, strict=kind not in ("", "text"))
        else:
            faults.add(Place(1, 1), "front matter is a table: problem: mazur.yaml")
        body = Source(source.name, "\n" * first + "\n".join(source.lines[first:]))
    while first < len(source.lines) and passed_over(source.lines[first]):
        first += 1
    if first >= len(source.lines):
        faults.raise_any()
        raise FileError(f"{source.name}: this sheet is empty")
    kind = kind or guessed(source.lines[first:])
    rows = quick_rows(source.text) if kind == "listing" and not end else None
    tree_of_body = read_tree(body) if kind == "listing" and rows is None else None
    if isinstance(tree_of_body, Pairs) and not end:
        header = read_header(tree_of_body, faults, strict=False)
    faults.raise_any()
    return SheetFile(source, kind, header, first, tree_of_body, folder, rows)

"""The console: its encoding, tables for people and for pipes, and a sign of life.

What is printed is UTF-8; a terminal that cannot show a character shows a question mark
instead.  Colour and frames appear on a terminal only (and NO_COLOR is obeyed).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from time import monotonic
from typing import Any

import click

from tracer.errors import printable

PATIENCE = 1.5
"""Seconds before a sign of life appears."""


def prepare() -> None:
    """Let standard output and error take any character; what is closed takes all and keeps none."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


def on_terminal() -> bool:
    """Whether a person sees standard output."""
    return sys.stdout.isatty()


def show_table(headers: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print a table: framed on a terminal, plain columns in a pipe."""
    if not on_terminal():
        for line in plain_table(headers, rows):
            click.echo(line)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    plain = bool(os.environ.get("NO_COLOR"))
    table = Table(title=title or None, header_style="" if plain else "bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def plain_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of text, two spaces apart.

    >>> plain_table(["key", "name"], [["w1[1,1]", "w5"]])
    ['key      name', 'w1[1,1]  w5']
    """
    lines = [list(headers), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headers))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


@contextmanager
def patience(what: str) -> Iterator[None]:
    """Say on the terminal what is being done, if it takes long; silent in a pipe."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def show() -> None:
        if done.wait(PATIENCE):
            return
        from rich.console import Console
        from rich.text import Text

        with Console(stderr=True).status(Text(printable(what))):
            done.wait()

    watcher = threading.Thread(target=show, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """What to call with the updates made and wanted: a bar, on a terminal and in long runs."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(what)
    try:
        yield bar.seen
    finally:
        bar.close()


class _Bar:
    """A progress bar that appears when patience ends."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.since = monotonic()
        self.shown: Any = None

    def seen(self, made: int, wanted: int) -> None:
        """Note how far the run has come."""
        if self.shown is None:
            if monotonic() - self.since < PATIENCE or made >= wanted:
                return
            from rich.console import Console
            from rich.markup import escape
            from rich.progress import Progress

            self.shown = Progress(console=Console(stderr=True), transient=True)
            self.shown.start()
            self.task = self.shown.add_task(escape(printable(self.what)), total=wanted)
        self.shown.update(self.task, completed=made)

    def close(self) -> None:
        """Take the bar away."""
        if self.shown is not None:
            self.shown.stop()

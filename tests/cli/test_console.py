"""The signs of life on a terminal: whatever a file is called, it is shown and does nothing."""

from __future__ import annotations

import io
import sys
import time

import pytest

from tracer.cli import console

HOSTILE = "training [/red] [link=file:///etc/passwd]x[/link] \x1b[2J.yaml"


class Terminal(io.StringIO):
    """Standard error, as a terminal."""

    def isatty(self) -> bool:
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal, and no patience."""
    found = Terminal()
    monkeypatch.setattr(sys, "stderr", found)
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    return found


def test_a_bar_shows_its_name_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brackets are no markup, and no control character reaches the terminal."""
    terminal = terminal_of(monkeypatch)
    with console.progress(HOSTILE) as seen:
        assert seen is not None
        seen(1, 10)
    assert "[/red] [link=file:///etc/passwd]x[/link] ?[2J.yaml" in terminal.getvalue()


def test_a_sign_of_life_shows_its_name_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, where nothing can be counted."""
    terminal = terminal_of(monkeypatch)
    with console.patience(HOSTILE):
        until = time.monotonic() + 20
        while "?[2J.yaml" not in terminal.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    assert "[/red] [link=file:///etc/passwd]x[/link] ?[2J.yaml" in terminal.getvalue()

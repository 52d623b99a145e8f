"""The errors that tracer raises on purpose.

Every one is a `TracerError` and also a `ValueError`, so that a program can catch
either.  Inner code raises the bare fact; the outer layers add where it happened
(file, line, column, or the quantity).  The command line prints them without a
traceback and exits with `exit_code`.
"""

from __future__ import annotations

from collections.abc import Iterable


class TracerError(ValueError):
    """Something that the user can mend; the message says what and where."""

    exit_code = 2


class FormulaError(TracerError):
    """A formula that the grammar does not allow.

    Attributes:
        column: position in the formula, counted from 0, or None.
        length: how many characters are at fault.
    """

    def __init__(self, message: str, column: int | None = None, length: int = 1) -> None:
        super().__init__(message)
        self.column = column
        self.length = length


class ProblemError(TracerError):
    """A problem that cannot be: wrong shapes, unknown names, contradictions.

    Attributes:
        path: where in the problem, e.g. ``("layers", 1, "weights")``; the file
            reader turns it into line and column.
    """

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


class FileError(TracerError):
    """One or several errors in a file, each with line, column and the line itself.

    Attributes:
        faults: (line, column, message) of each, counted from 1; empty where the file
            as a whole is at fault (it is not there, or too large).
    """

    def __init__(self, message: str, faults: Iterable[tuple[int, int, str]] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class CalculationError(TracerError):
    """A quantity that has no finite value: log of 0, division by 0, overflow.

    Attributes:
        key: the quantity whose line failed, once known.
    """

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class UnknownQuantity(TracerError, KeyError):
    """A key that the trace does not have; the message names the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ProofFailed(TracerError):
    """Two independent calculations of the same quantity disagree."""

    exit_code = 1


class MissingTool(TracerError):
    """A program or optional package that is needed and not installed."""

    exit_code = 3


def suggestion(word: str, known: Iterable[str]) -> str:
    """``"; did you mean 'sigmoid'?"`` for the nearest known word, or two as near, else ``""``.

    >>> suggestion("sigmod", ["tanh", "sigmoid"])
    "; did you mean 'sigmoid'?"
    >>> suggestion("xyz", ["tanh"])
    ''
    >>> suggestion("Adam", ["sgd", "adam"])
    "; did you mean 'adam'?"
    >>> suggestion("beta", ["rate", "beta1", "beta2"])
    "; did you mean 'beta1' or 'beta2'?"
    """
    alike = nearest(word, known)
    chosen = " or ".join(f"'{name}'" for name in alike)
    return f"; did you mean {chosen}?" if alike else ""


def printable(text: str, kept: str = "") -> str:
    """The text without control characters, so that a hostile name moves no cursor.

    Args:
        text: what is to be shown.
        kept: characters that stay as they are.

    >>> printable("no key '\\x1b[2J'\\tin a.yaml")
    "no key '?[2J' in a.yaml"
    """
    return "".join(c if c.isprintable() or c in kept else " " if c == "\t" else "?" for c in text)


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known word that is most like this one, or two that are as much; none that is like it.

    >>> nearest("beta", ["rate", "beta1", "beta2"])
    ['beta1', 'beta2']
    """
    from difflib import get_close_matches

    names = list(dict.fromkeys(known))
    near = [name for name in names if name.casefold() == word.casefold()]
    near = near or get_close_matches(word, names, n=2, cutoff=0.6)
    return sorted(name for name in near if _likeness(word, name) == _likeness(word, near[0]))


def _likeness(word: str, name: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, name, word).ratio()

"""Reading bytes from a file or from standard input, with every failure told in words.

Takes a path, or ``-``, and the most bytes that are wanted; gives one more where there are
more, so that the caller can refuse what is too large.  A folder that is a recorded run is
told with the commands that read it.  Read by the readers of problems, marking schemes,
numbers, sheets and runs.
"""

from __future__ import annotations

import os
import sys

from tracer.errors import FileError, suggestion

_MOST = 2000
"""Names in a folder among which the nearest one is looked for."""


def read_bytes(path: str | os.PathLike[str], most: int) -> tuple[str, bytes]:
    """The name for messages and the first `most` + 1 bytes of a file or standard input.

    Raises:
        FileError: if it cannot be read.
    """
    name = os.fspath(path)
    if name == "-":
        return "<stdin>", sys.stdin.buffer.read(most + 1)
    try:
        with open(path, "rb") as file:
            return name, file.read(most + 1)
    except FileNotFoundError:
        raise FileError(f"{name}: there is no such file{_beside(name)}") from None
    except IsADirectoryError:
        raise FileError(f"{name}: {_folder(name)}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: cannot be read ({reason})") from None


def _beside(name: str) -> str:
    """What is there instead of a file: the folder is not, or has one whose name is nearly this."""
    folder = os.path.dirname(name)
    if not os.path.isdir(folder or "."):
        return f", nor a folder {folder}"
    return suggestion(name, [os.path.join(folder, one) for one in _files(folder or ".")])


def _files(folder: str) -> list[str]:
    """The names of the files in a folder, those that can be seen, and not too many."""
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError:
        return []
    return [name for name in names[:_MOST] if os.path.isfile(os.path.join(folder, name))]


def _folder(name: str) -> str:
    """What a folder is that stands where a file is wanted."""
    if not os.path.isfile(os.path.join(name, "run.json")):
        inside = [one for one in _files(name) if one.endswith((".yaml", ".yml"))]
        meant = f"; did you mean '{os.path.join(name, inside[0])}'?" if len(inside) == 1 else ""
        return f"this is a folder, not a file{meant}"
    return (
        "this is a recorded run, not a problem; "
        f"'tracer solve {name} --update K' works one of its updates through, "
        f"'tracer plot {name}' draws it, 'tracer train {name} --updates N' lets it go on"
    )

"""Reading bytes from a file or from standard input, with every failure told in words.

Takes a path, or ``-``, and the most bytes that are wanted; gives one more where there are
more, so that the caller can refuse what is too large.  A folder that is a recorded run is
told with the commands that read it.  Read by the readers of problems, marking schemes,
numbers, sheets and runs.
"""

from __future__ import annotations

import os
import sys

from tracer.errors import FileError


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
        raise FileError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise FileError(f"{name}: {_folder(name)}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: cannot be read ({reason})") from None


def _folder(name: str) -> str:
    """What a folder is that stands where a file is wanted."""
    if not os.path.isfile(os.path.join(name, "run.json")):
        return "this is a folder, not a file"
    return (
        "this is a recorded run, not a problem; "
        f"'tracer solve {name} --update K' works one of its updates through, "
        f"'tracer plot {name}' draws it, 'tracer train {name} --updates N' lets it go on"
    )

"""Reading bytes from a file or from standard input, with every failure told in words."""

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
        raise FileError(f"{name}: this is a folder, not a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: cannot be read ({reason})") from None

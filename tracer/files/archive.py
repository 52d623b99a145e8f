"""NumPy's files from anybody's hands: arrays of numbers by name, and nothing run on the way.

An `.npz` file may swell when it is unpacked, promise arrays that it does not hold, hide a
pickle, or have a header that is none.  Takes a path and the most bytes that are wanted unpacked;
whatever NumPy makes of the rest is told in words.  Read by `numbers`, `runs` and the importers.
"""

from __future__ import annotations

import os
import zlib
from tokenize import TokenError
from typing import Any
from zipfile import BadZipFile

import numpy as np

from tracer.errors import FileError

FOREIGN = (
    *(OSError, ValueError, TypeError, EOFError, MemoryError, SyntaxError),
    *(NotImplementedError, RuntimeError, TokenError, BadZipFile, zlib.error),
)
"""What NumPy and zipfile raise on a file that neither of them wrote."""


def read_arrays(path: str | os.PathLike[str], most: int) -> dict[str, Any]:
    """The arrays of an `.npz` file.

    Args:
        path: the file.
        most: bytes that it may have unpacked.

    Raises:
        FileError: if it is no such file, is too large, or holds anything but arrays.
    """
    name = os.fspath(path)
    try:
        opened = np.load(path, mmap_mode="r", allow_pickle=False)
        if not hasattr(opened, "files"):
            raise FileError(f"{name}: is a single array; an .npz file of named ones is wanted")
        with opened as archive:
            if sum(item.file_size for item in archive.zip.infolist()) > most:
                raise FileError(f"{name}: is larger than {most >> 20} MiB when unpacked")
            return {key: archive[key] for key in archive.files}
    except FileNotFoundError:
        raise FileError(f"{name}: there is no such file") from None
    except FileError:
        raise
    except FOREIGN as error:
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise FileError(f"{name}: is no .npz file of numbers ({said})") from None

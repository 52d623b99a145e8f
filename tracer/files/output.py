"""Writing files: all or nothing, and never over something that is there.

Text goes into a new file in the same folder, which takes the wanted name only when it
is complete; ``-`` is standard output.  Always UTF-8 with ``\\n`` at line ends, so that
the same input gives the same bytes on every system.
"""

from __future__ import annotations

import os
import sys

from tracer.errors import FileError


def write_text(path: str | os.PathLike[str], text: str, force: bool = False) -> None:
    """Write a text to a file, completely or not at all.

    Args:
        path: the file, or ``-`` for standard output.
        text: what to write.
        force: replace a file that is there.

    Raises:
        FileError: if the file is there (without `force`), or cannot be written.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        name = os.fspath(path)
        raise FileError(f"{name}: the text is not Unicode ({error.reason})") from None
    write_bytes(path, data, force)


def write_bytes(path: str | os.PathLike[str], data: bytes, force: bool = False) -> None:
    """Write bytes (a picture) to a file, completely or not at all.

    Args:
        path: the file, or ``-`` for standard output.
        data: what to write.
        force: replace a file that is there.

    Raises:
        FileError: if the file is there (without `force`), or cannot be written.
    """
    name = os.fspath(path)
    if name == "-":
        try:
            _to_standard_output(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise FileError(f"standard output: cannot be written ({error.strerror})") from None
        return
    if os.path.isdir(name):
        raise FileError(f"{name}: this is a folder")
    special = os.path.exists(name) and not os.path.isfile(name)
    if os.path.lexists(name) and not special and not force:
        raise FileError(f"{name}: is there already; --force replaces it")
    try:
        if special:  # a device or a pipe takes the text; a file must never take its name
            _into(name, data)
        else:
            _replace(name, data, force)
    except FileExistsError:
        raise FileError(f"{name}: is there already; --force replaces it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: cannot be written ({reason})") from None


def _into(name: str, data: bytes) -> None:
    with open(name, "wb", buffering=0) as device:
        view = memoryview(data)
        while view:
            view = view[device.write(view) :]


def _replace(name: str, data: bytes, force: bool) -> None:
    import tempfile  # takes a while to import, and a page on the screen needs none

    target = os.path.realpath(name)
    folder, last = os.path.split(target)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{last[:50]}.", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        if force:
            os.replace(temporary, target)
        else:
            _claim(temporary, target)
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


def _claim(temporary: str, target: str) -> None:
    """Take the name unless somebody has taken it since we looked."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):  # a file system without links
        os.replace(temporary, target)
    else:
        os.unlink(temporary)


def _mode(target: str) -> int:
    """Permissions of the file that is replaced, or those that a new file gets."""
    try:
        return os.stat(target).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _to_standard_output(data: bytes) -> None:
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:  # replaced by something that takes text only
        sys.stdout.write(data.decode())
    else:
        sys.stdout.flush()
        stream.write(data)
    sys.stdout.flush()

"""Where a command's text goes: standard output, a file, or a folder.

A file is written completely or not at all and never over another one without
``--force``; a folder (a name that ends in ``/``) is made if need be.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from tracer.errors import FileError
from tracer.files.output import write_bytes, write_text

Command = TypeVar("Command", bound=Callable[..., Any])


def output_options(command: Command) -> Command:
    """Add ``-o`` and ``--force`` to a command."""
    force = click.option("--force", is_flag=True, help="Replace a file that is there.")
    output = click.option(
        "-o",
        "--output",
        metavar="FILE",
        type=click.Path(allow_dash=True),
        help="Write to FILE (to a folder if it ends in '/') instead of standard output.",
    )
    return output(force(command))


def is_folder(name: str) -> bool:
    """Whether an output is meant as a folder."""
    return name.endswith(("/", os.sep)) or (name != "-" and Path(name).is_dir())


def target(output: str | None, name: str) -> Path | None:
    """The file to write, or None for standard output.

    Args:
        output: what the person said.
        name: the file's name inside a folder.
    """
    if output is None or output == "-":
        return None
    return Path(output) / name if is_folder(output) else Path(output)


OTHERS = {
    *(".csv", ".docx", ".gif", ".htm", ".html", ".ipynb", ".jpeg", ".jpg", ".json", ".md"),
    *(".odt", ".pdf", ".png", ".svg", ".tex", ".typ"),
}
"""Endings that promise a format: none of them is given to a file of another one."""


def format_of(
    chosen: str | None, output: str | None, endings: Mapping[str, str], usual: str
) -> str:
    """The format that is asked for by name, else by how the name of the file ends.

    Args:
        chosen: what the person said.
        output: the file, if one is named.
        endings: how the files of each format end.
        usual: the format where nothing says another one.

    Raises:
        UsageError: at an ending that promises what the command does not make.

    >>> format_of(None, "loss.SVG", {"csv": ".csv", "svg": ".svg"}, "csv")
    'svg'
    """
    if chosen or output is None or output == "-" or is_folder(output):
        return chosen or usual
    ending = Path(output).suffix.lower()
    formats = {ending: name for name, ending in endings.items()}
    if ending in OTHERS and ending not in formats:
        known = ", ".join(sorted(formats))
        raise click.UsageError(f"no file that ends in {ending} is made here, but {known}")
    return formats.get(ending, usual)


def deliver(text: str, output: str | None, name: str, force: bool = False) -> None:
    """Write a text where the person wants it.

    Args:
        text: what to write.
        output: a file, a folder, ``-``, or None.
        name: the file's name inside a folder.
        force: replace a file that is there.

    Raises:
        FileError: if it cannot be written, or is there already.
    """
    path = target(output, name)
    if path is None:
        emit(text)
        return
    save(path, text, force)


def save(path: Path, content: str | bytes, force: bool = False) -> None:
    """Write a file, making its folder if that was named as one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{path.parent}: cannot be made ({error.strerror})") from None
    if isinstance(content, bytes):
        write_bytes(path, content, force)
    else:
        write_text(path, content, force)
    if sys.stderr.isatty():
        click.echo(f"wrote {path}", err=True)


def add_style(output: str | None) -> None:
    """In a folder that gets a LaTeX fragment, put the style that it needs, if none is there."""
    if output is None or not is_folder(output):
        return
    from tracer.rendering.templating import packaged_folder

    style, path = packaged_folder() / "latex" / "tracer.sty", Path(output) / "tracer.sty"
    if style.is_file() and not path.exists():
        save(path, style.read_text(encoding="utf-8"))


def emit(text: str) -> None:
    """Write to standard output: UTF-8 bytes, or what the terminal can show of them."""
    if sys.stdout.isatty():
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    else:
        write_text("-", text if text.endswith("\n") else text + "\n")


def stem(problem: str) -> str:
    """The name of what is made of a problem file, without its suffix."""
    return "problem" if problem == "-" else Path(problem).stem

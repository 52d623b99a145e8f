"""``tracer templates``: list the templates of the pages, show one, copy them to change them.

Three commands on the folder of packaged templates: the list, the text of one, and a copy
of some or all, which ``--templates`` then puts before the packaged ones.  Read by the group
of commands.
"""

from __future__ import annotations

from pathlib import Path

import click

from tracer.cli.output import emit, save
from tracer.errors import FileError, TracerError, suggestion

_EXAMPLES = """\b
Examples:
  tracer templates list
  tracer templates show markdown/page.md
  tracer templates copy mine/ markdown     copy the Markdown templates
  tracer templates copy markdown -o mine/  the same
  tracer solve problem.yaml --templates mine/

\b
A template of yours is used instead of the one of the same name; it can build on it:
  <% extends "packaged/markdown/page.md" %>
"""


@click.group(epilog=_EXAMPLES, short_help="Page templates: list, show, copy to change them.")
def templates() -> None:
    """The templates from which pages are made, and the sentences that they use."""


@templates.command("list", short_help="The templates there are.")
def list_them() -> None:
    """List every template."""
    for name in _names():
        click.echo(name)


@templates.command(short_help="Print a template.")
@click.argument("name")
def show(name: str) -> None:
    """Print the template NAME."""
    known = _names()
    if name not in known:
        raise TracerError(f"there is no template '{name}'{suggestion(name, known)}")
    emit((_folder() / name).read_text(encoding="utf-8"))


@templates.command(short_help="Copy templates into a folder of yours.")
@click.argument("words", metavar="FOLDER [NAMES]...", nargs=-1)
@click.option(
    "-o", "--output", metavar="FOLDER", type=click.Path(), help="The folder; then all are NAMES."
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
def copy(words: tuple[str, ...], output: str | None, force: bool) -> None:
    """Copy templates into FOLDER: all, or those with NAMES (a template, or a folder of
    templates such as markdown).
    """
    if output is None and not words:
        raise click.UsageError("the folder is missing: tracer templates copy mine/ markdown")
    folder, names = (words[0], words[1:]) if output is None else (output, words)
    if folder == "-" or Path(folder).is_file():
        raise click.BadParameter(f"'{folder}' is no folder")
    known = _names()
    chosen = [name for name in known if not names or _is_named(name, names)]
    for wanted in names:
        if not any(_is_named(name, (wanted,)) for name in known):
            folders = {name.partition("/")[0] for name in known}
            hint = suggestion(wanted, [*known, *folders])
            raise TracerError(f"there is no template '{wanted}'{hint}")
    there = [name for name in chosen if (Path(folder) / name).exists()]
    if there and not force:
        raise FileError(f"{Path(folder) / there[0]}: is there already; --force replaces it")
    for name in chosen:
        save(Path(folder) / name, (_folder() / name).read_text(encoding="utf-8"), force)
    click.echo(f"Now: tracer solve PROBLEM --templates {folder}", err=True)


def _is_named(name: str, wanted: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(one.rstrip("/\\") + "/") for one in wanted)


def _folder() -> Path:
    from tracer.rendering.templating import packaged_folder

    return packaged_folder()


def _names() -> list[str]:
    folder = _folder()
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths)

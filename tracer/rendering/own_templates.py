"""What a template of the user's own gets wrong without Jinja's noticing.

A block that the extended template does not have is never printed, and a folder in which no
template has the name of one of tracer's changes nothing: both would be silent.  Takes the
environment and a template's name; raises in words what is wrong, with the nearest right name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracer.errors import TracerError, suggestion

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.nodes import Template


def check_blocks(environment: Environment, template: str) -> None:
    """Refuse a block that is in none of the templates on which a template builds.

    Raises:
        TracerError: naming the template, the line and the nearest block.
    """
    from jinja2.nodes import Block

    pages = list(_lineage(environment, template))
    for place, (_, page) in enumerate(pages[:-1]):
        name, (builds_on, _) = pages[place][0], pages[place + 1]
        known = [block.name for _, above in pages[place + 1 :] for block in above.find_all(Block)]
        for block in page.body:
            if isinstance(block, Block) and block.name not in known:
                raise TracerError(
                    f"template {name}:{block.lineno}: '{builds_on}' has no block '{block.name}'"
                    f"{suggestion(block.name, known)}"
                )


def _lineage(environment: Environment, template: str) -> Iterator[tuple[str, Template]]:
    """A template and those on which it builds, as far as their names are written out."""
    from jinja2.nodes import Const, Extends

    seen: set[str] = set()
    while template not in seen:
        seen.add(template)
        assert environment.loader is not None
        page = environment.parse(environment.loader.get_source(environment, template)[0])
        yield template, page
        for extended in page.find_all(Extends):
            if isinstance(extended.template, Const):
                template = str(extended.template.value)


def check_folder(folder: Path, packaged: Path) -> None:
    """Refuse a folder in which nothing has a name that tracer looks for.

    Raises:
        TracerError: with the name under which a file of the folder would be found.
    """
    names = sorted(path.relative_to(packaged).as_posix() for path in packaged.rglob("*.*"))
    if (folder / "prose").is_dir() or any((folder / name).is_file() for name in names):
        return
    hint = "'tracer templates list' names them all"
    for name in names:
        bare = name.rpartition("/")[2]
        if (folder / bare).is_file():
            hint = f"its {bare} would be found as {name}; {hint}"
            break
    raise TracerError(f"{folder}: no file in it has the name of a template of tracer; {hint}")


def known_in(thing: Any) -> list[str]:
    """What a template can ask of a thing: its entries, or its fields and properties."""
    if isinstance(thing, Mapping):
        return sorted(map(str, thing))
    return [name for name in dir(thing) if not name.startswith("_")]

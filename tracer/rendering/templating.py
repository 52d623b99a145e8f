"""The templates: where they are found, and the environment in which they run.

A user's folder is searched first, then the templates of the package: inside it (an
installed wheel) or beside it (an editable install).  A user's template can build on the
one it replaces: ``<% extends "packaged/markdown/page.md" %>``.  Templates run in `sandbox`, and
what goes wrong there is told with the template and its line.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracer.errors import TracerError, suggestion
from tracer.rendering.own_templates import check_blocks, check_folder

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

PACKAGED = "packaged/"
"""Before a template's name: the one that comes with the package, whatever the user has."""


@lru_cache(maxsize=1)
def packaged_folder() -> Path:
    """The folder of the templates that come with the package.

    Raises:
        TracerError: if the installation is incomplete.
    """
    from importlib.resources import files

    package = Path(str(files("tracer")))
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "prose").is_dir():
            return folder
    raise TracerError("the templates of tracer are not installed")


def fill(template: str, facts: dict[str, Any], folder: str = "") -> str:
    """The template with the facts put in.

    Args:
        template: its name, such as ``markdown/page.md``.
        facts: what it may use.
        folder: the user's own templates, searched first.

    Raises:
        TracerError: where a template cannot be read, uses something that is not there,
            reaches for what the sandbox forbids, or grows without end.
    """
    from jinja2 import TemplateError, TemplateNotFound

    try:
        known = environment(folder)
        page = known.get_template(template)
        if folder:
            check_blocks(known, template)
        return page.render(facts)
    except TemplateNotFound as error:
        there = environment(folder).list_templates()
        raise TracerError(
            f"template {template}: there is no template '{error.name}'"
            f"{suggestion(str(error.name), there)}"
        ) from None
    except TemplateError as error:
        name, line = _place(error, template, folder)
        if found := getattr(error, "lineno", None):
            name, line = getattr(error, "name", None) or template, found
        where = f"{name}{f':{line}' if line else ''}"
        what = error.message or type(error).__name__
        raise TracerError(f"template {where}: {what}") from None
    except RecursionError:
        raise TracerError(
            f"template {template}: it is nested too deeply, or extends or includes itself; the "
            f'one that it replaces is "{PACKAGED}{template}"'
        ) from None
    except (OverflowError, MemoryError) as error:
        raise TracerError(f"template {template}: {error or 'too large'}") from None


def _place(error: BaseException, template: str, folder: str) -> tuple[str, int | None]:
    """The template, and its line, in which an error came up while it was filled."""
    line, trace = None, error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        for place in (Path(folder) if folder else packaged_folder(), packaged_folder()):
            if file.is_relative_to(place) and file.suffix != ".py":
                template, line = file.relative_to(place).as_posix(), trace.tb_lineno
                break
        trace = trace.tb_next
    return template, line


@lru_cache(maxsize=8)
def environment(folder: str = "") -> ImmutableSandboxedEnvironment:
    """The environment that finds a user's templates first, then those of the package."""
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

    from tracer.rendering.sandbox import sandbox

    if folder:
        check_folder(Path(folder), packaged_folder())
    packaged = FileSystemLoader(packaged_folder())
    own = [FileSystemLoader(folder)] if folder else []
    again = PrefixLoader({PACKAGED.rstrip("/"): packaged})
    return sandbox(ChoiceLoader([*own, packaged, again]))

"""The templates: where they are found, and the environment in which they run.

A user's folder is searched first, then the templates of the package: inside it (an
installed wheel) or beside it (an editable install).  A user's template can build on the
one it replaces: ``<% extends "packaged/markdown/page.md" %>``.  Templates run in Jinja's
sandbox, and a name that is not there is an error.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracer.errors import TracerError

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
            or reaches for what the sandbox forbids.
    """
    from jinja2 import TemplateError

    try:
        return environment(folder).get_template(template).render(facts)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f"{getattr(error, 'name', None) or template}{f':{line}' if line else ''}"
        what = error.message or type(error).__name__
        raise TracerError(f"template {where}: {what}") from None


@lru_cache(maxsize=8)
def environment(folder: str = "") -> ImmutableSandboxedEnvironment:
    """Jinja's environment: one family of delimiters for every format."""
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    packaged = FileSystemLoader(packaged_folder())
    own = [FileSystemLoader(folder)] if folder else []
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*own, packaged, PrefixLoader({PACKAGED.rstrip("/"): packaged})]),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
    )

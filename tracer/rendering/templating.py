"""The templates: where they are found, and the environment in which they run.

A user's folder is searched first, then the templates of the package: inside it (an
installed wheel) or beside it (an editable install).  A user's template can build on the
one it replaces: ``<% extends "packaged/markdown/page.md" %>``.  Templates run in Jinja's
sandbox, and a name that is not there is an error.  They place and do not calculate: what
they multiply or raise to a power stays small.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracer.errors import TracerError, suggestion
from tracer.rendering.own_templates import check_blocks, check_folder, known_in

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

PACKAGED = "packaged/"
"""Before a template's name: the one that comes with the package, whatever the user has."""
_LARGEST = 10_000
"""What a template may multiply: far more than the columns of any table."""
_HIGHEST = 8
"""The highest power that a template may raise to."""


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
    """Jinja's environment: one family of delimiters for every format."""
    from jinja2 import (
        ChoiceLoader,
        FileSystemLoader,
        PrefixLoader,
        StrictUndefined,
        TemplateRuntimeError,
        UndefinedError,
    )
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.utils import missing

    class Placing(ImmutableSandboxedEnvironment):
        """The sandbox, in which nothing is made large."""

        intercepted_binops = frozenset(("*", "**"))

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            sizes = [one if isinstance(one, int | float) else len(one) for one in (left, right)]
            if max(map(abs, sizes)) > _LARGEST:
                raise OverflowError(f"numbers in templates go up to {_LARGEST:,}")
            if operator == "**" and abs(sizes[1]) > _HIGHEST:
                raise OverflowError(f"powers in templates go up to {_HIGHEST}")
            return super().call_binop(context, operator, left, right)

    class Missing(StrictUndefined):
        """What is not there, with the nearest word that is."""

        def __init__(
            self,
            hint: str | None = None,
            obj: Any = missing,
            name: str | None = None,
            exc: type[TemplateRuntimeError] = UndefinedError,
        ) -> None:
            if hint is None and obj is not missing and isinstance(name, str):
                near = suggestion(name, known_in(obj))
                hint = f"there is no '{name}' in '{type(obj).__name__.lower()}'{near}"
            super().__init__(hint, obj, name, exc)

    if folder:
        check_folder(Path(folder), packaged_folder())
    packaged = FileSystemLoader(packaged_folder())
    own = [FileSystemLoader(folder)] if folder else []
    return Placing(
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
        undefined=Missing,
        autoescape=False,
    )

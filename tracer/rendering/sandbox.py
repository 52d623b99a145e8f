"""The environment in which templates run: they place, and neither reach out nor grow.

A template may come from anybody.  It runs in Jinja's sandbox, cannot change what it is given,
and asks for no number, width or count beyond `LARGEST`; a name that is not there is an error
that tells the nearest one.  Takes a loader, gives the environment.  Read by `templating`, once
a page is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateRuntimeError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from tracer.errors import suggestion
from tracer.rendering.own_templates import known_in

LARGEST = 10_000
"""What a template may multiply, or ask for: far more than the columns of any table."""
HIGHEST = 8
"""The highest power that a template may raise to."""
_CHANGING = ("random", "pprint")
"""Filters that give another page each time, or show what a page is made of inside."""
_WIDE = re.compile(r"%[-+ #0]*(?:\d*\.)?(?:\d{5}|\*)")
"""In a pattern of numbers: a width beyond `LARGEST`, or one that is told elsewhere."""


class Placing(ImmutableSandboxedEnvironment):
    """The sandbox, in which nothing is made large."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A product, a power or a remainder of small numbers."""
        if operator == "%" and isinstance(left, str):
            _check_pattern(left)
            return super().call_binop(context, operator, left, right)
        sizes = [one if isinstance(one, int | float) else len(one) for one in (left, right)]
        if max(map(abs, sizes)) > LARGEST:
            raise OverflowError(f"numbers in templates go up to {LARGEST:,}")
        if operator == "**" and abs(sizes[1]) > HIGHEST:
            raise OverflowError(f"powers in templates go up to {HIGHEST}")
        return super().call_binop(context, operator, left, right)

    def call(self, *told: Any, **named: Any) -> Any:
        """A call with small numbers."""
        _check_numbers(told, named)
        return super().call(*told, **named)

    def wrap_str_format(self, value: Any) -> None:
        """Nothing stands for a text's own ``format``."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read this; texts are put together by filters."""
        writing = isinstance(obj, str) and attr in ("format", "format_map")
        return not writing and super().is_safe_attribute(obj, attr, value)


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


def sandbox(loader: BaseLoader) -> Placing:
    """The environment of all templates: one family of delimiters for every format."""
    found = Placing(
        loader=loader,
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
    found.globals.pop("lipsum")
    found.filters = {
        name: _bounded(name, one) for name, one in found.filters.items() if name not in _CHANGING
    }
    return found


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that takes small numbers alone."""

    @wraps(function)
    def called(*told: Any, **named: Any) -> Any:
        _check_numbers(told, named)
        if name == "format":
            _check_pattern(told[0])
        return function(*told, **named)

    return called


def _check_numbers(told: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    for one in (*told, *named.values()):
        if isinstance(one, int | float) and abs(one) > LARGEST:
            raise OverflowError(f"numbers in templates go up to {LARGEST:,}")


def _check_pattern(text: object) -> None:
    if _WIDE.search(str(text)):
        raise OverflowError(f"widths in templates go up to {LARGEST:,}")

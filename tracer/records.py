"""Frozen dataclasses whose methods are written when they are first used.

The standard library's ``dataclass(frozen=True)`` writes and compiles six methods of each
class at once: a third of a millisecond a class, a quarter of the time of a whole small
problem, for methods of which most are never called.  Here a class gets the same fields
and the same behaviour, but `__init__` is written at its first use, and what needs no
source of its own is not compiled at all.  Read by every module that declares something
frozen; type checkers see the standard decorator.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from dataclasses import dataclass as plain_dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(kind: type | None = None, /, *, eq: bool = True, **options: bool) -> Any:
        """``dataclass(frozen=True, ...)``; any other dataclass is the standard library's.

        >>> @dataclass(frozen=True, slots=True)
        ... class Point:
        ...     x: int
        ...     y: int = 0
        >>> Point(1), Point(1) == Point(1, 0), {Point(2): "found"}[Point(2)]
        (Point(x=1, y=0), True, 'found')
        >>> Point(1).x = 2
        Traceback (most recent call last):
        dataclasses.FrozenInstanceError: cannot assign to field 'x'
        """

        def made(kind: type) -> type:
            frozen = options.pop("frozen", False)
            if not frozen or options.keys() - {"slots"}:
                return plain_dataclass(eq=eq, frozen=frozen, **options)(kind)
            return _frozen(kind, eq, options.get("slots", False))

        return made if kind is None else made(kind)


class _Later:
    """A method of a class that is written when it is first looked up."""

    __slots__ = ("name", "owner", "write")

    def __init__(self, owner: type, name: str, write: Callable[[type], Any]) -> None:
        self.owner = owner
        self.name = name
        self.write = write

    def __get__(self, instance: object, kind: type | None = None) -> Any:
        method = self.write(self.owner)
        method.__name__ = self.name
        method.__qualname__ = f"{self.owner.__qualname__}.{self.name}"
        setattr(self.owner, self.name, method)
        return method if instance is None else method.__get__(instance)


def _frozen(kind: type, eq: bool, slots: bool) -> Any:
    """The class with its fields, frozen; what it defines itself stays."""
    own = set(kind.__dict__)
    hashed = "__hash__" in own and not (kind.__dict__["__hash__"] is None and "__eq__" in own)
    # no method is asked of the standard library, so that it compiles nothing
    made: Any = plain_dataclass(init=False, repr=False, eq=False, slots=slots)(kind)
    later: dict[str, Callable[[type], Any]] = {"__init__": _init}
    if eq:
        later |= {"__eq__": _eq} | ({} if hashed else {"__hash__": _hash})
    shared: dict[str, Any] = {"__repr__": _repr}
    if slots:
        shared |= {"__getstate__": _state, "__setstate__": _restore}
    for name, method in shared.items():
        if name not in own:
            setattr(made, name, method)
    for name, write in later.items():
        if name not in own or name == "__hash__":
            setattr(made, name, _Later(made, name, write))
    made.__setattr__ = _set_nothing
    made.__delattr__ = _delete_nothing
    return made


# --- what is written for each class -----------------------------------------------------


def _init(kind: type) -> Any:
    """``__init__``: one parameter a field, in order; keyword-only ones last."""
    every = fields(kind)
    used: dict[str, Any] = {"_put": object.__setattr__, "_MISSING": MISSING}
    asked = [field for field in every if field.init]
    ordered = [field for field in asked if not field.kw_only]
    named = [field for field in asked if field.kw_only]
    parameters = ["self", *(_parameter(field, used) for field in ordered)]
    parameters += ["*", *(_parameter(field, used) for field in named)] if named else []
    body = [_put(field, used) for field in every]
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    made = _written(kind, f"__init__({', '.join(parameters)})", [*filter(None, body)], used)
    made.__annotations__ = {field.name: field.type for field in asked} | {"return": None}
    return made


def _parameter(field: Field[Any], used: dict[str, Any]) -> str:
    """A field among the parameters; its default goes among the names that are `used`."""
    if field.default is not MISSING:
        used[f"_default_{field.name}"] = field.default
        return f"{field.name}=_default_{field.name}"
    return field.name if field.default_factory is MISSING else f"{field.name}=_MISSING"


def _put(field: Field[Any], used: dict[str, Any]) -> str:
    """The statement that sets a field; empty where only `__post_init__` does."""
    value = field.name
    if field.default_factory is not MISSING:
        used[f"_make_{field.name}"] = field.default_factory
        value = f"_make_{field.name}()"
        value = f"{value} if {field.name} is _MISSING else {field.name}" if field.init else value
    elif not field.init:
        return ""
    return f"_put(self, {field.name!r}, {value})"


def _eq(kind: type) -> Any:
    values = _values([field.name for field in fields(kind) if field.compare])

    def equal(self: Any, other: Any) -> Any:
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    return equal


def _hash(kind: type) -> Any:
    values = _values(
        [
            field.name
            for field in fields(kind)
            if (field.compare if field.hash is None else field.hash)
        ]
    )

    def hashed(self: Any) -> int:
        return hash(values(self))

    return hashed


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of these fields as a tuple."""
    get: Any = attrgetter(*names) if names else None
    if len(names) > 1:
        return get  # type: ignore[no-any-return]
    return (lambda self: (get(self),)) if names else (lambda self: ())


def _written(kind: type, head: str, body: list[str], used: dict[str, Any]) -> Any:
    """A method from source in which nothing stands but the names of a class's own fields.

    They are identifiers of our modules; defaults come in as values, never as text.
    """
    lines = [f"def write({', '.join(used)}):", f"  def {head}:"]
    lines += [f"    {line}" for line in body or ["pass"]]
    found: dict[str, Any] = {}
    exec("\n".join([*lines, f"  return {head.partition('(')[0]}"]), _globals(kind), found)
    return found["write"](**used)


def _globals(kind: type) -> dict[str, Any]:
    """The names of the class's module, by which its annotations are understood."""
    module = sys.modules.get(kind.__module__)
    return vars(module) if module else {}


# --- what all classes share -------------------------------------------------------------


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _set_nothing(self: Any, name: str, value: object) -> None:
    if _is_kept(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _delete_nothing(self: Any, name: str) -> None:
    if _is_kept(self, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def _is_kept(self: Any, name: str) -> bool:
    """A plain class that inherits may have attributes of its own besides the fields."""
    return "__dataclass_fields__" in vars(type(self)) or name in self.__dataclass_fields__


def _state(self: Any) -> list[Any]:
    """For copies and pickles, which could not set the attributes."""
    return [getattr(self, field.name) for field in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)

"""Tables whose rows are made when they are asked for.

What there is and in which order, is known at once; the file of a row is imported when
somebody wants that row, so that a small problem does not pay for all the functions and
layers that it does not have.  Read by the tables of this room and by `definitions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


class Rows(Mapping[str, T]):
    """Names in order, and what makes the row of a name at its first use.

    Args:
        names: all that there may be.
        make: gives the row of a name; None: there is none.

    >>> squares = Rows(("one", "two"), lambda name: len(name) ** 2)
    >>> squares["two"], list(squares), "three" in squares
    (9, ['one', 'two'], False)
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], T | None]) -> None:
        self.names = dict.fromkeys(names)
        """All that there may be, in order."""
        self._make = make
        self.known: dict[str, T] = {}
        """The rows that somebody has asked for."""

    def __getitem__(self, name: str) -> T:
        try:
            return self.known[name]
        except KeyError:
            row = self._make(name) if name in self.names else None
            if row is None:
                raise KeyError(name) from None
            return self.known.setdefault(name, row)

    def __contains__(self, name: object) -> bool:
        return self.get(name) is not None  # type: ignore[call-overload]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.names if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(name in self for name in self.names)

    def __or__(self, others: Mapping[str, T]) -> Rows[T]:
        """These rows, and others, which count where both have one."""
        return Rows(
            (*self.names, *others),
            lambda name: others[name] if name in others else self.get(name),
        )

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """What is copied or sent elsewhere is the dictionary of all rows."""
        return dict, (dict(self),)


class Table(Rows[T]):
    """A table of one folder: by name, the module and the name of what it holds.

    Args:
        package: the folder; its rows are its modules' constants.
        rows: ``"module:CONSTANT"`` for each name.
    """

    def __init__(self, package: str, rows: Mapping[str, str]) -> None:
        def imported(name: str) -> T:
            module, _, constant = rows[name].partition(":")
            row: T = getattr(import_module(f"{package}.{module}"), constant)
            return row

        super().__init__(rows, imported)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

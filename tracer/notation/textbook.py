"""A textbook's file, read and checked: the forms of names, and the book's assumptions.

A file has its title and source, the form of each name, and the defaults of the
conventions and of the granularity that come with the book.  `loading` finds and caches the
files; `names` turns a textbook's forms into the names of one problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tracer.errors import ProblemError, suggestion
from tracer.model.conventions import Conventions, Steps, checked
from tracer.notation.name import Name
from tracer.notation.patterns import Form, checked_pattern

NAMES = ("x", "y", "z", "a", "w", "b", "delta", "error", "loss", "loss_sample", "loss_term",
         "rate", "m")  # fmt: skip
ARRAYS = ("x", "y", "z", "a", "w", "b", "delta", "error", "loss_term")
CHOICES: dict[str, tuple[str, ...]] = {
    "first_layer": ("0", "1"),
    "rows": ("features", "samples"),
    "weights": ("to,from", "from,to"),
    "written": ("gradient", "delta"),
    "derivative": ("fraction", "d", ".grad"),
}
_TEXTS = ("title", "source", "about", "sample")
_TABLES = ("conventions", "steps", "marks", "functions", "names", "arrays")


class NotationFaults(ProblemError):
    """Everything that is wrong in a notation's file.

    Attributes:
        faults: each with its place in the file as `path`.
    """

    def __init__(self, faults: Iterable[ProblemError]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)), ("notation",))


class Faults:
    """The errors of a file, gathered while the rest of it is read."""

    def __init__(self) -> None:
        self.found: list[ProblemError] = []

    def attempt(self, read: Callable[..., Any], *told: Any) -> Any:
        """What `read` gives, or None and one more error."""
        try:
            return read(*told)
        except ProblemError as error:
            self.found.append(error)
            return None

    def tell(self) -> None:
        """Raise what was gathered, if anything was."""
        if self.found:
            raise NotationFaults(self.found)


@dataclass(frozen=True, eq=False)
class Textbook:
    """How one textbook writes things, and what it assumes."""

    id: str
    """``mazur``, or the name of the user's file."""
    title: str
    source: str
    about: str
    rows: str
    """Matrix form: ``features`` (a sample is a column) or ``samples`` (a sample is a row)."""
    weights: str
    """A weight matrix's rows and columns: ``to,from`` or ``from,to``."""
    written: str
    """Where the book puts the 1/m of a mean: ``gradient`` or ``delta``."""
    conventions: dict[str, str]
    """Defaults of the problem's conventions."""
    steps: dict[str, str]
    """Defaults of the problem's granularity."""
    first_layer: int
    """The number of the input layer."""
    derivative: str
    """``fraction`` (a fraction of partial derivatives), ``d`` (dW) or ``.grad``."""
    sample: str
    """The mark of a sample, where a form does not place it itself."""
    marks: Mapping[str, tuple[str, ...]]
    """Marks after one update, two, ...; the last serves all that follow."""
    functions: Mapping[str, str]
    """The book's own letters for functions."""
    names: Mapping[str, Form | None]
    """The form of each role; None: written as a derivative."""
    arrays: Mapping[str, Form | None]
    """The same for whole arrays."""

    def function(self, name: str) -> Name | None:
        """The book's own letter for a function, if it has one."""
        return Name(self.functions[name]) if name in self.functions else None

    @classmethod
    def build(cls, name: str, content: dict[str, Any], parent: Textbook | None = None) -> Self:
        """A textbook from what its file says, the rest from `parent`.

        Raises:
            NotationFaults: at unknown words and values, all of them.
        """
        faults = Faults()
        content = {k: v for k, v in content.items() if faults.attempt(_check_word, k, v)}
        tables = {word: content.pop(word, {}) for word in _TABLES}
        inherited = {word: getattr(parent, word) for word in (*_TEXTS, *CHOICES)} if parent else {}
        inherited.pop("title", None)
        fields: dict[str, Any] = {"title": name, "source": "", "about": "", **inherited, **content}
        for word in ("conventions", "steps", "functions"):
            fields[word] = {**(getattr(parent, word) if parent else {}), **tables[word]}
        faults.attempt(checked_pattern, content.get("sample", ""), ("sample",))
        for function, letter in tables["functions"].items():
            faults.attempt(checked_pattern, letter, ("functions", function))
        marks = {kind: faults.attempt(_marks, kind, told) for kind, told in tables["marks"].items()}
        fields["marks"] = {**(parent.marks if parent else {}), **marks}
        for word, roles in (("names", NAMES), ("arrays", ARRAYS)):
            own = {
                role: faults.attempt(_form, role, value, (word, role), roles)
                for role, value in tables[word].items()
            }
            fields[word] = {**(getattr(parent, word) if parent else {}), **own}
        for word, kind in (("conventions", Conventions), ("steps", Steps)):
            for choice, value in fields[word].items():
                faults.attempt(_check_choice, kind, (word, choice), value)
        faults.tell()
        return cls(id=name, **{**fields, "first_layer": int(fields["first_layer"])})


def _check_word(word: str, value: Any) -> bool:
    """Whether a word of the file and what it says are known; anything else is raised."""
    allowed = (*_TEXTS, *_TABLES, *CHOICES)
    if word not in allowed:
        raise ProblemError(f"unknown word '{word}'{suggestion(str(word), allowed)}", (word,))
    if word in _TABLES and not isinstance(value, dict):
        raise ProblemError(f"{word} is a table", (word,))
    if word in _TEXTS and not isinstance(value, str):
        raise ProblemError(f"{word} is a text", (word,))
    if word in CHOICES and value not in CHOICES[word]:
        raise ProblemError(f"{word} is one of {', '.join(CHOICES[word])}", (word,))
    return True


def _form(
    role: str, value: Any, path: tuple[str | int, ...], roles: tuple[str, ...]
) -> Form | None:
    if role not in roles:
        raise ProblemError(f"there is no role '{role}'{suggestion(role, roles)}", path)
    if value == "derivative":
        return None
    if not isinstance(value, dict) or not value.get("base"):
        raise ProblemError("a name has at least a base", path)
    return Form.read(value, path)


def _marks(kind: str, value: Any) -> tuple[str, ...]:
    """Marks after one update, two, ...; no two of them may be alike."""
    path = ("marks", kind)
    if kind not in ("parameter", "other") or not isinstance(value, list) or not value:
        raise ProblemError("marks has two lists: parameter, other", path)
    found = tuple(checked_pattern(mark, path) for mark in value)
    if "{update}" not in found[-1] or len(set(found)) < len(found):
        raise ProblemError("marks differ, and the last one contains {update}", path)
    return found


def _check_choice(kind: type[Conventions] | type[Steps], path: tuple[str, str], value: Any) -> None:
    """Whether there is such a convention, or granularity, and such a value of it."""
    word, known = path[-1], tuple(kind.__dataclass_fields__)
    if word not in known:
        raise ProblemError(f"unknown choice '{word}'{suggestion(word, known)}", path)
    try:
        checked(kind(**{word: value}))
    except ProblemError as error:
        raise ProblemError(str(error), path) from None

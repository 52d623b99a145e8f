"""A textbook's file, read and checked: the forms of names, and the book's assumptions.

A file has its title and source, the form of each name, and the defaults of the
conventions and of the granularity that come with the book.  `loading` finds and caches the
files; `names` turns a textbook's forms into the names of one problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tracer.errors import FileError, ProblemError, suggestion
from tracer.model.conventions import Conventions, Steps, checked
from tracer.notation.name import Name
from tracer.notation.patterns import Form, checked_pattern

NAMES = ("x", "y", "z", "a", "w", "b", "delta", "error", "loss", "loss_sample", "loss_term",
         "rate", "m")  # fmt: skip
ARRAYS = ("x", "y", "z", "a", "w", "b", "delta", "error", "loss_term")
CHOICES: dict[str, tuple[Any, ...]] = {
    "first_layer": (0, 1),
    "rows": ("features", "samples"),
    "weights": ("to,from", "from,to"),
    "written": ("gradient", "delta"),
    "derivative": ("fraction", "d", ".grad"),
}
_TEXTS = ("title", "source", "about", "update", "sample")
_TABLES = ("conventions", "steps", "marks", "functions", "names", "arrays")
_LARGEST_FILE = 100_000


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
    update: str
    """The sign of an update line: ``=``, ``:=``, ``->``, ``+=``."""
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
            ProblemError: at an unknown word or value; `path` says where in the file.
        """
        allowed = (*_TEXTS, *_TABLES, *CHOICES)
        for word, value in content.items():
            if word not in allowed:
                raise ProblemError(
                    f"unknown word '{word}'{suggestion(str(word), allowed)}", (word,)
                )
            if word in _TABLES and not isinstance(value, dict):
                raise ProblemError(f"{word} is a table", (word,))
            if word in _TEXTS and not isinstance(value, str):
                raise ProblemError(f"{word} is a text", (word,))
            if word in CHOICES and value not in CHOICES[word]:
                raise ProblemError(
                    f"{word} is one of {', '.join(map(str, CHOICES[word]))}", (word,)
                )
        tables = {word: content.pop(word, {}) for word in _TABLES}
        inherited = {word: getattr(parent, word) for word in (*_TEXTS, *CHOICES)} if parent else {}
        inherited.pop("title", None)
        fields: dict[str, Any] = {"title": name, "source": "", "about": "", **inherited, **content}
        for word in ("conventions", "steps", "functions"):
            fields[word] = {**(getattr(parent, word) if parent else {}), **tables[word]}
        marks = {kind: _marks(kind, value) for kind, value in tables["marks"].items()}
        checked_pattern(content.get("sample", ""), ("sample",))
        for function, letter in tables["functions"].items():
            checked_pattern(letter, ("functions", function))
        fields["marks"] = {**(parent.marks if parent else {}), **marks}
        for word, roles in (("names", NAMES), ("arrays", ARRAYS)):
            own = {
                role: _form(role, value, (word, role), roles)
                for role, value in tables[word].items()
            }
            fields[word] = {**(getattr(parent, word) if parent else {}), **own}
        _check_choices(Conventions, fields["conventions"])
        _check_choices(Steps, fields["steps"])
        return cls(id=name, **fields)


def content_of(path: Path) -> dict[str, Any]:
    """What a file says, as a table.

    Raises:
        FileError: if it is no text or no YAML, or too long.
    """
    import yaml

    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_LARGEST_FILE + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: cannot be read ({error})") from None
    if len(text) > _LARGEST_FILE:
        raise FileError(f"{path}: a notation has at most {_LARGEST_FILE:,} characters")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(text, loader)
    except yaml.YAMLError as error:
        raise FileError(f"{path}: {error}") from None
    if not isinstance(found, dict):
        raise FileError(f"{path}: a notation is a list of words with a colon after each")
    return found


def place_in(path: Path, words: Iterable[str | int]) -> str:
    """Where the last of these words stands in a file, one inside the other: ``:12:3``, from 1.

    Args:
        path: of a file that `content_of` reads.
        words: as the `path` of an error says them; nothing is given for none that is there.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    node, mark = yaml.compose(path.read_text(encoding="utf-8"), loader), None
    for word in words:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == str(word)), None)
        if found is None:
            break
        mark, node = found[0].start_mark, found[1]
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


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


def _check_choices(kind: type[Conventions] | type[Steps], chosen: Mapping[str, str]) -> None:
    try:
        checked(kind(**chosen))
    except TypeError:
        known = tuple(kind.__dataclass_fields__)
        wrong = next(word for word in chosen if word not in known)
        raise ProblemError(
            f"unknown choice '{wrong}'{suggestion(wrong, known)}", (wrong,)
        ) from None

"""Frozen dataclasses whose methods come late do what the standard library's do."""

from __future__ import annotations

import ast
import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, replace
from pathlib import Path
from typing import Any

import pytest

from tracer.records import dataclass

PACKAGE = Path(__file__).parent.parent / "tracer"


@dataclass(frozen=True, slots=True)
class Point:
    """With defaults of every kind."""

    x: int
    y: int = 2
    seen: list[int] = field(default_factory=list, compare=False)
    hidden: str = field(default="h", repr=False, kw_only=True)


@dataclass(frozen=True)
class Checked:
    """What is set after the fields are there."""

    text: str
    length: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.text))


@dataclass(frozen=True, eq=False, slots=True)
class Alone:
    """Equal to nothing but itself."""

    x: int


@dataclass(frozen=True, order=True)
class Ordered:
    """What is asked for besides comes from the standard library."""

    x: int


class Titled(Checked):
    """A plain class that inherits, with something of its own."""

    title = ""


@dataclass(frozen=True)
class Longer(Checked):
    """A dataclass that inherits."""

    more: int = 1


def _twin(options: dict[str, Any]) -> tuple[type, type]:
    """The same class by the standard library and by ours."""

    def body(decorate: Callable[..., Any]) -> type:
        @decorate(frozen=True, **options)
        class Twin:
            """Both are called the same."""

            a: int
            b: tuple[int, ...] = ()
            c: dict[str, int] = field(default_factory=dict, hash=False)
            d: str = field(default="d", repr=False)

        return Twin

    return body(dataclasses.dataclass), body(dataclass)


@pytest.mark.parametrize("options", [{}, {"slots": True}, {"eq": False}])
def test_a_class_behaves_as_the_standard_librarys(options: dict[str, Any]) -> None:
    """Text, equality, hash, fields, replacement, matching and signature are the same."""
    theirs, ours = _twin(options)
    given: list[tuple[Any, ...]] = [(1,), (1, (2, 3)), (1, (2,), {"x": 1}), (1, (), {}, "e")]
    for arguments in given:
        one, other = theirs(*arguments), ours(*arguments)
        assert repr(one) == repr(other)
        assert (one == theirs(*arguments)) == (other == ours(*arguments))
        assert (other == ours(7)) is False
        assert other != one
        assert dataclasses.asdict(one) == dataclasses.asdict(other)
        assert repr(replace(one, a=5)) == repr(replace(other, a=5))
        if options.get("eq", True):
            assert hash(one) == hash(other) == hash(ours(*arguments))
    assert [f.name for f in fields(theirs)] == [f.name for f in fields(ours)]
    assert theirs.__match_args__ == ours.__match_args__  # type: ignore[attr-defined]
    assert list(inspect.signature(theirs).parameters) == list(inspect.signature(ours).parameters)
    assert vars(ours)["__init__"].__qualname__ == vars(theirs)["__init__"].__qualname__
    assert hasattr(ours(1), "__dict__") == hasattr(theirs(1), "__dict__")


def test_the_arguments_are_those_of_the_fields() -> None:
    """Missing, unknown and keyword-only arguments are told as by any function."""
    assert Point(1, hidden="k").hidden == "k"
    assert Point(1).seen is not Point(1).seen
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        Point(1, z=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional argument"):
        Point(1, 2, [], "k")  # type: ignore[call-arg]


def test_nothing_can_be_set_or_deleted() -> None:
    """Frozen means frozen, also for what inherits; a plain subclass may have more."""
    for made in (Point(1), Checked("abc"), Longer("abc", more=2), Titled("abc")):
        name = fields(made)[0].name
        with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(made, name, 2)
        with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(made, name)
    titled = Titled("abc")
    titled.title = "T"
    assert (titled.title, titled.length) == ("T", 3)
    assert repr(Longer("abc", 2)) == "Longer(text='abc', length=3, more=2)"


def test_what_a_class_defines_itself_stays() -> None:
    """Its own text, equality and hash are not written over."""

    @dataclass(frozen=True, slots=True)
    class Own:
        """With methods of its own."""

        x: int

        def __repr__(self) -> str:
            return "mine"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own)

        def __hash__(self) -> int:
            return 7

    assert (repr(Own(1)), Own(1) == Own(2), hash(Own(1))) == ("mine", True, 7)


def test_without_equality_each_is_itself() -> None:
    """`eq=False` leaves the identity of objects."""
    one = Alone(1)
    assert one != Alone(1)
    assert len({one, Alone(1)}) == 2
    assert Ordered(1) < Ordered(2)


@pytest.mark.parametrize("made", [Point(1, 3, [4], hidden="k"), Checked("abc")])
def test_copies_and_pickles_are_whole(made: Any) -> None:
    """Slots travel as they do with the standard library."""
    for other in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert other == made
        assert repr(other) == repr(made)


def test_a_signature_names_its_types() -> None:
    """What an editor or a notebook shows of a class."""
    assert str(inspect.signature(Checked)) == "(text: 'str') -> None"


def test_methods_are_written_at_their_first_use() -> None:
    """Declaring a class compiles nothing; making the first one compiles its `__init__`."""
    code = (
        "import sys\n"
        "from tracer.records import dataclass\n"
        "seen = []\n"
        "sys.addaudithook(lambda name, _: seen.append(name) if name == 'compile' else None)\n"
        "@dataclass(frozen=True, slots=True)\n"
        "class A:\n"
        "    '''A'''\n"
        "    x: int\n"
        "print(len(seen)); A(1); print(len(seen)); A(1) == A(2); print(len(seen)); A(1) == A(2)\n"
        "print(len(seen))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["0", "1", "1", "1"]


def test_every_frozen_class_of_the_package_is_such_a_one() -> None:
    """No module pays for the standard library's decorator where it says frozen."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "@dataclass(frozen=True" in text and path.name != "records.py":
            imported = {
                alias.name
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.ImportFrom) and node.module == "tracer.records"
                for alias in node.names
            }
            assert "dataclass" in imported, f"{path}: from tracer.records import dataclass"

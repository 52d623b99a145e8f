"""Whatever is done to one array of an example: a page, or an error at its line and column."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import tracer
from tracer.cli.problems import located
from tracer.errors import CalculationError, TracerError
from tracer.files.problem import Loaded, read_text
from tracer.files.writing import _flow as flow

FOLDERS = ("layers", "catalogue")
EXAMPLES = [
    path
    for folder in FOLDERS
    for path in sorted((Path(__file__).parents[2] / "examples" / folder).glob("*.yaml"))
]
ABYSS = "nested-out-of-reach"
Change = Callable[[Any], Any]


def deep(value: Any, levels: int) -> Any:
    for _ in range(levels):
        value = [value]
    return value


CHANGES: dict[str, Change] = {
    "dropped": lambda found: found[:-1],
    "dropped first": lambda found: found[1:],
    "added": lambda found: [*found, copy.deepcopy(found[0])],
    "wrapped": lambda found: [found],
    "one wrapped": lambda found: [[found[0]], *found[1:]],
    "last wrapped": lambda found: [*found[:-1], [found[-1]]],
    "unwrapped": lambda found: found[0],
    "emptied": lambda found: [],
    "one emptied": lambda found: [[], *found[1:]],
    "a word": lambda found: "foo",
    "a word inside": lambda found: ["foo", *found[1:]],
    "nothing inside": lambda found: [None, *found[1:]],
    "a number": lambda found: "2",
    "a table": lambda found: {},
    "a table with a word": lambda found: {"seed": "7", "foo": "1"},
    "a table inside": lambda found: [{"seed": "7"}, *found[1:]],
    "nested hugely": lambda found: deep(found, 60),
    "nested out of reach": lambda found: ABYSS,
}


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all lists, outer ones first."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from places(value, (*path, key))
    elif isinstance(tree, list):
        if tree:
            yield path
        for place, part in enumerate(tree):
            yield from places(part, (*path, place))


def changed(tree: Any, path: tuple[Any, ...], change: Change) -> str:
    """The file with something done to one of its lists."""
    found = copy.deepcopy(tree)
    above = found
    for part in path[:-1]:
        above = above[part]
    above[path[-1]] = change(above[path[-1]])
    text = "".join(f"{key}: {flow(value)}\n" for key, value in found.items())
    return text.replace(ABYSS, "[" * 5000 + "1" + "]" * 5000)


def attempt(text: str, solve: bool) -> None:
    """A page, or an error with its place."""
    try:
        loaded = Loaded(read_text(text, "p.yaml"))
        if solve:
            with located(loaded):
                tracer.render(tracer.trace(loaded.problem))
    except TracerError as error:
        told = error
    else:
        return
    # a number that does not exist may stand in no line of the file
    place = r"p\.yaml:" if isinstance(told, CalculationError) else r"p\.yaml:\d+:\d+: "
    assert re.match(place, str(told)), str(told)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_reading_every_change_of_every_array(path: Path) -> None:
    """Each list of an example, changed in each way, is read or refused at its place."""
    tree = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    for where in places(tree):
        for change in CHANGES.values():
            attempt(changed(tree, where, change), solve=False)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.sampled_from(EXAMPLES), st.sampled_from(sorted(CHANGES)), st.data())
def test_solving_with_an_array_changed(path: Path, name: str, data: st.DataObject) -> None:
    """What can still be read is worked through, or refused at its place."""
    tree = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    where = data.draw(st.sampled_from(list(places(tree))))
    attempt(changed(tree, where, CHANGES[name]), solve=True)

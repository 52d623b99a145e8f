"""YAML and JSON as a tree of texts with places."""

from __future__ import annotations

import json
import sys

import pytest

from tracer.errors import FileError
from tracer.files.faults import Place
from tracer.files.positions import (
    DEEPEST,
    LARGEST,
    Items,
    Pairs,
    Scalar,
    Tree,
    decoded,
    read_tree,
    source_of,
)


def tree_of(text: str) -> Tree:
    return read_tree(source_of("p.yaml", text))


def plain(tree: Tree) -> object:
    """The tree without its places."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Items):
        return [plain(item) for item in tree.items]
    return {key.text: plain(value) for key, value in tree.pairs}


def test_numbers_stay_as_written() -> None:
    """No number becomes a float on its way in."""
    assert plain(tree_of("[0.20, 1/3, 1e-3, 007, 0x10, 1_000, .5, 1., yes]")) == [
        *("0.20", "1/3", "1e-3", "007", "0x10", "1_000", ".5", "1.", "yes")
    ]


def test_places_count_from_one() -> None:
    """Line and column are those that an editor shows, lengths those of the text."""
    tree = tree_of("a:\n  - {b: sigmoid, c: [1,\n 2]}\n")
    assert isinstance(tree, Pairs)
    items = tree.get("a")
    assert isinstance(items, Items)
    inner = items.items[0]
    assert isinstance(inner, Pairs)
    value, several = inner.get("b"), inner.get("c")
    assert value is not None
    assert value.place == Place(2, 9, 7)
    assert several is not None
    assert several.place == Place(2, 21, 3)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read(ending: str) -> None:
    """Files from Windows and old Macs read the same, with the same places."""
    tree = tree_of(f"a: 1{ending}b: 2{ending}")
    assert plain(tree) == {"a": "1", "b": "2"}
    assert isinstance(tree, Pairs)
    key = tree.key("b")
    assert key is not None
    assert key.place.line == 2


def test_byte_order_mark_is_accepted() -> None:
    """Some editors begin a UTF-8 file with a mark; it is no part of the first key."""
    assert plain(tree_of(decoded(b"\xef\xbb\xbfa: 1", "p.yaml"))) == {"a": "1"}


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, "x"], "b": {"c": "0.20"}},
        {"tab\there": "line\nbreak", "slash": "a/b", "quote": 'say "x"', "empty": ""},
        {"emoji": "\U0001f600 and \\ud83d", "umlaut": "Ä", "wide": "漢字"},
        {"long key " * 30: "1"},
    ],
)
@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_reads_as_what_it_says(value: object, indent: str | None, ascii_only: bool) -> None:
    """JSON goes through the YAML parser and comes out as `json` reads it, numbers as text."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(tree_of(text)) == json.loads(text, parse_int=str, parse_float=str)
    tight = json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only)
    assert plain(tree_of(tight)) == json.loads(tight, parse_int=str, parse_float=str)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3", "3:1", "'a' stands twice, first in line 1"),
        ("a:\n\tb: 1", "2:1", "a tab stands here"),
        ("a: @b", "1:4", "begins with '@' needs quotes"),
        ("a: b: c", "1:5", "a ':' is not expected here"),
        ("a: &x 1\nb: 2", "1:4", "anchors (&x) are not read"),
        ("a: *x", "1:4", "aliases (*x) are not read"),
        ("a: !!python/object:os.system x", "1:4", "tags (tag:yaml.org,2002:python"),
        ("a: 1\n---\nb: 2", "2:1", "a second document"),
        ("", "1:1", "the file is empty"),
        ("# only a comment\n", "1:1", "the file is empty"),
        ("? [1, 2]\n: 3", "1:3", "a key is a text"),
        ("[" * 5000, f"1:{DEEPEST + 1}", f"nested more than {DEEPEST} deep"),
        ("- " * 5000 + "x", f"1:{2 * DEEPEST + 1}", f"nested more than {DEEPEST} deep"),
        ("a: [1, 2", "1:4", "what begins here is not closed"),
        ("a: 'b\nc: 1\n", "1:4", "what begins here is not closed"),
        ("a: [1, 2}", "1:9", "this is not YAML"),
        ("freeze: [w1[1,1]]", "1:12", 'a text with brackets needs quotes, such as "w1[1,1]"'),
        ("a: \x1b[31m", "1:4", "control characters are not allowed"),
    ],
)
def test_what_is_refused(text: str, place: str, words: str) -> None:
    """Every refusal has its place and says what is wrong."""
    with pytest.raises(FileError) as caught:
        tree_of(text)
    assert str(caught.value).startswith(f"p.yaml:{place}: ")
    assert words in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a: 1".encode("utf-16"), "this file is UTF-16"),
        (b"a: \x00", "binary"),
        (b"a: 1\nb: \xff", "p.yaml:2:4: this byte is not UTF-8"),
        (b"\xef\xbb\xbfa: \xff", "p.yaml:1:4: "),
        (b"a" * (LARGEST + 1), "larger than 1 MiB"),
    ],
)
def test_other_encodings_are_refused(data: bytes, words: str) -> None:
    """What is no UTF-8 text is told apart, not guessed."""
    with pytest.raises(FileError) as caught:
        decoded(data, "p.yaml")
    assert words in str(caught.value)


def test_billion_laughs_stays_small() -> None:
    """Aliases that would grow to a billion nodes are refused at the first one."""
    text = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    with pytest.raises(FileError) as caught:
        tree_of(text)
    assert len(str(caught.value)) < 500


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    """Nesting beyond Python's recursion limit is an ordinary error."""
    with pytest.raises(FileError):
        tree_of("{a: " * (sys.getrecursionlimit() * 2))

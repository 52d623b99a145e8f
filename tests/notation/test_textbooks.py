"""The textbooks' files: complete, checked, and what a user's own file may say."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from tests.notation.networks import TWO_TWO_TWO
from tracer.errors import FileError, ProblemError
from tracer.model.conventions import Conventions, Steps
from tracer.notation import list_notations, load_notation
from tracer.notation.linear import plain
from tracer.notation.textbook import ARRAYS, NAMES

NOTATIONS = [name for name, _ in list_notations()]


def test_the_eight_notations_are_there() -> None:
    """The list names each notation once, with a title."""
    assert set(NOTATIONS) == {
        "nielsen", "ng", "mazur", "gfg", "ufldl", "cs231n", "han-kamber", "torch",
    }  # fmt: skip
    assert all(title for _, title in list_notations())


@pytest.mark.parametrize("name", NOTATIONS)
def test_every_role_has_a_name(name: str) -> None:
    """A file leaves no role to another book, and says every default and its source."""
    notation = load_notation(name)
    assert set(notation.names) | {"loss_sample"} == set(NAMES)
    assert set(notation.arrays) == set(ARRAYS)
    assert set(notation.conventions) == {field.name for field in fields(Conventions)}
    assert set(notation.steps) == {field.name for field in fields(Steps)}
    assert set(notation.marks) == {"parameter", "other"}
    assert notation.source
    assert notation.about


@pytest.mark.parametrize("name", NOTATIONS)
def test_a_target_minus_output_book_adds_its_increment(name: str) -> None:
    """Where delta is t - o, the increment is a line and the gradient is not."""
    notation = load_notation(name)
    other_sign = notation.conventions["delta"] == "t-o"
    assert (notation.steps["increment"] == "own") is other_sign
    assert (notation.steps["gradient"] == "inline") is other_sign
    assert other_sign is (name in ("gfg", "han-kamber"))


def test_rows_are_samples_in_code() -> None:
    """CS231n and PyTorch put a sample in a row; only CS231n's weights are (from, to)."""
    rows = {name for name in NOTATIONS if load_notation(name).rows == "samples"}
    weights = {name for name in NOTATIONS if load_notation(name).weights == "from,to"}
    assert (rows, weights) == ({"cs231n", "torch"}, {"cs231n"})


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    """``mazour`` suggests ``mazur``."""
    with pytest.raises(ProblemError, match="did you mean 'mazur'"):
        load_notation("mazour")


def test_a_file_of_ones_own_extends_a_textbook(tmp_path: Path) -> None:
    """Only what differs is said; the rest is the textbook's."""
    (tmp_path / "mine.yaml").write_text(
        "extends: mazur\n"
        "title: My course\n"
        "steps: {slope: inline}\n"
        'names: {z: {base: s, sub: "{label}"}}\n',
        encoding="utf-8",
    )
    mine = load_notation("mine.yaml", folder=tmp_path)
    names = mine.for_problem(TWO_TWO_TWO)
    assert (mine.title, mine.steps["slope"], mine.steps["da"]) == ("My course", "inline", "own")
    assert [plain(names.name(key)) for key in ("z1[1]", "a1[1]")] == ["s_h1", "out_h1"]


def test_a_file_of_ones_own_without_extends_has_the_default_forms(tmp_path: Path) -> None:
    """A role that the file leaves out has nielsen's form."""
    (tmp_path / "mine.yaml").write_text("names: {z: {base: s}}\n", encoding="utf-8")
    names = load_notation("mine.yaml", folder=tmp_path).for_problem(TWO_TWO_TWO)
    assert plain(names.name("a1[1]")) == "a_1^(2)"


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    """A user who changes the file sees the change."""
    path = tmp_path / "mine.yaml"
    path.write_text("title: first\n", encoding="utf-8")
    assert load_notation("mine.yaml", folder=tmp_path).title == "first"
    path.write_text("title: second one\n", encoding="utf-8")
    assert load_notation("mine.yaml", folder=tmp_path).title == "second one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: &a x\nsource: *a", "1:8: anchors (&) and aliases (*) are not read here"),
        ("title: *a", "1:8: anchors (&) and aliases (*) are not read here"),
        ("title: !!python/object/apply:os.system [id]", "1:8: tags (tag:yaml.org,2002:python/"),
        ("title: !!binary abc", "1:8: tags (tag:yaml.org,2002:binary) are not read here"),
        (f"title: {'[' * 50_000}", "1:17: nested more than 10 deep"),
        (f"title: {'{a: ' * 20_000}", "nested more than 10 deep"),
        ("? [a]\n: b", "1:1: a key is a text, not a list or a table"),
        ("title: a\ntitle: b", "1:1: 'title' stands twice in this table"),
        ("title: a\n---\ntitle: b", "a notation is a list of words"),
        ("[a]", "a notation is a list of words"),
        ("", "a notation is a list of words"),
        ("title: '", "while scanning a quoted scalar"),
        (f"title: {'x' * 100_000}", "a notation has at most 100,000 characters"),
    ],
)
def test_a_file_from_a_foreign_hand_is_bounded(tmp_path: Path, text: str, message: str) -> None:
    """A short text cannot stand for a long one, for an object, or for a deep pit."""
    (tmp_path / "theirs.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_notation("theirs.yaml", folder=tmp_path)
    assert message in str(caught.value)


def test_a_text_stays_a_text(tmp_path: Path) -> None:
    """What looks like a date, a number or a switch is what was written."""
    (tmp_path / "mine.yaml").write_text(
        "title: 2001-99-99\nabout: yes\nfunctions: {tanh: 1e5}\n", encoding="utf-8"
    )
    mine = load_notation("mine.yaml", folder=tmp_path)
    assert (mine.title, mine.about, mine.functions["tanh"]) == ("2001-99-99", "yes", "1e5")


@pytest.mark.parametrize(
    "name",
    ["../x.yaml", "a/../../x.yaml", "/x.yaml", "C:x.yaml", "C:\\x.yaml", "\\\\host\\share\\x.yaml",
     "..\\x.yaml", "\\x.yaml", "x\0.yaml"],
)  # fmt: skip
def test_a_name_does_not_lead_out_of_the_folder(name: str, tmp_path: Path) -> None:
    """Neither on this system nor on another one."""
    with pytest.raises(ProblemError, match="beside the problem or below it"):
        load_notation(name, folder=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nmaes: {}", "unknown word 'nmaes'; did you mean 'names'"),
        ("names: {zed: {base: z}}", "there is no role 'zed'"),
        ("names: {z: {sub: a}}", "a name has at least a base"),
        ("names: {z: {base: z, sbu: a}}", "a name has no 'sbu'"),
        ('names: {z: {base: z, sub: "{unti}"}}', "a pattern has no field 'unti'; did you mean"),
        ('names: {z: {base: z, sub: "{unit"}}', "a bracket without its partner"),
        (r"names: {z: {base: '\input{x}'}}", "has no place in the pattern"),
        ("steps: {slope: maybe}", "slope is one of own, inline; found 'maybe'"),
        ("steps: {slop: own}", "unknown choice 'slop'; did you mean 'slope'"),
        ("conventions: {delta: o-t}", "delta is one of dL/dz, t-o"),
        ("rows: units", "rows is one of features, samples"),
        ("rows: [1]", "rows is one of features, samples"),
        ("names: [1]", "names is a table"),
        ("extends: mazour", "there is no notation 'mazour'"),
        ("extends: [mazur]", "the name of a notation is wanted"),
        ("marks: {parameter: new}", "marks has two lists"),
        ("marks: {parameter: ['{k}']}", "a pattern has no field 'k'"),
        ("marks: {parameter: [new]}", "the last one contains {update}"),
        ("marks: {weight: [new]}", "marks has two lists"),
        ("sample: '{s}'", "a pattern has no field 's'"),
        ("sample: '{sample.__class__}'", "a pattern has no field 'sample.__class__'"),
        ("title: [1]", "title is a text"),
        ("update: '='", "unknown word 'update'"),
        ("names: {z: {base: [x]}}", "a pattern is a text, not a list"),
        (f"names: {{z: {{base: {'z' * 201}}}}}", "a pattern has at most 200 characters"),
        ('names: {z: {base: "z\\u202e"}}', "'U+202E' has no place in the pattern"),
        (f"first_layer: {'9' * 5000}", "first_layer is one of 0, 1"),
    ],
)
def test_a_mistake_in_a_file_of_ones_own_is_explained(
    tmp_path: Path, text: str, message: str
) -> None:
    """Every mistake says what is wrong, and what was probably meant."""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError) as caught:
        load_notation("mine.yaml", folder=tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["names: {", "- 1", "!!python/object/apply:os.getcwd []", "\x00"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    """Broken YAML, a list, and a call for code are file errors."""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FileError):
        load_notation("mine.yaml", folder=tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message has the path that was looked for."""
    with pytest.raises(ProblemError, match="there is no notation file"):
        load_notation("absent.yaml", folder=tmp_path)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title: Mine\n\nderivativ: d\n", "mine.yaml:3:1: unknown word 'derivativ'"),
        ("names:\n  z: {base: z}\n  a: {bose: q}\n", "mine.yaml:3:3: a name has"),
        ("title: Mine\nextends: mazour\n", "mine.yaml:2:1: there is no notation 'mazour'"),
        ("sample: '{s}'\n", "mine.yaml:1:1: a pattern has no field 's'"),
    ],
)
def test_a_mistake_in_a_file_of_ones_own_has_a_place(tmp_path: Path, text: str, place: str) -> None:
    """Line and column of the word that is wrong, in the notation's own file."""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError) as caught:
        load_notation("mine.yaml", folder=tmp_path)
    assert str(caught.value).startswith(place)

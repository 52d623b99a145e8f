"""``tracer draw`` and ``tracer solve --diagram``."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.runs import MAZUR, ROOT, run


def test_an_svg_by_default() -> None:
    """The picture goes to standard output, well formed."""
    made = run("draw", MAZUR)
    assert made.exit_code == 0
    assert ElementTree.fromstring(made.stdout).tag.endswith("svg")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.svg", "<svg"), ("a.tex", "%"), ("a.typ", "//")],
)
def test_the_format_follows_the_file(name: str, begins: str, tmp_path: Path) -> None:
    """svg, tikz and typst by the ending of FILE."""
    assert run("draw", MAZUR, "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_png(tmp_path: Path) -> None:
    """Pixels, by the package typst."""
    pytest.importorskip("typst")
    assert run("draw", MAZUR, "-o", str(tmp_path / "a.png")).exit_code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_step_lit_up_with_dots_for_brackets() -> None:
    """Keys as the other commands take them."""
    made = run("draw", MAZUR, "--highlight", "delta1.1", "--until", "delta1.1", "--room", "updated")
    assert made.exit_code == 0
    assert "Highlighted: delta h one" in made.stdout
    assert 'data-key="w1[1,1]@1"' not in made.stdout


def test_a_thousand_updates_are_not_worked_through_for_the_drawing_of_one() -> None:
    """Of very many updates, those up to the one that is drawn; a late one is refused in words."""
    deep = str(ROOT / "examples" / "training" / "002-deep.yaml")

    assert run("draw", deep).exit_code == 0
    late = run("draw", deep, "--update", "900")
    assert late.exit_code == 2
    assert "record them" in late.stderr


def test_samples_and_updates() -> None:
    """The one that is asked for, or an error in words."""
    batch = str(ROOT / "examples" / "articles" / "000-xor-batch.yaml")
    assert "Sample 3 of 4." in run("draw", batch, "--sample", "3").stdout
    wrong = run("draw", batch, "--sample", "9")
    assert wrong.exit_code == 2
    assert "sample 9 is not in this update" in wrong.stderr
    wrong = run("draw", batch, "--update", "7")
    assert wrong.exit_code == 2
    assert "this problem has 1 update" in wrong.stderr


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Without --force a file that is there stays."""
    there = tmp_path / "a.svg"
    there.write_text("mine")
    assert run("draw", MAZUR, "-o", str(there)).exit_code == 2
    assert there.read_text() == "mine"
    assert run("draw", MAZUR, "-o", str(there), "--force").exit_code == 0


def test_markdown_shows_a_file_beside_it(tmp_path: Path) -> None:
    """The page names the picture, and its words stand for those who do not see it."""
    page = tmp_path / "page.md"
    assert run("solve", MAZUR, "--diagram", "-o", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "](page-network.svg)" in text
    assert "![A network of 2-2-2 units." in text
    assert (tmp_path / "page-network.svg").read_text(encoding="utf-8").startswith("<svg")


def test_other_readers_take_the_picture_in_the_text() -> None:
    """To standard output in the dollar flavor; GitHub and plain text cannot hold it."""
    made = run("solve", MAZUR, "--diagram", "--flavor", "dollar")
    assert "](data:image/svg+xml;base64," in made.stdout
    refused = run("solve", MAZUR, "--diagram", "--flavor", "github")
    assert refused.exit_code == 2
    assert "name one with -o" in refused.stderr
    assert run("solve", MAZUR, "--diagram", "--flavor", "plain").exit_code == 2


def test_a_latex_fragment_gets_tikz() -> None:
    """A picture inside the fragment, only when it is asked for."""
    assert r"\begin{tikzpicture}" in run("solve", MAZUR, "--diagram", "--to", "latex").stdout
    assert r"\begin{tikzpicture}" not in run("solve", MAZUR, "--to", "latex").stdout


BATCH = str(ROOT / "examples" / "articles" / "000-xor-batch.yaml")


def test_the_step_of_the_sample_that_is_drawn() -> None:
    """A key without a sample means the drawn sample's; a key with one decides the sample."""
    assert "Sample 1 of 4." in run("draw", BATCH, "--highlight", "delta1.1").stdout
    third = run("draw", BATCH, "--highlight", "delta1.1#3").stdout
    assert "Sample 3 of 4." in third
    assert "Highlighted: " in third
    assert run("draw", BATCH, "--highlight", "delta1.1", "--sample", "3").stdout == third
    wrong = run("draw", BATCH, "--highlight", "delta1.1#3", "--sample", "2")
    assert wrong.exit_code == 2
    assert "'delta1[1]#3' belongs to sample 3, and sample 2 is asked for" in wrong.stderr


def test_the_language_decides_the_decimal_comma() -> None:
    """German drawings have commas, unless points are asked for; English ones have points."""
    assert ">0,3775<" in run("draw", MAZUR, "--language", "de").stdout
    assert ">0.3775<" in run("draw", MAZUR, "--language", "de", "--point").stdout
    assert ">0,3775<" in run("draw", MAZUR, "--comma").stdout
    assert ">0.3775<" in run("draw", MAZUR).stdout


def test_a_language_of_ones_own(tmp_path: Path) -> None:
    """A language that is begun in a folder of templates captions drawings, too."""
    there = tmp_path / "prose" / "fr.po"
    assert run("languages", "start", "fr", "-o", str(there)).exit_code == 0
    begun = there.read_text(encoding="utf-8")
    english = 'msgid "inputs"\nmsgstr ""'
    assert english in begun
    there.write_text(begun.replace(english, english[:-1] + 'entrées"'), encoding="utf-8")
    made = run("draw", MAZUR, "--language", "fr", "--templates", str(tmp_path))
    assert made.exit_code == 0
    assert ">entrées<" in made.stdout

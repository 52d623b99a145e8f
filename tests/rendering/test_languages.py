"""Languages: each says what the English says, and an old translation is never passed off as new."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from click.testing import CliRunner

from tests.rendering.problems import mazur
from tracer.cli.group import cli
from tracer.errors import TracerError
from tracer.rendering.languages import english_sentences, language_named, languages, missing
from tracer.rendering.page import render
from tracer.rendering.templating import packaged_folder

PROSE = packaged_folder() / "prose"
TRANSLATED = [code for code in languages() if code != "en"]
PUT_IN = re.compile(r"\{\w+\}|`[^`]*`")
ENDS = re.compile(r"[.!?](?=\s|$)")
"""Where a sentence ends."""


def own(folder: Path, *entries: tuple[str, str, str], **facts: str) -> str:
    """A folder of templates with a language xx; the folder."""
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8", **facts}
    for name, english, words in entries:
        file.append(polib.POEntry(msgctxt=name, msgid=english, msgstr=words))
    (folder / "prose").mkdir(exist_ok=True)
    file.save(str(folder / "prose" / "xx.po"))
    return str(folder)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_packaged_language_is_whole(code: str) -> None:
    """Nothing is untranslated, and each sentence puts in what the English puts in."""
    assert missing(code) == []
    for entry in polib.pofile(str(PROSE / f"{code}.po")):
        assert set(PUT_IN.findall(entry.msgstr)) == set(PUT_IN.findall(entry.msgid)), entry.msgid


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_as_many_sentences(code: str) -> None:
    """What is added to an English sentence is not left out of the translation."""
    for entry in polib.pofile(str(PROSE / f"{code}.po")):
        english, words = (len(ENDS.findall(text)) for text in (entry.msgid, entry.msgstr))
        assert english == words, entry.msgctxt


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_page_speaks_one_language(code: str) -> None:
    """No sentence of the English page stands in the translated one."""
    english = str(render(mazur(), flavor="plain", detail="full"))
    page = str(render(mazur(), flavor="plain", detail="full", language=code))
    sentences = {
        line for line in english.splitlines() if re.match(r"[#>*]* ?[A-Z][a-z]+ [a-z]", line)
    }
    assert len(sentences) > 10
    assert not sentences & set(page.splitlines())


def test_what_is_not_translated_is_english(tmp_path: Path) -> None:
    """A language of one sentence changes that one, and its numbers have its comma."""
    heading = english_sentences()["phase.forward"]
    folder = own(tmp_path, ("phase.forward", heading, "Vorwärts"), **{"X-Decimal-Comma": "yes"})
    page = str(render(mazur(), flavor="plain", language="xx", templates=folder))
    assert "## Vorwärts" in page
    assert "## Backward pass" in page
    assert "0,3775" in page
    assert "0.3775" in str(
        render(mazur(), flavor="plain", language="xx", templates=folder, comma=False)
    )


def test_a_translation_of_other_words_does_not_hold(tmp_path: Path) -> None:
    """Where the English has changed since, the English is printed, and it is listed."""
    folder = own(tmp_path, ("phase.forward", "What it said before", "Vorwärts"))
    assert "## Forward pass" in str(render(mazur(), language="xx", templates=folder))
    (listed,) = [one for one in missing("xx", folder) if one.name == "phase.forward"]
    assert listed.changed
    assert len(missing("xx", folder)) == len(english_sentences())


def test_start_brings_up_to_date(tmp_path: Path) -> None:
    """A new file holds every sentence; again, it keeps what is done and marks what has changed."""
    run = CliRunner().invoke
    file = tmp_path / "prose" / "xx.po"
    assert run(cli, ["languages", "start", "xx", "-o", str(file)]).exit_code == 0
    begun = polib.pofile(str(file))
    assert {e.msgctxt: e.msgid for e in begun} == english_sentences()
    heading = english_sentences()["phase.forward"]
    own(
        tmp_path,
        ("phase.forward", heading, "Vorwärts"),
        ("phase.backward", "Back", "Rückwärts"),
        ("no.more", "Gone", "Weg"),
    )
    again = run(cli, ["languages", "start", "xx", "--templates", str(tmp_path)])
    entries = {e.msgctxt: e for e in polib.pofile(again.output)}
    assert entries["phase.forward"].msgstr == "Vorwärts"
    assert entries["phase.backward"].flags == ["fuzzy"]
    assert entries["phase.backward"].previous_msgid == "Back"
    assert set(entries) == set(english_sentences())


def test_missing_says_so(tmp_path: Path) -> None:
    """The list names each sentence, and the exit code is 1 as long as there are any."""
    done = CliRunner().invoke(cli, ["languages", "missing", "xx", "--templates", own(tmp_path)])
    assert done.exit_code == 1
    assert f"phase.forward: {english_sentences()['phase.forward']}" in done.output


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (("check.fell", "The loss fell: {difference}.", "Gefallen: {diference}."), "{difference}"),
        (("x", "With `z`.", "Mit `y`."), "`y`"),
    ],
)
def test_a_translation_cannot_put_in_something_else(
    tmp_path: Path, entry: tuple[str, str, str], told: str
) -> None:
    """An unknown word in braces or another formula is an error with its line."""
    with pytest.raises(TracerError, match=re.escape(told)) as caught:
        language_named("xx", own(tmp_path, entry))
    assert re.search(r"xx\.po:\d+: ", str(caught.value))


@pytest.mark.parametrize("text", ["what is this?\n", "\x00\xff"])
def test_what_is_no_po_file_is_refused(tmp_path: Path, text: str) -> None:
    """It is told with the file's name, and nothing else happens."""
    (tmp_path / "prose").mkdir()
    (tmp_path / "prose" / "xx.po").write_bytes(text.encode("latin-1"))
    with pytest.raises(TracerError, match=r"xx\.po"):
        language_named("xx", str(tmp_path))


@pytest.mark.parametrize("code", ["zz", "../en", "DE", ""])
def test_a_language_that_is_not_there(code: str) -> None:
    """The ones that are there are named, and no path is followed."""
    with pytest.raises(TracerError, match="there is no language"):
        language_named(code)


@pytest.mark.parametrize(
    ("code", "meant"), [("Deutsch", "de"), ("de-AT", "de"), ("ES", "es"), ("deutsh", "de")]
)
def test_a_language_by_another_name(code: str, meant: str) -> None:
    """Its own name, a country behind it, capitals: the code that is meant is told."""
    with pytest.raises(TracerError, match=rf"did you mean '{meant}'\?"):
        language_named(code)

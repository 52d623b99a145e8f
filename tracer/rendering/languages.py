"""Languages: the English sentences, and their translations in gettext's PO files.

A sentence is known by its name (``why.delta``; ``report:verdict.right`` for those of a part),
which is the context of its entry in ``prose/LANGUAGE.po``.  A translation holds only for the
English that it was made from: where that has changed since, where there is none, or where it
is marked fuzzy, the English stands.  Read by `prose` and by ``tracer languages``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tracer.errors import FileError, TracerError, nearest, suggestion
from tracer.notation.content import content_of
from tracer.rendering.templating import packaged_folder

if TYPE_CHECKING:
    import polib

ENGLISH = "en"
_CODE = re.compile("[a-z]{2,3}(_[A-Z]{2})?")
_WORD = re.compile(r"\{\w+\}")
_PUT_IN = re.compile(rf"{_WORD.pattern}|`[^`]*`")
_MOST_BYTES = 2_000_000
_UNREVIEWED = "Not yet reviewed by a speaker of the language."


@dataclass(frozen=True, slots=True)
class Language:
    """One language and what it says."""

    code: str
    """Of ISO 639: ``de``."""
    name: str
    """As its speakers call it."""
    comma: bool = False
    """Whether it writes decimal commas."""
    reviewed: bool = True
    """Whether a speaker has read it."""
    entries: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By the sentence's name: the English that was translated, and the translation."""

    def say(self, name: str, english: str) -> str:
        """The translation, or else the English."""
        translated, words = self.entries.get(name, ("", ""))
        return words if words and translated == english else english


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A sentence that a language does not have."""

    name: str
    english: str
    changed: bool
    """Whether there is a translation, of an English that has changed since."""


def language_named(code: str, folder: str = "") -> Language:
    """A language, from the user's folder of templates or else from the package.

    Raises:
        TracerError: if it is not there, naming the nearest one, or cannot be read.

    >>> language_named("en").name
    'English'
    """
    if code == ENGLISH:
        return Language(ENGLISH, "English")
    path = _file(code, folder)
    if path is None:
        known = languages(folder)
        named = {language_named(one, folder).name: one for one in known}
        near = nearest(code, [*known, *named]) or [one for one in known if one == _spoken(code)]
        meant = "; did you mean '" + named.get(near[0], near[0]) + "'?" if near else ""
        another = code if _CODE.fullmatch(code) else "CODE"
        raise TracerError(
            f"there is no language '{code}'{meant}; there are {', '.join(known)} "
            f"(tracer languages start {another} begins another)"
        )
    return _read(code, path)


def _spoken(code: str) -> str:
    """The language of a code that names a country, too: ``de`` of ``de-AT``."""
    return code.replace("-", "_").partition("_")[0].lower()


def languages(folder: str = "") -> list[str]:
    """The codes of all languages, English first."""
    found = {path.stem for place in _places(folder) for path in place.glob("*.po")}
    return [ENGLISH, *sorted(code for code in found if _CODE.fullmatch(code))]


def english_sentences(folder: str = "", part: str | None = None) -> dict[str, str]:
    """Every English sentence by its name; of one part, or of all.

    Raises:
        TracerError: if a file of the user's own holds something else.
    """
    parts = [part] if part is not None else _parts()
    return {name: words for one in parts for name, words in _sentences(one, folder).items()}


def missing(code: str, folder: str = "") -> list[Untranslated]:
    """What a language does not say yet, in the order of the English files."""
    known = language_named(code, folder).entries
    return [
        Untranslated(name, words, bool(known.get(name, ("", ""))[1]))
        for name, words in english_sentences(folder).items()
        if known.get(name, ("", ""))[0] != words or not known[name][1]
    ]


def started(code: str, folder: str = "") -> str:
    """A PO file for a language: a new one, or the one there is, brought up to date.

    Translations are kept; where the English has changed, the old one is marked fuzzy and shows
    what it was made from.

    Raises:
        TracerError: if the code is none.
    """
    import polib

    if not _CODE.fullmatch(code) or code == ENGLISH:
        raise TracerError(
            f"'{code}' is no code of a language; it has two or three small letters, such as fr"
        )
    path = _file(code, folder)
    before = _opened(path) if path else polib.POFile()
    after = polib.POFile(wrapwidth=96)
    after.header = before.header or _UNREVIEWED
    after.metadata = before.metadata or _metadata(code)
    for name, words in english_sentences(folder).items():
        after.append(_entry(name, words, before.find(name, by="msgctxt")))
    return str(after).rstrip() + "\n"


# -- files ---------------------------------------------------------------------------------------


def _entry(name: str, words: str, old: polib.POEntry | None) -> polib.POEntry:
    import polib

    entry = polib.POEntry(msgctxt=name, msgid=words, msgstr=old.msgstr if old else "")
    if old is not None:
        entry.tcomment = old.tcomment
        entry.flags = list(old.flags)
        if old.msgid != words and old.msgstr:
            entry.previous_msgid = old.msgid
            entry.flags = ["fuzzy"]
    return entry


def _metadata(code: str) -> dict[str, str]:
    return {
        "Language": code,
        "X-Language-Name": code,
        "X-Decimal-Comma": "no",
        "X-Reviewed": "no",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }


@lru_cache(maxsize=8)
def _read(code: str, path: Path) -> Language:
    file = _opened(path)
    facts = file.metadata
    entries = {}
    for entry in file:
        if entry.obsolete or "fuzzy" in entry.flags:
            continue
        _check(entry, path)
        entries[entry.msgctxt or ""] = (entry.msgid, entry.msgstr)
    return Language(
        code,
        facts.get("X-Language-Name", code),
        facts.get("X-Decimal-Comma", "") == "yes",
        facts.get("X-Reviewed", "") == "yes",
        entries,
    )


def _check(entry: polib.POEntry, path: Path) -> None:
    """A translation puts in what the English puts in: no word more, and no formula changed."""
    there = set(_PUT_IN.findall(entry.msgid))
    for mark in _PUT_IN.findall(entry.msgstr):
        if mark not in there:
            hint = suggestion(mark, there)
            raise FileError(
                f"{path}:{entry.linenum}: the translation of '{entry.msgctxt}' puts in {mark}, "
                f"which the English does not{hint}"
            )


def _opened(path: Path) -> polib.POFile:
    import polib

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FileError(f"{path}: larger than {_MOST_BYTES:,} bytes")
        return polib.pofile(str(path), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: {error}") from None


def _places(folder: str) -> Iterator[Path]:
    if folder:
        yield Path(folder) / "prose"
    yield packaged_folder() / "prose"


def _file(code: str, folder: str) -> Path | None:
    if not _CODE.fullmatch(code):
        return None
    paths = (place / f"{code}.po" for place in _places(folder))
    return next((path for path in paths if path.is_file()), None)


def _parts() -> list[str]:
    """The parts of the prose: the pages' own (no name), then those of reports and so on."""
    files = (packaged_folder() / "prose").glob("en*.yaml")
    return sorted(path.stem.removeprefix(ENGLISH).removeprefix(".") for path in files)


@lru_cache(maxsize=16)
def _sentences(part: str, folder: str) -> Mapping[str, str]:
    """The English sentences of a part; those of the user's folder go before the package's."""
    name = f"{ENGLISH}.{part}.yaml" if part else f"{ENGLISH}.yaml"
    found: dict[str, str] = {}
    for place in reversed(list(_places(folder))):
        said = dict(_said_in(place / name, part))
        if found:
            _check_own(said, found, place / name)
        found |= said
    return found


def _said_in(path: Path, part: str) -> Iterator[tuple[str, str]]:
    """The sentences of a file, if it is there, by their names."""
    groups = content_of(path, "a file of sentences") if path.is_file() else {}
    for group, sentences in groups.items():
        if not isinstance(sentences, dict):
            raise TracerError(f"{path}: '{group}' is no group of sentences")
        for key, words in sentences.items():
            yield f"{part}:{group}.{key}" if part else f"{group}.{key}", str(words)


def _check_own(said: Mapping[str, str], packaged: Mapping[str, str], path: Path) -> None:
    """A sentence of the user's own stands for one of ours, and puts in no word more."""
    for name, words in said.items():
        if name not in packaged:
            raise FileError(f"{path}: there is no sentence '{name}'{suggestion(name, packaged)}")
        there = set(_WORD.findall(packaged[name]))
        for mark in _WORD.findall(words):
            if mark not in there:
                hint = suggestion(mark, there)
                raise FileError(f"{path}: '{name}' puts in {mark}, which is not known there{hint}")

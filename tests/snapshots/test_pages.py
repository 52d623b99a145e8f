"""The examples' pages are the reviewed ones.

``pytest tests/snapshots --snapshot-update`` writes all files anew; ``git diff`` then shows
what a change has done to the pages.  An example's walkthrough stands beside its problem,
what is printed of two of them in other notations and formats in ``pages``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.examples import EXAMPLES, LAYERS, NOTATIONS, SOURCES, TWO, name_of, traced
from tests.snapshots.golden import (
    HASHES,
    LONGEST,
    PAGES,
    as_reviewed,
    hash_of,
    known_hashes,
    write_hashes,
)
from tracer.rendering.formats import FORMATS
from tracer.rendering.page import render

ENDINGS = {"github": "md", "dollar": "md", "plain": "md", "ascii": "md", "latex": "tex"}
AGAIN = "pytest tests/snapshots --snapshot-update writes it; look at git diff"


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether the files are to be written anew."""
    return bool(request.config.getoption("--snapshot-update"))


def page(path: Path, flavor: str, notation: str | None = None, **chosen: str) -> str:
    """An example's page in one of the five formats."""
    to = "latex" if flavor == "latex" else "markdown"
    return str(render(traced(path), to, flavor, notation, **chosen))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", [*EXAMPLES, *LAYERS], ids=name_of)
def test_every_example(path: Path, update: bool) -> None:
    """Each example's page for GitHub, in its own notation; of long pages the fingerprint."""
    text, file = page(path, "github"), path.with_suffix(".md")
    if len(text) > LONGEST:
        if update:
            write_hashes({name_of(path): hash_of(text)})
            file.unlink(missing_ok=True)
        assert known_hashes().get(name_of(path)) == hash_of(text), AGAIN
    else:
        assert as_reviewed(file, text, update), AGAIN


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("path", TWO, ids=name_of)
def test_every_notation(path: Path, notation: str, update: bool) -> None:
    """One sample and a batch in the names of every textbook."""
    text = page(path, "plain", notation)
    assert as_reviewed(PAGES / "notations" / f"{path.stem}.{notation}.md", text, update), AGAIN


@pytest.mark.parametrize("flavor", ENDINGS)
@pytest.mark.parametrize("path", TWO, ids=name_of)
def test_every_format(path: Path, flavor: str, update: bool) -> None:
    """The same two in every format, with matrices beside the scalars."""
    file = PAGES / "formats" / f"{path.stem}.{flavor}.{ENDINGS[flavor]}"
    assert as_reviewed(file, page(path, flavor, form="both"), update), AGAIN


def combinations() -> Iterator[tuple[str, str]]:
    """Names and pages of everything else: notations in all formats, details and forms."""
    for path in TWO:
        for place, notation in enumerate(NOTATIONS):
            for number, flavor in enumerate(ENDINGS):
                detail = ("full", "brief", "standard")[(place + number) % 3]
                form = ("both", "matrix", "scalar")[(place + 2 * number) % 3]
                name = f"{path.stem} {notation} {flavor} {detail} {form}"
                yield name, page(path, flavor, notation, detail=detail, form=form)
    for path in SOURCES:
        for flavor in ENDINGS:
            yield f"{path.stem} {flavor} full", page(path, flavor, detail="full")


def test_everything_else(update: bool) -> None:
    """No other combination changes unnoticed either."""
    found = {name: hash_of(text) for name, text in combinations()}
    if update:
        write_hashes(found)
    known = known_hashes()
    assert [name for name, value in found.items() if known.get(name) != value] == [], AGAIN


def test_every_flavor_is_among_them() -> None:
    """A new format does not escape."""
    known = {flavor for flavors in FORMATS.values() for flavor in flavors}
    assert known & set(ENDINGS) == set(ENDINGS)
    assert {"github", "dollar", "plain", "ascii"} <= set(FORMATS["markdown"])


def test_no_page_is_left_of_an_example_that_is_gone() -> None:
    """Each kept page belongs to an example."""
    stems = {path.stem for path in TWO}
    for file in PAGES.rglob("*.*"):
        assert file.name.split(".")[0] in stems, f"{file} belongs to no example"
    kept = {path.with_suffix(".md") for path in [*EXAMPLES, *LAYERS]}
    for folder in {path.parent for path in kept}:
        assert {*folder.glob("*.md")} <= kept
    assert HASHES.is_file()

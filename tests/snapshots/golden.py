"""Pages that a person has reviewed, kept as files; ``--snapshot-update`` writes them anew.

A page that is too long to be read is kept as a hash: it cannot change unnoticed, and the
shorter pages show what has changed.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent
PAGES = HERE / "pages"
HASHES = HERE / "hashes.json"
LONGEST = 80_000
"""Characters of a page that someone may still read."""


def hash_of(text: str) -> str:
    """A short fingerprint of a page."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def known_hashes() -> dict[str, str]:
    """The fingerprints by the pages' names."""
    if not HASHES.is_file():
        return {}
    found: dict[str, str] = json.loads(HASHES.read_text(encoding="utf-8"))
    return found


def write_hashes(hashes: dict[str, str]) -> None:
    """Keep these fingerprints beside the others."""
    text = json.dumps(dict(sorted({**known_hashes(), **hashes}.items())), indent=0)
    HASHES.write_text(text + "\n", encoding="utf-8")


def as_reviewed(file: Path, text: str, update: bool) -> bool:
    """Whether the page is the one in the file; an update makes it so."""
    if update:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return file.is_file() and file.read_text(encoding="utf-8") == text

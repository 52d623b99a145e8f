"""What `run.json` says: how a run is described, checked and read back.

Takes a problem and the layout of its columns; gives the dictionary that `run.json` holds,
and its bytes with their checksum.  Reading back refuses what is foreign, of another format,
damaged or changed, and puts a `History` together from the description and its blocks.  Read
by `runs`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracer.errors import FileError, TracerError
from tracer.files.problem import read_text
from tracer.files.writing import to_data
from tracer.model.history import REASONS, History, Layout
from tracer.model.problem import Problem

FORMAT = 1
KIND = "tracer run"
_LARGEST = 256 * 1024**2
LARGEST_PROBLEM = 64 * 1024**2
"""Bytes of the problem in it: the numbers of a network, with all their digits."""
_BLOCK_NAME = re.compile(r"rows-\d{5,}\.npy")
_FIELDS: dict[str, type] = {
    "problem": dict,
    "every": int,
    "updates": int,
    "last": int,
    "closed": bool,
    "stopped": str,
    "message": str,
    "form": str,
    "loss": str,
    "learnt": list,
    "states": list,
    "shapes": dict,
    "constants": dict,
    "batches": list,
    "columns": list,
    "width": int,
    "blocks": list,
}
_RANGES = {"every": (1, 10**9), "updates": (0, 10**9), "last": (0, 10**9), "width": (1, 10**9)}


def described(
    problem: Problem, layout: Layout, every: int, updates: int, form: str
) -> dict[str, Any]:
    """The description of a run that begins.

    Raises:
        FileError: if the problem is too large to be read back.
    """
    data = to_data(problem)
    if len(json.dumps(data)) > LARGEST_PROBLEM:
        size = LARGEST_PROBLEM >> 20
        raise FileError(f"the problem is too large for a run folder ({size} MiB of text)")
    return {
        "format": FORMAT,
        "kind": KIND,
        "problem": data,
        "every": every,
        "updates": updates,
        "last": 0,
        "closed": False,
        "stopped": "unfinished",
        "message": REASONS["unfinished"],
        "form": form,
        "loss": layout.loss,
        "learnt": list(layout.learnt),
        "states": list(layout.states),
        "shapes": {name: list(shape) for name, shape in layout.shapes.items()},
        "constants": dict(layout.constants),
        "batches": [list(batch) for batch in layout.cycle],
        "columns": [list(keys) for keys in layout.columns.values()],
        "dtype": "<f8",
        "width": layout.width,
        "blocks": [],
    }


def encoded(description: dict[str, Any]) -> bytes:
    """The bytes of `run.json`, its checksum put in."""
    rest = {key: value for key, value in description.items() if key != "checksum"}
    return json.dumps({**rest, "checksum": _checksum(rest)}, indent=1).encode()


def _checksum(rest: dict[str, Any]) -> str:
    return sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def read_description(folder: Path) -> dict[str, Any]:
    """What `run.json` says, checked.

    Raises:
        FileError: if it is not there, foreign, damaged, or of a later format.
    """
    path = folder / "run.json"
    if not folder.is_dir():
        what = "is a file, not a run folder" if folder.exists() else "there is no such run"
        raise FileError(f"{folder}: {what}")
    try:
        with open(path, "rb") as file:
            text = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise FileError(f"{folder}: is no run folder (it has no run.json)") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror or error})") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(f"{path}: is damaged; it is no JSON") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise FileError(f"{path}: was not written by tracer train")
    if found.get("format") != FORMAT:
        raise FileError(
            f"{path}: has format {found.get('format')!r}; this version reads format {FORMAT}"
        )
    checksum = found.pop("checksum", None)
    if checksum != _checksum(found):
        raise FileError(f"{path}: was changed or damaged (its checksum differs)")
    for field, kind in _FIELDS.items():
        if not isinstance(found.get(field), kind):
            raise FileError(f"{path}: '{field}' is missing or of the wrong kind")
    for field, (least, most) in _RANGES.items():
        if not least <= found[field] <= most:
            raise FileError(f"{path}: '{field}' lies outside {least} to {most:,}")
    if not all(map(_is_block, found["blocks"])):
        raise FileError(f"{path}: names a block that is none")
    return found


def _is_block(block: Any) -> bool:
    """Whether this names a file of the run's own folder, with its rows and its checksum."""
    return (
        isinstance(block, dict)
        and _BLOCK_NAME.fullmatch(str(block.get("file"))) is not None
        and all(type(block.get(field)) is int and block[field] >= 0 for field in ("rows", "crc32"))
    )


def _keys(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(key, str) for key in found):
        raise TypeError("a list of keys is wanted")
    return tuple(found)


def history_of(description: dict[str, Any], blocks: Sequence[Any], name: str) -> History:
    """The history that a description and its blocks make.

    Raises:
        FileError: if the problem in it cannot be read, or the parts do not fit together.
    """
    try:
        text = json.dumps(description["problem"])
        folder = Path(name).parent
        problem = read_text(text, name, folder=folder, largest=LARGEST_PROBLEM).problem
        cycle = tuple(tuple(map(int, batch)) for batch in description["batches"])
        layout = Layout(
            cycle,
            dict(zip(dict.fromkeys(cycle), map(_keys, description["columns"]), strict=True)),
            _keys(description["learnt"]),
            _keys(description["states"]),
            {key: tuple(map(int, shape)) for key, shape in description["shapes"].items()},
            {key: float(value) for key, value in description["constants"].items()},
            description["loss"],
        )
        if layout.width != description["width"]:
            raise ValueError("the width is not that of the columns")
        if unknown := {*layout.states} - {*layout.learnt}:
            raise ValueError(f"the state {min(unknown)} is not among what is learnt")
    except (ValueError, TypeError, KeyError) as error:
        if isinstance(error, TracerError):
            raise
        raise FileError(f"{name}: does not describe a run ({error})") from None
    return History(
        problem,
        layout,
        blocks,
        description["every"],
        description["last"],
        description["closed"],
        description["stopped"],
        description["message"],
        description["form"],
        description["updates"],
    )

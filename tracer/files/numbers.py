"""Somebody else's numbers from a file: .npz, JSON or CSV, each under a key or array's name.

Numbers of JSON and CSV stay texts, because their digits say how exact they are.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from tracer.errors import FileError
from tracer.files.faults import Faults, Place, Source
from tracer.files.input import read_bytes
from tracer.files.positions import decoded

LARGEST = 64 * 1024**2
SUFFIXES = (".npz", ".json", ".csv")
_ROW = re.compile(
    r"(?P<name>\"[^\"]*\"\s*|[^,;\t\[]*(?:\[[^\]]*\][^,;\t]*|\[[^,;\t]*)?)[,;\t](?P<value>.*)"
)
"""A name and its value; no two parts match the same, so that a long line is read in one go."""


def load_numbers(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Numbers by key (``dw1[1,2]``) or by the name of an array (``dw1``, ``w1@1``).

    Raises:
        FileError: if the file cannot be read, or is none of the three kinds.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".npz":
        from tracer.files.archive import read_arrays  # NumPy, which JSON and CSV do without

        return read_arrays(path, LARGEST)
    name, data = read_bytes(path, LARGEST)
    if len(data) > LARGEST:
        raise FileError(f"{name}: is larger than 64 MiB")
    text = decoded(data, name)
    if suffix == ".json" or (suffix != ".csv" and text.lstrip().startswith("{")):
        return _json(text, name)
    return _csv(text, name)


def _json(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{name}: is no JSON ({error})") from None
    if not isinstance(found, dict):
        raise FileError(f"{name}: a JSON object is wanted: each name with its numbers")
    return found


def _csv(text: str, name: str) -> dict[str, Any]:
    """Lines ``key,value``; a comma inside brackets parts nothing; a header may come first."""
    source = Source(name, text)
    faults = Faults(source)
    found: dict[str, Any] = {}
    for number, line in enumerate(source.lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _ROW.fullmatch(line.strip(" "))
        if match is None:
            faults.add(Place(number, 1, len(line)), "a key and a value are wanted: dw1[1,2],0.25")
            continue
        key, value = (match[part].strip().strip('"').strip() for part in ("name", "value"))
        if not found and key.casefold() in ("name", "key", "quantity"):
            continue
        if key in found:
            faults.add(Place(number, 1, len(key)), f"'{key[:40]}' stands twice")
        found[key] = value
    faults.raise_any()
    return found

"""Somebody else's numbers from a file: what is too large is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracer.errors import FileError
from tracer.files.numbers import load_numbers


def test_an_archive_that_swells(tmp_path: Path) -> None:
    """A few kilobytes that unpack to 80 MB of zeros are refused; a small archive is read."""
    np.savez_compressed(tmp_path / "large.npz", w1=np.zeros(10_000_000))
    np.savez_compressed(tmp_path / "small.npz", w1=np.array([0.25]))

    with pytest.raises(FileError, match="larger than 64 MiB when unpacked"):
        load_numbers(tmp_path / "large.npz")
    assert load_numbers(tmp_path / "small.npz")["w1"].tolist() == [0.25]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("dw1[1,2],0.25", "dw1[1,2]", "0.25"),
        ("dw1[1,2] ; 0,25", "dw1[1,2]", "0,25"),
        ('"w1[1,2]@1" ,"0.5"', "w1[1,2]@1", "0.5"),
        ("  w1\t1e-3  ", "w1", "1e-3"),
        ("w1[1,0.5", "w1[1", "0.5"),
    ],
)
def test_a_line_of_a_table(line: str, name: str, value: str, tmp_path: Path) -> None:
    """A comma inside brackets or quotes parts nothing."""
    path = tmp_path / "theirs.csv"
    path.write_text(f"name,value\n{line}\n", encoding="utf-8")
    assert load_numbers(path) == {name: value}


@pytest.mark.parametrize("letter", ["a", " ", '"', "[", "]", "\x0b"])
def test_a_line_of_a_megabyte_is_answered(letter: str, tmp_path: Path) -> None:
    """A line without a comma is no answer, however long it is."""
    path = tmp_path / "theirs.csv"
    path.write_text(f"x{letter * 900_000}x\n", encoding="utf-8")
    with pytest.raises(FileError, match="a key and a value are wanted"):
        load_numbers(path)

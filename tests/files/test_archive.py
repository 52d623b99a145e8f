"""NumPy's files from a foreign hand: every one is read, or refused in words."""

from __future__ import annotations

import pickle
import struct
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from tracer.errors import FileError
from tracer.files.archive import read_arrays

MOST = 1 << 20


def member(shape: str, kind: str = "'<f8'", data: bytes = b"") -> bytes:
    """An .npy file of which the header may say anything."""
    header = f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}}}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


FOREIGN: dict[str, bytes] = {
    "more numbers than any memory holds": member("(1000000, 10000000)"),
    "a shape that overflows": member(f"({2**62}, {2**62})"),
    "a negative shape": member("(-1, 5)"),
    "numbers that are missing": member("(2, 2)", data=bytes(8)),
    "a type that is none": member("(1,)", "'<q99'", bytes(8)),
    "objects": member("(1,)", "'|O'", pickle.dumps([len])),
    "a header that is not closed": b"\x93NUMPY\x01\x00\x64\x00" + b"{" * 100,
    "a header of two gigabytes": b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + b" " * 100,
    "a header in a thousand brackets": b"\x93NUMPY\x01\x00\x00\x10" + b"(" * 4096,
}


@pytest.mark.parametrize("case", FOREIGN)
def test_an_array_that_is_none(case: str, tmp_path: Path) -> None:
    """Told with the file, whatever NumPy makes of it."""
    path = tmp_path / "theirs.npz"
    with ZipFile(path, "w") as archive:
        archive.writestr("w1.npy", FOREIGN[case])
    with pytest.raises(FileError, match=r"theirs.npz: is no .npz file of numbers \(\S"):
        read_arrays(path, MOST)


def test_a_damaged_archive(tmp_path: Path) -> None:
    """Bytes changed in the packed numbers are noticed."""
    path = tmp_path / "theirs.npz"
    np.savez_compressed(path, w1=np.arange(1000.0))
    data = bytearray(path.read_bytes())
    data[200:260] = bytes(60)
    path.write_bytes(data)
    with pytest.raises(FileError, match=r"is no .npz file"):
        read_arrays(path, MOST)


def test_a_single_array(tmp_path: Path) -> None:
    """A file of one array has no names."""
    with (tmp_path / "one.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(FileError, match="is a single array"):
        read_arrays(tmp_path / "one.npz", MOST)


def test_an_archive_is_read(tmp_path: Path) -> None:
    """Every array by its name."""
    np.savez(tmp_path / "mine.npz", w1=np.array([[0.25]]), b1=np.array([0.5]))
    found = read_arrays(tmp_path / "mine.npz", MOST)
    assert {name: array.tolist() for name, array in found.items()} == {"w1": [[0.25]], "b1": [0.5]}

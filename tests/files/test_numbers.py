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

"""Files are written completely or not at all, and nothing is overwritten by accident."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tracer.errors import FileError
from tracer.files.output import write_text


def test_text_arrives_as_utf8_with_plain_line_ends(tmp_path: Path) -> None:
    """The same bytes on every system."""
    write_text(tmp_path / "out.md", "∂L/∂w\n")
    assert (tmp_path / "out.md").read_bytes() == b"\xe2\x88\x82L/\xe2\x88\x82w\n"


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    """A file that is there stays as it is, until force is given."""
    path = tmp_path / "out.md"
    path.write_text("old")
    with pytest.raises(FileError, match="is there already; --force replaces it"):
        write_text(path, "new")
    assert path.read_text() == "old"
    write_text(path, "new", force=True)
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["out.md"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails half-way, the old file stays and no part of the new one is left."""
    path = tmp_path / "out.md"
    path.write_text("old")

    def full(descriptor: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="cannot be written \\(No space left on device\\)"):
        write_text(path, "new", force=True)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.md"]


def test_an_interruption_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while writing is passed on, and the half-written file removed."""

    def interrupted(*paths: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / "out.md", "new", force=True)
    assert os.listdir(tmp_path) == []


def test_places_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder, and a folder that is not there, are told in words."""
    with pytest.raises(FileError, match="this is a folder"):
        write_text(tmp_path, "x")
    with pytest.raises(FileError, match="cannot be written"):
        write_text(tmp_path / "none" / "out.md", "x")
    with pytest.raises(FileError, match="not Unicode"):
        write_text(tmp_path / "out.md", "\ud800")
    assert os.listdir(tmp_path) == []


def test_new_files_have_the_usual_permissions(tmp_path: Path) -> None:
    """The temporary file's narrow permissions do not stay; those of a replaced file do."""
    write_text(tmp_path / "new", "x")
    (tmp_path / "usual").write_text("x")
    assert os.stat(tmp_path / "new").st_mode == os.stat(tmp_path / "usual").st_mode
    os.chmod(tmp_path / "usual", 0o640)
    write_text(tmp_path / "usual", "y", force=True)
    assert os.stat(tmp_path / "usual").st_mode & 0o777 == 0o640


def test_a_link_keeps_pointing_to_its_file(tmp_path: Path) -> None:
    """Writing through a link changes the file that it points to."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(tmp_path / "link", "new", force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_dash_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A dash writes to standard output, in UTF-8 whatever the terminal says."""
    write_text("-", "δ = 1\n")
    assert capfdbinary.readouterr().out == "δ = 1\n".encode()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("force", [False, True])
def test_a_pipe_takes_the_text_and_stays_a_pipe(tmp_path: Path, force: bool) -> None:
    """What is no plain file (/dev/null, a pipe) is written to, never replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(pipe, "all of it\n", force=force)
        assert os.read(reader, 100) == b"all of it\n"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert os.listdir(tmp_path) == ["pipe"]

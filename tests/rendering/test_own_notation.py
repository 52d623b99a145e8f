"""A notation of one's own lies beside the problem and holds wherever the problem goes."""

from __future__ import annotations

from pathlib import Path

import pytest

import tracer
from tracer.errors import TracerError

PROBLEM = """
inputs: [0.5]
layers: [{weights: [[2]], activation: identity}]
notation: %s
"""


def test_the_page_of_a_problem_read_from_elsewhere(tmp_path: Path) -> None:
    """The file beside the problem is found though the program runs in another folder."""
    (tmp_path / "p.yaml").write_text(PROBLEM % "my.yaml", encoding="utf-8")
    (tmp_path / "my.yaml").write_text("title: Mine\nextends: ng\n", encoding="utf-8")

    page = str(tracer.render(tracer.trace(tracer.load(str(tmp_path / "p.yaml"))), flavor="plain"))

    assert "^[1]" in page


@pytest.mark.parametrize("name", ["../my.yaml", "/etc/my.yaml"])
def test_no_way_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """A problem file cannot make the program read files elsewhere."""
    (tmp_path / "p.yaml").write_text(PROBLEM % name, encoding="utf-8")

    with pytest.raises(TracerError, match="beside the problem"):
        tracer.load(str(tmp_path / "p.yaml"))

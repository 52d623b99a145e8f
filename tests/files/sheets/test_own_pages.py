"""A walkthrough that the program wrote is a sheet without a mistake, matrices of parts included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.runs import ROOT, run

PAGES = (
    *("layers/attention", "layers/class-weights", "layers/dropout", "layers/label-smoothing"),
    *("layers/maxout", "layers/multi-head", "layers/running-statistics"),
    *("catalogue/gelu", "catalogue/softmax-temperature", "mazur"),
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_markdown_is_right(name: str) -> None:
    """Every number that stands on it is read, and none is called wrong."""
    example = ROOT / "examples" / name
    found = run("check", str(example.with_suffix(".yaml")), str(example.with_suffix(".md")))
    assert found.exit_code == 0, found.output[:800]
    assert "No mistake was found." in found.output
    (points,) = re.findall(r"^(\d+) of \1 points", found.output, re.MULTILINE)
    results = Path(example.with_suffix(".md")).read_text(encoding="utf-8").count(r"\mathbf{")
    assert int(points) >= 0.9 * results

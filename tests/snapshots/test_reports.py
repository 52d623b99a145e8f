"""The reports on two articles' calculations are the reviewed ones.

``pytest tests/snapshots --snapshot-update`` writes them anew; ``git diff`` then shows what
a change has done to them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runs import ROOT, run
from tests.snapshots.golden import as_reviewed

SHEETS = ROOT / "examples" / "sheets"
REPORTS = ROOT / "examples" / "reports"
ARTICLES = {"article-002.txt": "002-three-digits", "article-004.tex": "004-without-biases"}
FORMATS = {"markdown": ".md", "terminal": ".txt"}


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("sheet", ARTICLES)
def test_the_report_on_an_article(sheet: str, to: str, request: pytest.FixtureRequest) -> None:
    """``tracer check`` finds a mistake, and prints the report that stands beside the sheet."""
    result = run("check", str(SHEETS / sheet), "--to", to)
    file = Path(REPORTS / ARTICLES[sheet]).with_suffix(FORMATS[to])

    assert result.exit_code == 1
    assert as_reviewed(file, result.stdout, bool(request.config.getoption("--snapshot-update")))

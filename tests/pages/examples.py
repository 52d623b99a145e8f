"""The example problems, traced once for all tests that look at their pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracer.backprop.tracing import trace
from tracer.files.problem import load
from tracer.model.trace import Trace

FOLDER = Path(__file__).parents[2] / "examples"
SOURCES = [
    FOLDER / "mazur.yaml",
    *sorted((FOLDER / "articles").glob("*.yaml")),
    *sorted((FOLDER / "calculations").glob("*.yaml")),
]
"""The first example, the articles' networks, the published calculations."""
CATALOGUE = sorted((FOLDER / "catalogue").glob("*.yaml"))
"""One small problem for each thing that can be calculated."""
LAYERS = sorted((FOLDER / "layers").glob("*.yaml"))
"""One small network for each type of layer."""
EXAMPLES = [*SOURCES, *CATALOGUE]
TWO = [FOLDER / "mazur.yaml", FOLDER / "articles" / "000-xor-batch.yaml"]
"""One sample and a batch: printed in every notation and every format."""
NOTATIONS = ("nielsen", "ng", "mazur", "gfg", "ufldl", "cs231n", "han-kamber", "torch")


def name_of(path: Path) -> str:
    """The example's name: its place below the folder, without the ending.

    >>> name_of(FOLDER / "articles" / "003-houses.yaml")
    'articles/003-houses'
    """
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@cache
def traced(path: Path) -> Trace:
    """The example's trace, with its proof: the page says what it found."""
    return trace(load(path))

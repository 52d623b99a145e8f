"""Networks of hundreds and thousands of quantities, for pages that must stay quick.

``python -m tests.pages.large`` prints how long their steps take in Chromium.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from tracer.backprop.tracing import trace
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace


def large(sizes: Sequence[int] = (4, 6, 6, 4)) -> Trace:
    """Of 4-6-6-4 over 90 parameters, each with its gradient and its update."""
    layers = []
    for before, after in pairwise(sizes):
        rows = [[f"0.{1 + (3 * i + 5 * j) % 8}" for j in range(before)] for i in range(after)]
        layers.append(Dense(after, "sigmoid", rows, ["0.1"] * after))
    return trace(
        Problem(
            name="-".join(map(str, sizes)),
            inputs=[("0.1", "0.5", "0.2", "0.9")[i % 4] for i in range(sizes[0])],
            targets=[("1", "0", "0", "1")[i % 4] for i in range(sizes[-1])],
            layers=layers,
            loss="half_squared_error",
            settings={"rate": "0.5"},
        )
    )


def main() -> None:
    """Print the work of the steps of a page of 300 and of one of 2,000 quantities."""
    from tests.pages.test_html_browser import browse, job
    from tracer.rendering.page import render

    for sizes in ((4, 6, 6, 4), (10, 18, 18, 10)):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "page.html"
            file.write_text(str(render(large(sizes), to="html")), encoding="utf-8")
            lines = "document.querySelectorAll('#steps p[id]').length"
            ((count, times),) = browse([job(str(file), ("ask", lines), ("work", 34))])
            middle, most = times[len(times) // 2], times[-1]
            print(f"{count} lines, {file.stat().st_size:,} bytes: a step takes", end=" ")
            print(f"{middle:.0f} ms (median), at most {most:.0f} ms of the processor")


if __name__ == "__main__":
    main()

"""Goal 11: how far the compiled forms lie apart on article 000's run, and from its loop.

For each recorded array: the share of numbers that are equal to the last bit, and the
largest difference beside the largest entry of the same row.  Run with
``python -m tests.benchmarks.exactness``.
"""

from __future__ import annotations

import numpy as np

from tests.backprop.runs import xor
from tests.backprop.test_article_runs import rows_of_samples
from tracer.backprop.training import train
from tracer.formula.keys import Key


def apart(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float]:
    """Share of equal numbers; largest difference over the largest entry, row by row."""
    ours, theirs = ours.reshape(len(ours), -1), theirs.reshape(len(theirs), -1)
    scale = np.abs(theirs).max(axis=1, keepdims=True)
    difference = np.abs(ours - theirs) / np.where(scale > 0, scale, 1)
    return float((ours == theirs).mean()), float(difference.max())


def main() -> None:
    """Print the table."""
    problem = xor()
    straight, arrays = train(problem, how="straight"), train(problem, how="numpy")
    columns = train(problem, 2000, how="columns")
    sparse = train(problem, every=7)
    same = all(np.array_equal(sparse[k][:-1], straight[k][::7]) for k in straight.keys())  # noqa: SIM118
    print(f"straight-line, recorded every 7th and every update: {'equal' if same else 'DIFFER'}")
    loop = rows_of_samples(problem, problem.updates)
    print("Goal 11 (1e-12 of the largest entry), article 000's 10,000 epochs")
    print(f"{'':10s}{'NumPy form / straight-line':>34s}{'columns (2,000)':>26s}{'its loop':>26s}")
    for name in dict.fromkeys(Key.parse(key).name for key in straight.keys()):  # noqa: SIM118
        ours = straight.array(name)
        cells = [apart(arrays.array(name), ours)]
        cells.append(apart(columns.array(name), ours[:2001]))
        if name in loop:
            cells.append(apart(ours, np.array(loop[name])))
        texts = [f"{share:7.1%} equal, {most:8.1e}" for share, most in cells]
        print(f"{name:10s}{texts[0]:>34s}" + "".join(f"{text:>26s}" for text in texts[1:]))
    last = [abs(straight[k][-1] / arrays[k][-1] - 1) for k in straight.layout.learnt]
    print(f"final parameters, NumPy form / straight-line: {max(last):.1e} (goal 1e-14)")


if __name__ == "__main__":
    main()

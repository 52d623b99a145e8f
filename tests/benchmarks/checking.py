"""How long a check takes, as a ratio to ``json.loads`` of the same sheet.

``python -m tests.benchmarks.checking`` prints the ratios for a sheet of the 2-2-2 network:
every number right, every number carried as by hand, and one of them wrong in turn.
Processor time, the best of several runs, so that a busy machine does not matter much.
"""

from __future__ import annotations

import json
import time
import timeit
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from statistics import median

from tracer.backprop.tracing import trace
from tracer.checking.marking import check, sheet_of
from tracer.files.problem import load
from tracer.model.step import Step

PROBLEM = Path(__file__).parent.parent.parent / "examples" / "mazur.yaml"
RIGHT = trace(load(PROBLEM), prove=False)


def sheet(text: Callable[[Step], str]) -> dict[str, str]:
    """Forward pass, loss, deltas, gradients and the update: 31 statements."""
    return {
        step.key: text(step)
        for step in RIGHT
        if step.shown
        and step.rule not in ("given", "da", "slope")
        and (not step.update or step.rule == "update")
    }


def best(function: Callable[[], object], number: int) -> float:
    """The shortest processor time of one call, in seconds."""
    runs = timeit.repeat(function, number=number, repeat=12, timer=time.process_time)
    return min(runs) / number


def ratio(answers: Mapping[str, str], number: int = 20) -> float:
    """A check of a sheet over reading it as JSON."""
    text = json.dumps([{"name": name, "value": value} for name, value in answers.items()])
    read = sheet_of(answers)
    return best(lambda: check(RIGHT, read), number) / best(lambda: json.loads(text), 50 * number)


def main() -> None:
    """Print the ratios."""
    full, carried = sheet(lambda step: f"{float(step.exact or 0):.8g}"), sheet(lambda s: s.text)
    print(f"{len(carried)} statements; ratios to json.loads of the same sheet")
    print(f"every number right          {ratio(full):6.1f}")
    print(f"rounded and carried by hand {ratio(carried):6.1f}")
    ratios = {}
    for key, text in carried.items():
        doubled = format(2 * Decimal(text), "f")
        ratios[key] = ratio({**carried, key: doubled}, 4)
    worst = max(ratios, key=lambda key: ratios[key])
    middle = median(ratios.values())
    print(f"one number doubled: median {middle:.0f}, worst {ratios[worst]:.0f} ({worst})")


if __name__ == "__main__":
    main()

"""Paired timing: A B A B ..., medians, and ratios round by round.

A figure of seconds says little on a shared machine; the ratio of two things timed in the
same minute says much.  As in `timeit`, no garbage is collected meanwhile.  `compare` prints
a table; `process` times a whole command.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence


def compare(
    title: str,
    tasks: Mapping[str, Callable[[], object]],
    base: str,
    rounds: int = 7,
    goals: Mapping[str, float] | None = None,
    per: Mapping[str, int] | None = None,
    cpu: bool = False,
    pairs: Mapping[tuple[str, str], float] | None = None,
) -> dict[str, float]:
    """Time the tasks in turn and print each one's ratio to `base`.

    Args:
        title: what the table is about.
        tasks: what to time, by name; called once before counting.
        base: the peer.
        rounds: how often everything is timed.
        goals: the ratio that a task should stay under.
        per: by task, how many pieces of work it does (the ratio is then per piece).
        cpu: processor time instead of the clock's: for tasks of one process.
        pairs: further ratios, of one task to another, and what they should stay under.

    Returns:
        The median ratio of each task.
    """
    clock = time.process_time if cpu else time.perf_counter
    for task in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            gc.collect()
            gc.disable()
            start = clock()
            task()
            took = clock() - start
            gc.enable()
            times[name].append(took / (per or {}).get(name, 1))
    print(f"\n{title} (median of {rounds}, range in brackets)")
    print(f"{'':44s}{'ms':>10s}   ratio to {base}")
    medians = {}
    for name, found in times.items():
        ratios = _ratios(found, times[base])
        medians[name] = statistics.median(ratios)
        goal = (goals or {}).get(name)
        verdict = "" if goal is None else f"  goal {goal:g}: {_met(medians[name], goal)}"
        print(
            f"{name:44s}{statistics.median(found) * 1e3:10.4f}   {medians[name]:.6f} "
            f"({min(ratios):.6f}-{max(ratios):.6f}){verdict}"
        )
    for (name, peer), goal in (pairs or {}).items():
        ratios = _ratios(times[name], times[peer])
        median = statistics.median(ratios)
        print(
            f"{f'{name} / {peer}':60s}{median:.6f} = 1/{1 / median:.1f} "
            f"({min(ratios):.6f}-{max(ratios):.6f})  goal {goal:g}: {_met(median, goal)}"
        )
    return medians


def _ratios(mine: Sequence[float], others: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(mine, others, strict=True)]


def _met(ratio: float, goal: float) -> str:
    return "met" if ratio <= goal else "MISSED"


INSTALLED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""The environment of a process whose modules are compiled once, as those of a package are."""


def process(command: Sequence[str]) -> Callable[[], object]:
    """A task that runs a whole process and throws its output away."""

    def run() -> None:
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, stdout=quiet, stderr=quiet, env=INSTALLED)

    return run


PYTHON = sys.executable

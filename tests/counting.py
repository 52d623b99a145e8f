"""Work counted in calls, the same on every machine however busy; or kept far from a hang."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python are called, or gone on with, while it works."""
    count = 0

    def counted(frame: Any, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@contextmanager
def quick(seconds: float) -> Iterator[None]:
    """What is inside takes no more processor time than this, many times what it needs.

    For work done in C, which makes no calls.  No garbage is collected meanwhile: that of all the
    tests before would count, too.
    """
    gc.collect()
    gc.disable()
    start = time.process_time()
    try:
        yield
        took = time.process_time() - start
    finally:
        gc.enable()
    assert took < seconds

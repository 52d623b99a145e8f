"""What all tests share: repeatable property tests, and the switch for the long runs.

Property tests take the same examples at every run, so that a red build is about the
change that made it.  Tests marked ``full`` run the full number of cases; they are left
out unless ``--full`` is given (or ``-m`` asks for them by name).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

_NOTHING_SKIPPED = bool(os.environ.get("TRACER_NOTHING_SKIPPED"))

settings.register_profile(
    "quick",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", parent=settings.get_profile("quick"), max_examples=2000)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--full``."""
    parser.addoption("--full", action="store_true", help="run the tests marked full as well")


def pytest_configure(config: pytest.Config) -> None:
    """With ``--full`` every property test takes many more examples."""
    if config.getoption("--full"):
        settings.load_profile("thorough")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked full, unless asked for, and those of texts that are not here."""
    left_out: set[str] = set()
    if not (config.getoption("--full") or "full" in config.getoption("-m")):
        left_out.add("full")
    if not os.environ.get("TRACER_ARTICLES"):
        left_out.add("articles")
    gone = [item for item in items if left_out & set(item.keywords)]
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if not left_out & set(item.keywords)]


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C interrupts, also in a run that was started in the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where every tool is there (TRACER_NOTHING_SKIPPED is set), a skipped test has failed."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and not hasattr(report, "wasxfail") and _NOTHING_SKIPPED:
        report.outcome = "failed"
        report.longrepr = f"skipped although nothing may be: {report.longrepr}"

"""What all tests share: repeatable property tests, and the switch for the long runs.

Property tests take the same examples at every run, so that a red build is about the
change that made it.  Tests marked ``full`` run the full number of cases; they are left
out unless ``--full`` is given (or ``-m`` asks for them by name).
"""

from __future__ import annotations

import os
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
    """Leave out the tests marked full, unless they were asked for."""
    if config.getoption("--full") or "full" in config.getoption("-m"):
        return
    long_runs = [item for item in items if "full" in item.keywords]
    if long_runs:
        config.hook.pytest_deselected(items=long_runs)
        items[:] = [item for item in items if "full" not in item.keywords]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where every tool is there (TRACER_NOTHING_SKIPPED is set), a skipped test has failed."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and not hasattr(report, "wasxfail") and _NOTHING_SKIPPED:
        report.outcome = "failed"
        report.longrepr = f"skipped although nothing may be: {report.longrepr}"

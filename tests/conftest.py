"""What all tests share: repeatable property tests, and the switch for the long runs.

Property tests take the same examples at every run, so that a red build is about the
change that made it.  Tests marked ``full`` run the full number of cases; they are left
out unless ``--full`` is given (or ``-m`` asks for them by name).
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

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
    skip = pytest.mark.skip(reason="one of the long runs: pytest --full")
    for item in items:
        if "full" in item.keywords:
            item.add_marker(skip)

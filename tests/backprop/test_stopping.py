"""When a run ends by itself, followed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tracer.backprop.stopping import Stop, Watch
from tracer.errors import ProblemError


def seen(watch: Watch, start: int, *losses: float) -> tuple[int, str, str] | None:
    """What the watch says of losses that begin after so many updates, one row each."""
    return watch.sees(np.arange(start, start + len(losses)), np.array(losses))


def test_a_loss_that_reaches_its_mark_ends_the_run() -> None:
    """The first row at or below it, though later ones are lower."""
    assert seen(Watch(Stop(below=0.25)), 0, 0.5, 0.26) is None
    assert seen(Watch(Stop(below=0.25)), 0, 0.5, 0.25, 0.1) == (
        1, "loss", "the loss fell to 0.25 after 1 update",
    )  # fmt: skip


def test_a_loss_that_hardly_falls_ends_the_run() -> None:
    """Of 2.0 a tenth is 0.2: 1.8 is no new low of more than that, 1.79 is."""
    watch = Watch(Stop(patience=3, fall=0.1))
    assert seen(watch, 0, 2.0, 1.8) is None
    assert seen(watch, 2, 1.79, 1.7, 1.65) is None  # from 1.79 at 2 the next low is 1.611
    assert seen(watch, 5, 1.62, 1.0) == (
        0, "plateau", "the loss has not fallen by 10 % for 3 updates: it was 1.79 "
        "after 2 updates and is 1.62 after 5",
    )  # fmt: skip


def test_a_negative_loss_falls_by_a_share_of_its_size() -> None:
    """Below -2 by a tenth is below -2.2; -2.1 is not."""
    assert seen(Watch(Stop(patience=1, fall=0.1)), 0, -2.0, -2.3, -2.6) is None
    found = seen(Watch(Stop(patience=1, fall=0.1)), 0, -2.0, -2.1)
    assert found == (1, "plateau", "the loss has not fallen by 10 % for 1 update: it was -2 "
                                   "after 0 updates and is -2.1 after 1")  # fmt: skip


def test_the_earlier_of_two_reasons_counts() -> None:
    """Three rows alike end the run before the fourth would have reached the mark."""
    found = seen(Watch(Stop(below=0.5, patience=2)), 0, 1.0, 1.0, 1.0, 0.4)
    assert found is not None
    assert found[:2] == (2, "plateau")


@pytest.mark.parametrize("wrong", [{"patience": 0}, {"patience": 1, "fall": 1}, {"fall": -0.1}])
def test_what_cannot_be_meant_is_refused(wrong: dict[str, float]) -> None:
    """No patience at all, and a fall of everything or of less than nothing."""
    with pytest.raises(ProblemError, match=r"patience is a count|fall is a share"):
        Stop(**wrong)  # type: ignore[arg-type]


def test_nothing_asked_for_is_no_reason_to_watch() -> None:
    """A mark of 0 is one."""
    assert not Stop()
    assert Stop(below=0.0)
    assert Stop(patience=1)

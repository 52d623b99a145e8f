"""Pages of networks of layers: every printed line holds, in every notation and form; every rule
of a layer says why; time steps are told one after another."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

import tracer
from tests.honesty.documents import DETAILS, FORMS, NOTATIONS
from tests.honesty.judging import judge
from tracer.calculus.layers import LAYERS
from tracer.files.problem import load
from tracer.model.trace import Trace
from tracer.rendering.page import render
from tracer.rendering.prose import Prose
from tracer.rendering.reasons import reasons

FOLDER = Path(__file__).parents[2] / "examples" / "layers"
EXAMPLES = sorted(FOLDER.glob("*.yaml"))
PROSE = Prose("en")


@lru_cache(maxsize=4)
def traced(path: Path) -> Trace:
    return tracer.trace(load(path), prove=False)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_holds(path: Path, notation: str) -> None:
    """No line is wrong, none with numbers is passed over: Markdown and LaTeX in turn."""
    place = EXAMPLES.index(path) + NOTATIONS.index(notation)
    form, latex, detail = FORMS[place % len(FORMS)], place % 2, DETAILS[place // 2 % 2]
    page = render(traced(path), *(("latex", "") if latex else ("markdown", "dollar")), notation,
                  detail, form)  # fmt: skip
    report = judge(str(page))
    assert report.checked > 20
    assert report.wrong == []
    assert report.passed == []
    assert report.unseen == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_rule_says_why(path: Path) -> None:
    """Each line of a layer has a sentence of its own, each gradient at least the general one."""
    found = traced(path)
    types = set(LAYERS)
    for step in found:
        layer = found.problem.layers[step.layer - 1].type if step.layer else ""
        if layer in types and step.phase in ("forward", "backward", "gradient"):
            assert any(f"why.{word}" in PROSE for word in reasons(step, found)), step.rule


def test_time_steps_in_order() -> None:
    """Forwards the steps come first to last, backwards last to first; the empty state before the
    first step is said."""
    page = str(render(traced(FOLDER / "lstm.yaml"), "markdown", "plain"))
    forward, _, backward = page.partition("## Backward pass")
    assert "Time step 1. There is no state before it" in forward
    assert forward.index("Time step 1.") < forward.index("Time step 2.")
    assert backward.index("Back at time step 2.") < backward.index("Back at time step 1.")


def test_gates_have_their_letters() -> None:
    """The forget gate is f, its weights W with f below; the layer's name is left out where there
    is one layer, and told where the book uses the letter itself."""
    page = str(render(traced(FOLDER / "lstm.yaml"), "latex"))
    assert r"f^{(t=1)}_{1}" in page
    assert r"W_{f,11}" in page
    assert r"\mathrm{lstm}" not in page
    assert r"b^{(\mathrm{rnn})}" in str(render(traced(FOLDER / "elman.yaml"), "latex"))

"""Parts that fold: each reader's own way, nothing lost, nothing left open."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.rendering.problems import mazur
from tracer.rendering.folding import READERS
from tracer.rendering.formats import FORMATS
from tracer.rendering.page import render

FOLDING = ["github", "dollar", "obsidian", "quarto", "myst"]
OPENING = {
    "github": r"^<details>$",
    "dollar": r"^<details>$",
    "obsidian": r"\[!(?:note|success|question)\]",
    "quarto": r"^:{3,4} \{",
    "myst": r"^`{4,5}\{",
}
"""How something that folds begins, by the readers' own documentation."""
CLOSING = {
    "github": r"^</details>$",
    "dollar": r"^</details>$",
    "quarto": r"^:{3,4}$",
    "myst": r"^`{4,5}$",
}


def bare(text: str) -> list[str]:
    """The lines without what folds them."""
    lines = [re.sub(r"^(?:> )+", "", line) for line in text.splitlines()]
    return [line for line in lines if line.strip() and not line.startswith(("> ", ">"))]


@pytest.mark.parametrize("flavor", FORMATS["markdown"])
def test_nothing_is_lost(flavor: str) -> None:
    """Every line of the plain page stands in the folded one, in the same order."""
    folded = iter(bare(render(mazur(), flavor=flavor, fold=True, exercise=True).text))
    for line in bare(render(mazur(), flavor=flavor).text):
        assert line in folded


@pytest.mark.parametrize("flavor", CLOSING)
def test_what_opens_is_closed(flavor: str) -> None:
    """There are as many endings as beginnings, more than one, and never one too early."""
    text = render(mazur(), flavor=flavor, fold=True, exercise=True).text
    depth, most = 0, 0
    for line in text.splitlines():
        depth += bool(re.search(OPENING[flavor], line)) - bool(re.search(CLOSING[flavor], line))
        assert depth >= 0
        most = max(most, depth)
    assert (depth, most) == (0, 2)


def test_a_callout_is_one_quotation() -> None:
    """In Obsidian all lines of the solution belong to one callout, and equations stay whole."""
    text = render(mazur(), flavor="obsidian", fold=True, exercise=True).text
    solution = text[text.index("> [!success]- Solution") :]
    assert all(line.startswith(">") for line in solution.strip().splitlines())
    assert solution.count("> > $$") == 2 * solution.count("\\begin{aligned") > 0


def test_an_exercise_and_its_solution_know_each_other() -> None:
    """MyST's solution names the label of its exercise; Quarto's label begins with exr-."""
    found = mazur()
    named = replace(found, problem=replace(found.problem, name='A "net", 2–2–2: #1}'))
    myst = render(named, flavor="myst", exercise=True, prefix="w3-").text
    (label,) = re.findall(r"^:label: (.*)$", myst, re.MULTILINE)
    assert re.fullmatch("[a-z0-9-]+", label)
    assert f"{{solution}} {label}\n" in myst
    assert f"{{#exr-{label}}}" in render(named, flavor="quarto", exercise=True, prefix="w3-").text


@pytest.mark.parametrize("flavor", ["plain", "ascii"])
def test_text_does_not_fold(flavor: str) -> None:
    """Plain text has headings instead, and nothing where only steps were to fold."""
    assert render(mazur(), flavor=flavor, fold=True).text == render(mazur(), flavor=flavor).text
    text = render(mazur(), flavor=flavor, exercise=True).text
    assert text.index("## Exercise") < text.index("## Solution")


def test_every_format_folds_in_a_known_way() -> None:
    """Each format of Markdown names a row of the table, and each row is named."""
    written = [*FORMATS["markdown"].values(), *FORMATS["ipynb"].values()]
    assert {one.folds for one in written} == set(READERS)

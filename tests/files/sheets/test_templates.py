"""Sheets to be filled in: read back as what they ask, and right when filled by the solution."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.files.sheets.traces import EXAMPLES, mazur, stated, traced
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.errors import TracerError, UnknownQuantity
from tracer.files.problem import load, load_text
from tracer.files.sheets import open_sheet, read_sheet, sheet_template
from tracer.model.rounding import Precision, Rounding
from tracer.notation import list_notations

NAMES = ["mazur.yaml"] + [
    f"{folder}/{path.name}"
    for folder in ("articles", "calculations")
    for path in sorted((EXAMPLES / folder).glob("*.yaml"))
]
NOTATIONS = [name for name, _ in list_notations()]
POLICIES = {
    "carried": Rounding(Precision(figures=4), "carried"),
    "shown": Rounding(Precision(figures=4), "shown"),
    "exact": Rounding(Precision(figures=6), "exact"),
    "places": Rounding(Precision(places=4), "carried"),
    "even": Rounding(Precision(figures=3), "carried", ties="half_even"),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_there_and_back(name: str, notation: str) -> None:
    """In every format and notation the empty and the filled sheet are read as they are meant."""
    found = traced(name)
    lines = [step for step in found.steps if step.rule != "given" and step.shown]
    for kind in ("csv", "yaml", "text"):
        filled = read_sheet(sheet_template(found, None, kind, notation, True), found)
        assert sorted(stated(filled)) == sorted((step.key, step.text) for step in lines)
        assert not any(statement.negated for statement in filled.statements)
        empty = read_sheet(sheet_template(found, None, kind, notation), found)
        assert [key for key, _ in stated(empty)] == [key for key, _ in stated(filled)]
        assert all(text is None for _, text in stated(empty))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("policy", POLICIES)
def test_the_solutions_own_numbers_are_right(name: str, policy: str) -> None:
    """Filled with what the solution prints, under any policy, nothing is accused."""
    found = trace(replace(load(EXAMPLES / name), rounding=POLICIES[policy]))
    report = check(found, read_sheet(sheet_template(found, filled=True), found))
    assert {verdict.status for verdict in report.verdicts} <= {"correct", "rounded"}


def test_what_a_sheet_looks_like() -> None:
    """The three formats for two quantities, with the problem named."""
    keys = ["z1[1]", "w2[1,1]@1"]
    made = {
        kind: sheet_template(mazur(), keys, kind, problem="mazur.yaml", filled=kind == "csv")
        for kind in ("csv", "yaml", "text")
    }
    assert made == {
        "csv": "---\nproblem: mazur.yaml\n---\nname,value\nnet_h1,0.3775\nw_5+,0.358916480\n",
        "yaml": 'problem: mazur.yaml\nanswers:\n  "net_h1":\n  "w_5+":\n',
        "text": "---\nproblem: mazur.yaml\n---\nnet_h1 =\nw_5+ =\n",
    }
    assert open_sheet(made["text"]).header.problem is not None


def test_a_phase_can_be_asked() -> None:
    """The lines of one phase only."""
    sheet = read_sheet(sheet_template(mazur(), "loss"), mazur())
    assert {key for key, _ in stated(sheet)} == {"loss[1]", "loss[2]", "loss", "loss[1]@1",
                                                 "loss[2]@1", "loss@1"}  # fmt: skip


def test_what_cannot_be_asked() -> None:
    """Unknown formats, phases and keys, and symbolic numbers, are refused in words."""
    for arguments, message in {
        ("z1[1]", "csv"): "there is no phase 'z1",
        (None, "xlsx"): "format is one of csv, yaml, text",
        ("report", "csv"): "nothing is asked",
    }.items():
        with pytest.raises(TracerError, match=message):
            sheet_template(mazur(), *arguments)
    with pytest.raises(UnknownQuantity):
        sheet_template(mazur(), ["z9[1]"])
    symbolic = trace(load_text("inputs: [0.5]\nlayers: [{units: 1, weights: symbolic}]\n"))
    with pytest.raises(TracerError, match="no numbers"):
        sheet_template(symbolic, filled=True)

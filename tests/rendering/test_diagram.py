"""Diagrams: what they show at each stage, what they light up, and what they say in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tracer.backprop.tracing import trace
from tracer.errors import ProblemError, TracerError, UnknownQuantity
from tracer.files.problem import load
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace
from tracer.rendering.diagram import STAGES, WRITERS, Diagram, diagram, draw
from tracer.rendering.diagram.telling import spoken

EXAMPLES = Path(__file__).parents[2] / "examples"
HOSTILE = (
    r"""</text><script>alert(1)</script> & \input{x} $y$ #set "q" %d {e} ~ ^ _ <<f>> <% g %>"""
)


@cache
def example(name: str) -> Trace:
    """A problem of the examples, worked through."""
    return trace(load(EXAMPLES / f"{name}.yaml"), prove=False)


def texts(layout: Diagram) -> list[str]:
    """The texts of a diagram's labels, in words."""
    return [spoken(label.text) for label in layout.labels]


def shown(layout: Diagram) -> set[str]:
    """The keys whose numbers are to be seen."""
    return {
        label.key
        for label in layout.labels
        if label.key and any(piece.kind == "number" for piece in label.text)
    }


# -- stages --------------------------------------------------------------------------------------


def test_stages_show_more_and_more() -> None:
    """Names alone; then what is given; then each pass in turn, as on the published page."""
    by_stage = {stage: shown(diagram(example("mazur"), stage)) for stage in STAGES}
    assert by_stage["network"] == set()
    assert by_stage["given"] >= {"a0[1]", "w1[1,1]", "b1", "y[2]"}
    assert "z1[1]" not in by_stage["given"]
    assert by_stage["forward"] - by_stage["given"] >= {"z1[1]", "a2[2]", "loss", "loss[1]"}
    assert by_stage["backward"] - by_stage["forward"] == {
        "delta1[1]", "delta1[2]", "delta2[1]", "delta2[2]"
    }  # fmt: skip
    assert "w2[1,1]@1" in by_stage["updated"] - by_stage["backward"]


def test_numbers_are_those_of_the_page() -> None:
    """Mazur's published figures stand in the picture as they stand in his text."""
    layout = diagram(example("mazur"))
    written = {label.key: spoken(label.text) for label in layout.labels if label.role != "name"}
    assert written["z1[1]"] == "0.3775"
    assert written["a2[2]"] == "0.772928465"
    assert written["w2[1,1]@1"] == "then 0.358916480"


def test_nothing_after_a_step_is_shown() -> None:
    """``until``: what is worked out later is not given away."""
    layout = diagram(example("mazur"), "updated", until="z1[2]")
    assert {"z1[1]", "z1[2]", "w1[1,1]"} <= shown(layout)
    assert {"a1[1]", "loss", "w1[1,1]@1"}.isdisjoint(shown(layout))


def test_long_numbers_are_cut_and_say_so() -> None:
    """Fifteen figures do not fit on an edge; the first eight and an ellipsis do."""
    layout = diagram(example("articles/000-xor-batch"), "given")
    assert "0.41702200 and so on" in texts(layout)


def test_one_sample_of_several() -> None:
    """The first of the batch, or the one asked for; which one is said."""
    found = example("articles/000-xor-batch")
    assert "sample 1 of 4" in texts(diagram(found))
    third = diagram(found, sample=3)
    assert "sample 3 of 4" in texts(third)
    assert "z1[1]#3" in shown(third)
    assert "z1[1]#1" not in shown(third)
    with pytest.raises(ProblemError, match="sample 5"):
        diagram(found, sample=5)


def test_the_losses_of_a_batch_have_the_names_of_the_page() -> None:
    """A sample's own loss and that of the batch are two, each with what the update makes of it."""
    found = example("articles/000-xor-batch")
    after = {label.key for label in diagram(found, stage="updated").labels}
    assert {"loss#1", "loss", "loss#1@1", "loss@1"} <= after
    assert {"C", "C of sample x one"} <= set(texts(diagram(found)))
    before = {label.key for label in diagram(found, stage="backward").labels}
    assert {"loss#1", "loss"} <= before
    assert not {"loss#1@1", "loss@1"} & before


def test_missing_connections_are_absent() -> None:
    """A sparse layer has an edge for each of its connections and none for the others."""
    found = example("articles/001-sparse")
    edges = {line.key for line in diagram(found).lines if line.key.startswith("w")}
    weights = {step.key for step in found if step.rule == "given" and step.key.startswith("w")}
    assert edges == weights


def test_a_layer_without_biases() -> None:
    """No row for what is not there."""
    layout = diagram(example("articles/004-without-biases"))
    assert not any(label.key.startswith("b") for label in layout.labels)


def test_letters_instead_of_numbers() -> None:
    """A symbolic network is drawn with names."""
    found = trace(Problem(inputs=["0.5"], targets=["1"], layers=[Dense(2), Dense(1)],
                          loss="half_squared_error", settings={"rate": "1"}))  # fmt: skip
    assert shown(diagram(found)) == set()


def test_large_networks_are_thinned_out() -> None:
    """Of 20 units five cards and dots; the highlighted one is among them."""
    rows = [[f"0.{unit:02d}", "0.5"] for unit in range(1, 21)]
    found = trace(
        Problem(inputs=["1", "2"], targets=["1"] * 20, layers=[Dense(20, "identity", rows)],
                loss="half_squared_error", settings={"rate": "0.1"}),
        prove=False,
    )  # fmt: skip
    cards = {box.key for box in diagram(found).boxes if box.role == "card"}
    assert cards == {"a1[1]", "a1[2]", "a1[3]", "a1[4]", "a1[20]"}
    lit = {box.key for box in diagram(found, highlight="z1[13]").boxes if box.role == "card"}
    assert lit == {*cards, "a1[13]"}
    assert any("20 units" in text for text in texts(diagram(found)))


# -- highlighting --------------------------------------------------------------------------------


def lit(layout: Diagram, word: str) -> set[str]:
    """The keys of the edges that are lit so."""
    return {line.key for line in layout.lines if line.lit == word}


def test_a_forward_step_lights_its_edges() -> None:
    """z of the first unit: its two weights, both inputs, its own card."""
    layout = diagram(example("mazur"), highlight="z1[1]")
    assert lit(layout, "lit") == {"w1[1,1]", "w1[1,2]"}
    cards = {box.key: box.lit for box in layout.boxes if box.role in ("card", "input")}
    assert cards["a1[1]"] == "hot"
    assert cards["a0[2]"] == "lit"
    assert cards["a1[2]"] == ""


def test_a_backward_step_turns_the_arrows() -> None:
    """delta of a hidden unit comes from both outputs, through the weights, backwards."""
    layout = diagram(example("mazur"), highlight="delta1[1]")
    assert lit(layout, "lit") == {"w2[1,1]", "w2[2,1]"}
    assert {line.arrow for line in layout.lines if line.lit} == {"start"}


def test_a_gradient_belongs_to_its_weight() -> None:
    """What has no place of its own in the drawing lights up where it belongs."""
    layout = diagram(example("mazur"), highlight="dw2[1,2]")
    assert lit(layout, "hot") == {"w2[1,2]"}


def test_an_update_lights_the_old_and_the_new_weight() -> None:
    """The new weight is the step's own; its delta and its activation are what it uses."""
    layout = diagram(example("mazur"), highlight="w2[1,2]@1")
    labels = {label.key: label.lit for label in layout.labels if label.lit}
    assert labels["w2[1,2]@1"] == "hot"
    assert {"delta2[1]", "a1[2]"} <= labels.keys()


def test_unknown_words_are_told() -> None:
    """A wrong stage, step, format or update names the nearest right one."""
    found = example("mazur")
    with pytest.raises(TracerError, match="did you mean 'forward'"):
        diagram(found, "forwards")
    with pytest.raises(UnknownQuantity, match="delta3"):
        diagram(found, highlight="delta3[1]")
    with pytest.raises(TracerError, match="this problem has 1 update"):
        diagram(found, update=2)
    with pytest.raises(TracerError, match="did you mean 'tikz'"):
        draw(diagram(found), "tiks")


# -- words ---------------------------------------------------------------------------------------


def test_the_description_tells_every_number() -> None:
    """Someone who does not see the picture hears its numbers and what is highlighted."""
    told = diagram(example("mazur"), "forward", highlight="z1[1]").description
    assert "2-2-2" in told
    assert "net h one 0.3775" in told
    assert "w one 0.15" in told
    assert "Highlighted: net h one, from i one, i two, w one, w two, b one." in told


def test_a_graph_tells_its_equations() -> None:
    """Each array with the equation that gives it, and its numbers."""
    told = diagram(example("catalogue/gate-circuit")).description
    assert "q equals x plus y: 3." in told
    assert "f equals q times z: minus 12." in told


# -- drawings of their own kind ------------------------------------------------------------------


def test_a_recurrent_network_is_unrolled() -> None:
    """One frame for each time step, whatever the author calls the quantities."""
    for name, steps in (
        ("catalogue/recurrent", 3),
        ("catalogue/lstm", 2),
        ("catalogue/gru", 2),
        ("layers/gru", 2),
    ):
        layout = diagram(example(name))
        assert len([box for box in layout.boxes if box.role == "frame"]) == steps


def test_attention_among_other_layers_is_a_graph() -> None:
    """What attention's own drawing has no place for stands in a graph: every array has a card."""
    alone = diagram(example("layers/attention"), "forward")
    assert not [box for box in alone.boxes if box.role == "loss"]
    found = example("layers/transformer")
    cards = {key for box in diagram(found).boxes for key in box.held}
    assert {step.key for step in found.steps if step.phase == "forward"} <= cards
    assert {
        step.key for step in found.steps if step.phase == "update" and not step.parsed.state
    } <= cards


def test_masked_scores_are_empty_cells() -> None:
    """A causal mask over three tokens leaves out three scores and three weights."""
    layout = diagram(example("catalogue/attention"), "forward")
    assert len([box for box in layout.boxes if box.role == "missing"]) == 6
    shades = {box.key: box.shade for box in layout.boxes if box.role == "cell"}
    assert shades["A[1,1]"] == 1.0
    assert 0.5 < shades["A[2,2]"] < 0.51


def test_the_window_follows_the_highlighted_result() -> None:
    """The second result of the first row is made of the four cells of columns 2 and 3."""
    found = example("catalogue/convolutional")
    windows = [
        next(box.rect for box in diagram(found, highlight=key).boxes if box.role == "window")
        for key in ("Z[1,1]", "Z[1,2]")
    ]
    assert windows[1].x == pytest.approx(windows[0].x + windows[0].width / 2)


# -- formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", list(WRITERS))
def test_as_reviewed(to: str, snapshot: SnapshotAssertion) -> None:
    """The pictures that were looked at, one of each format."""
    name = "calculations/002-explained"
    assert draw(diagram(example(name), "backward", "delta1[1]"), to) == snapshot


@pytest.mark.parametrize("to", list(WRITERS))
def test_same_drawing_same_bytes(to: str) -> None:
    """Nothing depends on the order of a set or on the time."""
    for name in ("mazur", "catalogue/lstm"):
        one, other = (draw(diagram(example(name)), to) for _ in range(2))
        assert one == other


def test_svg_is_well_formed_and_speaks() -> None:
    """It parses, has a title and a description, and every number has its key."""
    for name in ("mazur", "catalogue/attention", "catalogue/recurrent"):
        root = ElementTree.fromstring(draw(diagram(example(name)), "svg"))
        space = "{http://www.w3.org/2000/svg}"
        assert root.find(f"{space}title") is not None
        assert len(root.findtext(f"{space}desc", "")) > 100
        assert any("data-key" in text.attrib for text in root.iter(f"{space}text"))


def test_decimal_commas() -> None:
    """0,3775 in every format, each in its own way; nothing is cut or moved by it."""
    layout = diagram(example("mazur"), comma=True)
    written = {to: draw(layout, to) for to in WRITERS}
    assert ">0,3775</text>" in written["svg"]
    assert "$0{,}3775$" in written["tikz"]
    assert '$"0,3775"$' in written["typst"]
    assert "0.3775" not in written["svg"]


def test_tikz_is_plain_ascii() -> None:
    """It survives any input encoding."""
    for name in ("mazur", "catalogue/lstm", "catalogue/convolutional"):
        assert draw(diagram(example(name)), "tikz").isascii()


def hostile() -> Trace:
    """A problem whose name is an attack on every format."""
    return replace(example("mazur"), problem=replace(example("mazur").problem, name=HOSTILE))


def test_a_hostile_name_means_nothing() -> None:
    """Neither a tag, nor a macro, nor code of Typst comes of it."""
    layout = diagram(hostile())
    svg, tikz, typst = (draw(layout, to) for to in ("svg", "tikz", "typst"))
    root = ElementTree.fromstring(svg)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == HOSTILE
    assert "<script" not in svg
    assert r"\input{x}" not in tikz.partition("\n")[0]
    assert re.search(r'alt: ".*[^\\]" #set', typst) is None


def test_colours_are_the_readers_choice() -> None:
    """Dark and light schemes, and custom properties that a page may set."""
    svg = draw(diagram(example("mazur")), "svg")
    assert "prefers-color-scheme: dark" in svg
    assert "--tracer-forward" in svg


def test_what_no_page_prints_has_no_card() -> None:
    """The loss of the only output is the loss: it stands once, and not before it is worked out."""
    found = trace(load(EXAMPLES / "layers" / "graph.yaml"))
    layout = diagram(found, "given")
    assert [box.key for box in layout.boxes if box.key.startswith("loss")] == ["loss"]

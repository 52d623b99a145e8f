"""Reading names: every printed form leads back, and so do the forms that people type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notation.networks import (
    BATCH,
    CHAIN,
    NETWORKS,
    RATE,
    THREE_TWO_ONE,
    TWO_TWO_ONE,
    TWO_TWO_TWO,
    WIDE,
    keys_of,
)
from tracer.backprop.tracing import trace
from tracer.errors import UnknownQuantity
from tracer.model.problem import Dense, Problem
from tracer.notation import Reader, list_notations, load_notation
from tracer.notation.linear import plain
from tracer.notation.name import Name
from tracer.notation.reading import AmbiguousName
from tracer.rendering.printers.ascii import Ascii
from tracer.rendering.printers.latex import Latex
from tracer.rendering.printers.typst import Typst
from tracer.rendering.printers.unicode import Unicode

NOTATIONS = [name for name, _ in list_notations()]
PRINTED: dict[str, Callable[[Name], str]] = {
    "plain": plain,
    "ascii": Ascii().name,
    "unicode": Unicode().name,
    "latex": Latex().name,
    "typst": Typst().name,
}


def reader_of(notation: str, problem: Problem) -> Reader:
    """The reader of all names of a network of the table."""
    network = next(name for name, known in NETWORKS.items() if known is problem)
    return load_notation(notation).for_problem(problem).reader(keys_of(network))


MAZURS_READER = reader_of("mazur", TWO_TWO_TWO)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_there_and_back_is_lossless(notation: str, network: str) -> None:
    """Every quantity's name, in ASCII, Unicode, LaTeX and Typst, is read as that quantity."""
    names = load_notation(notation).for_problem(NETWORKS[network])
    reader = names.reader(keys_of(network))
    wrong = [
        (key, form, printed(names.name(key)))
        for key in keys_of(network)
        for form, printed in PRINTED.items()
        if reader.read(printed(names.name(key))) != key
    ]
    assert wrong == []


MAZUR = {
    "net_h1": "z1[1]", "neth1": "z1[1]", "NET_H1": "z1[1]", r"\mathrm{net}_{h1}": "z1[1]",
    "out_o1": "a2[1]", "dE/dw5": "dw2[1,1]", "dE_total/dw5": "dw2[1,1]", "∂E/∂w₅": "dw2[1,1]",
    r"\frac{\partial E}{\partial w_5}": "dw2[1,1]", r"$\dfrac{\partial L}{\partial w_{5}}$":
    "dw2[1,1]", "w5+": "w2[1,1]@1", "w_5^{+}": "w2[1,1]@1", "w5'": "w2[1,1]@1",
    "w5_new": "w2[1,1]@1", r"w_{5}(\text{new})": "w2[1,1]@1", "w5⁺": "w2[1,1]@1",
    "∂E_total/∂out_o1": "da2[1]", "dE/dnet_h1": "delta1[1]", "δ_h1": "delta1[1]",
    "dout_o1/dnet_o1": "slope2[1]", "i1": "a0[1]", "x1": "a0[1]", "t2": "y[2]",
    "yhat_2": "a2[2]", r"\hat{y}_2": "a2[2]", r"\hat y_2": "a2[2]", "ŷ₂": "a2[2]",
    "E_total": "loss",
    "E_total+": "loss@1", "E_o1": "loss[1]", "η": "rate", "eta": "rate", "b1": "b1",
    "w2[1,2]@1": "w2[1,2]@1", "w2[1, 2]": "w2[1,2]",
}  # fmt: skip
GFG = {
    r"w_{1,1}(\text{new})": "w1[1,1]@1", "w_{1,1}": "w1[1,1]", "w_1,1": "w1[1,1]",
    "w11": "w1[1,1]", "w13": "w2[1,1]", r"\delta_5": "delta2[1]", "delta5": "delta2[1]",
    "y_target": "y[1]", "y5": "a2[1]", "a_3": "z2[1]", "Δw_{2,3}": "increment.w2[1,2]",
}  # fmt: skip
HAN_KAMBER = {
    "w14": "w1[1,1]", "w_{14}": "w1[1,1]", "Err6": "delta2[1]", "θ4": "b1[1]",
    r"\theta_4": "b1[1]", "O_6": "a2[1]", "I4": "z1[1]", "l": "rate", "T6": "y[1]",
}  # fmt: skip
NIELSEN = {
    "z₁⁽²⁾": "z1[1]", "δ₁⁽³⁾": "delta2[1]", r"\delta^{(3)}_1": "delta2[1]",
    r"\delta^3_1": "delta2[1]", "w^2_{12}": "w1[1,2]", "w'^2_{12}": "w1[1,2]@1",
    r"w_{12}^{(2)\prime}": "w1[1,2]@1", "z2_1": "z1[1]", r"\(C\)": "loss",
    "∂C/∂w_{1,2}^{(2)}": "dw1[1,2]", "dC/dz2_1": "delta1[1]", "x₁": "a0[1]",
    r"\frac{\partial C}{\partial b^{(2)}}": "db1",
}  # fmt: skip
NG = {
    "z1_1": "z1[1]", "z^{[1]}_1": "z1[1]", "dz^[2]_1": "delta2[1]", "w2_12": "w2[1,2]",
    "dW2_12": "dw2[1,2]", "dJ/dw2_12": "dw2[1,2]", "α": "rate", "J": "loss", "A^[1]_2": "a1[2]",
}  # fmt: skip


@pytest.mark.parametrize(
    ("notation", "problem", "typed"),
    [
        ("mazur", TWO_TWO_TWO, MAZUR),
        ("gfg", TWO_TWO_ONE, GFG),
        ("han-kamber", THREE_TWO_ONE, HAN_KAMBER),
        ("nielsen", TWO_TWO_TWO, NIELSEN),
        ("ng", TWO_TWO_TWO, NG),
        ("ng", CHAIN, {"dZ^[2]": "delta2[1]", "W1": "w1[1,1]", "db3": "db3[1]", "ŷ": "a3[1]"}),
        ("ng", BATCH, {"dz^{[2](3)}": "delta2[1]#3", "z^[1](2)_1": "z1[1]#2"}),
        ("cs231n", BATCH, {"W1[1,2]": "w1[2,1]", "h1[3,2]": "a1[2]#3", "dscores_3": "delta2[1]#3"}),
        ("torch", BATCH, {"W1.grad[2,1]": "dw1[2,1]", "x[3,1]": "a0[1]#3", "lr": "rate"}),
    ],
)
def test_people_type_names_in_many_ways(
    notation: str, problem: Problem, typed: dict[str, str]
) -> None:
    """ASCII, Unicode and LaTeX, with and without brackets and commas, lead to one key."""
    reader = reader_of(notation, problem)
    assert {text: reader.read(text) for text in typed} == typed


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    """A slip of the key is answered with what was probably meant."""
    with pytest.raises(UnknownQuantity, match=r"no quantity is called 'net_h3'.*net_h1"):
        reader_of("mazur", TWO_TWO_TWO).read("net_h3")


@pytest.mark.parametrize(
    "text", ["", "()", "^", "_", "/", "\\frac", "\\frac{", "[", "w_{", "frac("]
)
def test_rubbish_is_refused(text: str) -> None:
    """What is no name at all is an unknown quantity, not a crash."""
    with pytest.raises(UnknownQuantity):
        reader_of("mazur", TWO_TWO_TWO).read(text)


@given(st.text("wz_^{}()[]/1,2+'\\\\ frachnew₁⁽δ∂<>|.~#@", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed, the answer is a key of the network or an error in words."""
    try:
        found = MAZURS_READER.read(text)
    except (UnknownQuantity, AmbiguousName):
        return
    assert found in keys_of("2-2-2")


def test_a_very_long_text_is_refused_at_once() -> None:
    """A name has an end; nothing is looked for behind it."""
    with pytest.raises(UnknownQuantity, match="no quantity is called"):
        reader_of("mazur", TWO_TWO_TWO).read("\\frac{" * 10_000)


def test_an_ambiguous_name_lists_the_candidates() -> None:
    """Without brackets, unit 11 and unit 1 of sample 1 look alike: both are listed."""
    names = load_notation("ng").for_problem(WIDE)
    reader = names.reader(["db1[11]", "db1[1]#1", "db1[2]"])
    assert reader.read("db^[1](1)_1") == "db1[1]#1"
    with pytest.raises(AmbiguousName, match=r"db1\[11\].*db1\[1\]#1"):
        reader.read("db1_11")


def test_the_authors_own_names_are_read() -> None:
    """A problem's own names, with and without the mark of an update."""
    problem = replace(TWO_TWO_TWO, names={"wh1": "w1[1,1]", "hidden one": "a1[1]"})
    reader = load_notation("mazur").for_problem(problem).reader(keys_of("2-2-2"))
    assert reader.read("wh1") == "w1[1,1]"
    assert reader.read("w_{h1}") == "w1[1,1]"
    assert reader.read("wh1+") == "w1[1,1]@1"
    assert reader.read("hidden one") == "a1[1]"


LOGISTIC = Problem(
    inputs=[[1, 2], [0.5, -1], [3, 0]],
    targets=[[1], [0], [1]],
    layers=[Dense(1, weights=[["0.4", "-0.3"]], biases=["0.1"])],
    loss="binary_cross_entropy",
    **RATE,
)
STEPS_OF_LOGISTIC = trace(LOGISTIC).keys()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("z^(1)", "z1[1]#1"),
        (r"a^{(3)}", "a1[1]#3"),
        ("dz^(2)", "delta1[1]#2"),
        ("dw1", "dw1[1,1]"),
        ("dw_2", "dw1[1,2]"),
        ("w_2(new)", "w1[1,2]@1"),
        ("db", "db1[1]"),
        ("b(new)", "b1[1]@1"),
        ("dw_2^[1]", "dw1[1,2]"),
    ],
)
def test_the_only_layer_needs_no_mark(typed: str, key: str) -> None:
    """Logistic regression is read as courses write it: z^(1), a^(1), dw1, db."""
    reader = load_notation("ng").for_problem(LOGISTIC).reader(STEPS_OF_LOGISTIC)
    assert reader.read(typed) == key


def test_a_layers_mark_is_not_taken_for_a_sample() -> None:
    """In square brackets Ng writes the layer: z^[2] is not the second sample of one layer."""
    reader = load_notation("ng").for_problem(LOGISTIC).reader(STEPS_OF_LOGISTIC)
    assert reader.find("z^[2]") is None


@pytest.mark.parametrize("typed", ["z_1^{(2),x_2}", "z_1^{x_2,2}", "z_{1}^{(2)}{}^{(x_2)}"])
def test_the_sample_is_read_wherever_it_stands(typed: str) -> None:
    """The sample's mark, with its number as an index, before or behind the layer's."""
    problem = Problem(inputs=[[1], [2]], targets=[[1], [0]], layers=[Dense(2), Dense(1)])
    keys = ["z1[1]#1", "z1[1]#2", "z1[2]#1", "z1[2]#2", "z2[1]#1", "z2[1]#2"]
    assert load_notation("nielsen").for_problem(problem).reader(keys).read(typed) == "z1[1]#2"

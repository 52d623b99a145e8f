"""Names: as the textbooks write them, and no two alike."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from tests.notation.networks import (
    BATCH,
    CONVOLUTION,
    NETWORKS,
    SOFTMAX_IN_FULL,
    THREE_TWO_ONE,
    TWO_TWO_ONE,
    TWO_TWO_TWO,
    WIDE,
    keys_of,
)
from tracer.model.problem import Problem
from tracer.notation import dictionary, list_notations, load_notation
from tracer.notation.linear import plain
from tracer.notation.name import Name

NOTATIONS = [name for name, _ in list_notations()]

MAZUR = {
    "a0[1]": "i_1", "z1[1]": "net_h1", "a1[2]": "out_h2", "z2[1]": "net_o1", "a2[2]": "out_o2",
    "y[1]": "target_o1", "loss": "E_total", "loss[2]": "E_o2", "b1": "b_1", "b2": "b_2",
    "w1[1,1]": "w_1", "w1[1,2]": "w_2", "w1[2,1]": "w_3", "w1[2,2]": "w_4",
    "w2[1,1]": "w_5", "w2[1,2]": "w_6", "w2[2,1]": "w_7", "w2[2,2]": "w_8",
    "w2[1,1]@1": "w_5+", "dw2[1,1]": "dE_total/dw_5", "da1[1]": "dE_total/dout_h1",
    "slope2[1]": "dout_o1/dnet_o1", "delta2[1]": "delta_o1", "rate": "eta",
}  # fmt: skip
GFG = {
    "a0[1]": "x_1", "z1[1]": "a_1", "z1[2]": "a_2", "z2[1]": "a_3", "a1[1]": "y_3",
    "a1[2]": "y_4", "a2[1]": "y_5", "y[1]": "y_target", "w1[1,1]": "w_{1,1}",
    "w1[1,2]": "w_{2,1}", "w1[2,1]": "w_{1,2}", "w2[1,1]": "w_{1,3}", "w2[1,2]": "w_{2,3}",
    "delta2[1]": "delta_5", "delta1[1]": "delta_3", "delta1[2]": "delta_4", "rate": "eta",
    "increment.w2[1,2]": "Deltaw_{2,3}", "w1[1,1]@1": "w_{1,1}(new)", "da2[1]": "Error_5",
    "a2[1]@1": "y_5(new)",
}  # fmt: skip
HAN_KAMBER = {
    "a0[1]": "x_1", "w1[1,1]": "w_14", "w1[1,2]": "w_24", "w1[1,3]": "w_34", "w1[2,1]": "w_15",
    "w2[1,1]": "w_46", "w2[1,2]": "w_56", "b1[1]": "theta_4", "b1[2]": "theta_5",
    "b2[1]": "theta_6", "delta2[1]": "Err_6", "delta1[2]": "Err_5", "z1[1]": "I_4",
    "a1[2]": "O_5", "y[1]": "T_6", "rate": "l", "increment.b1[1]": "Deltatheta_4",
}  # fmt: skip
NIELSEN = {
    "a0[2]#3": "x_2^(x3)", "z1[1]#3": "z_1^(2)^(x3)", "a2[1]#1": "a_1^(3)^(x1)",
    "y[1]#2": "y^(x2)", "w1[2,1]": "w_21^(2)", "w2[1,2]@1": "w_12^(3)'", "b1[2]": "b_2^(2)",
    "delta1[2]#1": "delta_2^(2)^(x1)", "loss": "C", "loss#2": "C^(x2)", "rate": "eta",
    "dw2[1,2]": "dC/dw_12^(3)", "dw2[1,2]#4": "dC^(x4)/dw_12^(3)", "m": "m",
    "z1[1]#3@1": "z_1^(2)^(x3)'", "w1[1,1]@3": "w_11^(2)'''",
}  # fmt: skip
NG = {
    "a0[2]#3": "x_2^(3)", "z1[1]#3": "z_1^[1]^(3)", "a2[1]#1": "a_1^[2]^(1)", "y[1]#2": "y^(2)",
    "w1[2,1]": "w_21^[1]", "b1[2]": "b_2^[1]", "delta1[2]#1": "dz_2^[1]^(1)", "loss": "J",
    "loss#2": "L^(2)", "rate": "alpha", "dw2[1,2]": "dw_12^[2]", "db1[1]": "db_1^[1]",
    "da1[1]#2": "da_1^[1]^(2)", "m": "m",
}  # fmt: skip
UFLDL = {
    "z1[1]#3": "z_1^(2)^(3)", "w1[2,1]": "W_21^(1)", "w2[1,2]": "W_12^(2)", "b1[2]": "b_2^(1)",
    "delta2[1]#1": "delta_1^(3)^(1)", "loss": "J", "rate": "alpha", "dw2[1,2]": "dJ/dW_12^(2)",
}  # fmt: skip
CS231N = {
    "a0[2]#3": "x_{3,2}", "z1[1]#3": "z1_{3,1}", "a1[2]#3": "h1_{3,2}", "z2[1]#4": "scores_{4,1}",
    "delta2[1]#4": "dscores_{4,1}", "w1[2,1]": "W1_{1,2}", "dw2[1,2]": "dW2_{2,1}", "loss": "L",
    "loss#2": "L_2", "rate": "step_size", "m": "N",
}  # fmt: skip
TORCH = {
    "a0[2]#3": "x_{3,2}", "z1[1]#3": "z1_{3,1}", "a2[1]#3": "output_{3,1}", "loss": "loss",
    "w1[2,1]": "W1_{2,1}", "dw1[2,1]": "W1.grad_{2,1}", "delta1[2]#1": "z1.grad_{1,2}",
    "y[1]#2": "target_{2,1}", "rate": "lr",
}  # fmt: skip


@pytest.mark.parametrize(
    ("notation", "problem", "expected"),
    [
        ("mazur", TWO_TWO_TWO, MAZUR),
        ("gfg", TWO_TWO_ONE, GFG),
        ("han-kamber", THREE_TWO_ONE, HAN_KAMBER),
        ("nielsen", BATCH, NIELSEN),
        ("ng", BATCH, NG),
        ("ufldl", BATCH, UFLDL),
        ("cs231n", BATCH, CS231N),
        ("torch", BATCH, TORCH),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names_are_the_textbooks(notation: str, problem: Problem, expected: dict[str, str]) -> None:
    """Each notation calls the quantities of its book's own example what the book calls them."""
    names = load_notation(notation).for_problem(problem)
    assert {key: plain(names.name(key)) for key in expected} == expected


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_two_quantities_share_a_name(notation: str, network: str) -> None:
    """In one problem a name belongs to one quantity, also after several updates."""
    names = load_notation(notation).for_problem(NETWORKS[network])
    called: defaultdict[Name, list[str]] = defaultdict(list)
    for key in keys_of(network):
        called[names.name(key)].append(key)
    assert [keys for keys in called.values() if len(keys) > 1] == []


def test_commas_stand_between_long_indices_only() -> None:
    """``w_11`` with units 1 and 1, ``w_{12,4}`` with units 12 and 4."""
    names = load_notation("ng").for_problem(WIDE)
    assert plain(names.name("w1[1,1]")) == "w_11^[1]"
    assert plain(names.name("w1[12,4]")) == "w_{12,4}^[1]"


def test_features_name_the_inputs() -> None:
    """An input is called after its feature where the problem names the features."""
    names = load_notation("nielsen").for_problem(WIDE)
    assert names.name("a0[2]#1") == Name("x", sub="number of rooms", sample="(x1)")


def test_features_too_long_for_a_subscript_give_numbers() -> None:
    """One name of more than 24 letters, as the description of `features` says: all are numbered."""
    for longest, sub in (("a" * 24, "size"), ("a" * 25, "1")):
        problem = replace(WIDE, features=("size", longest, "age", "x9"))
        names = load_notation("nielsen").for_problem(problem)
        assert names.name("a0[1]#1") == Name("x", sub=sub, sample="(x1)")


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        ("nielsen", ["w^(2)", "X", "Z^(2)", "dC/dw^(2)", "delta^(3)", "w^(2)'", "C", "Deltaw^(3)"]),
        ("ng", ["W^[1]", "X", "Z^[1]", "dW^[1]", "dZ^[2]", "W^[1](new 1)", "J", "DeltaW^[2]"]),
        ("cs231n", ["W1", "X", "z1", "dW1", "dscores", "W1(new 1)", "L", "DeltaW2"]),
        ("torch", ["W1", "x", "z1", "W1.grad", "z2.grad", "W1(new 1)", "loss", "DeltaW2"]),
        (
            "ufldl",
            ["W^(1)", "X", "z^(2)", "dJ/dW^(1)", "delta^(3)", "W^(1)(new 1)", "J", "DeltaW^(2)"],
        ),
    ],
)  # fmt: skip
def test_whole_arrays_have_names(notation: str, expected: list[str]) -> None:
    """The matrix form has the letters of the book, for a batch of four."""
    names = load_notation(notation).for_problem(BATCH)
    arrays = ("w1", "a0", "z1", "dw1", "delta2", "w1'", "loss", "increment.w2")
    assert [plain(names.array(name)) for name in arrays] == expected


def test_one_sample_is_a_vector() -> None:
    """With one sample, the input is x and not a matrix X."""
    names = load_notation("ng").for_problem(TWO_TWO_TWO)
    assert [plain(names.array(name)) for name in ("a0", "z1")] == ["x", "z^[1]"]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_softmax_in_full_has_a_sum(notation: str) -> None:
    """The sum that softmax's slope needs has a name of its own."""
    names = load_notation(notation).for_problem(SOFTMAX_IN_FULL)
    assert names.name("delta1.1").base in ("s", "s1")


def test_equation_networks_keep_their_authors_names() -> None:
    """A kernel stays K; its gradient is written the notation's way."""
    nielsen = load_notation("nielsen").for_problem(CONVOLUTION)
    ng = load_notation("ng").for_problem(CONVOLUTION)
    assert plain(nielsen.name("K[2,1]")) == "K_21"
    assert plain(nielsen.name("dK[2,1]")) == "dL/dK_21"
    assert plain(ng.name("dK[2,1]")) == "dK_21"
    assert plain(nielsen.name("K[2,1]@1")) == "K_21'"
    assert plain(nielsen.name("p@1")) == "p'"


@pytest.mark.parametrize("notation", NOTATIONS)
def test_unknown_kinds_of_quantity_have_a_name(notation: str) -> None:
    """A gate that no textbook of ours names is called by its own word and place."""
    names = load_notation(notation).for_problem(TWO_TWO_TWO)
    assert names.name("lstm1.f[2]~3") == Name("f", sub="2", sup="(lstm1)(t=3)")


def test_the_dictionary_shows_two_notations() -> None:
    """Each key comes with its names in both notations."""
    rows = dictionary("mazur", "ng", TWO_TWO_TWO, ["z1[1]", "w2[1,2]"])
    assert [(key, plain(a), plain(b)) for key, a, b in rows] == [
        ("z1[1]", "net_h1", "z_1^[1]"),
        ("w2[1,2]", "w_6", "w_12^[2]"),
    ]


def test_delta_with_the_other_sign_is_not_called_a_derivative() -> None:
    """Under t-o, where ng would write dz for its negative, delta stands instead."""
    names = load_notation("ng").for_problem(TWO_TWO_ONE)
    assert plain(names.name("delta1[2]")) == "delta_2^[1]"
    assert plain(names.name("da1[2]")) == "e_2^[1]"

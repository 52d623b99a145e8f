"""Keys: there and back, and how the lexer cuts them out of a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.errors import FormulaError
from tracer.formula.keys import Key, tokens

WORDS = st.from_regex(r"[a-zA-Zα-ωΔ]{1,6}[0-9]{0,2}", fullmatch=True)


@given(
    st.lists(WORDS, min_size=1, max_size=3).map(".".join).filter(lambda n: ".T" not in n),
    st.lists(st.integers(1, 999), max_size=3).map(tuple),
    st.none() | st.integers(1, 99),
    st.none() | st.integers(1, 99),
    st.integers(0, 99),
)
def test_there_and_back(
    name: str, indices: tuple[int, ...], time: int | None, sample: int | None, update: int
) -> None:
    """A key's text, taken apart, is the key; ``@0`` is never written."""
    key = Key(name, indices, time, sample, update)
    assert Key.parse(str(key)) == key
    assert "@0" not in str(key)
    assert [(t.kind, t.text) for t in tokens(f"2*{key}")][-1] == ("key", str(key))


@pytest.mark.parametrize(
    ("text", "role", "layer", "state", "part"),
    [
        ("a0[2]", "a", 0, "", ""),
        ("y[1]", "y", None, "", ""),
        ("z1[1]@1", "z", 1, "", ""),
        ("loss", "loss", None, "", ""),
        ("loss[1]#2", "loss", None, "", ""),
        ("delta12[3]#4", "delta", 12, "", ""),
        ("dw2[1,2]#2", "dw", 2, "", ""),
        ("increment.w2[1,2]", "w", 2, "increment", ""),
        ("velocity.w2[1,2]@1", "w", 2, "velocity", ""),
        ("lstm1.f[2]~3", "lstm", 1, "", "f"),
        ("attention1.scores[1,2]", "attention", 1, "", "scores"),
        ("O.1[2,1]", "O", None, "", "1"),
        ("dlstm1.Wf[1,2]", "dlstm", 1, "", "Wf"),
        ("velocity.lstm1.Wf[1,2]@1", "lstm", 1, "velocity", "Wf"),
        ("increment.attention2.Wq[1,1]", "attention", 2, "increment", "Wq"),
        ("dattention1.scores.1[2,1]#3", "dattention", 1, "", "scores.1"),
    ],
)
def test_a_key_taken_apart(text: str, role: str, layer: int | None, state: str, part: str) -> None:
    """Role, layer, state and part of the keys that the grammar of names describes."""
    key = Key.parse(text)
    assert (key.role, key.layer, key.state, key.part) == (role, layer, state, part)
    assert str(key) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("w1[ 1 , 2 ]", "w1[1,2]"), (" loss ", "loss"), ("w1[1,1]@0", "w1[1,1]"), ("b1@01", "b1@1")],
)
def test_lenient_reading(text: str, written: str) -> None:
    """Spaces and a written ``@0`` are read; one spelling is written."""
    assert str(Key.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    ["", "1", "w[", "w[]", "w[1,]", "w[a]", "w[-1]", "w[1][2]", "w@", "w#x", "w@1#2", "w~1~2", "_w",
     "w__1", "w.", ".w", "w 1", "w[1]x", "w[1.5]"],
)  # fmt: skip
def test_what_is_no_key(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(FormulaError):
        Key.parse(text)


@given(st.text(max_size=30))
def test_no_text_raises_anything_else(text: str) -> None:
    """Whatever is typed: a key that reads back, or a FormulaError."""
    try:
        key = Key.parse(text)
    except FormulaError:
        return
    assert Key.parse(str(key)) == key

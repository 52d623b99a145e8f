"""Whatever a sheet holds: statements or an error in words, never a traceback."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files.sheets.traces import SHEETS, mazur, traced
from tracer.errors import TracerError
from tracer.files.positions import decoded
from tracer.files.sheets import read_article, read_sheet, sheet_template
from tracer.files.sheets.algebra import read_formula
from tracer.files.sheets.lines import LONGEST, segments
from tracer.files.sheets.naming import naming_of
from tracer.files.sheets.values import value_of
from tracer.formula.nodes import Node
from tracer.model.trace import Trace

PIECES = st.sampled_from(
    [
        *"[](){}$\\=≈_^,;:|\"'`*+-/.019 \n\t&%#@~ᵀ²⁽¹⁾₁∂Δσŷ−×·√½\u0302\u2028\x00\u0660",
        *("\\frac{", "\\begin{bmatrix}", "\\end{bmatrix}", "\\\\", "e^{", "---\n", "name,value\n"),
        *("nan", "1e999", "1e-999", "z1[1]", "net_h1", "(new)", "dE/d", "w5+", "\n= ", "0.3775"),
        *("\n[0.1, 0.2]\n", "W^(2)", "After the update: ", "answers:\n", "- {name: ", "problem: "),
        *("| name | value |\n|--|--|\n", "\n| ", " | ", "\\|"),
    ]
)
SOUP = st.lists(PIECES, max_size=60).map("".join)
GOOD = [path.read_text(encoding="utf-8") for path in sorted(SHEETS.iterdir())] + [
    sheet_template(mazur(), format=kind, notation=notation, filled=True)
    for kind in ("csv", "yaml", "text")
    for notation in ("mazur", "ng")
]


def attempt(text: str, found: Trace) -> None:
    """Read it as a sheet and as an article; errors are printable words."""
    for read in (read_sheet, read_article):
        statements, told = (), ""
        try:
            statements = read(f"{text}\n", found).statements
        except TracerError as error:
            told = str(error)
        assert all(c.isprintable() or c == "\n" for c in told)
        assert [s.n for s in statements] == list(range(1, len(statements) + 1))
        assert all(s.line >= 1 and s.column >= 1 for s in statements)


@given(SOUP)
def test_any_pieces(text: str) -> None:
    """What may stand in a sheet, in any order."""
    attempt(text, mazur())


@given(st.sampled_from(GOOD), st.integers(0), st.integers(0, 30), SOUP)
def test_a_sheet_with_something_wrong(text: str, place: int, length: int, soup: str) -> None:
    """A good sheet of which a part is replaced."""
    place %= len(text)
    attempt(text[:place] + soup + text[place + length :], mazur())


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Random bytes as a sheet."""
    try:
        text = decoded(b"name,value\n" + data, "s.csv")
    except TracerError:
        return
    attempt(text, mazur())


@given(SOUP | st.text(max_size=60))
def test_any_member(text: str) -> None:
    """A member of a chain is a formula, an array of them, or refused in words."""
    value_of(text)
    found: object = None
    told = ""
    try:
        found = read_formula(text, naming_of(traced("articles/004-without-biases.yaml"), "gfg"))
    except TracerError as error:
        told = str(error)
    assert isinstance(found, Node | tuple) != bool(told)


@pytest.mark.full
def test_under_a_fuzzer_that_follows_the_code() -> None:
    """Atheris, where it is installed, finds no input that ends in a traceback."""
    atheris = pytest.importorskip("atheris")
    import subprocess
    import sys

    script = (
        "import atheris, sys\n"
        "with atheris.instrument_imports(include=['tracer.files.sheets']):\n"
        "    from tests.files.sheets.test_sheet_fuzz import attempt, mazur\n"
        "def one(data):\n"
        "    attempt(data.decode('utf-8', 'replace'), mazur())\n"
        "atheris.Setup([sys.argv[0], '-max_total_time=60', '-max_len=400'], one)\n"
        "atheris.Fuzz()\n"
    )
    assert atheris is not None
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]


def test_a_matrix_that_is_never_closed_takes_up_no_more_than_a_long_line() -> None:
    """Otherwise each line that opens one would be joined with all that follow."""
    lines = ("\\begin{pmatrix} " * 60,) * 40
    for segment in segments(lines, 0):
        assert sum(len(lines[number - 1]) for number in segment.lines) <= LONGEST


@pytest.mark.parametrize(
    "line",
    [
        f"z ({'a' * 150}1) = 0.5",
        f"z ({'a-' * 70}1) = 0.5",
        f"{'a' * 4900} = 0.5",
        f"{'ab ' * 1600} = 0.5",
        f"{' ' * 4900}= 0.5",
        f"z1[1] = {'(' * 4900}",
    ],
    ids=["a word in brackets", "joined words", "one word", "words", "spaces", "brackets"],
)
def test_a_long_line_is_no_riddle(line: str) -> None:
    """No pattern tries the same text in many ways: each would take longer than the universe."""
    attempt(line, mazur())

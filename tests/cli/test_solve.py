"""`tracer solve`: formats, what is printed of a calculation, and comparison with a trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runs import EXAMPLES, MAZUR, process, run

SEVERAL = """
inputs: [0.5, 0.8]
targets: [1]
layers: [{weights: [[0.15, 0.25]], biases: [0.35]}]
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
updates: 5
"""


def test_a_problem_becomes_a_page() -> None:
    """Mazur's total error and first new weight stand in the page, rounded as he does."""
    result = run("solve", MAZUR, "--policy", "shown")

    assert result.exit_code == 0
    assert "0.298371109" in result.output
    assert "0.149780716" in result.output
    assert result.stderr == ""


def test_json_is_data() -> None:
    """--to json gives one object whose steps hold the article's gradient of w5."""
    data = json.loads(run("solve", MAZUR, "--to", "json").output)
    steps = {step["key"]: step for step in data["steps"]}

    assert float(steps["dw2[1,1]"]["exact"]) == pytest.approx(0.082167041, rel=1e-7)


def test_standard_input_and_output() -> None:
    """'-' reads the problem from standard input, as bytes of UTF-8."""
    done = process("solve", "-", "--flavor", "plain", given=SEVERAL)

    assert done.returncode == 0
    assert done.stderr == ""
    assert "≈" in done.stdout or "σ" in done.stdout


def test_the_encoding_of_the_console_does_not_matter() -> None:
    """In a pipe the page is UTF-8, whatever the locale says."""
    done = process("solve", MAZUR, "--flavor", "plain", PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert "∂" in done.stdout


def test_a_trace_is_solved_again_and_compared() -> None:
    """A trace as JSON is a problem too; a changed number in it is found, exit code 1."""
    written = run("solve", MAZUR, "--to", "json").output
    again = run("solve", "-", "--to", "json", given=written)
    assert '"value": "0.298371110"' in written
    changed = written.replace('"value": "0.298371110"', '"value": "0.298371109"')
    refused = run("solve", "-", given=changed)

    assert (again.exit_code, again.output) == (0, written)
    assert refused.exit_code == 1
    assert "loss" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("chosen", "there", "missing"),
    [("2", ["2"], ["1", "3"]), ("2..3", ["2", "3"], ["1", "5"]), ("all", list("12345"), [])],
)
def test_updates_are_chosen(chosen: str, there: list[str], missing: list[str]) -> None:
    """--update prints these updates and no others."""
    result = run("solve", "-", "--update", chosen, given=SEVERAL)

    assert result.exit_code == 0
    for number in there:
        assert f"Update {number}:" in result.output
    for number in missing:
        assert f"Update {number}:" not in result.output


@pytest.mark.parametrize("chosen", ["0", "6", "4..2", "x", "1..", "-1"])
def test_updates_that_are_not_there_are_refused(chosen: str) -> None:
    """A wrong --update is bad usage."""
    result = run("solve", "-", "--update", chosen, given=SEVERAL)

    assert result.exit_code == 2
    assert "update" in result.stderr


@pytest.mark.parametrize("key", ["dw1[1,2]", "dw1.1.2", "dw1.1.1,dw1[1,2]"])
def test_only_some_quantities(key: str) -> None:
    """--only takes keys, with dots for brackets as well, several with commas."""
    whole = run("solve", MAZUR).output
    result = run("solve", MAZUR, "--only", key)

    assert result.exit_code == 0
    assert "0.000877135473" in result.output
    assert "0.149780716" not in result.output
    assert len(result.output) < len(whole) / 4


def test_only_what_there_is() -> None:
    """A quantity that is not there is named, with the nearest."""
    result = run("solve", MAZUR, "--only", "delt1")

    assert result.exit_code == 2
    assert "did you mean 'delta1'" in result.stderr


def test_the_rounding_of_the_options_holds() -> None:
    """The total error is 0.29837...; by hand with three figures 0.275 + 0.0238 = 0.299."""
    carried = run("solve", MAZUR, "--figures", "3").output
    shown = run("solve", MAZUR, "--figures", "3", "--policy", "shown").output
    places = run("solve", MAZUR, "--places", "2", "--policy", "shown").output

    assert r"0.275 + 0.0238 &&= \mathbf{0.299}" in carried
    assert r"\mathbf{0.298}" in shown
    assert r"\mathbf{0.30}" in places


def test_one_quantity_composed_of_the_given_ones() -> None:
    """--symbolic KEY prints SymPy's expression: of a linear unit simply its sum."""
    problem = "inputs: [0.5, 0.8]\nlayers: [{activation: identity, weights: [[2, 3]]}]"
    plain = run("solve", "-", "--symbolic", "a1.1", "--flavor", "plain", given=problem)
    latex = run("solve", "-", "--symbolic", "a1.1", "--to", "latex", given=problem)

    assert plain.output == "a₁⁽²⁾ = x₁·w₁₁⁽²⁾ + x₂·w₁₂⁽²⁾\n"
    assert latex.output.startswith("\\[\na^{(2)}_{1} = ")


@pytest.mark.parametrize("flavor", ["plain", "ascii", "github"])
def test_a_long_composed_expression_is_broken(flavor: str) -> None:
    """It has the notation's names, and no row is wider than a page."""
    output = run("solve", MAZUR, "--symbolic", "dw1.1.2", "--flavor", flavor).output

    assert "w1[1,2]" not in output
    if flavor != "github":
        assert max(map(len, output.splitlines())) <= 90
    assert len(output.splitlines()) > 5


def test_on_a_terminal_a_page_is_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A person sees formulas instead of LaTeX; files and what is asked for stay as they are."""
    monkeypatch.setattr("tracer.cli.solve.on_terminal", lambda: True)
    run("solve", MAZUR, "-o", str(tmp_path / "page.md"))

    assert "netₕ₁ = w₁·i₁ + w₂·i₂ + b₁" in run("solve", MAZUR).output
    assert "```math" in run("solve", MAZUR, "--flavor", "github").output
    assert "```math" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_backward_has_the_gradients() -> None:
    """The gradients belong to the way back; alone they are the phase gradient."""
    backward = run("solve", MAZUR, "--only", "backward").output

    assert "Gradients of the output layer" in backward
    assert "Errors of the output layer" in backward
    assert "Errors of the" not in run("solve", MAZUR, "--only", "gradient").output


def test_a_notation_is_found_in_any_case() -> None:
    """``Ng`` is ng; an unknown one is answered with the nearest."""
    assert "dz^{[2]}" in run("solve", MAZUR, "--notation", "Ng").output
    assert "did you mean 'mazur'" in run("solve", MAZUR, "--notation", "Mazr").stderr


def test_the_whole_derivation_in_letters(tmp_path: Path) -> None:
    """--symbolic alone takes every number of the weights away."""
    path = tmp_path / "p.yaml"
    path.write_text(SEVERAL.replace("updates: 5", ""), encoding="utf-8")
    for arguments in ((str(path), "--symbolic"), ("--symbolic", str(path))):
        result = run("solve", *arguments)

        assert result.exit_code == 0, result.stderr
        assert "0.15" not in result.output
        assert "delta" in result.output


LETTERED = [
    ("mazur.yaml", "0.35"),  # one bias for the layer
    ("articles/001-sparse.yaml", "0.3"),  # missing connections
    ("layers/lstm.yaml", "0.5"),
    ("catalogue/batch-norm.yaml", "0.5"),  # equations
]


@pytest.mark.parametrize(("name", "number"), LETTERED)
def test_any_network_is_derived_in_letters(name: str, number: str) -> None:
    """--symbolic takes the numbers from shared biases, sparse layers, layer types, equations."""
    path = EXAMPLES / name
    assert number in path.read_text(encoding="utf-8")
    result = run("solve", str(path), "--symbolic", "--flavor", "plain")

    assert result.exit_code == 0, result.stderr
    lines = [line for line in result.output.splitlines() if " = " in line]
    assert len(lines) > 20
    assert not [line for line in lines if number in line]


def test_a_derivation_in_letters_stays_one_in_json(tmp_path: Path) -> None:
    """The JSON of --symbolic reads back as formulas alone."""
    path = tmp_path / "letters.json"
    assert run("solve", MAZUR, "--symbolic", "--to", "json", "-o", str(path)).exit_code == 0
    again = run("solve", str(path))
    assert again.output == run("solve", MAZUR, "--symbolic").output


def _wide(units: int) -> str:
    rows = [[f"0.{(i * 7 + j * 3) % 9 + 1}" for j in range(units)] for i in range(units)]
    layer = {"weights": rows, "activation": "tanh"}
    problem = {
        "inputs": ["0.1"] * units,
        "targets": ["0.2"] * units,
        "layers": [layer, layer],
        "loss": "squared_error",
        "optimizer": {"gradient_descent": {"rate": "0.1"}},
    }
    return json.dumps(problem)


def test_what_is_too_large_to_print_is_refused_with_its_count() -> None:
    """More than 2,000 lines need --only or --all-lines."""
    large = _wide(24)  # 2 layers of 24 x 24 weights: 2 x 576 gradients and as many updates
    refused = run("solve", "-", given=large)
    part = run("solve", "-", "--only", "forward", given=large)
    whole = run("solve", "-", "--all-lines", given=large)

    assert refused.exit_code == 2
    assert refused.stdout == ""
    count = int(refused.stderr.split("would print ")[1].split()[0].replace(",", ""))
    assert count > 4 * 576
    assert (part.exit_code, whole.exit_code) == (0, 0)
    assert len(part.output) < len(whole.output) / 3


BATCH = """
inputs: [[0.5, 0.8], [1, 2]]
targets: [[1], [0]]
layers: [{weights: [[0.15, 0.25]], biases: [0.35]}]
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
"""


@pytest.mark.parametrize("word", ["dw1", "dw1.1.2"])
def test_a_gradient_that_is_asked_for_is_printed_once(word: str) -> None:
    """The shares of single samples, which no other page prints, are not printed beside it."""
    asked = ("--only", word, "--to", "markdown", "--flavor", "plain")
    page = run("solve", "-", *asked, given=BATCH).output
    assert "∂C/∂w₁₂⁽²⁾ = " in page
    assert "∂C⁽ˣ¹⁾/∂w₁₂⁽²⁾" not in page
    share = run("solve", "-", "--only", "dw1.1.2#1", "--flavor", "plain", given=BATCH).output
    assert "∂C⁽ˣ¹⁾/∂w₁₂⁽²⁾ = " in share


def test_phases_are_named_where_none_is_near() -> None:
    """A word that is like nothing: the phases of this calculation are listed."""
    result = run("solve", MAZUR, "--only", "qqqq")
    assert result.exit_code == 2
    assert "its phases are forward, loss, backward, gradient, update" in result.stderr


def test_an_update_that_is_not_there_names_the_option() -> None:
    """Which number of the command line is meant is said."""
    assert "Invalid value for '--update': '2'" in run("solve", MAZUR, "--update", "2").stderr

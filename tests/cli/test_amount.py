"""What is too large is refused with its count, before anything is calculated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runs import ROOT, process, run
from tracer.backprop.passes import count_cells, passes_of, sketch
from tracer.backprop.tracing import trace
from tracer.cli.amount import printed_lines
from tracer.files.problem import load, load_text
from tracer.rendering.selecting import count_lines

EXAMPLES = sorted(
    (
        path
        for folder in ("", "articles", "calculations", "catalogue", "layers")
        for path in (ROOT / "examples" / folder).glob("*.yaml")
    ),
    key=lambda path: path.stem,
)
WIDE = """
inputs: [1, 2]
targets: [0, 1]
layers:
  - {{units: {0}, weights: {1}}}
  - {{units: {0}, weights: {1}}}
  - {{units: 2, weights: {1}}}
loss: half_squared_error
optimizer: {{gradient_descent: {{rate: 0.5}}}}
"""
LIMITED = (
    "import resource, runpy, sys;"
    "resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9));"
    "sys.argv[0] = 'tracer'; runpy.run_module('tracer.cli.main', run_name='__main__')"
)


@pytest.mark.parametrize("path", EXAMPLES[::4], ids=lambda path: path.stem)
def test_the_count_before_is_the_count_after(path: Path) -> None:
    """As many lines as were counted from the plan are printed, whatever is asked for."""
    problem = load(path)
    found = trace(problem, prove=False)
    for asked in ([], ["backward"], ["a1", "dw1"], ["delta1[1]", "loss"]):
        words = [word for word in asked if any(_names(word, step.key) for step in found)]
        if words or not asked:
            counted = printed_lines(problem, passes_of(problem), words)
            assert counted == count_lines(found, words or None)


def _names(word: str, key: str) -> bool:
    return word in ("backward", "loss") or key.startswith(word.split("[")[0] + "[")


@pytest.mark.parametrize("weights", ["symbolic", "{seed: 1, digits: 2}"])
def test_a_million_weights_are_refused_within_a_gigabyte(weights: str, tmp_path: Path) -> None:
    """A 2-1000-1000-2 network has two million gradients and updates; none is worked out."""
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE.format(1000, weights), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "solve", str(path)],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
        timeout=300,
    )

    assert (done.returncode, done.stdout) == (2, "")
    count = int(done.stderr.split("would print ")[1].split()[0].replace(",", ""))
    parameters = 2 * 1000 + 1000 * 1000 + 1000 * 2
    assert 2 * parameters < count < 2 * parameters + 7 * 2002 + 10
    assert "--only" in done.stderr
    assert "--all-lines" in done.stderr


def test_a_sketch_has_as_many_lines() -> None:
    """A large network is counted with letters for its numbers: frozen, shared or missing ones."""
    row = ", ".join(["0.1"] * 150)
    layer = f"{{weights: [{', '.join([f'[{row}]'] * 150)}], biases: {{}}}}".replace("{}", "0.5")
    sparse = layer.replace("0.1]", ".]", 1)
    for layers in ([layer, layer], [sparse, layer], [layer.replace("0.5", f"[{row}]"), sparse]):
        text = f"inputs: [{row}]\ntargets: [{row}]\nlayers: [{', '.join(layers)}]\n"
        text += "loss: half_squared_error\noptimizer: {momentum: {rate: 0.1}}\n"
        problem = load_text(text + 'freeze: ["w1[2,3]"]\n')
        small = sketch(problem)
        assert small is not None
        sketched = printed_lines(problem, passes_of(small))
        assert sketched == printed_lines(problem, passes_of(problem))


def test_equations_over_large_arrays_are_refused_as_well() -> None:
    """An outer product of 20,000 numbers has 400 million cells, each with its gradient."""
    numbers = ", ".join(["0.1"] * 20_000)
    text = f"given: {{a: [{numbers}]}}\nequations: ['B = outer(a, a)', L = sum(B)]\nloss: L\n"
    done = process("solve", "-", given=text + "learn: [a]\noptimizer: {sgd: {rate: 1}}\n")
    assert done.returncode == 2
    assert "optimizer" in done.stderr  # the usual errors come first

    right = text + "learn: [a]\noptimizer: {gradient_descent: {rate: 1}}\n"
    done = process("solve", "-", given=right)
    assert (done.returncode, done.stdout) == (2, "")
    assert int(done.stderr.split("would print ")[1].split()[0].replace(",", "")) > 800_000_000


def test_what_memory_does_not_hold_is_refused_by_every_command(tmp_path: Path) -> None:
    """Few lines of a network of a million weights need all the others; JSON holds them all."""
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE.format(600, "symbolic"), encoding="utf-8")
    for arguments in (
        ("solve", str(path), "--only", "dw1.1.2"),
        ("solve", str(path), "--to", "json"),
        ("explain", str(path), "dw1.1.2"),
        ("sheet", str(path)),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
        assert "would work out 1," in result.stderr
    assert count_cells(passes_of(load(path))) > 2 * 600 * 600


def test_what_is_masked_is_found_without_writing_out_what_is_not() -> None:
    """A product of 60 x 60 matrices inside a mask: 1,830 cells are there, quickly."""
    row = "[" + ", ".join(["0.1"] * 60) + "]"
    text = f"given: {{A: [{', '.join([row] * 60)}]}}\nequations: [C = causal(A@A)]\n"
    result = run("solve", "-", "--only", "C", given=text)

    assert result.exit_code == 0
    assert result.output.count("C_{") >= 1830

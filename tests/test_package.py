"""The package's public names: lazy, typed, and enough to do the main job in Python."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tracer

ROOT = Path(__file__).parents[1]
MAZUR = ROOT / "examples" / "mazur.yaml"


def test_every_public_name_is_there_and_typed() -> None:
    """Each name can be used, and the stub for type checkers has exactly the same ones."""
    stub = ast.parse((ROOT / "tracer" / "__init__.pyi").read_text(encoding="utf-8"))
    typed = {
        alias.asname: f"{node.module}:{alias.name}"
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    for name in tracer.__all__:
        assert getattr(tracer, name) is not None
        assert name in dir(tracer)
    assert {**typed, "__version__": "tracer.version:VERSION"} == tracer._PUBLIC


def test_a_name_that_is_not_there() -> None:
    """A misspelt name is an AttributeError like any other."""
    with pytest.raises(AttributeError, match="no attribute 'tracee'"):
        tracer.tracee  # noqa: B018


def test_the_main_job_in_python() -> None:
    """Load, trace, look things up, prove, explain and render, with Mazur's numbers."""
    problem = tracer.load(MAZUR)
    found = tracer.trace(problem)

    assert isinstance(problem, tracer.Problem)
    assert isinstance(found, tracer.Trace)
    assert float(found["dw2[1,1]"].exact or 0) == pytest.approx(0.082167041, rel=1e-7)
    assert all(agreement.agrees for agreement in tracer.prove(found))
    assert tracer.explain(found, "dw1[1,1]").count == 2
    assert "0.149780716" in tracer.render(found, notation="ng").text
    assert [section.phase for section in found.sections()][:3] == ["forward", "forward", "loss"]
    assert tracer.loads(tracer.dump(problem)) == problem


def test_errors_are_of_one_family() -> None:
    """What the user can mend is a TracerError and a ValueError."""
    with pytest.raises(tracer.TracerError) as caught:
        tracer.loads("inputs: [1]\nlayers: [{weights: [[1]], activation: sigmod}]")

    assert isinstance(caught.value, ValueError)
    assert "did you mean 'sigmoid'" in str(caught.value)


NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
shell.run_cell("import tracer")
shell.run_cell(f"found = tracer.trace(tracer.load({PATH!r}))")
forms, _ = shell.display_formatter.format(shell.user_ns["found"])
assert set(forms) == {"text/plain", "text/markdown", "text/latex"}, set(forms)
assert "$$" in forms["text/markdown"] and "0.149780716" in forms["text/markdown"]
assert "\\\\begin{aligned}" in forms["text/latex"] and "\\\\tr" not in forms["text/latex"]
assert "w₁⁺" in forms["text/plain"]

shell.run_cell("report = tracer.check(found, {'z1[1]': '0.3775', 'a1[1]': '0.39'})")
forms, _ = shell.display_formatter.format(shell.user_ns["report"])
assert set(forms) == {"text/plain", "text/markdown"}, set(forms)
assert forms["text/plain"].startswith("Mazur 2-2-2: the sheet, checked")
assert "$0.39$" in forms["text/markdown"] and "{net}_{h1}" in forms["text/markdown"]

shell.run_line_magic("load_ext", "tracer.notebook")
with capture_output() as told:
    shell.run_cell_magic("tracer", "net --notation ng", open(PATH).read())
assert len(told.outputs) == 1 and "text/markdown" in told.outputs[0].data
assert shell.user_ns["net"]["loss"].text == "0.298371110"
with capture_output() as told:
    shell.run_cell_magic("tracer", "", "inputs: [1]\\nlayerz: 1")
assert "<cell>:2:1: unknown key 'layerz'" in told.stderr and not told.outputs
with capture_output() as told:
    shell.run_cell_magic("tracer", "--colour red", "inputs: [1]")
assert "--colour" in told.stderr
print("shown")
"""


def test_a_trace_shows_itself_in_a_notebook(tmp_path: Path) -> None:
    """After a plain `import tracer` a trace is its page; %%tracer takes YAML in the cell."""
    pytest.importorskip("IPython")
    script = tmp_path / "notebook.py"
    script.write_text(f"PATH = {str(MAZUR)!r}\n{NOTEBOOK}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PYTHONUTF8": "1"},
        check=False,
    )

    assert done.stdout == "shown\n", done.stderr


def test_without_a_notebook_nothing_is_taught() -> None:
    """Outside IPython a trace keeps its plain form, and IPython is not imported."""
    code = (
        "import sys, tracer; t = tracer.trace(tracer.load(sys.argv[1])); "
        "print('IPython' in sys.modules, tracer.Trace.show, list(t._repr_mimebundle_()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(MAZUR)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )

    assert done.stdout == "False None ['text/plain']\n"

"""The floors of the house: which room may import which, read from the source itself.

Every module under ``tracer/`` is parsed, and each import in it, wherever it stands, is
held against the table.  Heavy libraries must not be imported on the way of a plain
walkthrough; that is shown in a process of its own.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tracer"

FLOORS: dict[str, set[str]] = {
    "errors": set(),
    "version": set(),
    "formula": {"sympy"},
    "model": {"formula", "numpy", "sympy"},
    "calculus": {"formula", "model", "sympy", "numpy"},
    "backprop": {"formula", "model", "calculus", "numpy", "sympy", "mpmath"},
    "checking": {"formula", "model", "calculus"},
    "notation": {"formula", "model", "yaml"},
    "rendering": {"formula", "model", "notation", "jinja2", "polib", "typst"},
    "files": {"formula", "model", "calculus", "notation", "yaml", "jsonschema", "numpy"},
    "importing": {"formula", "model", "calculus", "notation", "files", "numpy", "torch", "onnx"},
}
"""What each room may import besides the standard library, itself, errors and the version.

Roofs (`cli`, `notebook`, the package's own names) may import anything below.
"""
ROOFS = {"cli", "notebook", "__main__", ""}

ONLY_IN: dict[tuple[str, str], set[str]] = {
    ("formula", "sympy"): {"tracer.formula.bridge", "tracer.formula.nodes"},
    ("model", "numpy"): {"tracer.model.history"},
    ("files", "numpy"): {"tracer.files.runs", "tracer.files.archive"},
    ("importing", "files"): {"tracer.importing.archives"},
    ("importing", "torch"): {"tracer.importing.pytorch", "tracer.importing.torch_numbers"},
    ("rendering", "typst"): {"tracer.rendering.diagram.picture", "tracer.rendering.pdf"},
    ("importing", "onnx"): {"tracer.importing.onnx_graph"},
    ("model", "sympy"): {"tracer.model.trace"},
    ("backprop", "sympy"): {"tracer.backprop.proving"},
    ("backprop", "mpmath"): {"tracer.backprop.proving"},
}
"""Where a room's permission holds for one module; SymPy in `nodes` and `trace` is a type only."""

HEAVY = {"sympy", "numpy", "jinja2", "rich", "torch", "mpmath", "IPython", "typst", "polib"}


@dataclass(frozen=True)
class Import:
    """One import statement."""

    module: str
    """The module in which it stands."""
    target: str
    line: int
    lazy: bool
    """Inside a function: not at import time."""
    typing: bool
    """Under ``if TYPE_CHECKING``."""

    def __str__(self) -> str:
        return f"{self.module} line {self.line} imports {self.target}"


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(module: str, path: Path) -> Iterator[Import]:
    """Every import statement of a module, wherever it stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    def visit(node: ast.AST, lazy: bool, typing: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for name in child.names:
                    yield Import(module, name.name, child.lineno, lazy, typing)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module}: imports are written in full"
                for name in child.names:
                    whole = f"{child.module}.{name.name}"
                    target = whole if whole in MODULES else str(child.module)
                    yield Import(module, target, child.lineno, lazy, typing)
            else:
                inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                guarded = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
                yield from visit(child, lazy or inside, typing or guarded)

    yield from visit(tree, False, False)


IMPORTS = {module: tuple(imports(module, path)) for module, path in MODULES.items()}


def room(module: str) -> str:
    """``formula`` of ``tracer.formula.keys``; the empty word for the package itself."""
    return module.split(".")[1] if "." in module else ""


def test_every_room_is_in_the_table() -> None:
    """A new room has to say on which floor it stands, and the table has no room too many."""
    assert {room(module) for module in MODULES} == FLOORS.keys() | ROOFS


@pytest.mark.parametrize("module", MODULES)
def test_imports_keep_to_the_floors(module: str) -> None:
    """A module imports only what the table allows to its room."""
    here = room(module)
    for found in IMPORTS[module]:
        top = found.target.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        wanted = room(found.target) if top == "tracer" else top
        if here in ROOFS:
            assert top != "tracer" or here == "" or wanted != "", f"{found}: the roof itself"
            continue
        if wanted in (here, "errors", "version"):
            continue
        assert wanted in FLOORS[here], f"{found}: not a floor below"
        allowed = ONLY_IN.get((here, wanted))
        assert allowed is None or module in allowed, f"{found}: only in {allowed}"


@pytest.mark.parametrize("module", MODULES)
def test_typing_imports_are_for_heavy_libraries_only(module: str) -> None:
    """``TYPE_CHECKING`` hides no circle between our own modules.

    A roof may postpone what lies below it, so that ``--help`` is quick: from there no
    import leads back up, so there can be no circle.
    """
    for found in IMPORTS[module]:
        below = room(module) in ROOFS and room(found.target) not in ROOFS
        if found.typing and not below:
            assert found.target.split(".")[0] in HEAVY | sys.stdlib_module_names, str(found)


@pytest.mark.parametrize("module", MODULES)
def test_sympy_is_imported_where_it_is_needed(module: str) -> None:
    """SymPy costs half a second: no module imports it at its top."""
    for found in IMPORTS[module]:
        if found.target.split(".")[0] == "sympy":
            assert found.lazy or found.typing, str(found)


def test_no_circles_at_import_time() -> None:
    """Following the imports at module level never leads back to where it began."""
    edges = {
        module: sorted(
            {
                found.target
                for found in IMPORTS[module]
                if found.target in MODULES and not found.lazy and not found.typing
            }
            - {module}
        )
        for module in MODULES
    }
    done: set[str] = set()

    def follow(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, "a circle: " + " -> ".join((*path, module))
        if module in done:
            return
        for target in edges[module]:
            follow(target, (*path, module))
        done.add(module)

    for module in MODULES:
        follow(module, ())


def test_no_evaluation_of_text() -> None:
    """No module calls ``eval``, ``exec``, ``compile`` or ``sympify``."""
    allowed = {("tracer.backprop.compiled", "exec"), ("tracer.backprop.compiled", "compile")}
    allowed.add(("tracer.rendering.pdf", "compile"))  # a page of Typst
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            callee = node.func
            name = (
                callee.id
                if isinstance(callee, ast.Name)
                else callee.attr
                if isinstance(callee, ast.Attribute)
                and ast.unparse(callee.value) not in ("re", "typst")
                else ""
            )
            if name in ("eval", "exec", "compile", "sympify", "parse_expr", "__import__"):
                place = (".".join(module.split(".")[:3]), name)
                assert place in allowed, f"{module} line {node.lineno} calls {name}()"


def imported_by(code: str) -> set[str]:
    """The heavy libraries that a fresh interpreter has loaded after running `code`."""
    report = f"import sys\nprint(*sorted({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(done.stdout.splitlines()[-1].split())


PLAIN_TRACE = """
from tracer.backprop.tracing import trace
from tracer.model.problem import Dense, Problem
found = trace(Problem(inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
    layers=[Dense(1, "sigmoid", [["0.15", "0.25"]], ["0.35"])], settings={"rate": "0.5"}))
assert found.proof and "w1[1,1]@1" in found
"""

PLAIN_EQUATIONS = """
from tracer.backprop.tracing import trace
from tracer.model.problem import Problem
found = trace(Problem(given={"x": "2", "w": "3"}, equations=["L = sigmoid(w*x)"], loss="L",
    learn=["w"], settings={"rate": "0.5"}))
assert found.proof and "w@1" in found
"""


@pytest.mark.parametrize("code", ["import tracer", PLAIN_TRACE, PLAIN_EQUATIONS])
def test_a_plain_trace_imports_nothing_heavy(code: str) -> None:
    """A walkthrough with its proof by central differences needs no SymPy and no NumPy."""
    assert imported_by(code) == set()


@pytest.mark.skipif("tracer.cli.main" not in MODULES, reason="there is no command line yet")
def test_the_command_line_starts_without_heavy_libraries() -> None:
    """``tracer --help`` imports none of them."""
    code = (
        "import sys\nsys.argv = ['tracer', '--help']\nfrom tracer.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert imported_by(code) == set()

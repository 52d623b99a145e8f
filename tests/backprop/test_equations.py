"""Equation networks: random programs beside PyTorch, and what is refused."""

from __future__ import annotations

import pytest

from tests.backprop.problems import PLENTY, disagreements
from tests.oracles.programs import (
    OPERATIONS,
    cells,
    random_program,
    torch_run,
    torch_tensors,
)
from tracer.backprop.tracing import trace
from tracer.errors import CalculationError, ProblemError
from tracer.formula.parsing import parse
from tracer.formula.writing import write
from tracer.model.problem import Problem

SEEDS = range(150)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_array_and_gradient_is_pytorchs(seed: int) -> None:
    """Forward values, the gradient of every given array and its update agree to 1e-12."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    import torch

    program = random_program(seed)
    problem = Problem(
        given=program.given,
        equations=program.lines,
        loss="L",
        learn=list(program.given),
        settings={"rate": "0.25"},
        rounding=PLENTY,
    )
    found = trace(problem, prove=seed % 3 == 0)
    tensors = torch_tensors(program)
    values = torch_run(program, tensors)
    inner = {name: value for name, value in values.items() if value.requires_grad}
    gradients = torch.autograd.grad(values["L"], list(inner.values()), allow_unused=True)
    expected: dict[str, float] = {}
    for name, value in values.items():
        expected |= cells(name, value)
    for (name, value), gradient in zip(inner.items(), gradients, strict=True):
        if gradient is not None and (name in tensors or any(cells(f"d{name}", value))):
            expected |= cells(f"d{name}", gradient)
        if name in tensors:
            new = value - 0.25 * (0 if gradient is None else gradient)
            expected |= cells(name, new, "@1")
    expected = {k: v for k, v in expected.items() if k in found or not k.startswith("dv")}
    expected.pop("dL", None)  # the seed 1 is no line
    scale = max(1.0, *(abs(value) for value in expected.values()))
    assert disagreements(found, expected, 1e-12, 1e-15 * scale) == []
    again = {
        name: (value - 0.25 * gradient).detach() if gradient is not None else value
        for (name, value), gradient in zip(inner.items(), gradients, strict=True)
        if name in tensors
    }
    loss = torch_run(program, again)["L"].item()
    assert disagreements(found, {"L@1": loss}, 1e-11, 1e-13) == []


def test_every_operation_occurs_often_enough() -> None:
    """Each operation stands in at least four of the programs."""
    programs = [random_program(seed) for seed in SEEDS]
    for operation in OPERATIONS:
        assert sum(operation in program.used for program in programs) >= 4, operation


@pytest.mark.parametrize("seed", range(0, 150, 5))
def test_every_line_can_be_read_back(seed: int) -> None:
    """Each step's formula, written in the grammar, is read back as the same tree."""
    program = random_program(seed)
    found = trace(Problem(given=program.given, equations=program.lines, loss="L"), prove=False)
    functions = {name: len(d.parameters) for name, d in found.definitions.items()}
    for step in found:
        if step.rule == "given":  # its formula is the number as it was written
            continue
        assert parse(write(step.formula), functions) == step.formula


def network(*equations: str, **chosen: object) -> Problem:
    """A small equation network over x (2), w (2) and s."""
    given = {"x": ["1", "2"], "w": ["0.5", "-1"], "s": "3"}
    return Problem(given=given, equations=equations, **{"loss": "L", **chosen})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (network("L = q*s"), "'q' is not given"),
        (network("s = x[1]", "L = s"), "defined twice"),
        (network("L = x"), "not a single number"),
        (network("L = s", loss="M"), "'M' is not one of the equations"),
        (network("L = s", learn=["v"]), "no given quantity 'v'"),
        (network("L = sum(x @ s)"), "does not exist"),
        (network("L = x[3]"), "index 3"),
        (network("L = x[1,1]"), "has no 2 indices"),
        (network("L = sum(x + stack(x, x, x)[:,1])"), "do not fit"),
        (network("L = sum(conv(x, stack(s, s, s)))"), "larger than its input"),
        (network("L = sgmoid(s)"), "did you mean 'sigmoid'"),
        (network("L = s.real"), r"only attribute is .T"),
        (network("L = __import__(s)"), "underscore"),
        (network("dx = x[1]", "L = sum(x)*dx", learn=["x"]), "derived gradient"),
        (network("L = s", loss=None, upstream={"L": ["1"]}), "needs the shape"),
        (network("L = s*2", learn=["s"], settings={}), "needs its rate"),
        (network("L = s*2", learn=["s"], settings={"rte": "1"}), "did you mean 'rate'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(problem: Problem, message: str) -> None:
    """A wrong name, shape or setting is named; nothing is calculated."""
    with pytest.raises(ProblemError, match=message):
        trace(problem)


@pytest.mark.parametrize(
    ("equation", "key"),
    [
        ("L = log(s - 3)", "L"),
        ("L = 1/(s - 3)", "L"),
        ("L = sqrt(2 - s)", "L"),
        ("L = exp(exp(exp(exp(s))))", "L"),
        ("L = (s - 4)**0.5", "L"),
        ("L = (s - 3)**(-1)", "L"),
    ],
)
def test_a_quantity_without_a_finite_value_is_named(equation: str, key: str) -> None:
    """log of 0, a root of a negative number, overflow: the error says where."""
    with pytest.raises(CalculationError, match=f"^{key}:") as caught:
        trace(network(equation))
    assert caught.value.key == key


def test_without_loss_the_equations_are_traced_as_they_stand() -> None:
    """No gradient, no update: just the author's lines."""
    found = trace(network("a = x*s", "b = sum(a)", loss=None))
    assert [step.key for step in found if step.rule != "given"] == ["a[1]", "a[2]", "b"]


def test_an_upstream_gradient_stands_for_a_loss() -> None:
    """dY is given: the gradients are those of sum(dY*Y)."""
    found = trace(
        network(
            "Y = x*s",
            loss=None,
            upstream={"Y": ["10", "-1"]},
            learn=["s", "x"],
            settings={"rate": "0.1"},
        )
    )
    assert found.proof
    numbers = {"ds": 10 * 1 - 1 * 2, "dx[1]": 30, "dx[2]": -3, "s@1": 3 - 0.8, "x[1]@1": -2}
    assert disagreements(found, numbers, 1e-15, 1e-15) == []


def test_a_gate_circuits_output_may_be_the_loss() -> None:
    """f = (x + y)*z, as in a first lecture: df/dx = z, df/dz = x + y."""
    found = trace(
        Problem(
            given={"x": "-2", "y": "5", "z": "-4"}, equations=["q = x + y", "f = q*z"], loss="f"
        )
    )
    assert disagreements(found, {"f": -12, "dq": -4, "dz": 3, "dx": -4, "dy": -4}, 0, 0) == []


def test_a_minus_stands_where_the_author_wrote_it() -> None:
    """Cross-entropy keeps its two minuses: no line prints (y - 1) where 1 - y was written."""
    loss = "-y*log(p) - (1 - y)*log(1 - p)"
    problem = Problem(
        given={"x": "0.25", "y": "1"},
        equations=["p = sigmoid(x)", f"L = {loss}"],
        loss="L",
        learn=["x"],
        settings={"rate": "0.1"},
    )
    assert write(trace(problem)["L"].formula) == loss

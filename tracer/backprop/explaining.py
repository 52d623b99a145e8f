"""Explaining one quantity: its rule, and every path from the loss back to it.

Takes a trace and a key; gives an `Explanation` as plain data.  Three independent ways to
the same number are compared: the sum over the paths of the forward pass, backprop's own
line (the component form), and the array equation worked out by matrix arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction as Rational

from tracer.backprop.matrices import worked_out
from tracer.backprop.paths import Paths
from tracer.backprop.proving import TOLERANCE
from tracer.errors import CalculationError, TracerError, UnknownQuantity
from tracer.formula.keys import Key
from tracer.model.explanation import Explanation, MatrixForm
from tracer.model.rounding import Value
from tracer.model.step import Step
from tracer.model.trace import Agreement, Trace, checked_trace

MOST_PATHS = 200
"""Beyond this number only the strongest paths are listed."""
_GRADIENT_OF = {"delta": "z", "da": "a", "dw": "w", "db": "b"}
_GRADIENT = {role: gradient for gradient, role in _GRADIENT_OF.items()}


def explain(found: Trace, key: str, most: int = MOST_PATHS) -> Explanation:
    """Explain one quantity of a trace.

    Args:
        found: a trace with numbers.
        key: the quantity: a gradient (``dw1[1,2]``), or what it is the gradient of
            (``w1[1,2]``, ``z1[1]``, ``a0[1]``), or any other.
        most: how many paths to list at most; they are counted and summed in any case.

    Raises:
        UnknownQuantity: naming the nearest key.
        TracerError: if the trace is a derivation without numbers.

    >>> from tracer.backprop.tracing import trace
    >>> from tracer.model.problem import Dense, Problem
    >>> found = trace(Problem(inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.15", "0.25"]])], settings={"rate": "0.5"}))
    >>> [path.keys for path in explain(found, "dw1[1,2]").paths]
    [('loss', 'a1[1]', 'z1[1]', 'w1[1,2]')]
    """
    step = checked_trace(found, "explain")[key]
    if step.exact is None:
        raise TracerError(
            f"{step.key} has no number: the weights of this problem are letters, "
            "and an explanation compares numbers"
        )
    subject = _subject(found, step)
    paths = Paths(found, subject.objective, subject.of) if subject.objective else None
    if paths is None or paths.starts == [subject.of]:
        matrix = _matrix(found, step)
        return Explanation(
            step, "", {}, None, 1, (), 0, Rational(0), matrix, _compared(step, 1, None, matrix)
        )
    matrix = _matrix(found, subject.gradient or step)
    total = paths.total
    line = subject.gradient
    against = None if line is None else total
    return Explanation(
        step=step,
        of=subject.of,
        objective=subject.objective,
        gradient=line,
        sign=subject.sign,
        paths=paths.listed(most),
        count=paths.count,
        total=total,
        matrix=matrix,
        agreements=_compared(line or step, subject.sign, against, matrix),
        held=tuple(paths.held),
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is differentiated by what, and backprop's line for it."""

    of: str
    objective: Mapping[str, Value]
    gradient: Step | None = None
    sign: int = 1


def _subject(found: Trace, step: Step) -> _Subject:
    key = step.parsed
    if step.rule == "update":  # the parameter before this update
        return _subject(found, found[str(key.at(key.update - 1))])
    if step.phase in ("update", "report") or (step.rule, step.phase) == ("part", "backward"):
        return _Subject("", {})
    if step.rule == "slope":
        activation = str(replace(key, name=f"a{key.layer}"))
        return _Subject(str(replace(key, name=f"z{key.layer}")), {activation: Rational(1)}, step)
    if not found.problem.layers:
        return _of_equations(found, step)
    return _of_layers(found, key) if found.problem.plain else _of_typed(found, step)


def _of_layers(found: Trace, key: Key) -> _Subject:
    role = key.state or key.role
    gradient = key
    if role in _GRADIENT_OF:
        key = replace(key, name=f"{_GRADIENT_OF[role]}{key.layer}")
    elif role in _GRADIENT:
        gradient = replace(key, name=f"{_GRADIENT[role]}{key.layer}")
    line = _step(found, gradient) if gradient != key or role in _GRADIENT_OF else None
    negated = found.problem.conventions.delta == "t-o" and gradient.role in ("delta", "da")
    of = key if key.role in ("z", "a") or key.sample is None else replace(key, sample=None)
    if of.role == "y" or key.state:
        of = key
    return _Subject(str(of), _loss(found, gradient), line, -1 if negated else 1)


def _of_typed(found: Trace, step: Step) -> _Subject:
    """In a network with layers of several types: what is differentiated is the loss as a
    whole, times the number of samples where a mean's 1/m is written in the gradients."""
    key = step.parsed
    if key.part and step.phase in ("backward", "gradient"):
        of = replace(key, name=key.name[1:])
    elif key.role in _GRADIENT_OF and key.layer:
        of = replace(key, name=f"{_GRADIENT_OF[key.role]}{key.layer}")
    else:
        of = key
    told = f"d{of.name}" if of.part else f"{_GRADIENT.get(of.role, 'd')}{of.layer}"
    line = _step(found, replace(of, name=told))
    parameter = line is not None and line.phase == "gradient"
    problem, whole = found.problem, str(Key("loss", update=key.update))
    last = key.layer == len(problem.layers) and of.role == "a"
    averaged = problem.written == "delta" and not last
    count = 1
    if problem.reduction == "mean" and not parameter and not averaged:
        count = max(len(found.plans[min(key.update, len(found.plans) - 1)].samples), 1)
    negated = problem.conventions.delta == "t-o" and not parameter
    objective: dict[str, Value] = {whole: Rational(count)} if _step(found, Key.parse(whole)) else {}
    return _Subject(str(of), objective, line, -1 if negated else 1)


def _loss(found: Trace, key: Key) -> dict[str, Value]:
    """The loss that a quantity's gradient is about: of its sample, or of the batch.

    Where a mean's 1/m is written in the deltas, it enters behind dL/da of the outputs.
    """
    whole = Key("loss", update=key.update)
    alone = replace(whole, sample=key.sample)
    last = key.layer == len(found.problem.layers) and key.role in ("a", "da")
    divided = found.problem.written == "delta" and key.role in ("z", "a", "delta", "da")
    if key.sample is not None and (last or not divided) and _step(found, alone) is not None:
        return {str(alone): Rational(1)}
    return {} if _step(found, whole) is None else {str(whole): Rational(1)}


def _of_equations(found: Trace, step: Step) -> _Subject:
    key = step.parsed
    is_gradient = step.rule == "gradient" or (step.rule == "given" and _is_upstream(found, key))
    of = replace(key, name=key.name[1:]) if is_gradient else key
    line = step if is_gradient else _step(found, replace(key, name=f"d{key.name}"))
    if line is not None and line.rule != "gradient" and not _is_upstream(found, line.parsed):
        line = None  # an inner part (dX.1), or a quantity that the author called so
    return _Subject(str(of), _upstream(found, key.update), line)


def _is_upstream(found: Trace, key: Key) -> bool:
    return key.name[1:] in found.problem.upstream and key.name not in found.problem.given


def _upstream(found: Trace, update: int) -> dict[str, Value]:
    """What the equations differentiate: the loss, or given upstream gradients."""
    problem, quantities = found.problem, found.plans[0].quantities
    weights: dict[str, Value] = {}
    if problem.loss is not None:
        loss = quantities[str(problem.loss)]
        weights[loss.cell((0,) * len(loss.axes), update)] = Rational(1)
    for name in problem.upstream:
        for index in quantities[name].cells():
            given = found[quantities[f"d{name}"].cell(index)].exact
            weights[quantities[name].cell(index, update)] = given or Rational(0)
    return weights


def _step(found: Trace, key: Key) -> Step | None:
    try:
        return found[str(key)]
    except UnknownQuantity:
        return None


def _matrix(found: Trace, step: Step) -> MatrixForm | None:
    """The array equation of a step's quantity, and the cell of it that the step is."""
    update = step.update - 1 if step.rule == "update" else step.update
    plan = found.plans[min(update, len(found.plans) - 1)]
    for equation in plan.equations:
        if equation.target.key != step.parsed.name or equation.rule != step.rule:
            continue
        for index in equation.target.cells():
            if equation.target.cell(index, step.update) != step.key:
                continue
            try:
                values = worked_out(found, equation.formula, update)
            except CalculationError:
                return None
            where = index[len(index) - values.ndim :]
            at = tuple(i if size > 1 else 0 for i, size in zip(where, values.shape, strict=True))
            value = float(values[at])
            return MatrixForm(equation.target.name, equation.formula, update, index, value)
    return None


def _compared(
    line: Step, sign: int, total: Value | None, matrix: MatrixForm | None
) -> tuple[Agreement, ...]:
    """The component form beside the other two ways to its number."""
    own = float(line.exact or 0)
    results = []
    if total is not None:
        results.append(_agreement(line.key, own, sign * float(total), "sum over the paths"))
    if matrix is not None:
        results.append(_agreement(line.key, own, matrix.value, "matrix form"))
    return tuple(results)


def _agreement(subject: str, derived: float, independent: float, method: str) -> Agreement:
    close = abs(derived - independent) <= TOLERANCE * max(abs(derived), abs(independent), 1e-6)
    return Agreement(subject, derived, independent, method, close)

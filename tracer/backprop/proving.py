"""Proofs: the gradients of a trace beside independent calculations of the same numbers.

`spot_check` compares three random directions with central differences after every
solve; `prove` goes through every parameter, and for small networks through SymPy's
derivative of the whole composed loss, and through every local slope.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction as Rational
from random import Random
from typing import Any

from tracer.backprop.truncating import held_operands
from tracer.calculus.definitions import definitions
from tracer.errors import CalculationError, ProofFailed
from tracer.formula.bridge import to_sympy
from tracer.formula.evaluating import MOST_DIGITS, Evaluator, Exact
from tracer.formula.keys import Key
from tracer.formula.nodes import Call, Symbol, walk
from tracer.model.rounding import Value
from tracer.model.step import Step
from tracer.model.trace import Agreement, Trace, checked_trace

DIGITS = 60
STEP = Rational(1, 10**15)
TOLERANCE = 1e-9
"""Relative, or absolute below 1."""
CENTRAL = "central difference"
"""The method of a comparison with one."""
LARGEST_SYMPY = 20_000
"""Nodes of the composed loss times parameters, up to which SymPy differentiates it whole."""


class Forward:
    """The forward pass and the loss of one update, as a function of its parameters."""

    def __init__(self, found: Trace) -> None:
        self.found = found
        self.steps = [
            step
            for step in found.steps
            if step.phase in ("forward", "loss") and step.update == 0 and step.exact is not None
        ]
        self.givens = {
            s.key: s.exact for s in found.steps if s.rule == "given" and s.exact is not None
        }
        self.objective = _objective(found)
        self.held = {
            key: {operand: found[operand].exact for operand in operands}
            for key, operands in held_operands(found).items()
        }
        self._keep_apart()

    def _keep_apart(self) -> None:
        """Take as many more digits as the numbers that are added lie apart, up to a bound."""
        arithmetic = Exact(DIGITS)
        self.evaluate = Evaluator(arithmetic, self.found.definitions)
        with suppress(CalculationError):  # a difference was lost: more digits keep it
            self.loss({})
        self.evaluate = Evaluator(
            Exact(DIGITS + min(arithmetic.gap, MOST_DIGITS)), self.found.definitions
        )

    def gradients(self) -> dict[str, Value]:
        """Exact gradients of the first update, by the key of what they are for."""
        pairs = {}
        for key in self.givens:
            derived = gradient_key(self.found, key)
            if derived is not None and derived in self.found:
                exact = self.found[derived].exact
                if exact is not None:
                    pairs[key] = exact
        return pairs

    def loss(self, moved: Mapping[str, Value]) -> Value:
        """The loss with some given quantities moved."""
        values: dict[str, Any] = {**self.givens, **moved}
        for step in self.steps:
            held = self.held.get(step.key)
            known = ChainMap(held, values) if held else values
            values[step.key] = self.evaluate(step.formula, known)
        terms = [
            self.evaluate.arithmetic.multiply([weight, values[key]])
            for key, weight in self.objective.items()
        ]
        return self.evaluate.arithmetic.add([Rational(0), *terms])  # type: ignore[no-any-return]

    def central_difference(self, direction: Mapping[str, Value]) -> Value:
        """(L(p + h d) - L(p - h d)) / 2h."""
        arithmetic = self.evaluate.arithmetic
        ends = []
        for h in (STEP, -STEP):
            moved = {
                key: arithmetic.add([self.givens[key], arithmetic.multiply([h, d])])
                for key, d in direction.items()
            }
            ends.append(self.loss(moved))
        difference = arithmetic.add([ends[0], arithmetic.negate(ends[1])])
        return arithmetic.divide(difference, 2 * STEP)  # type: ignore[no-any-return]

    @property
    def at_kink(self) -> bool:
        """Whether a remark says that a slope was chosen by convention."""
        return any(r.kind == "kink" for step in self.found.steps for r in step.remarks) or any(
            _touches_kink(step, self.found) for step in self.steps
        )


def gradient_key(found: Trace, key: str) -> str | None:
    """The key of the gradient of a parameter: ``dw1[1,2]`` for ``w1[1,2]``."""
    derived = Key.parse(key)
    name = f"d{derived.name}"
    text = str(replace(derived, name=name))
    return text if text in found.keys() else None  # noqa: SIM118


def _objective(found: Trace) -> dict[str, Value]:
    """What is differentiated: the loss, or an upstream gradient times its quantity."""
    problem = found.problem
    if problem.layers:
        return {"loss": Rational(1)} if "loss" in found else {}
    weights: dict[str, Value] = {}
    if problem.loss is not None:
        plan = found.plans[0]
        quantity = plan.quantities[str(problem.loss)]
        weights[quantity.cell((0,) * len(quantity.axes))] = Rational(1)
    for name in problem.upstream:
        quantity = found.plans[0].quantities[name]
        for index in quantity.cells():
            key = quantity.cell(index)
            weights[key] = found[f"d{key}"].exact or Rational(0)
    return weights


def _touches_kink(step: Step, found: Trace) -> bool:
    """Whether a function with a kink stands exactly on it."""
    body = step.expanded or step.formula
    values = {key: found[key].exact for key in step.operands}
    evaluate = Evaluator(Exact(), found.definitions)
    for node in walk(body):
        if isinstance(node, Call) and node.function in ("maximum", "minimum", "abs", "heaviside"):
            arguments = [evaluate(part, values) for part in node.arguments]
            if node.function in ("abs", "heaviside") and arguments[0] == 0:
                return True
            chosen = max(arguments) if node.function == "maximum" else min(arguments)
            if len(arguments) > 1 and arguments.count(chosen) > 1:
                return True
    return False


def spot_check(found: Trace, directions: int = 3) -> Trace:
    """The trace with a proof of its gradients along random directions (seeded).

    Raises:
        ProofFailed: if a central difference disagrees.
    """
    forward = Forward(found)
    gradients = forward.gradients()
    if not gradients or not forward.objective or forward.at_kink:
        return found
    random = Random(7)
    results = []
    for number in range(1, directions + 1):
        direction = {key: Rational(random.randint(-9, 9), 10) for key in gradients}
        results.append(_compare_direction(forward, gradients, direction, f"direction {number}"))
    _raise_if_wrong(results)
    return replace(found, proof=tuple(results))


def _compare_direction(
    forward: Forward,
    gradients: Mapping[str, Value],
    direction: Mapping[str, Value],
    subject: str,
) -> Agreement:
    arithmetic = forward.evaluate.arithmetic
    derived = arithmetic.add(
        [Rational(0), *(arithmetic.multiply([gradients[key], d]) for key, d in direction.items())]
    )
    try:
        independent = forward.central_difference(direction)
    except CalculationError as error:
        raise ProofFailed(f"{subject}: {error}") from error
    return _agreement(subject, derived, independent, CENTRAL)


def _agreement(subject: str, derived: Any, independent: Any, method: str) -> Agreement:
    first, second = _decimal(derived), _decimal(independent)
    allowed = Decimal(str(TOLERANCE)) * max(abs(first), abs(second), Decimal("1e-6"))
    agrees = second.is_finite() and abs(first - second) <= allowed
    return Agreement(subject, float(first), float(second), method, agrees)


def _decimal(value: Any) -> Decimal:
    """A fraction, decimal or SymPy number as a decimal, however large."""
    if isinstance(value, Rational):
        return Decimal(value.numerator) / Decimal(value.denominator)
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:  # SymPy's nan and zoo
        return Decimal("Infinity")


def _raise_if_wrong(results: Iterable[Agreement]) -> None:
    for result in results:
        if not result.agrees:
            raise ProofFailed(
                f"{result.subject}: the chain rule gives {result.derived:.12g}, "
                f"the {result.method} {result.independent:.12g}"
            )


def prove(found: Trace) -> list[Agreement]:
    """Hold every gradient of the first update against independent calculations.

    Returns:
        One agreement for each comparison; `agrees` is False where two disagree.
    """
    forward = Forward(checked_trace(found, "prove"))
    derived = bool(forward.objective) and not forward.at_kink
    results = list(_every_parameter(forward)) if derived else []
    whole = derived and not forward.held  # a held state is no function of the parameters
    if whole and _composed_size(forward) * len(forward.gradients()) <= LARGEST_SYMPY:
        results += _whole_loss(forward)
    return results + list(_local_slopes(found))


def _every_parameter(forward: Forward) -> Iterator[Agreement]:
    for key, derived in forward.gradients().items():
        independent = forward.central_difference({key: Rational(1)})
        subject = gradient_key(forward.found, key) or key
        yield _agreement(subject, derived, independent, CENTRAL)


def _composed_size(forward: Forward) -> int:
    """How many nodes the loss has when it is written in the given quantities alone."""
    sizes: dict[str, int] = {}
    for step in forward.steps:
        sizes[step.key] = sum(
            sizes.get(node.name, 1) if isinstance(node, Symbol) else 1
            for node in walk(step.expanded or step.formula)
        )
    return sum(sizes.get(key, 1) for key in forward.objective)


def _whole_loss(forward: Forward) -> Iterator[Agreement]:
    """SymPy's derivative of the loss, composed of the given quantities alone."""
    import mpmath
    import sympy

    found = forward.found
    loss = sum(
        (sympy.Rational(str(w)) * found.sympy(key) for key, w in forward.objective.items()),
        sympy.Integer(0),
    )
    letters = [sympy.Symbol(key, real=True) for key in forward.givens]
    away = {"DiracDelta": lambda *_: 0}  # a step's slope; nothing is proven on the step itself
    numbers = [Rational(value) for value in forward.givens.values()]
    for key, derived in forward.gradients().items():
        slope = sympy.diff(loss, sympy.Symbol(key, real=True))
        with mpmath.workdps(forward.evaluate.arithmetic.digits):  # type: ignore[attr-defined]
            evaluate = sympy.lambdify(letters, slope, [away, "mpmath"], cse=True, dummify=True)
            at = [mpmath.mpf(n.numerator) / n.denominator for n in numbers]
            independent = Decimal(mpmath.nstr(evaluate(*at), 30))
        subject = gradient_key(found, key) or key
        yield _agreement(subject, derived, independent, "SymPy derivative of the whole loss")


def _local_slopes(found: Trace) -> Iterator[Agreement]:
    """Each f'(z) of the trace beside SymPy's derivative of f at that z."""
    import sympy

    known = definitions()
    for step in found.steps:
        if step.rule != "slope" or step.exact is None or step.layer is None:
            continue
        if any(remark.kind == "kink" for remark in step.remarks):
            continue
        key = Key.parse(step.key)
        activation = found[str(replace(key, name=f"a{step.layer}"))]
        if not isinstance(activation.formula, Call):
            continue
        z = activation.operands[0]
        f = to_sympy(activation.formula, {**known, **found.definitions})
        at = sympy.Rational(str(Rational(found[z].exact or 0)))
        slope = sympy.diff(f, sympy.Symbol(z, real=True))
        independent = slope.subs(sympy.Symbol(z, real=True), at).evalf(30)
        yield _agreement(step.key, step.exact, independent, "SymPy derivative of the activation")

"""The numbers of one or several updates as machine numbers, quickly and in any variation.

Takes a problem; gives every quantity by its key, from the same lines that a trace prints.
Lines may be rewritten on the way (an error sent back through weights that are updated
already), so each is worked out when it is first asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from tracer.backprop.comparing.of_layers import has_two
from tracer.backprop.compiled.lines import functions_of, learnt, lines_of
from tracer.backprop.layering.penalties import kind_of_parameter
from tracer.backprop.planning import make_plan
from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Number, Symbol, substitute, symbols
from tracer.formula.rewriting import negative, total
from tracer.model.continuing import cycle_of
from tracer.model.problem import Problem


def reckoned(
    problem: Problem,
    updates: int = 1,
    early: bool = False,
    still: bool = False,
    doubled: bool = False,
) -> dict[str, float]:
    """Every number of some updates and of the pass after them, by key.

    Args:
        problem: layers or equations with numbers.
        updates: how many updates.
        early: send errors back through weights that are updated already.
        still: leave the biases as they are, although their gradients are worked out.
        doubled: let biases of recurrent cells take each step twice, as two of them do.

    Raises:
        CalculationError: where a number has no finite value.

    >>> from tracer.model.problem import Dense
    >>> problem = Problem(inputs=["2"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.75"]])], settings={"rate": "0.125"})
    >>> numbers = reckoned(problem)
    >>> numbers["loss"], numbers["dw1[1,1]"], numbers["w1[1,1]@1"], numbers["loss@1"]
    (0.125, 1.0, 0.625, 0.03125)
    """
    cycle = cycle_of(problem)
    found: dict[str, float] = {}
    state: dict[str, float] = {}
    for update in range(updates + 1):
        batch = cycle[min(update, max(updates - 1, 0)) % len(cycle)]
        one = _Pass(problem, batch, state, update < updates, (early, still, doubled))
        values = one.values
        found.update(
            (str((key := Key.parse(name)).at(key.update + update)), value)
            for name, value in values.items()
            if not update or name not in one.given
        )
        if not one.carried:
            break
        state = {name: values[after] for name, after in one.carried.items()}
    return {**_unchanged(problem, found, updates), **found}


def _unchanged(problem: Problem, found: Mapping[str, float], updates: int) -> dict[str, float]:
    """Weights and biases that no update changes, as they are after each."""
    draft = make_plan(problem, cycle_of(problem)[0], backward=False)
    parameters = [q for q in draft.quantities.values() if kind_of_parameter(q)]
    keys = [
        Key.parse(quantity.cell(index)) for quantity in parameters for index in quantity.cells()
    ]
    return {
        str(key.at(update)): found[str(key)]
        for key in keys
        if str(key) in found and str(key.at(1)) not in found
        for update in range(1, updates + 1)
    }


class _Pass:
    """One pass: forward, and where wanted back and on to the next parameters."""

    def __init__(
        self,
        problem: Problem,
        batch: tuple[int, ...],
        state: Mapping[str, float],
        backward: bool,
        habits: tuple[bool, bool, bool],
    ) -> None:
        early, still, doubled = habits
        draft = make_plan(problem, batch)
        wanted = [
            equation.target.name
            for equation in draft.equations
            if not equation.is_next
            and equation.rule != "sample_gradient"
            and (backward or equation.phase in ("forward", "loss", "report"))
        ]
        update = backward and bool(learnt(draft))
        lines = lines_of(draft, wanted, update, safe=True)
        self.carried = dict(lines.carried) if update else {}
        self.evaluate = Evaluator(Float(), functions_of(problem, safe=True))
        self.given = {key: self.evaluate(Number(text), {}) for key, text in draft.values.items()}
        for quantity in draft.quantities.values():
            if quantity.kind == "clock":
                self.given[quantity.cell(())] = float(problem.made + 1)
        self.values = {**self.given, **state}
        self.given = {key: v for key, v in self.given.items() if key not in state}
        self.lines = {line.key: line.formula for line in lines.body}
        if early:
            self.lines = {key: self._early(key, line) for key, line in self.lines.items()}
        if still:
            self.lines = {key: _still(key, line) for key, line in self.lines.items()}
        if doubled:
            self.lines = {key: _doubled(key, line) for key, line in self.lines.items()}
        self.begun: set[str] = set()
        """What is being worked out, so that a circle is found."""
        for key in self.lines:
            self._work_out(key)

    def _work_out(self, key: str) -> None:
        if key in self.values:
            return
        if key in self.begun:  # a norm of all gradients needs the weights that it would change
            raise CalculationError(f"{key} follows from itself", key)
        self.begun.add(key)
        formula = self.lines[key]
        for operand in symbols(formula):
            self._work_out(operand)
        value = self.evaluate(formula, self.values)
        if not math.isfinite(value):
            raise CalculationError(f"{key} is {value}", key)
        self.values[key] = value

    def _early(self, key: str, formula: Node) -> Node:
        """The line of an error, with the weights above it after the update."""
        parsed = Key.parse(key)
        if parsed.role not in ("da", "delta") or parsed.layer is None:
            return formula
        above = f"w{parsed.layer + 1}"

        def later(symbol: Symbol) -> Node:
            used = Key.parse(symbol.name)
            after = str(used.at(used.update + 1))
            return Symbol(after) if used.name == above and after in self.lines else symbol

        return substitute(formula, later)


def _still(key: str, formula: Node) -> Node:
    """The line of an updated bias, without the update."""
    parsed = Key.parse(key)
    return Symbol(str(parsed.at(0))) if parsed.role == "b" and parsed.update else formula


def _doubled(key: str, formula: Node) -> Node:
    """The line of an updated bias that a second one moves along with: twice the step."""
    parsed = Key.parse(key)
    if not parsed.update or not has_two(key):
        return formula
    before = Symbol(str(parsed.at(parsed.update - 1)))
    return total((formula, formula, negative(before)))

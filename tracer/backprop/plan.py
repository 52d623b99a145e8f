"""From a problem to its plan: the ordered equations of one update.

A layer network's equations are written by `layer_plan`, an equation network's by
`equation_plan`; here stands what both share.  A plan holds for one batch: its sample
axis carries the numbers of the samples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracer.calculus.definitions import callable_functions
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.primitives import Shape
from tracer.errors import ProblemError, suggestion
from tracer.formula.nodes import Node, Symbol, substitute
from tracer.formula.parsing import parse
from tracer.formula.rewriting import total
from tracer.model.functions import Optimizer
from tracer.model.problem import Problem
from tracer.model.quantity import Equation, Plan, Quantity


@dataclass
class Draft:
    """A plan while it is being written."""

    problem: Problem
    quantities: dict[str, Quantity] = field(default_factory=dict)
    equations: list[Equation] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    """Texts of given numbers by key."""
    shapes: dict[str, Shape] = field(default_factory=dict)

    def declare(self, quantity: Quantity) -> Symbol:
        """Make a quantity known; its symbol."""
        self.quantities[quantity.name] = quantity
        self.shapes[quantity.name] = quantity.shape
        self.shapes[quantity.name + "'"] = quantity.shape
        return Symbol(quantity.name)

    def write(self, equation: Equation) -> Symbol:
        """Add an equation, making its target known; the target's symbol."""
        self.equations.append(equation)
        return self.declare(equation.target)

    def setting(self, name: str, text: str) -> Symbol:
        """A given number such as the learning rate."""
        if name in self.quantities and self.values.get(name) != text:
            raise ProblemError(f"the name '{name}' is taken by the optimizer's setting")
        self.values[name] = text
        return self.declare(Quantity(name, name, (), "given"))

    def finished(self, samples: Sequence[int] = ()) -> Plan:
        return Plan(dict(self.quantities), tuple(self.equations), tuple(samples))


def chosen_optimizer(problem: Problem) -> Optimizer:
    """The problem's optimizer, from the table.

    Raises:
        ProblemError: if it is unknown, or a setting is missing or unknown.
    """
    found = OPTIMIZERS.get(problem.optimizer)
    if found is None:
        hint = suggestion(problem.optimizer, OPTIMIZERS)
        raise ProblemError(f"unknown optimizer '{problem.optimizer}'{hint}", ("optimizer",))
    for name in problem.settings:
        if name not in found.settings:
            hint = suggestion(name, found.settings)
            raise ProblemError(
                f"{found.name} has no setting '{name}'{hint}", ("optimizer", found.name, name)
            )
    for name, default in found.settings.items():
        if default is None and name not in problem.settings:
            raise ProblemError(f"{found.name} needs its {name}", ("optimizer", found.name))
    return found


def write_updates(draft: Draft, gradients: Mapping[str, Node], layers: Mapping[str, int]) -> None:
    """The update of every learnt parameter, in the given order.

    Args:
        draft: the plan so far; the parameters are known in it.
        gradients: by parameter, the node by which an update line refers to its gradient.
        layers: by parameter, the layer it belongs to, if it belongs to one.
    """
    optimizer, problem = chosen_optimizer(draft.problem), draft.problem
    settings = {
        name: draft.setting(name, problem.settings.get(name, default or ""))
        for name, default in optimizer.settings.items()
    }
    increment = parse(optimizer.increment, callable_functions())
    for name, gradient in gradients.items():
        parameter, layer = draft.quantities[name], layers.get(name)
        inside: dict[str, Node] = {**settings, "w": Symbol(name), "g": gradient}
        formula = _rebuilt(increment, inside)
        own = problem.steps.increment == "own"
        added = Quantity(
            f"increment.{name}",
            f"increment.{parameter.key}",
            parameter.axes,
            missing=parameter.missing | parameter.frozen,
        )
        symbol = draft.write(Equation(added, formula, "increment", "update", layer, own))
        new = total((Symbol(name), symbol if own else formula))
        draft.equations.append(Equation(parameter, new, "update", "update", layer))


def _rebuilt(formula: Node, inside: Mapping[str, Node]) -> Node:
    """The formula with its symbols filled in, and tidied where a minus met a minus."""
    from tracer.formula.rewriting import tidy

    return tidy(substitute(formula, lambda symbol: inside[symbol.name]))


def make_plan(problem: Problem, batch: Sequence[int] = (), backward: bool = True) -> Draft:
    """The plan of one update.

    Args:
        problem: what is to be calculated.
        batch: sample numbers from 1 (layer networks only).
        backward: False: the forward pass and the loss alone.

    Raises:
        ProblemError: where names or shapes do not fit.
    """
    from tracer.backprop import equation_plan, layer_plan

    if problem.layers:
        return layer_plan.write(problem, batch, backward)
    return equation_plan.write(problem, backward)

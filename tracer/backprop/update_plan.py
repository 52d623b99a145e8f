"""The update's equations: schedule, clipping, the optimizer's lines, and the step itself.

Takes the draft of a plan with its gradients, adds the equations that end the update.
Every state variable is a quantity and a line of its own; it is carried from update to
update like a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.backprop.plan import Draft
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.ranges import check_ranges
from tracer.calculus.schedules import SCHEDULES
from tracer.errors import ProblemError, suggestion
from tracer.formula.nodes import (
    Apply,
    Call,
    Node,
    Number,
    Power,
    Symbol,
    substitute,
    symbols,
)
from tracer.formula.parsing import parse
from tracer.formula.rewriting import ZERO, fraction, negative, product, tidy, total
from tracer.model.functions import Optimizer
from tracer.model.problem import Problem
from tracer.model.quantity import Equation, Quantity

CLIPS = ("value", "norm")


def chosen_optimizer(problem: Problem) -> Optimizer:
    """The problem's optimizer, from the table.

    Raises:
        ProblemError: if it is unknown, or a setting is missing, unknown or out of its range.
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
    check_ranges(problem)
    return found


def write_updates(draft: Draft, gradients: Mapping[str, Node], layers: Mapping[str, int]) -> None:
    """The update of every learnt parameter, in the given order.

    Args:
        draft: the plan so far; the parameters are known in it.
        gradients: by parameter, the node by which an update line refers to its gradient.
        layers: by parameter, the layer it belongs to, if it belongs to one.
    """
    optimizer = chosen_optimizer(draft.problem)
    settings = _settings(draft, optimizer)
    for name, gradient in _clipped(draft, gradients, layers).items():
        _write_update(draft, optimizer, settings, name, gradient, layers.get(name))


def _settings(draft: Draft, optimizer: Optimizer) -> dict[str, Node]:
    """The constants as symbols; the rate from its schedule, if it has one."""
    problem = draft.problem
    found: dict[str, Node] = {}
    for name, default in optimizer.settings.items():
        text = problem.settings.get(name, default or "")
        if name == "rate" and problem.schedule:
            found[name] = _scheduled(draft, text)
        else:
            found[name] = draft.setting(name, text)
    used = [*optimizer.lines.values(), optimizer.increment]
    if any("step" in symbols(parse(text)) for text in used):
        found["step"] = draft.clock()
    return found


def _scheduled(draft: Draft, initial: str) -> Symbol:
    """The rate of this update, a line of its own."""
    problem = draft.problem
    schedule = SCHEDULES.get(problem.schedule)
    if schedule is None:
        hint = suggestion(problem.schedule, SCHEDULES)
        raise ProblemError(f"unknown schedule '{problem.schedule}'{hint}", ("schedule",))
    inside: dict[str, Node] = {
        "initial": draft.setting("initial", initial),
        "step": draft.clock(),
    }
    for name, default in schedule.settings.items():
        text = problem.schedule_settings.get(name, default)
        if text is None:
            raise ProblemError(f"{schedule.name} needs its {name}", ("schedule", schedule.name))
        # what is left at 0 is not there
        absent = default == "0" and name not in problem.schedule_settings
        inside[name] = ZERO if absent else draft.setting(f"schedule.{name}", text)
    formula = _filled(parse(schedule.rate), inside)
    return draft.write(Equation(Quantity("rate", "rate", ()), formula, "schedule", "update"))


def _clipped(
    draft: Draft, gradients: Mapping[str, Node], layers: Mapping[str, int]
) -> dict[str, Node]:
    """The gradients as the update uses them: cut off where the problem says so."""
    problem = draft.problem
    if not problem.clip:
        return dict(gradients)
    if problem.clip not in CLIPS:
        hint = suggestion(problem.clip, CLIPS)
        raise ProblemError(f"gradients are clipped by value or by norm{hint}", ("clip",))
    limit = draft.setting("clip", problem.clip_at)
    scale = _norm_scale(draft, gradients, limit) if problem.clip == "norm" else None
    found: dict[str, Node] = {}
    for name, gradient in gradients.items():
        if scale is not None:
            formula = product(scale, gradient)
        else:
            formula = Call("maximum", (negative(limit), Call("minimum", (limit, gradient))))
        like = draft.quantities[name]
        target = beside(like, name, "clipped")
        found[name] = draft.write(Equation(target, formula, "clipped", "update", layers.get(name)))
    return found


def _norm_scale(draft: Draft, gradients: Mapping[str, Node], limit: Node) -> Symbol:
    """The norm of all gradients together, and the factor that brings it to the limit."""
    squares = [
        Apply("sum", (Power(gradient, Number("2")),))
        if draft.shapes[name]
        else Power(gradient, Number("2"))
        for name, gradient in gradients.items()
    ]
    norm = draft.write(
        Equation(
            Quantity("gradient_norm", "gradient_norm", ()),
            Call("sqrt", (total(squares),)),
            "gradient_norm",
            "update",
        )
    )
    # 1 where the norm is no more than the limit, and where all gradients are 0, as well
    formula = fraction(limit, Call("maximum", (limit, norm)))
    return draft.write(
        Equation(Quantity("clip_scale", "clip_scale", ()), formula, "clip_scale", "update")
    )


def _write_update(
    draft: Draft,
    optimizer: Optimizer,
    settings: Mapping[str, Node],
    name: str,
    gradient: Node,
    layer: int | None,
) -> None:
    """One parameter's lines: states, what is worked out from them, increment, new value."""
    parameter = draft.quantities[name]
    inside: dict[str, Node] = {**settings, "w": Symbol(name), "g": gradient}
    for state in optimizer.states:
        quantity = beside(parameter, name, state, "parameter")
        inside[state] = draft.declare(quantity)
        for index in quantity.cells():
            key = quantity.cell(index)
            draft.values[key] = draft.problem.states.get(key, "0")
    for line, text in optimizer.lines.items():
        formula = _filled(parse(text), inside)
        key = f"{line}.{name}"
        if line in optimizer.states:
            target = draft.quantities[key]
            draft.equations.append(Equation(target, formula, "state", "update", layer))
            inside[line] = Symbol(f"{key}'")
        else:
            target = beside(parameter, name, line)
            inside[line] = draft.write(Equation(target, formula, "moment", "update", layer))
    formula = _filled(parse(optimizer.increment), inside)
    own = draft.problem.steps.increment == "own"
    added = beside(parameter, name, "increment")
    symbol = draft.write(Equation(added, formula, "increment", "update", layer, own))
    new = total((Symbol(name), symbol if own else formula))
    draft.equations.append(Equation(parameter, new, "update", "update", layer))


def beside(parameter: Quantity, name: str, role: str, kind: str = "computed") -> Quantity:
    """A quantity with a cell for each cell of a parameter that moves: its memory, its step.

    >>> from tracer.model.quantity import numbered
    >>> kernel = Quantity("conv1.K_2", "conv1.K", (numbered("row", 3),), leading=(2,))
    >>> beside(kernel, "conv1.K_2", "velocity").cell((0,), 1)
    'velocity.conv1.K[2,1]@1'
    """
    return Quantity(
        f"{role}.{name}",
        f"{role}.{parameter.key}",
        parameter.axes,
        kind,
        parameter.missing | parameter.frozen,
        leading=parameter.leading,
    )


def _filled(formula: Node, inside: Mapping[str, Node]) -> Node:
    """The formula with its symbols filled in, and tidied where a minus met a minus."""
    return tidy(substitute(formula, lambda symbol: inside[symbol.name]))

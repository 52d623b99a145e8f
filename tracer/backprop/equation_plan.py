"""The equations of an equation network, as its author wrote them, and their gradients.

Takes a problem that says equations instead of layers; gives the draft of its plan: the
given arrays, every equation in normal form, with parts of their own (``O.1``) where a
reducing primitive stands inside another, the gradients ``dX`` that the chain rule derives,
and the update of what is learnt.  Faults name the equation that they stand in.  Read by
`planning`, which takes `layering` where a problem has layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracer.backprop.masking import masked_cells
from tracer.backprop.plan import Draft
from tracer.backprop.update_plan import write_updates
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.chain import derive
from tracer.calculus.definitions import callable_functions, slope_of
from tracer.calculus.losses import LOSSES
from tracer.calculus.normal_form import normal_form
from tracer.calculus.primitives import shape_of
from tracer.errors import FormulaError, ProblemError, suggestion
from tracer.formula.nodes import (
    Apply,
    Call,
    Node,
    Number,
    Symbol,
    children,
    rebuilt,
    symbols,
    walk,
)
from tracer.formula.parsing import parse_equation
from tracer.formula.rewriting import ONE
from tracer.model.problem import Array, Problem, array_shape
from tracer.model.quantity import Equation, Quantity, numbered


def write(problem: Problem, backward: bool) -> Draft:
    """Draft the plan: given arrays, equations in normal form, gradients, update."""
    draft = Draft(problem)
    learnt = tuple(problem.learn or ())
    for name in learnt:
        if name not in problem.given:
            hint = suggestion(name, problem.given)
            raise ProblemError(f"there is no given quantity '{name}' to learn{hint}", ("learn",))
    masks = _masks(problem)
    for name, array in problem.given.items():
        kind = "parameter" if name in learnt else "given"
        _declare(draft, name, array, kind, name in masks)
    for place, text in enumerate(problem.equations):
        _write_equation(draft, text, place)
    if backward and (problem.loss is not None or problem.upstream):
        _write_backward(draft, learnt)
    return draft


def _declare(draft: Draft, name: str, array: Array, kind: str, mask: bool = False) -> Symbol:
    """A given array and the texts of its cells; of a mask, only what is seen is there."""
    axes = tuple(
        numbered(axis, size)
        for axis, size in zip(("row", "column"), array_shape(array), strict=False)
    )
    bare = Quantity(name, name, axes, kind)
    texts = {index: _cell(array, index) for index in bare.cells()}
    for index, text in texts.items() if mask else ():
        if text not in ("0", "1"):
            path: tuple[str | int, ...] = ("given", name, *index)
            raise ProblemError(
                f"a mask holds 1 for what is seen and 0 for what is not; found {text}", path
            )
    hidden = frozenset(index for index, text in texts.items() if mask and text == "0")
    quantity = replace(bare, missing=hidden)
    for index in quantity.cells():
        draft.values[quantity.cell(index)] = texts[index]
    return draft.declare(quantity)


def _cell(array: Array, index: Sequence[int]) -> str:
    for position in index:
        array = array[position]
    return str(array)


def _masks(problem: Problem) -> set[str]:
    """The given arrays that serve as masks: the second operand of ``masked(scores, mask)``.

    Raises:
        ProblemError: at a mask that is no given array, or that is learnt.
    """
    found: set[str] = set()
    for place, text in enumerate(problem.equations):
        try:
            formula = parse_equation(text, callable_functions())[1]
        except FormulaError:
            continue  # told where the equation is written
        for node in walk(formula):
            if isinstance(node, Apply) and node.primitive == "masked":
                mask = node.operands[1]
                name = mask.name if isinstance(mask, Symbol) else ""
                if name not in problem.given or name in (problem.learn or ()):
                    message = (
                        "masked() takes scores and a given array of 0 and 1 that is not learnt"
                    )
                    raise ProblemError(message, ("equations", place))
                found.add(name)
    return found


def _write_equation(draft: Draft, text: str, place: int) -> None:
    path = ("equations", place)
    try:
        name, formula = parse_equation(text, callable_functions())
    except FormulaError as error:
        where = () if error.column is None else (error.column, error.length)
        raise ProblemError(str(error), (*path, *where)) from None
    if name in draft.quantities:
        raise ProblemError(f"'{name}' is defined twice", path)
    for used in symbols(formula):
        if used not in draft.quantities:
            hint = suggestion(used, draft.quantities)
            raise ProblemError(f"'{used}' is not given or defined before this line{hint}", path)
    parts = 0

    def named(inner: Node) -> Node:
        nonlocal parts
        parts += 1
        return _equation(draft, f"{name}.{parts}", inner, "part")

    try:
        formula = _completed(formula)
        shape_of(formula, draft.shapes)
        _equation(draft, name, normal_form(_losses_reduced(formula, draft), named), "equation")
    except ProblemError as error:
        raise ProblemError(str(error), path) from None


def _equation(draft: Draft, name: str, formula: Node, rule: str) -> Symbol:
    shape = shape_of(formula, draft.shapes)
    if len(shape) > 2:
        raise ProblemError("a result has at most two axes")
    axes = tuple(numbered(axis, size) for axis, size in zip(("row", "column"), shape, strict=False))
    missing = masked_cells(formula, shape, draft.quantities, draft.shapes)
    return draft.write(
        Equation(Quantity(name, name, axes, missing=missing), formula, rule, "forward")
    )


def _completed(node: Node) -> Node:
    """Settings that a call leaves out, such as the leak of leaky_relu, from the table."""
    parts = tuple(_completed(part) for part in children(node))
    if isinstance(node, Call) and node.function in ACTIVATIONS:
        defaults = list(ACTIVATIONS[node.function].settings.values())
        parts += tuple(Number(text) for text in defaults[len(parts) - 1 :])
    return rebuilt(node, parts) if parts else node


def _losses_reduced(node: Node, draft: Draft) -> Node:
    """A table loss of arrays is the sum (or mean) of its terms."""
    parts = tuple(_losses_reduced(part, draft) for part in children(node))
    node = rebuilt(node, parts) if parts else node
    if isinstance(node, Call) and node.function in LOSSES and shape_of(node, draft.shapes):
        return Apply(LOSSES[node.function].over_outputs, (node,))
    return node


def _write_backward(draft: Draft, learnt: Sequence[str]) -> None:
    problem = draft.problem
    seeds: dict[str, Node] = {}
    if problem.loss is not None:
        name = str(problem.loss)
        known = {e.target.name for e in draft.equations}
        if name not in known:
            hint = suggestion(name, known)
            raise ProblemError(f"the loss '{name}' is not one of the equations{hint}", ("loss",))
        if draft.shapes[name] and any(size != 1 for size in draft.shapes[name]):
            raise ProblemError(f"the loss '{name}' is not a single number", ("loss",))
        seeds[name] = ONE
    for name, array in problem.upstream.items():
        if name not in draft.shapes or array_shape(array) != draft.shapes[name]:
            raise ProblemError(
                f"the upstream gradient of '{name}' needs the shape of '{name}'",
                ("upstream", name),
            )
        seeds[name] = _declare(draft, f"d{name}", array, "given")
    wanted = list(learnt)
    if problem.learn is None:
        masks = _masks(problem)
        wanted = [name for name in problem.given if name not in masks]
    style = _Style(draft, [*problem.given, *(e.target.name for e in draft.equations)])
    derive(list(draft.equations), seeds, wanted, draft.shapes, style)
    if learnt and problem.updates:
        write_updates(draft, {name: style.symbols.get(name, Number("0")) for name in learnt}, {})


class _Style:
    """Gradients are called ``dX``; slopes stand inside the lines that use them."""

    def __init__(self, draft: Draft, authors: Iterable[str]) -> None:
        self.draft = draft
        self.authors = set(authors)
        self.symbols: dict[str, Node] = {}
        self.parts: list[str] = []

    def gradient(self, of: str, formula: Node) -> Node:
        name = f"d{of}"
        if name in self.authors:
            raise ProblemError(
                f"'{name}' is the name of the derived gradient of '{of}'; "
                "call your own quantity otherwise",
                ("equations",),
            )
        if formula == Symbol(name):  # given as upstream
            self.symbols[of] = formula
            return formula
        like = self.draft.quantities[of]
        masked = masked_cells(formula, like.shape, self.draft.quantities, self.draft.shapes)
        missing = masked | like.missing
        quantity = Quantity(name, name, like.axes, missing=missing)
        self.symbols[of] = self.draft.write(Equation(quantity, formula, "gradient", "backward"))
        return self.symbols[of]

    def slope(self, equation: Equation, call: Call, place: int, value: Node | None) -> Node:
        return slope_of(call, place, value, {})

    def part(self, of: str, formula: Node) -> Node:
        # dO.1 is the gradient of O's own part O.1, so a part of dO counts on from those.
        taken = sum(name.startswith(f"{of}.") for name in self.draft.quantities)
        own = [name for name in self.parts if name.startswith(f"d{of}.")]
        name, shape = f"d{of}.{taken + len(own) + 1}", shape_of(formula, self.draft.shapes)
        self.parts.append(name)
        axes = tuple(numbered(a, size) for a, size in zip(("row", "column"), shape, strict=False))
        return self.draft.write(Equation(Quantity(name, name, axes), formula, "part", "backward"))

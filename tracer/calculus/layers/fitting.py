"""The form of what flows: from the numbers of a problem's inputs, and out of a recipe.

Gives the depth at which one sample of a problem is nested before its first layer, the
samples and targets nested so, and the form (units, a sequence, an image, whole numbers)
of what the inputs are; then, from a layer's recipe, the shape of each of its arrays and the
form of what it gives.  Read by `placing` and `wiring`, and by the writers of a plan's
layers in the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from tracer.calculus.definitions import callable_functions
from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.kinds import Facts, Form, LayerType, Recipe, numbered
from tracer.calculus.primitives import Shape, shape_of
from tracer.errors import ProblemError
from tracer.formula.nodes import Node
from tracer.formula.parsing import parse, parse_equation
from tracer.model.arrays import counted
from tracer.model.layer import Layer
from tracer.model.problem import Dense, array_shape

COLUMNS = ("units", "time", "flat", "lookup")
"""Layers whose samples stand in columns, so that a vector over the units is a column, too."""
BEFORE = "_before"
"""The end of the name of what the step before gave."""


@lru_cache(maxsize=1024)
def read_equation(text: str) -> tuple[str, Node]:
    """An equation of a recipe, parsed once."""
    return parse_equation(text, callable_functions())


def read_formula(text: str) -> Node:
    """The right-hand side of an equation of a recipe."""
    return parse(text, callable_functions(), arrays=True)


def depth_of(first: Dense | Layer) -> int:
    """How deeply the numbers of one sample are nested before this layer."""
    kind = LAYERS.get(first.type)
    if kind is None or "units" in kind.takes or kind.takes == ("numbers",):
        return 1
    if "image" in kind.takes:
        return 1 + int(first.settings.get("dimensions", 2))
    return 2


def as_samples(inputs: Any, first: Dense | Layer) -> Any:
    """The inputs of a file as a list of samples, each as deeply nested as its form is.

    One sample may stand alone, the numbers of a time step without brackets, and an image of
    one channel without them.

    >>> as_samples(("0.5", "0.8"), Dense(1)), as_samples((("0.5",), ("0.8",)), Dense(1))
    ((('0.5', '0.8'),), (('0.5',), ('0.8',)))
    """
    depth, found = depth_of(first), len(array_shape(inputs))
    image = first.type in LAYERS and LAYERS[first.type].takes == ("image",)
    if image:
        if found == depth - 1:
            return ((inputs,),)
        if found == depth:
            return tuple((sample,) for sample in inputs)
        return inputs
    if depth == 2 and found == 1:
        return (tuple((number,) for number in inputs),)
    return (inputs,) if found == depth else inputs


def as_targets(targets: Any, form: Form) -> Any:
    """The targets of a file as a list of samples.

    One sample may stand alone, and the only number of a time step without brackets.
    """
    depth, found = len(form.sizes), len(array_shape(targets)) if targets else 0
    if found == depth:
        return (targets,)
    if form.kind == "sequence" and form.sizes[1] == 1 and found == 1:
        return (tuple((number,) for number in targets),)
    return targets


def check_targets(targets: Any, form: Form, samples: int) -> None:
    """Check that the targets have the form of the output.

    Raises:
        ProblemError: in words.
    """
    if form.kind == "image":
        raise ProblemError(
            f"the last layer gives {form.said}; flatten them for the loss", ("layers",)
        )
    if len(targets) != samples:
        raise ProblemError(
            f"{counted(samples, 'sample')} and {counted(len(targets), 'row')} of targets do not "
            "fit together",
            ("targets",),
        )
    for sample, target in enumerate(targets):
        if array_shape_of(target, sample, "targets") != form.sizes:
            raise ProblemError(
                f"the output is {form.said}, so each sample needs targets of that shape",
                ("targets", sample),
            )


def given_form(inputs: Any, first: Dense | Layer) -> Form:
    """What one sample of the inputs is.

    Raises:
        ProblemError: where the samples differ in shape or no layer could take them.

    >>> given_form((("0.5", "0.8"), ("0.1", "0.3")), Dense(1))
    Form(kind='units', sizes=(2,))
    """
    shapes = {array_shape_of(sample, place) for place, sample in enumerate(inputs)}
    if len(shapes) != 1:
        raise ProblemError("all samples have one shape", ("inputs",))
    (shape,) = shapes
    kind = LAYERS.get(first.type)
    if kind is not None and kind.takes == ("numbers",) and len(shape) == 1:
        return Form("numbers", shape)
    if kind is not None and kind.takes == ("image",) and len(shape) == depth_of(first):
        return Form("image", shape)
    if len(shape) in (1, 2):
        return Form("units" if len(shape) == 1 else "sequence", shape)
    raise ProblemError("the inputs are nested more deeply than the first layer takes", ("inputs",))


def array_shape_of(value: Any, place: int, where: str = "inputs") -> Shape:
    """The shape of nested tuples of texts; all parts of one have one shape."""
    if isinstance(value, str):
        return ()
    shapes = {array_shape_of(part, place, where) for part in value}
    if len(shapes) != 1:
        raise ProblemError(
            f"sample {place + 1}: the parts of a list have one length, at least 1", (where,)
        )
    return (len(value), *shapes.pop())


def outcome(kind: LayerType, recipe: Recipe, facts: Facts) -> Form:
    """What a layer gives, from the shapes of its equations.

    Raises:
        ProblemError: in words, where its arrays do not fit together.
    """
    if kind.over == "joined":
        return facts.form
    shapes = local_shapes(kind, recipe, facts)
    given = shapes[recipe.gives[0]]
    form = facts.form
    if kind.over == "images":
        return Form("image", (len(recipe.gives), *given))
    if kind.over == "tokens":
        return Form("sequence" if len(given) == 2 else "units", given)
    if kind.over == "lookup":
        return Form("sequence", (form.sizes[0], facts.units))
    flat = kind.over == "flat" or form.kind == "units"
    if flat or facts.settings.get("return") == "last":
        return Form("units", given[:1])
    return Form("sequence", (form.sizes[0], given[0]))


def local_shapes(kind: LayerType, recipe: Recipe, facts: Facts) -> dict[str, Shape]:
    """The shapes of all arrays of a recipe."""
    columns = kind.over in COLUMNS
    shapes: dict[str, Shape] = {**_coming(kind, facts), "others": ()}
    for name, parameter in recipe.parameters.items():
        shape = parameter.shape
        for place in places(parameter.leading):
            full = numbered(name, *zip(place, parameter.leading, strict=True))
            shapes[full] = (*shape, 1) if columns and len(shape) == 1 else shape
    shapes |= {name: shape for name, (_, shape) in recipe.borrowed.items()}
    for name, value in recipe.constants.items():
        size = array_shape(value)
        shapes[name] = (*size, 1) if columns and size else size
    for name, samples in recipe.patterns.items():
        shapes[name] = array_shape(samples[0])
    for name in recipe.masks:
        shapes[name] = shapes["x"]
    for name in recipe.memory:
        shapes[name + BEFORE] = (facts.units, facts.samples)
    for text in recipe.equations:
        name, formula = read_equation(text)
        shapes[name] = shape_of(formula, shapes)
    return shapes


def _coming(kind: LayerType, facts: Facts) -> Mapping[str, Shape]:
    """The shapes of what comes in, as the equations call it."""
    form = facts.form
    if kind.over == "images":
        channels = form.sizes[0]
        return {
            numbered("x", (channel, channels)): form.sizes[1:] for channel in range(1, channels + 1)
        }
    if kind.over == "tokens":
        return {"x": form.sizes}
    if kind.over == "lookup":
        return {"x": (facts.units, facts.samples)}
    count = 1
    for size in form.sizes:
        count *= size
    return {"x": (count if kind.over == "flat" else form.width, facts.samples)}


def places(leading: Iterable[int]) -> list[tuple[int, ...]]:
    """Every combination of leading numbers, from 1.

    >>> places((1, 2))
    [(1, 1), (1, 2)]
    """
    found: list[tuple[int, ...]] = [()]
    for size in leading:
        found = [(*before, number) for before in found for number in range(1, size + 1)]
    return found

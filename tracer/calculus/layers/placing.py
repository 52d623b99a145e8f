"""One layer put behind those that it takes from: what comes in, what it gives, its recipe.

Takes a layer, the forms of what comes in and the layers before it; gives it `Placed`, or
says what does not fit.  Read by `wiring`, layer after layer; a `Placed` is what the planner
writes equations for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.choices import settled
from tracer.calculus.layers.fitting import outcome
from tracer.calculus.layers.kinds import Facts, Form, LayerType, Recipe
from tracer.errors import ProblemError, suggestion
from tracer.model.arrays import array_shape, shaped
from tracer.model.layer import Layer
from tracer.model.problem import Dense, check_weights

MOST_NUMBERS = 1_000_000
"""Of one array: far more than anybody traces, and few enough to fit into memory."""


@dataclass(frozen=True)
class Placed:
    """A layer in its network."""

    number: int
    """Its place in the problem's list, from 1."""
    layer: Dense | Layer
    sources: tuple[int, ...]
    """The numbers of the layers that it takes from; 0: the inputs."""
    comes: Form
    """What comes in."""
    gives: Form
    recipe: Recipe | None = None
    settings: Mapping[str, Any] | None = None
    """All settings, with defaults; None: a dense layer."""

    @property
    def type(self) -> LayerType:
        return LAYERS[self.layer.type]

    @property
    def label(self) -> str:
        """What its keys begin with: ``lstm1``."""
        return label(self.number, self.layer)


def label(number: int, layer: Dense | Layer) -> str:
    """``lstm1``: the type and the place in the list."""
    return f"{layer.type}{number}"


def called(layers: Sequence[Dense | Layer], number: int) -> str:
    """What other layers call a layer: its own name, or else its label."""
    layer = layers[number - 1]
    return layer.name or label(number, layer)


@dataclass(frozen=True)
class Placing:
    """Puts one layer after those that it takes from."""

    layers: Sequence[Dense | Layer]
    inputs: Sequence[Any]
    before: Mapping[int, Placed]

    def placed(self, number: int, sources: tuple[int, ...], forms: Sequence[Form]) -> Placed:
        layer = self.layers[number - 1]
        comes = _combined(forms, layer)
        if isinstance(layer, Dense):
            return _dense(number, layer, sources, comes)
        kind = LAYERS.get(layer.type)
        if kind is None:
            hint = suggestion(layer.type, ["dense", *LAYERS])
            raise ProblemError(f"unknown layer type '{layer.type}'{hint}", ("type",))
        if comes.kind not in kind.takes:
            wanted = " or ".join(_WANTED[kind] for kind in kind.takes)
            raise ProblemError(
                f"{layer.type} takes {wanted}; what comes in is {comes.said}", ("type",)
            )
        if layer.biases is False and not kind.biases:
            raise ProblemError(f"{layer.type} has no biases", ("biases",))
        settings = settled(layer, kind)
        facts = Facts(
            comes,
            layer.units or _told_units(layer, kind),
            settings,
            len(self.inputs),
            layer.biases is not False,
            {} if layer.parameters == "symbolic" else layer.parameters,
            self.inputs if comes.kind == "numbers" else (),
            self.dense(),
        )
        recipe = kind.recipe(facts)
        _check_sizes(layer, recipe)
        gives = outcome(kind, recipe, facts)
        return Placed(number, layer, sources, comes, gives, recipe, settings)

    def dense(self) -> dict[str, tuple[int, int, int]]:
        """The dense layers so far, by name."""
        return {
            called(self.layers, number): (number, one.layer.units, one.comes.width)
            for number, one in self.before.items()
            if isinstance(one.layer, Dense)
        }


def _dense(number: int, layer: Dense, sources: tuple[int, ...], comes: Form) -> Placed:
    if comes.kind == "numbers":
        raise ProblemError("whole numbers that name rows go into an embedding, not into units")
    if comes.kind == "sequence":
        return Placed(
            number, layer, sources, comes, Form("sequence", (comes.sizes[0], layer.units))
        )
    return Placed(number, layer, sources, comes, Form("units", (layer.units,)))


_WANTED = {
    "units": "units",
    "sequence": "a sequence",
    "image": "an image",
    "numbers": "whole numbers that name rows",
}


def _combined(forms: Sequence[Form], layer: Dense | Layer) -> Form:
    """What comes in from several layers: added, or one after another."""
    first = forms[0]
    if len(forms) == 1:
        return first
    if layer.combine == "add":
        for other in forms[1:]:
            if other != first:
                raise ProblemError(
                    f"only equal shapes are added; found {first.said} and {other.said}", ("from",)
                )
        return first
    if any(form.kind != first.kind or form.kind == "image" for form in forms):
        said = " and ".join(form.said for form in forms)
        raise ProblemError(f"concat joins units with units; found {said}", ("from",))
    if any(form.sizes[:-1] != first.sizes[:-1] for form in forms):
        raise ProblemError("concat joins sequences of as many time steps", ("from",))
    return Form(first.kind, (*first.sizes[:-1], sum(form.sizes[-1] for form in forms)))


def _check_sizes(layer: Layer, recipe: Recipe) -> None:
    """Whether the arrays fit into memory, before any is made."""
    for name, parameter in recipe.parameters.items():
        count = prod(parameter.written)
        if count > MOST_NUMBERS:
            raise ProblemError(
                f"{name} of this {layer.type} would have {count:,} numbers; "
                f"an array has at most {MOST_NUMBERS:,}"
            )


def misfits(placed: Placed, numbers: bool, unread: Collection[str]) -> Iterator[ProblemError]:
    """What of the numbers of a layer is not what its place asks for, each with its path.

    Args:
        placed: the layer in its network.
        numbers: whether parameters of a layer type have to be there.
        unread: parameters that are given but could not be read.
    """
    path: tuple[str | int, ...] = ("layers", placed.number - 1)
    if isinstance(placed.layer, Dense):
        before = "the inputs have" if placed.sources == (0,) else "what comes in has"
        try:
            check_weights(placed.layer, placed.number, placed.comes.width, before)
        except ProblemError as error:
            yield error
    elif placed.recipe is not None:
        for misfit in _misfits(placed.layer, placed.recipe, placed.gives.width, numbers, unread):
            yield ProblemError(str(misfit), (*path, *misfit.path))


def _misfits(
    layer: Layer, recipe: Recipe, units: int, numbers: bool, unread: Collection[str]
) -> Iterator[ProblemError]:
    """Whether the numbers that are given are those that the type asks for."""
    for memory, told in recipe.start.items():
        found, wanted = array_shape(tuple(told)), (units,)
        if found != wanted:
            name = f"initial_{memory}"
            yield ProblemError(f"{name} needs {shaped(wanted)}; found {shaped(found)}", (name,))
    if layer.parameters == "symbolic":
        return
    for name in layer.parameters:
        if name not in recipe.parameters:
            hint = suggestion(name, recipe.parameters)
            yield ProblemError(f"{layer.type} has no '{name}' here{hint}", (name,))
    missing: dict[str, list[str]] = {}
    for name, parameter in recipe.parameters.items():
        if name in layer.parameters:
            found = array_shape(layer.parameters[name])
            if found != parameter.written:
                said = f"{name} of this {layer.type} needs {shaped(parameter.written)}"
                yield ProblemError(f"{said}; found {shaped(found)}", (name,))
        elif numbers and not parameter.default and name not in unread:
            missing.setdefault(shaped(parameter.written), []).append(name)
    if missing:
        said = " and ".join(
            f"{', '.join(names)} ({'each ' if len(names) > 1 else ''}{shape})"
            for shape, names in missing.items()
        )
        hint = "or draw all its numbers: weights: {seed: 7}"
        yield ProblemError(f"{layer.type} needs {said}; {hint}")


def _told_units(layer: Layer, kind: LayerType) -> int:
    """How many units a layer has that does not say so: as wide as the rows of a parameter."""
    given = {} if layer.parameters == "symbolic" else layer.parameters
    shape = array_shape(given[kind.told_by]) if kind.told_by in given else ()
    return shape[-1] if len(shape) > 1 else 0

"""How layers are joined: which takes from which, what flows, and whether it fits together.

Takes the layers of a problem and the form of its inputs; gives each layer with its recipe,
in the order of calculation.  Read by the planner, which writes their equations, and by the
reader of files, which tells what does not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.choices import settled
from tracer.calculus.layers.fitting import (
    as_samples,
    as_targets,
    check_targets,
    given_form,
    outcome,
)
from tracer.calculus.layers.kinds import Facts, Form, LayerType, Recipe, shaped
from tracer.errors import ProblemError, suggestion
from tracer.model.layer import Layer, nested
from tracer.model.problem import Dense, Problem, array_shape, check_weights

INPUTS = "inputs"
"""What `from` calls the inputs."""


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


def wired(
    layers: Sequence[Dense | Layer], inputs: Sequence[Any], numbers: bool = True
) -> list[Placed]:
    """The layers of a problem, each with what comes in, in the order of calculation.

    Args:
        layers: as the problem lists them.
        inputs: the numbers of each sample.
        numbers: whether the layers have their parameters; else only their forms are checked.

    Raises:
        ProblemError: where shapes do not meet, a name is unknown, or layers form a circle;
            `path` says where.
    """
    sources = _sources(layers)
    found: dict[int, Placed] = {}
    start = given_form(inputs, _first(layers, sources))
    for number in _order(layers, sources):
        forms = [found[k].gives if k else start for k in sources[number]]
        path = ("layers", number - 1)
        try:
            found[number] = _Placing(layers, inputs, numbers, found).placed(
                number, sources[number], forms
            )
        except ProblemError as error:
            known = error.path and error.path[0] in ("layers", "inputs")
            whole = error.path if known else (*path, *error.path)
            raise ProblemError(str(error), whole) from None
    return list(found.values())


def completed(problem: Problem) -> Problem:
    """The problem with what its layers' types settle: units, and parameters that begin at 0 or 1.

    Raises:
        ProblemError: where its layers do not fit together.
    """
    if not problem.layers or problem.plain:
        return problem
    layers = list(problem.layers)
    for placed in wired(problem.layers, problem.inputs):
        layer = placed.layer
        if isinstance(layer, Layer):
            parameters = layer.parameters
            if placed.recipe is not None and parameters != "symbolic":
                parameters = {**_defaults(placed.recipe), **parameters}
            layers[placed.number - 1] = replace(
                layer, units=placed.gives.width, parameters=parameters
            )
    return replace(problem, layers=layers)


def _defaults(recipe: Recipe) -> dict[str, Any]:
    return {
        name: _filled(parameter.written, parameter.default)
        for name, parameter in recipe.parameters.items()
        if parameter.default
    }


def _filled(shape: Sequence[int], text: str) -> Any:
    return tuple(_filled(shape[1:], text) for _ in range(shape[0])) if shape else text


def normalised(
    layers: Sequence[Dense | Layer], inputs: Any, targets: Any
) -> tuple[Any, Any, list[Placed]]:
    """Inputs and targets of a file as lists of samples, and the layers without their numbers.

    Raises:
        ProblemError: where shapes do not meet.
    """
    samples = as_samples(nested(inputs, ("inputs",)), _first(layers, _sources(layers)))
    found = wired(layers, samples, numbers=False)
    form = next(placed.gives for placed in found if placed.number == len(layers))
    return samples, as_targets(nested(targets, ("targets",)), form), found


def check_network(problem: Problem) -> list[Placed]:
    """The layers of a problem, after its targets were held against the output.

    Raises:
        ProblemError: where anything does not fit together; `path` says where.
    """
    found = wired(problem.layers, problem.inputs)
    if problem.targets:
        form = next(placed.gives for placed in found if placed.number == len(problem.layers))
        check_targets(problem.targets, form, problem.samples)
    return found


# --- which layer takes from which -------------------------------------------------------------


def _sources(layers: Sequence[Dense | Layer]) -> dict[int, tuple[int, ...]]:
    """For each layer the numbers of those that it takes from."""
    names: dict[str, int] = {INPUTS: 0}
    for number, layer in enumerate(layers, 1):
        if layer.name in names:
            raise ProblemError(
                f"two layers are called '{layer.name}'", ("layers", number - 1, "name")
            )
        names[layer.name or label(number, layer)] = number
    found: dict[int, tuple[int, ...]] = {}
    for number, layer in enumerate(layers, 1):
        told = []
        for name in layer.sources:
            if name not in names:
                raise ProblemError(
                    f"there is no layer '{name}' to take from{suggestion(name, names)}",
                    ("layers", number - 1, "from"),
                )
            told.append(names[name])
        skips = layer.type in LAYERS and LAYERS[layer.type].over == "joined"
        before = [number - 1] if skips and number - 1 not in told and len(told) < 2 else []
        found[number] = (*before, *told) or (number - 1,)
    return found


def _order(
    layers: Sequence[Dense | Layer], sources: Mapping[int, tuple[int, ...]]
) -> Iterable[int]:
    """The layers, each after those that it takes from; otherwise as they are listed."""
    done: list[int] = []
    open_ones: list[int] = []

    def visit(number: int) -> None:
        if number in open_ones:
            circle = [*open_ones[open_ones.index(number) :], number]
            said = " takes from ".join(_called(layers, k) for k in circle)
            raise ProblemError(
                f"layers take from each other in a circle: {said}",
                ("layers", circle[0] - 1, "from"),
            )
        if number and number not in done:
            open_ones.append(number)
            for source in sources[number]:
                visit(source)
            open_ones.pop()
            done.append(number)

    for number in sources:
        visit(number)
    used = {source for told in sources.values() for source in told}
    for number in sources:
        if number not in used and number != len(layers):
            raise ProblemError(
                f"no layer takes from {_called(layers, number)}: "
                "what it gives does not reach the output, which is the last layer",
                ("layers", number - 1),
            )
    if len(layers) in used:
        raise ProblemError("the last layer is the output; no layer takes from it", ("layers",))
    return done


def _called(layers: Sequence[Dense | Layer], number: int) -> str:
    layer = layers[number - 1]
    return layer.name or label(number, layer)


def _first(
    layers: Sequence[Dense | Layer], sources: Mapping[int, tuple[int, ...]]
) -> Dense | Layer:
    """The layer that says what kind of inputs there are: the first that takes them in."""
    order = [layers[number - 1] for number, told in sources.items() if 0 in told]
    deciding = [layer for layer in order if layer.type in LAYERS]
    return (deciding or order or list(layers))[0]


# --- one layer --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Placing:
    """Puts one layer after those that it takes from."""

    layers: Sequence[Dense | Layer]
    inputs: Sequence[Any]
    numbers: bool
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
            layer.units,
            settings,
            len(self.inputs),
            layer.biases is not False,
            {} if layer.parameters == "symbolic" else layer.parameters,
            self.inputs if comes.kind == "numbers" else (),
            self.dense(),
        )
        recipe = kind.recipe(facts)
        if self.numbers:
            _check_parameters(layer, recipe)
        gives = outcome(kind, recipe, facts)
        return Placed(number, layer, sources, comes, gives, recipe, settings)

    def dense(self) -> dict[str, tuple[int, int, int]]:
        """The dense layers so far, by name."""
        return {
            _called(self.layers, number): (number, one.layer.units, one.comes.width)
            for number, one in self.before.items()
            if isinstance(one.layer, Dense)
        }


def _dense(number: int, layer: Dense, sources: tuple[int, ...], comes: Form) -> Placed:
    if comes.kind == "numbers":
        raise ProblemError("whole numbers that name rows go into an embedding, not into units")
    before = "the inputs have" if sources == (0,) else "what comes in has"
    check_weights(layer, number, comes.width, before)
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


def _check_parameters(layer: Layer, recipe: Recipe) -> None:
    """Whether the numbers that are given are those that the type asks for."""
    if layer.parameters == "symbolic":
        return
    for name in layer.parameters:
        if name not in recipe.parameters:
            hint = suggestion(name, recipe.parameters)
            raise ProblemError(f"{layer.type} has no '{name}' here{hint}", (name,))
    for name, parameter in recipe.parameters.items():
        if name not in layer.parameters:
            if parameter.default:
                continue
            raise ProblemError(
                f"{layer.type} needs {name}, {shaped(parameter.written)}; "
                "or draw all its numbers: weights: {seed: 7}"
            )
        found = array_shape(layer.parameters[name])
        if found != parameter.written:
            raise ProblemError(
                f"{name} of this {layer.type} needs {shaped(parameter.written)}; "
                f"found {shaped(found)}",
                (name,),
            )

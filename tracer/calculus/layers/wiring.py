"""How layers are joined: which takes from which, what flows, and whether it fits together.

Takes the layers of a problem and the form of its inputs; gives each layer with its recipe,
in the order of calculation; `placing` puts each behind those that it takes from.  Read by
the planner, which writes their equations, and by the reader of files, which tells what does
not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.fitting import as_samples, as_targets, check_targets, given_form
from tracer.calculus.layers.kinds import Recipe
from tracer.calculus.layers.placing import Placed, Placing, called, label
from tracer.errors import ProblemError, suggestion
from tracer.model.layer import Layer, nested
from tracer.model.problem import Dense, Problem

INPUTS = "inputs"
"""What `from` calls the inputs."""


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
            found[number] = Placing(layers, inputs, numbers, found).placed(
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
    done: dict[int, None] = {}
    for first in sources:
        # the layers that wait for one another, each with how many of its sources were seen;
        # no recursion: a file may list thousands of layers back to front
        way = {} if first in done else {first: 0}
        while way:
            number, seen = next(reversed(way.items()))
            if seen == len(sources[number]):
                del way[number]
                done[number] = None
                continue
            way[number] += 1
            source = sources[number][seen]
            if source in way:
                raise _circle(layers, [*list(way)[list(way).index(source) :], source])
            if source and source not in done:
                way[source] = 0
    used = {source for told in sources.values() for source in told}
    for number in sources:
        if number not in used and number != len(layers):
            raise ProblemError(
                f"no layer takes from {called(layers, number)}: "
                "what it gives does not reach the output, which is the last layer",
                ("layers", number - 1),
            )
    if len(layers) in used:
        raise ProblemError("the last layer is the output; no layer takes from it", ("layers",))
    return done


def _circle(layers: Sequence[Dense | Layer], circle: Sequence[int]) -> ProblemError:
    said = " takes from ".join(called(layers, number) for number in circle)
    return ProblemError(
        f"layers take from each other in a circle: {said}", ("layers", circle[0] - 1, "from")
    )


def _first(
    layers: Sequence[Dense | Layer], sources: Mapping[int, tuple[int, ...]]
) -> Dense | Layer:
    """The layer that says what kind of inputs there are: the first that takes them in."""
    order = [layers[number - 1] for number, told in sources.items() if 0 in told]
    deciding = [layer for layer in order if layer.type in LAYERS]
    return (deciding or order or list(layers))[0]

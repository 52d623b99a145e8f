"""How layers are joined: which takes from which, what flows, and whether it fits together.

Takes the layers of a problem and the form of its inputs; gives each layer with its recipe,
in the order of calculation; `placing` puts each behind those that it takes from.  Read by
the planner, which writes their equations, and by the reader of files, which tells what does
not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.fitting import as_samples, as_targets, check_targets, given_form
from tracer.calculus.layers.kinds import Form, Recipe
from tracer.calculus.layers.placing import Placed, Placing, called, label, misfits
from tracer.errors import ProblemError, suggestion
from tracer.model.continuing import cycle_of
from tracer.model.layer import Layer, nested
from tracer.model.problem import Dense, Problem

INPUTS = "inputs"
"""What `from` calls the inputs."""


Tell = Callable[[ProblemError], None]
"""Takes what does not fit, so that the rest is looked at as well."""


@dataclass(frozen=True)
class Unread:
    """What a file says of its layers that could not be read, by the layer's number."""

    words: Mapping[int, Collection[str]] = field(default_factory=dict)
    """Parameters and settings: that they are missing says nothing."""
    forms: Collection[int] = ()
    """Layers of which nobody knows what they give."""
    whole: Collection[int] = ()
    """Layers of which nobody knows what they are."""


_ALL_READ = Unread()


def _refuse(error: ProblemError) -> None:
    raise error


def wired(
    layers: Sequence[Dense | Layer],
    inputs: Sequence[Any],
    numbers: bool = True,
    tell: Tell = _refuse,
    unread: Unread = _ALL_READ,
) -> list[Placed]:
    """The layers of a problem, each with what comes in, in the order of calculation.

    Args:
        layers: as the problem lists them.
        inputs: the numbers of each sample.
        numbers: whether the layers have all their parameters; else some may be missing.
        tell: takes each fault; what stands behind a layer that is at fault is left out.
        unread: what is not known about them.

    Raises:
        ProblemError: without `tell`, where shapes do not meet, a name is unknown, or layers
            form a circle; `path` says where.
    """
    try:
        sources = _sources(layers, tell)
        start = given_form(inputs, _first(layers, sources))
        order = list(_order(layers, sources, tell))
    except ProblemError as error:
        tell(error)
        return []
    found: dict[int, Placed] = {}
    unknown = {number for number, told in sources.items() if not told} | {*unread.whole}
    for number in order:
        if number in unknown or unknown & {*sources[number]}:
            unknown.add(number)
            continue
        forms = [found[k].gives if k else start for k in sources[number]]
        words = unread.words.get(number, ())
        try:
            found[number] = Placing(layers, inputs, found).placed(number, sources[number], forms)
        except ProblemError as error:
            unknown.add(number)
            if error.path or not words:
                known = error.path and error.path[0] in ("layers", "inputs")
                path = error.path if known else ("layers", number - 1, *error.path)
                tell(ProblemError(str(error), path))
            continue
        for misfit in misfits(found[number], numbers, words):
            tell(misfit)
        if number in unread.forms:
            unknown.add(number)
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
    layers: Sequence[Dense | Layer],
    inputs: Any,
    targets: Any,
    tell: Tell = _refuse,
    unread: Unread = _ALL_READ,
) -> tuple[Any, Any, list[Placed]]:
    """Inputs and targets of a file as lists of samples, and the layers without their numbers.

    Raises:
        ProblemError: without `tell`, where shapes do not meet.
    """
    first = _first(layers, _sources(layers, tell))
    samples = as_samples(nested(inputs, ("inputs",)), first)
    found = wired(layers, samples, numbers=False, tell=tell, unread=unread)
    wanted = nested(targets, ("targets",))
    form = _output(layers, found, unread)
    return samples, wanted if form is None else as_targets(wanted, form), found


def check_batches(problem: Problem, found: Iterable[Placed], tell: Tell) -> None:
    """Tell which layers need more samples than a batch has."""
    least = min(map(len, cycle_of(problem)))
    for placed in found:
        if placed.recipe is None or placed.recipe.least_samples <= least:
            continue
        said = f"{placed.layer.type} in training needs several samples"
        if problem.samples < placed.recipe.least_samples:
            said += "; one sample has no variance"
        else:
            said += " in each batch; 'batch' makes one of a single sample, which has no variance"
        tell(ProblemError(said, ("layers", placed.number - 1)))


def check_network(
    problem: Problem, tell: Tell = _refuse, unread: Unread = _ALL_READ
) -> list[Placed]:
    """The layers of a problem, after its targets were held against the output.

    Raises:
        ProblemError: without `tell`, where anything does not fit together; `path` says where.
    """
    found = wired(problem.layers, problem.inputs, tell=tell, unread=unread)
    form = _output(problem.layers, found, unread)
    if problem.targets and form is not None:
        try:
            check_targets(problem.targets, form, problem.samples)
        except ProblemError as error:
            tell(error)
    check_batches(problem, found, tell)
    return found


def _output(
    layers: Sequence[Dense | Layer], found: Sequence[Placed], unread: Unread
) -> Form | None:
    """What the last layer gives; None: nobody knows."""
    last = len(layers)
    gives = (placed.gives for placed in found if placed.number == last)
    return None if last in unread.forms else next(gives, None)


# --- which layer takes from which -------------------------------------------------------------


def _sources(layers: Sequence[Dense | Layer], tell: Tell) -> dict[int, tuple[int, ...]]:
    """For each layer the numbers of those that it takes from; none where they are unknown."""
    names: dict[str, int] = {INPUTS: 0}
    for number, layer in enumerate(layers, 1):
        if layer.name in names:
            path = ("layers", number - 1, "name")
            tell(ProblemError(f"two layers are called '{layer.name}'", path))
        names[layer.name or label(number, layer)] = number
    found: dict[int, tuple[int, ...]] = {}
    for number, layer in enumerate(layers, 1):
        told = []
        for name in layer.sources:
            if name in names:
                told.append(names[name])
                continue
            message = f"there is no layer '{name}' to take from{suggestion(name, names)}"
            tell(ProblemError(message, ("layers", number - 1, "from")))
        if len(told) < len(layer.sources):
            found[number] = ()
            continue
        skips = layer.type in LAYERS and LAYERS[layer.type].over == "joined"
        before = [number - 1] if skips and number - 1 not in told and len(told) < 2 else []
        found[number] = (*before, *told) or (number - 1,)
    return found


def _order(
    layers: Sequence[Dense | Layer], sources: Mapping[int, tuple[int, ...]], tell: Tell
) -> Iterable[int]:
    """The layers, each after those that it takes from; otherwise as they are listed.

    Raises:
        ProblemError: where they take from each other in a circle.
    """
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
        if number not in used and number != len(layers) and all(sources.values()):
            said = (
                f"no layer takes from {called(layers, number)}: "
                "what it gives does not reach the output, which is the last layer"
            )
            tell(ProblemError(said, ("layers", number - 1)))
    if len(layers) in used:
        tell(ProblemError("the last layer is the output; no layer takes from it", ("layers",)))
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

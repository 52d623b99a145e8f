"""One layer as an importer finds it: our layer, and its place in the model.

Takes arrays of any library and gives layers whose numbers are texts by `repr`, so that a
problem starts from exactly the numbers of the model.  What may not learn, and what an
activation may be put into, is said here once for all importers.  Read by the importers and
by `network`, which joins the layers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.placing import label
from tracer.calculus.layers.wiring import INPUTS
from tracer.errors import ProblemError, suggestion
from tracer.model.layer import Layer
from tracer.model.problem import Dense


@dataclass(frozen=True)
class Found:
    """A layer with its place in the model that it comes from."""

    layer: Dense | Layer
    where: str
    """For errors: ``module 2``, ``layer 3 (conv1d)``."""
    frozen: Collection[str] = ()
    """The parameters that do not learn."""
    takes: Sequence[str] = ()
    """The kinds of `Form` that may come in, where they are fewer than the type takes."""


def dense(
    weights: Any,
    biases: Any = None,
    where: str = "",
    activation: str = "identity",
    settings: Mapping[str, str] | None = None,
    frozen: Collection[str] = (),
) -> Found:
    """A dense layer: weights of shape (units, units of the layer before), biases or None.

    Raises:
        ProblemError: if these are no numbers of a dense layer.
    """
    if activation not in ACTIVATIONS:
        raise unknown(where, "activation", activation, ACTIVATIONS)
    matrix = as_array(weights, f"{where}, weights")
    if matrix.ndim != 2:
        axes = f"{matrix.ndim} axes" if matrix.ndim != 1 else "1 axis"
        raise ProblemError(f"{where}: weights of a dense layer have 2 axes; these have {axes}")
    told: Any = False
    if biases is not None:
        told = texts(as_array(biases, f"{where}, biases").reshape(-1))
    layer = Dense(len(matrix), activation, texts(matrix), told, dict(settings or {}))
    return Found(layer, where, frozen)


def typed(
    kind: str,
    where: str,
    parameters: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    units: int = 0,
    biases: bool = True,
    frozen: Collection[str] = (),
    takes: Sequence[str] = (),
) -> Found:
    """A layer of the layers table; settings that are arrays become texts, too."""
    given = parameters or {}
    numbers = {
        name: texts(as_array(given[name], f"{where}, {name}"))
        for name in LAYERS[kind].parameters
        if name in given
    }
    told = {
        name: texts(value) if isinstance(value, np.ndarray) else value
        for name in LAYERS[kind].settings
        if (value := (settings or {}).get(name)) is not None
    }
    return Found(Layer(kind, units, numbers, told, biases), where, frozen, takes)


@dataclass
class Graph:
    """The layers of a model that were found so far, and what each takes from."""

    found: list[Found] = field(default_factory=list)
    links: list[tuple[int, ...]] = field(default_factory=list)
    """Of each the numbers of those that it takes from; 0: the inputs."""

    def add(self, *layers: Found, sources: Sequence[int] | None = None) -> int:
        """Put layers behind each other, the first behind `sources` (the last one found).

        Returns:
            The number of the last of them.
        """
        for layer in layers:
            self.links.append((len(self.found),) if sources is None else tuple(sources))
            self.found.append(layer)
            sources = None
        return len(self.found)

    def activate(
        self,
        name: str,
        settings: Mapping[str, str],
        where: str,
        kind: str,
        at: int | None = None,
        shared: bool = False,
    ) -> int:
        """Put an activation behind a layer: into it where it takes one, else as its own layer.

        Args:
            name: of our table.
            settings: of the activation.
            where: its place in the model.
            kind: what the model calls it.
            at: the number of that layer; none: the last one found.
            shared: whether others take what the layer gives without it.

        Returns:
            The number of the layer that gives what was activated.

        Raises:
            ProblemError: if it cannot stand there.
        """
        number = len(self.found) if at is None else at
        if name == "identity":
            return number
        known = ACTIVATIONS[name].settings
        # attributes of single precision name the number that they are nearest to
        changed = {k: v for k, v in settings.items() if np.float32(v) != np.float32(known[k])}
        last = self.found[number - 1] if number else None
        if last is None:
            raise ProblemError(f"{where}: {kind} follows no layer")
        layer = last.layer
        if isinstance(layer, Dense) and _is_open(layer) and not shared:
            layer = replace(layer, activation=name, settings=changed)
        elif changed or ACTIVATIONS[name].vector:
            told = ", ".join(f"{key} = {value}" for key, value in changed.items()) or "over units"
            behind = f"{last.where}, which is '{layer.type}' here"
            message = f"{where}: {kind} ({told}) stands behind dense layers alone here"
            raise ProblemError(f"{message}; this one follows {behind}")
        elif _is_open(layer) and not shared:
            assert isinstance(layer, Layer)
            layer = replace(layer, settings={**layer.settings, "activation": name})
        else:
            own = typed("activation", where, settings={"function": name})
            return self.add(own, sources=[number])
        self.found[number - 1] = replace(last, layer=layer)
        return number

    def layers(self) -> list[Found]:
        """All of them; those that do not simply follow each other say from where they take."""
        told = []
        for number, (one, sources) in enumerate(zip(self.found, self.links, strict=True), 1):
            layer = one.layer
            if sources != (number - 1,):
                names = tuple(self._called(source) for source in sources)
                layer = replace(layer, sources=names)
            told.append(replace(one, layer=layer))
        return told

    def _called(self, number: int) -> str:
        return label(number, self.found[number - 1].layer) if number else INPUTS


def merged(where: str, combine: str) -> Found:
    """Several layers added up, or put one behind the other (``concat``)."""
    return Found(Layer("residual", combine=combine), where)


def _is_open(layer: Dense | Layer) -> bool:
    """Whether a layer can have an activation, and has none yet."""
    if isinstance(layer, Dense):
        return layer.activation == "identity"
    return layer.type == "conv" and layer.settings.get("activation", "identity") == "identity"


def as_array(values: Any, what: str) -> np.ndarray[Any, Any]:
    """Numbers of any library as a NumPy array.

    Raises:
        ProblemError: if they are none, or not finite.
    """
    if hasattr(values, "detach"):  # a PyTorch tensor
        values = values.detach().cpu().double().numpy()
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ProblemError(f"{what}: these are no numbers") from None
    if not np.isfinite(found).all():
        raise ProblemError(f"{what}: not all numbers are finite")
    return found


def texts(array: Any) -> Any:
    """An array as nested tuples of texts that name its numbers exactly.

    >>> texts(np.array([[0.1, 2], [3, 4]]))
    (('0.1', '2.0'), ('3.0', '4.0'))
    """
    return _texts(np.asarray(array, dtype=float).tolist())


def _texts(value: Any) -> Any:
    return tuple(map(_texts, value)) if isinstance(value, list) else repr(value)


def text(number: Any) -> str:
    """The text of one number that a model tells."""
    return repr(float(number))


def unknown(where: str, kind: str, name: str, known: Any) -> ProblemError:
    """The error for a layer or activation that has no counterpart here."""
    hint = suggestion(name, known) or f"; known are {', '.join(known)}"
    return ProblemError(f"{where}: there is no {kind} '{name}' here{hint}")


def refuse(where: str, told: Mapping[str, tuple[Any, Any]]) -> None:
    """Hold what a model says against the only values that our layers know.

    Args:
        where: its place.
        told: what it says, and what it has to say, by name.

    Raises:
        ProblemError: naming the first that is something else.
    """
    for name, (found, wanted) in told.items():
        if found != wanted:
            raise ProblemError(f"{where}: {name} = {found} has no counterpart here")


def one_of_axes(told: Any, where: str, name: str) -> int:
    """The number that is said of all axes alike.

    Raises:
        ProblemError: if the axes differ.
    """
    numbers = {*told} if isinstance(told, tuple | list) else {told}
    if len(numbers) > 1:
        said = " and ".join(map(str, told))
        raise ProblemError(f"{where}: {name} of {said} differs by axis; here all axes have one")
    return int(numbers.pop())

"""A sequential or functional Keras model, by duck typing: `layers`, `get_config`, `get_weights`.

`keras_layers` says what each layer is here; this module walks along the model, keeps the
order of units behind a flattened image (Keras has channels last), and reads what the model
was compiled with.

Source: Keras 3, `keras.Model`, `keras.optimizers`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.importing.found import Found, Graph, merged, refuse, unknown
from tracer.importing.keras_activations import ACTIVATING, activation_of
from tracer.importing.keras_layers import LAYERS, SCALED
from tracer.importing.network import Network
from tracer.importing.objective import keras_objective
from tracer.importing.samples import Samples
from tracer.model.layer import Layer
from tracer.model.problem import Dense

_NOTHING = ("InputLayer", "Identity")
_MERGING = {"Add": "add", "Concatenate": "concat"}
KNOWN = (*LAYERS, *ACTIVATING, *_MERGING, *_NOTHING)


def read_keras(model: Any, training: bool = False) -> Network:
    """The layers of a Keras model.

    Args:
        model: of Keras 3, built.
        training: whether norms and dropout work as in training.

    Raises:
        ProblemError: naming a layer or activation that has no counterpart here.
    """
    connected = list(_connected(model))
    takers = Counter(name for _, sources in connected for name in dict.fromkeys(sources or ()))
    walk = _Walk(training, takers)
    for number, (layer, sources) in enumerate(connected, 1):
        where = f"layer {number} ({layer.name})"
        walk.take(layer, sources, where)
    optimizer, settings, rate = _optimizer(getattr(model, "optimizer", None))
    shape = getattr(model, "input_shape", None) or ()
    known = tuple(shape[1:]) if all(isinstance(size, int) for size in shape[1:]) else ()
    return Network(
        walk.layers(),
        str(model.name),
        keras_objective(getattr(model, "loss", None)),
        rate,
        optimizer,
        settings,
        samples=Samples(known, channels_last=True, from_zero=True),
    )


def _connected(model: Any) -> Iterator[tuple[Any, list[str] | None]]:
    """Each layer with the names of those that it takes from; None: the one before."""
    if type(model).__name__ == "Sequential":
        for layer in model.layers:
            if type(layer).__name__ == "Sequential":
                yield from _connected(layer)
            else:
                yield layer, None
        return
    told = model.get_config()
    if "layers" not in told:
        raise ProblemError(
            f"{type(model).__name__} is neither sequential nor functional, so the order of its "
            "layers is not known"
        )
    nodes = {one["name"]: one["inbound_nodes"] for one in told["layers"]}
    for layer in model.layers:
        inbound = nodes[layer.name]
        if len(inbound) > 1:
            raise ProblemError(f"layer '{layer.name}' is used {len(inbound)} times; here only once")
        yield layer, [*_histories(inbound)]


def _histories(value: Any) -> Iterator[str]:
    """The layers whose tensors stand somewhere in the call of another."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            yield value["config"]["keras_history"][0]
        else:
            yield from _histories(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _histories(part)


class _Walk:
    """The layers so far, and the order of units where Keras has another.

    Args:
        training: whether norms and dropout work as in training.
        takers: by how many layers each is taken from, in a model that says so.
    """

    def __init__(self, training: bool, takers: Mapping[str, int]) -> None:
        self.training = training
        self.takers = dict(takers)
        self.graph = Graph()
        self.numbers: dict[str, int] = {}
        self.last = 0
        self.orders: dict[int, Any] = {}

    def take(self, layer: Any, sources: Sequence[str] | None, where: str) -> None:
        """Take one layer of the model in.

        Raises:
            ProblemError: naming it, if it has no counterpart.
        """
        kind, config = type(layer).__name__, layer.get_config()
        before = [self.last] if sources is None else [*dict.fromkeys(map(self._number, sources))]
        shared = max((self.takers[name] for name in sources or ()), default=1) > 1
        if kind in _NOTHING:
            found = before[0] if before else 0
            if shared:  # what passes on unchanged is as shared as what it comes from
                self.takers[layer.name] = 2
        elif kind in _MERGING:
            found = self._merge(kind, config, before, where)
        elif kind in ACTIVATING:
            found = self._activate(kind, config, before[0], where, shared)
        elif kind in LAYERS:
            if len(before) > 1:
                raise ProblemError(f"{where}: {kind} takes from several layers; here from one")
            found = self._layers(layer, kind, config, before[0], where)
        else:
            raise unknown(where, "layer", kind, KNOWN)
        self.numbers[layer.name] = self.last = found

    def _number(self, name: str) -> int:
        return self.numbers[name]

    def _merge(self, kind: str, config: Any, before: Sequence[int], where: str) -> int:
        if kind == "Concatenate":
            refuse(where, {"axis": (config["axis"], -1)})
        if len(before) < 2:
            raise ProblemError(f"{where}: {kind} of one layer with itself is unknown here")
        if any(number in self.orders for number in before):
            raise ProblemError(f"{where}: {kind} of flattened images is unknown here")
        return self.graph.add(merged(where, _MERGING[kind]), sources=before)

    def _activate(self, kind: str, config: Any, before: int, where: str, shared: bool) -> int:
        name, settings = ACTIVATING[kind](config, where)
        number = self.graph.activate(name, settings, where, kind, before, shared)
        if before in self.orders:
            self.orders[number] = self.orders[before]
        return number

    def _layers(self, layer: Any, kind: str, config: Any, before: int, where: str) -> int:
        order = self.orders.get(before)
        sources: list[int] | None = [before]
        for one in LAYERS[kind](layer, config, where, self.training):
            if order is not None:
                one = _ordered(one, order)
                if isinstance(one.layer, Dense):
                    order = None
            comes = self.graph.found[before - 1].layer.type if before else "input"
            if kind == "Flatten" and _is_image(layer, comes):
                order = _channels_last(layer)
            before = self.graph.add(one, sources=sources)
            sources = None
            if order is not None:
                self.orders[before] = order
        if "activation" in config and kind in ("Dense", "Conv1D", "Conv2D"):
            name, settings = activation_of(config["activation"], where)
            self.graph.activate(name, settings, where, f"activation '{name}'", before)
        return before

    def layers(self) -> list[Found]:
        """All layers, with their places.

        Raises:
            ProblemError: if the outputs would stand in another order than the model's.
        """
        if self.last in self.orders:
            raise ProblemError("the model ends in a flattened image, whose order is another here")
        return self.graph.layers()


_IMAGES = ("conv", "max_pool", "average_pool")


def _is_image(layer: Any, comes: str) -> bool:
    """Whether what is flattened has channels; a sequence has none."""
    return comes in _IMAGES or len(layer.input.shape) == 4


def _channels_last(layer: Any) -> Any:
    """For each number of a flattened image in our order its place in Keras's."""
    shape = layer.input.shape[1:]
    places = np.arange(int(np.prod(shape))).reshape(shape)
    return np.moveaxis(places, -1, 0).reshape(-1)


def _ordered(one: Found, order: Any) -> Found:
    """A layer whose units stand in our order.

    Raises:
        ProblemError: if it mixes what it takes in another way.
    """
    layer = one.layer
    if isinstance(layer, Dense):
        weights = tuple(tuple(row[place] for place in order) for row in layer.weights)
        return replace(one, layer=replace(layer, weights=weights))
    if layer.type not in (*SCALED, "dropout"):
        raise ProblemError(f"{one.where}: follows a flattened image, whose order is another here")

    def turned(value: Any) -> Any:
        return tuple(value[p] for p in order) if isinstance(value, tuple) and value else value

    parameters = {name: turned(value) for name, value in layer.parameters.items()}
    settings = {name: turned(value) for name, value in layer.settings.items()}
    return replace(one, layer=Layer(layer.type, layer.units, parameters, settings, layer.biases))


# --- what the model was compiled with -------------------------------------------------------

_COMMON = {
    "weight_decay": None, "clipnorm": None, "global_clipnorm": None, "clipvalue": None,
    "use_ema": False, "gradient_accumulation_steps": None,
}  # fmt: skip


def _optimizer(optimizer: Any) -> tuple[str, dict[str, float], float | None]:
    """Name, settings and rate of the optimizer; plain gradient descent where there is none.

    Epsilon of Keras's Adam stands beside the root before its bias is corrected, ours after it:
    numbers agree to about seven digits.

    Raises:
        ProblemError: if our table lacks it.
    """
    if optimizer is None:
        return "gradient_descent", {}, None
    told, kind = optimizer.get_config(), type(optimizer).__name__
    if kind not in _OPTIMIZERS:
        raise unknown("the model", "optimizer", kind, _OPTIMIZERS)
    rate = told["learning_rate"]
    if not isinstance(rate, int | float):
        raise ProblemError("the model's learning rate is a schedule; give its rate")
    only = {**_COMMON, **_ONLY.get(kind, {})}
    refuse(f"the optimizer {kind}", {name: (told.get(name, v), v) for name, v in only.items()})
    name, settings = _OPTIMIZERS[kind]
    if kind == "SGD" and told["momentum"]:
        name = "nesterov" if told["nesterov"] else "momentum_step"
        settings = {"beta": "momentum"}
    return name, {ours: float(told[theirs]) for ours, theirs in settings.items()}, float(rate)


_OPTIMIZERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "SGD": ("gradient_descent", {}),
    "Adam": ("adam", {"beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon"}),
    "RMSprop": ("rmsprop_inside", {"beta": "rho", "epsilon": "epsilon"}),
}
_ONLY: Mapping[str, Mapping[str, Any]] = {
    "Adam": {"amsgrad": False},
    "RMSprop": {"momentum": 0.0, "centered": False},
}

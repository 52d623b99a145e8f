"""What every importer gives: layers with their numbers, and what the model says of itself.

`Network` joins the layers of a chain or a graph to a `Problem`.  A layer or an activation
that the tables lack, and what does not fit together, is named in the error with its place
in the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tracer.calculus.layers.wiring import check_network, completed, normalised
from tracer.errors import ProblemError
from tracer.importing.found import Found
from tracer.importing.objective import Objective, objective_of
from tracer.importing.samples import Samples, plain
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem


@dataclass(frozen=True)
class Network:
    """A model's layers, and as much as it says about its training."""

    layers: Sequence[Found]
    name: str = ""
    objective: Objective | None = None
    rate: float | None = None
    optimizer: str = "gradient_descent"
    settings: Mapping[str, float] = field(default_factory=dict)
    """The optimizer's other settings."""
    regularizer: str = ""
    strength: float = 0.0
    samples: Samples = field(default_factory=Samples)
    """How the model takes its inputs."""

    def problem(
        self,
        inputs: Any = None,
        targets: Any = None,
        loss: Any = None,
        rate: Any = None,
    ) -> Problem:
        """The model as a problem.

        Args:
            inputs: one sample or several, as the model takes them; by default ones.
            targets: likewise; without them there is only a forward pass.
            loss: a name, a `Loss`, or a framework's loss; by default what the model was
                trained with, or half the squared error.
            rate: the learning rate; by default the model's own, or 0.1.

        Raises:
            ProblemError: if shapes do not fit, or the model cannot be said in our tables.
        """
        if not self.layers:
            raise ProblemError("the model has no layer")
        objective = (
            objective_of(loss)
            if loss is not None
            else self.objective or Objective("half_squared_error")
        )
        layers = [one.layer for one in self.layers]
        if _begins_with_nothing(layers, self.samples, inputs):
            return replace(self, layers=self.layers[1:]).problem(inputs, targets, loss, rate)
        wanted: Any = ()
        if targets is not None:
            layers[-1] = objective.closed(layers[-1], self.layers[-1].where)
            wanted = objective.targets(plain(targets), layers[-1].units)
        with_place = self._with_place
        given = with_place(lambda: self.samples.of(inputs, layers))
        plain_layers = all(isinstance(layer, Dense) and not layer.sources for layer in layers)
        if plain_layers and np.ndim(np.array(given, object)) > 2:
            raise ProblemError("dense layers alone take rows of units here, not sequences")
        if not plain_layers:
            given, wanted, _ = with_place(lambda: normalised(layers, given, wanted))
        chosen = rate if rate is not None else self.rate if self.rate is not None else "0.1"
        found: Problem = with_place(
            lambda: self._checked(
                Problem(
                    name=self.name,
                    inputs=given,
                    targets=wanted,
                    layers=layers,
                    loss=objective.loss if targets is not None else None,
                    reduction=objective.over_batch(wanted) if targets is not None else "sum",
                    over_time=objective.over_time if targets is not None else "sum",
                    optimizer=self.optimizer,
                    settings={
                        "rate": chosen if isinstance(chosen, str) else repr(float(chosen)),
                        **{name: repr(float(value)) for name, value in self.settings.items()},
                    },
                    regularizer=self.regularizer,
                    strength=repr(float(self.strength)) if self.regularizer else "",
                    freeze=tuple(self._frozen()),
                )
            )
        )
        return found

    def _checked(self, problem: Problem) -> Problem:
        """The problem with what its types settle, after a look at whether all fits together."""
        if problem.plain:
            return problem
        for placed in check_network(problem):
            takes = self.layers[placed.number - 1].takes
            if takes and placed.comes.kind not in takes:
                raise ProblemError(
                    f"this {placed.layer.type} works along another axis; what comes in is "
                    f"{placed.comes.said}",
                    ("layers", placed.number - 1),
                )
        return completed(problem)

    def _with_place(self, made: Callable[[], Any]) -> Any:
        """What is made; an error of a layer is told with its place in the model.

        Raises:
            ProblemError: whatever `made` raises.
        """
        try:
            return made()
        except ProblemError as error:
            if error.path[:1] == ("layers",) and len(error.path) > 1:
                where = self.layers[int(error.path[1])].where
                if where and not str(error).startswith(where):
                    raise ProblemError(f"{where}: {error}", error.path) from None
            raise

    def _frozen(self) -> Iterator[str]:
        """The keys of what does not learn."""
        for number, one in enumerate(self.layers, 1):
            for name in one.frozen:
                if isinstance(one.layer, Dense):
                    yield f"{name[0]}{number}"
                else:
                    yield f"{one.layer.type}{number}.{name}"


def _begins_with_nothing(layers: Sequence[Dense | Layer], samples: Samples, inputs: Any) -> bool:
    """Whether the first layer flattens what is a row of units already."""
    if len(layers) < 2 or layers[0].type != "flatten" or any(one.sources for one in layers):
        return False
    depth = len(samples.shape) + 1 if inputs is None else np.ndim(np.array(plain(inputs), object))
    return depth < 3

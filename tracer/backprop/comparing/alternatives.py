"""Conventions that change the whole calculation: the same problem as others do it.

Each row of `ALTERNATIVES` takes a way of calculating (a `Way`) and gives the other ways
that differ from it by one convention; the calculation is then made anew.  A convention
that only changes how single arrays are read is in `readings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tracer.backprop.layering.functions import loss_of
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.regularizers import REGULARIZERS
from tracer.model.comparison import Convention
from tracer.model.continuing import cycle_of
from tracer.model.functions import Activation, Loss
from tracer.model.problem import Dense, Problem


@dataclass(frozen=True)
class Way:
    """One way to calculate a problem."""

    problem: Problem
    early: bool = False
    """Whether errors go back through updated weights."""
    still: bool = False
    """Whether biases stay as they are."""
    accumulated: bool = False
    """Whether gradients of one update are added to those before."""
    doubled: bool = False
    """Whether recurrent cells have two biases, each of which takes the whole step."""


Others = Iterator[tuple[Convention, Way]]


def _half(way: Way) -> Others:
    """With or without the half before a squared error."""
    loss = _loss(way.problem)
    if loss is None or "squared_error" not in loss.name:
        return
    has = loss.term.replace(" ", "").startswith("1/2")
    changed = _scaled(loss, "2" if has else "1/2")
    yield Convention("no_half" if has else "half"), _with_loss(way, changed)


def _outputs(way: Way) -> Others:
    """The mean over the outputs of a sample, or their sum."""
    loss = _loss(way.problem)
    if loss is None or way.problem.layers[-1].units == 1:
        return
    mean = loss.over_outputs == "mean"
    changed = replace(loss, name=f"{loss.name}_over", over_outputs="sum" if mean else "mean")
    outputs = (("outputs", str(way.problem.layers[-1].units)),)
    name = "sum_over_outputs" if mean else "mean_over_outputs"
    yield Convention(name, facts=outputs), _with_loss(way, changed)


def _batch(way: Way) -> Others:
    """The mean over the samples of a batch, or their sum."""
    problem = way.problem
    sizes = {len(batch) for batch in cycle_of(problem)}
    if sizes == {1} or not problem.layers:
        return
    mean = problem.reduction == "mean"
    samples = (("samples", ", ".join(map(str, sorted(sizes)))),)
    changed = replace(problem, reduction="sum" if mean else "mean")
    name = "sum_over_batch" if mean else "mean_over_batch"
    yield Convention(name, facts=samples), replace(way, problem=changed)
    if mean:
        other = "gradient" if problem.written == "delta" else "delta"
        changed = replace(problem, written=other)
        yield Convention(f"mean_in_{other}", facts=samples), replace(way, problem=changed)


def _time(way: Way) -> Others:
    """The mean over the time steps, or their sum."""
    problem = way.problem
    if not problem.targets or isinstance(problem.targets[0][0], str):
        return
    mean = problem.over_time == "mean"
    changed = replace(problem, over_time="sum" if mean else "mean")
    name = "sum_over_time" if mean else "mean_over_time"
    steps = (("steps", str(len(problem.targets[0]))),)
    yield Convention(name, facts=steps), replace(way, problem=changed)


def _double(way: Way) -> Others:
    """The last activation taken twice, as where a loss expects logits and gets probabilities."""
    problem = way.problem
    last = problem.layers[-1] if problem.layers else None
    if not isinstance(last, Dense) or last.activation not in ("softmax", "sigmoid"):
        return
    units = range(last.units)
    rows = [["1" if i == j else None for j in units] for i in units]
    again = Dense(last.units, last.activation, rows)
    name = f"w{len(problem.layers) + 1}"
    keys = (f"{name}[{i + 1},{i + 1}]" for i in units)
    changed = replace(problem, layers=(*problem.layers, again), freeze=(*problem.freeze, *keys))
    yield Convention(f"double_{last.activation}"), replace(way, problem=changed)


def _no_activation(way: Way) -> Others:
    """The last activation left out."""
    layers = _dense(way)
    bare = not layers or layers[-1].activation == "identity"
    if bare or layers[-1] is not way.problem.layers[-1]:
        return
    changed = (*layers[:-1], replace(layers[-1], activation="identity", settings={}))
    name = layers[-1].activation
    facts = (("activation", name.name if isinstance(name, Activation) else name),)
    yield Convention("no_activation", facts=facts), _with_layers(way, changed)


def _leak(way: Way) -> Others:
    """Another customary setting of an activation, such as the leak of a leaky ReLU."""
    for name, other in (("leak", "0.01"), ("leak", "0.1"), ("leak", "0.2"), ("leak", "0.3")):
        found = []
        for layer in _dense(way):
            kind = layer.activation
            function = ACTIVATIONS.get(kind) if isinstance(kind, str) else kind
            has = function is not None and name in function.settings
            found.append(replace(layer, settings={**layer.settings, name: other}) if has else layer)
        if found != _dense(way):
            facts = (("setting", name), ("theirs", other))
            yield Convention("setting", facts=facts), _with_layers(way, tuple(found))


def _frozen(way: Way) -> Others:
    """Biases that are updated although the problem freezes them, or are not."""
    problem = way.problem
    if not any(layer.biases is not False for layer in _dense(way)):
        return
    if "biases" in problem.freeze:
        kept = tuple(word for word in problem.freeze if word != "biases")
        yield Convention("bias_updated"), replace(way, problem=replace(problem, freeze=kept))
    else:
        yield Convention("bias_not_updated"), replace(way, still=True)


def _shared(way: Way) -> Others:
    """One bias for a whole layer, or one for each of its units."""
    layers = _dense(way)
    apart = tuple(
        replace(layer, biases=(layer.biases,) * layer.units) if layer.shared_bias else layer
        for layer in layers
    )
    if apart != tuple(layers):
        yield Convention("bias_each"), _with_layers(way, apart)
    together = tuple(
        replace(layer, biases=layer.biases[0])
        if isinstance(layer.biases, tuple) and len({*layer.biases}) == 1 < layer.units
        else layer
        for layer in layers
    )
    if together != tuple(layers):
        yield Convention("bias_shared"), _with_layers(way, together)


def _no_bias(way: Way) -> Others:
    """Biases left out."""
    layers = _dense(way)
    if any(layer.biases is not False for layer in layers):
        without = tuple(replace(layer, biases=False) for layer in layers)
        yield Convention("no_bias"), _with_layers(way, without)


def _early(way: Way) -> Others:
    """Errors that go back through weights which are updated already."""
    if len(way.problem.layers) > 1 and not way.early:
        yield Convention("updated_weights_early"), replace(way, early=True)


def _optimizer(way: Way) -> Others:
    """Another published form of the same optimizer; gradients that were not set to zero."""
    problem = way.problem
    family = problem.optimizer.split("_")[0]
    for name, optimizer in OPTIMIZERS.items():
        if name == problem.optimizer or name.split("_")[0] != family or family == "gradient":
            continue
        if {*problem.settings} <= {*optimizer.settings}:
            settings = dict(problem.settings)
            if epsilon := OPTIMIZERS[problem.optimizer].settings.get("epsilon"):
                settings.setdefault("epsilon", epsilon)  # the same number, wherever it stands
            changed = replace(problem, optimizer=name, settings=settings)
            facts: tuple[tuple[str, str], ...] = (("ours", problem.optimizer), ("theirs", name))
            kind = "optimizer_form"
            if problem.optimizer == f"{name}_inside":
                kind, facts = "optimizer_epsilon_outside", ()
            elif name == f"{problem.optimizer}_inside":
                kind, facts = "optimizer_epsilon_inside", ()
            yield Convention(kind, facts=facts), replace(way, problem=changed)
    if problem.optimizer == "gradient_descent" and not problem.clip:
        settings = {**problem.settings, "beta": "1"}
        changed = replace(problem, optimizer="momentum", settings=settings)
        yield Convention("accumulated"), replace(way, problem=changed, accumulated=True)


def _penalty(way: Way) -> Others:
    """Another form of the penalty; a penalty on the biases as well."""
    problem = way.problem
    if not problem.regularizer:
        return
    family = problem.regularizer.split("_")[0]
    for name in REGULARIZERS:
        if name != problem.regularizer and name.split("_")[0] == family:
            facts = (("ours", problem.regularizer), ("theirs", name))
            changed = replace(problem, regularizer=name)
            yield Convention("penalty_form", facts=facts), replace(way, problem=changed)
    other = not problem.regularize_biases
    name = "biases_penalized" if other else "biases_not_penalized"
    yield Convention(name), replace(way, problem=replace(problem, regularize_biases=other))


ALTERNATIVES: dict[str, Callable[[Way], Others]] = {
    "half": _half,
    "outputs": _outputs,
    "batch": _batch,
    "time": _time,
    "biases frozen": _frozen,
    "biases shared": _shared,
    "early": _early,
    "double": _double,
    "no activation": _no_activation,
    "no biases": _no_bias,
    "penalty": _penalty,
    "optimizer": _optimizer,
    "setting": _leak,
}
"""By what is chosen: the other ways to choose it."""


def _loss(problem: Problem) -> Loss | None:
    """The loss of a layer network."""
    if not problem.layers or problem.loss is None:
        return None
    return loss_of(problem.loss)


def _scaled(loss: Loss, factor: str) -> Loss:
    """The loss times a number."""

    def times(formula: str) -> str:
        return f"{factor}*({formula})" if formula else ""

    return replace(
        loss,
        name=f"{loss.name}_scaled",
        term=times(loss.term),
        slope=times(loss.slope),
        shortcut_slope=times(loss.shortcut_slope),
    )


def _with_loss(way: Way, loss: Loss) -> Way:
    return replace(way, problem=replace(way.problem, loss=loss))


def _dense(way: Way) -> list[Dense]:
    """The dense layers of a network, whatever others there are."""
    return [layer for layer in way.problem.layers if isinstance(layer, Dense)]


def _with_layers(way: Way, layers: Sequence[Dense]) -> Way:
    """The same with other dense layers."""
    changed = iter(layers)
    found = (next(changed) if isinstance(one, Dense) else one for one in way.problem.layers)
    return replace(way, problem=replace(way.problem, layers=tuple(found)))

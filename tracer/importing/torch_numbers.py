"""PyTorch's own numbers for a problem: the network built there, updated, and read out.

Takes a problem with layers; gives a mapping of arrays by name, for `compare`.  PyTorch is
used as people use it: its losses with their means, a bias for each unit, every parameter
updated.  With `exactly` it does just what the problem says instead, so that everything
must agree.  Numbers are of double precision.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.definitions import definitions
from tracer.calculus.layers.wiring import completed
from tracer.errors import MissingTool, ProblemError
from tracer.importing.torch_holding import Holding
from tracer.importing.torch_layers import Layers
from tracer.importing.torch_leaves import SECOND, leaves, nested
from tracer.importing.torch_losses import Losses
from tracer.importing.torch_optimizers import clip, optimizer_of
from tracer.model.continuing import cycle_of
from tracer.model.functions import Activation
from tracer.model.problem import Dense, Problem, as_number


def torch_numbers(problem: Problem, exactly: bool = False) -> dict[str, Any]:
    """What PyTorch gives for the first update of a problem.

    Args:
        problem: a layer network with numbers, targets and a loss.
        exactly: follow the problem's loss, reduction and freezing instead of PyTorch's
            own habits.

    Returns:
        Preactivations and activations (``z1``, ``a1``; shape (samples, units)), ``loss``,
        gradients (``dw1``, ``db1``), updated parameters (``w1@1``) and ``loss@1``.

    Raises:
        MissingTool: if PyTorch is not installed.
        ProblemError: for what has no counterpart in PyTorch.
    """
    try:
        import torch
    except ImportError:
        raise MissingTool("comparing with PyTorch needs PyTorch: pip install torch") from None
    if not problem.layers or not problem.targets or problem.loss is None:
        raise ProblemError("PyTorch is compared for layers with targets and a loss")
    if problem.schedule:
        raise ProblemError("a schedule of learning rates is not compared", ("schedule",))
    if not problem.plain:
        return _Typed(torch, completed(problem), exactly).numbers()
    return _Model(torch, problem, exactly).numbers()


class _Model(Losses):
    """The network in PyTorch."""

    def __init__(self, torch: Any, problem: Problem, exactly: bool) -> None:
        self.torch = torch
        self.problem = problem
        self.exactly = exactly
        batch = cycle_of(problem)[0]
        self.inputs = self.tensor([problem.inputs[sample - 1] for sample in batch])
        self.targets = self.tensor([problem.targets[sample - 1] for sample in batch])
        self.layers = [self.layer(layer, n) for n, layer in enumerate(problem.dense, 1)]
        self.forms = definitions(
            [
                layer.activation
                for layer in problem.dense
                if isinstance(layer.activation, Activation)
            ]
        )

    def tensor(self, rows: Any) -> Any:
        values = [[float(as_number(text)) for text in row] for row in rows]
        return self.torch.tensor(values, dtype=self.torch.float64)

    def layer(self, layer: Dense, number: int) -> Any:
        """A `torch.nn.Linear` with the problem's numbers."""
        torch = self.torch
        linear = torch.nn.Linear(
            len(layer.weights[0]), layer.units, bias=layer.biases is not False, dtype=torch.float64
        )
        rows = self.tensor([[text or "0" for text in row] for row in layer.weights])
        with torch.no_grad():
            linear.weight.copy_(rows)
            if layer.biases is not False:
                texts = (layer.biases,) * layer.units if layer.shared_bias else layer.biases
                linear.bias.copy_(self.tensor([texts])[0])
        missing = self.tensor([["0" if text is None else "1" for text in r] for r in layer.weights])
        linear.weight.register_hook(lambda gradient: gradient * missing)
        if self.exactly:
            self.keep_to_the_problem(linear, layer, number)
        return linear

    def keep_to_the_problem(self, linear: Any, layer: Dense, number: int) -> None:
        """Shared and frozen parameters as the problem has them, by hooks on the gradients."""
        problem = self.problem
        if layer.shared_bias:
            linear.bias.register_hook(lambda gradient: gradient.sum() + 0 * gradient)
        name = f"w{number}"
        linear.weight.requires_grad = not {"weights", name} & {*problem.freeze}
        if linear.bias is not None:
            linear.bias.requires_grad = not {"biases", f"b{number}"} & {*problem.freeze}

    # --- one update ---------------------------------------------------------------------------

    def numbers(self) -> dict[str, Any]:
        found = self.forward()
        parameters = [p for layer in self.layers for p in layer.parameters() if p.requires_grad]
        optimizer = optimizer_of(self.torch, self.problem, parameters, self.exactly)
        optimizer.zero_grad()
        held = Holding(self.torch, self.problem, self.named_leaves()) if self.exactly else None
        found["loss"] = self.loss(found)
        if found["loss"].requires_grad:
            found["loss"].backward(retain_graph=True)
        else:  # behind a step function nothing flows back
            for parameter in parameters:
                parameter.grad = self.torch.zeros_like(parameter)
        if held:
            held.hold_gradients()
        found |= self.gradients(held.cells if held else ())
        clip(self.torch, self.problem, parameters, self.exactly)
        optimizer.step()
        if held:
            held.restore()
        for n, layer in enumerate(self.layers, 1):
            found[f"w{n}@1"] = layer.weight.detach().clone()
            if layer.bias is not None:
                found[f"b{n}@1"] = self.bias(layer.bias.detach(), n)
        found["loss@1"] = self.loss(self.forward())
        return {key: value.detach().numpy() for key, value in found.items()}

    def named_leaves(self) -> dict[str, Any]:
        """The parameters by the names of our arrays."""
        found = {f"w{n}": layer.weight for n, layer in enumerate(self.layers, 1)}
        return found | {
            f"b{n}": layer.bias for n, layer in enumerate(self.layers, 1) if layer.bias is not None
        }

    def forward(self) -> dict[str, Any]:
        """Every layer's sums and activations."""
        found: dict[str, Any] = {}
        a = self.inputs
        for n, (linear, layer) in enumerate(zip(self.layers, self.problem.dense, strict=True), 1):
            z = linear(a)
            a = self.activated(layer, z)
            found |= {f"z{n}": z, f"a{n}": a}
        return found

    def gradients(self, held: Collection[str]) -> dict[str, Any]:
        """The gradients of all arrays but those of which something is held."""
        found = {}
        for n, layer in enumerate(self.layers, 1):
            if layer.weight.grad is not None and f"w{n}" not in held:
                found[f"dw{n}"] = layer.weight.grad.clone()
            bias = None if layer.bias is None else layer.bias.grad
            if bias is not None and f"b{n}" not in held:
                found[f"db{n}"] = self.bias(bias, n)
        return found

    def bias(self, values: Any, number: int) -> Any:
        """Biases or their gradients; one number where exactly one serves the layer."""
        shared = self.exactly and self.problem.dense[number - 1].shared_bias
        return (values[0] if shared else values).clone()

    # --- functions ----------------------------------------------------------------------------

    def activated(self, layer: Dense, z: Any) -> Any:
        functional = self.torch.nn.functional
        name = layer.activation
        temperature = float(layer.settings.get("temperature", "1"))
        if name == "softmax":
            return self.torch.softmax(z / temperature, dim=-1)
        if name == "log_softmax":
            return self.torch.log_softmax(z / temperature, dim=-1)
        known: dict[str, Callable[[Any], Any]] = {
            "identity": lambda x: x,
            "sigmoid": self.torch.sigmoid,
            "tanh": self.torch.tanh,
            "relu": self.torch.relu,
            "softplus": functional.softplus,
        }
        if isinstance(name, str) and name in known:
            return known[name](z)
        function = ACTIVATIONS[name] if isinstance(name, str) else name
        if not function.formula:
            raise ProblemError(f"the activation '{function.name}' is not compared")
        settings = {**function.settings, **layer.settings}
        values = {key: self.number(text) for key, text in settings.items()}
        return self.evaluate(function.formula, {"z": z, **values})

    def evaluated_activation(self, name: Any, settings: Any, z: Any) -> Any:
        """A function of the table by its name."""
        return self.activated(Dense(1, name, settings=dict(settings)), z)


class _Typed(_Model):
    """A network with layers of several types: one leaf for each of our arrays."""

    def __init__(self, torch: Any, problem: Problem, exactly: bool) -> None:
        self.torch, self.problem, self.exactly = torch, problem, exactly
        self.batch = cycle_of(problem)[0]
        self.forms = definitions(
            [one.activation for one in problem.layers if isinstance(one.activation, Activation)]
        )
        self.leaves = leaves(torch, problem, exactly)
        self.forward_pass = Layers(torch, problem, self.leaves, self.evaluated_activation, exactly)
        self.steps = 1
        targets = [nested(problem.targets[sample - 1]) for sample in self.batch]
        whole = torch.tensor(targets, dtype=torch.float64)
        self.steps = whole.shape[1] if whole.dim() > 2 else 1
        self.targets = whole.reshape(-1, whole.shape[-1])

    def named_leaves(self) -> dict[str, Any]:
        return self.leaves

    def numbers(self) -> dict[str, Any]:
        optimizer = optimizer_of(self.torch, self.problem, [*self.leaves.values()], self.exactly)
        held = Holding(self.torch, self.problem, self.leaves) if self.exactly else None
        loss = self.total()
        loss.backward()
        if held:
            held.hold_gradients()
        found = {"loss": loss}
        told = [name for name in self.leaves if not name.endswith(SECOND)]
        moved = [name for name in told if held is None or not held.whole(name)]
        told = [name for name in told if held is None or name not in held.cells]
        for name, leaf in self.leaves.items():
            if name in told:
                slope = self.torch.zeros_like(leaf) if leaf.grad is None else leaf.grad.clone()
                found[f"d{name}"] = slope
        clip(self.torch, self.problem, [*self.leaves.values()], self.exactly)
        optimizer.step()
        if held:
            held.restore()
        for name, leaf in self.leaves.items():
            if name in moved:
                other = self.leaves.get(f"{name} {SECOND}", 0.0)
                found[f"{name}@1"] = (leaf + other).clone()
        found["loss@1"] = self.total()
        return {key: value.detach().numpy().copy() for key, value in found.items()}

    def reduced(self, each: Any) -> Any:
        """The losses of the time steps of all samples put together."""
        if not self.exactly:
            return each.mean()
        problem = self.problem
        count: Any = len(self.batch) if problem.reduction == "mean" else 1
        if problem.reduction == "weighted":
            count = self.weight_of_targets()
        return each.sum() / count / (self.steps if problem.over_time == "mean" else 1)

    def total(self) -> Any:
        """The loss of a forward pass: every time step of every sample is a row."""
        a, z = self.forward_pass(self.batch)
        last = len(self.problem.layers)
        rows = {"a": a, "z": z}
        return self.loss({f"{k}{last}": v.reshape(-1, v.shape[-1]) for k, v in rows.items()})

"""The equations of a dense layer: sums of weighted inputs, and the activation of each.

Takes the draft of a plan, a layer in its place and what comes into it; declares its
weights and biases, writes the preactivation ``z`` and the activation ``a`` (of a sequence
a pair for each time step, with the same weights), and gives what goes on to the next
layer.  Read by `forward`.
"""

from __future__ import annotations

from fractions import Fraction as Rational

from tracer.backprop.layering.functions import activation_of
from tracer.backprop.layering.parameters import declare_parameter
from tracer.backprop.layering.signals import Signal
from tracer.backprop.plan import Draft
from tracer.calculus.layers.placing import Placed
from tracer.calculus.primitives import matmul
from tracer.formula.nodes import Apply, Call, Node, Number, Symbol
from tracer.formula.rewriting import fraction, total
from tracer.model.problem import Dense
from tracer.model.quantity import UNNAMED, Axis, Equation, Quantity, numbered


def write_dense(draft: Draft, placed: Placed, signal: Signal, samples: Axis) -> Signal:
    """The preactivation and the activation, of a sequence once for each time step."""
    layer, number = placed.layer, placed.number
    assert isinstance(layer, Dense)
    unit = numbered("unit", layer.units)
    sequence = placed.comes.kind == "sequence"
    if placed.comes.kind == "image":
        coming: tuple[Node, ...] = (signal.flat(samples.size),)
    else:
        coming = signal.as_steps(samples.size)
    weights = declare_parameter(
        draft, f"w{number}", (unit, numbered("source", placed.comes.width)), layer.weights
    )
    bias: list[Node] = []
    if layer.biases is not False:
        axes = (UNNAMED if layer.shared_bias else unit, UNNAMED)
        bias = [declare_parameter(draft, f"b{number}", axes, layer.biases)]
    found: list[Node] = []
    for step, before in enumerate(coming, 1):
        time = step if sequence else None
        mark = f"~{step}" if sequence else ""

        def write(role: str, formula: Node, rule: str, time: int | None, mark: str) -> Symbol:
            name, axes = f"{role}{number}{mark}", (unit, samples)
            quantity = Quantity(name, f"{role}{number}", axes, time=time)
            return draft.write(Equation(quantity, formula, rule, "forward", number))

        z = write("z", total([matmul(weights, before), *bias]), "preactivation", time, mark)
        found.append(write("a", activated(layer, z), "activation", time, mark))
    return Signal(placed.gives, steps=tuple(found))


def activated(layer: Dense, z: Symbol) -> Node:
    """The activation of a layer's sums."""
    activation = activation_of(layer)
    if activation.vector:
        heat = layer.settings.get("temperature", "1")
        scaled = z if Rational(heat) == 1 else fraction(z, Number(heat))
        return Apply(activation.name, (scaled,), (0,))
    if activation.name == "identity":
        return z
    settings = {**activation.settings, **layer.settings}
    return Call(activation.name, (z, *(Number(text) for text in settings.values())))

"""Tied weights: a layer that uses the weights of a dense layer before it, transposed.

Takes u units; gives the n inputs of the dense layer whose weights W (u, n) it uses, with
biases b (n) of its own; the gradients of both uses of W are added up.  Source: Vincent,
Lajoie, Lajoie, Bengio and Manzagol (2010), Stacked Denoising Autoencoders, sec. 2.2.  Read
by the table of layers.
"""

from __future__ import annotations

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting
from tracer.errors import ProblemError, suggestion


def recipe(of: Facts) -> Recipe:
    """``f(W.T x + b)``, where W belongs to the layer that `to` names.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("tied", settings={"to": "encoder"}), TIED)
    >>> of = Facts(Form("units", (2,)), 0, told, samples=1, dense={"encoder": (1, 2, 3)})
    >>> print(*TIED.recipe(of).equations, sep="\\n")
    z = W.T @ x + b
    """
    name = of.settings["to"]
    if name not in of.dense:
        hint = suggestion(name, of.dense)
        raise ProblemError(f"there is no dense layer '{name}' before this one{hint}", ("to",))
    number, units, inputs = of.dense[name]
    if of.inputs != units:
        raise ProblemError(
            f"the weights of {name}, transposed, take {units} units; what comes in is "
            f"{of.form.said}",
            ("to",),
        )
    biases = {"b": Parameter((inputs,))} if of.biases else {}
    lines = (f"z = W.T @ x{of.bias('b')}", f"a = {of.settings['activation']}(z)")
    bare = of.settings["activation"] == "identity"
    return Recipe(
        lines[:1] if bare else lines,
        ("z",) if bare else ("a",),
        biases,
        borrowed={"W": (number, (units, inputs))},
    )


TIED = LayerType(
    name="tied",
    about="A layer with the weights of a dense layer before it, transposed (autoencoder).",
    over="units",
    takes=("units", "sequence"),
    recipe=recipe,
    settings={
        "to": Setting("name", "The dense layer whose weights it uses."),
        "activation": Setting("activation", "The activation function.", "identity"),
    },
    parameters=("b",),
    biases=True,
    bias_names=("b",),
)

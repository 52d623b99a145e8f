"""The gated recurrent unit: reset gate r, update gate u, candidate n, state h.

Takes a sequence of T steps of n numbers; gives the states of u units, (u, samples) at each
step, or the last of them.  Each W is (u, n), each U (u, u), each b (u).  Source: Cho and
others (2014), Learning Phrase Representations, eqs. (5) to (8); the reset gate behind its
matrix: PyTorch, torch.nn.GRU.  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting
from tracer.calculus.layers.recurrence import RECURRENT, gate, gate_parameters, starting

_GATES = ("r", "u", "n")


def recipe(of: Facts) -> Recipe:
    """Gates, candidate, and the state between the old one and the candidate.

    The reset gate acts on the state before it meets its weights (``before``), or on what
    the weights made of it (``after``, with a bias of its own, as frameworks do).

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("gru", settings={}), GRU)
    >>> of = Facts(Form("sequence", (3, 2)), 2, told, samples=1)
    >>> print(*GRU.recipe(of).equations, sep="\\n")
    zr = Wr @ x + Ur @ h_before + br
    r = sigmoid(zr)
    zu = Wu @ x + Uu @ h_before + bu
    u = sigmoid(zu)
    m = r*h_before
    zn = Wn @ x + Un @ m + bn
    n = tanh(zn)
    h = (1 - u)*n + (u)*h_before
    """
    parameters = gate_parameters(_GATES, of)
    after = of.settings["reset"] == "after"
    if after and of.biases:
        parameters["bm"] = Parameter((of.units,))
    candidate = (
        (f"m = Un @ h_before{of.bias('bm')}", f"zn = Wn @ x{of.bias('bn')} + r*m")
        if after
        else ("m = r*h_before", f"zn = Wn @ x + Un @ m{of.bias('bn')}")
    )
    old, new = ("u", "1 - u") if of.settings["keep"] == "u" else ("1 - u", "u")
    return Recipe(
        equations=(
            *gate("r", "sigmoid", of),
            *gate("u", "sigmoid", of),
            *candidate,
            "n = tanh(zn)",
            f"h = ({new})*n + ({old})*h_before",
        ),
        gives=("h",),
        parameters=parameters,
        memory=("h",),
        start=starting(("h",), of),
    )


GRU = LayerType(
    name="gru",
    about="A gated recurrent unit over the time steps.",
    over="time",
    takes=("sequence",),
    recipe=recipe,
    settings={
        "reset": Setting(
            "word",
            "Whether the reset gate acts before or after the weights of the old state.",
            "before",
            words=("before", "after"),
        ),
        "keep": Setting(
            "word",
            "Which share of the old state stays: that of the update gate u, or 1 - u.",
            "u",
            words=("u", "1-u"),
        ),
        **RECURRENT,
    },
    parameters=(*(f"{letter}{name}" for name in _GATES for letter in "WUb"), "bm"),
    units=True,
    biases=True,
    bias_names=(*(f"b{name}" for name in _GATES), "bm"),
    source="Cho and others (2014); reset after the weights: PyTorch, torch.nn.GRU",
)

"""Long short-term memory: gates i, f and o, the candidate g, the cell c and the state h.

Takes a sequence of T steps of n numbers; gives the states of u units, (u, samples) at each
step, or the last of them.  Each W is (u, n), each U (u, u), each b (u).  Source: Gers,
Schmidhuber and Cummins (2000), Learning to Forget, sec. 3, with the names of PyTorch's LSTM.
Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe
from tracer.calculus.layers.recurrence import RECURRENT, gate, gate_parameters, starting

_GATES = ("i", "f", "o", "g")


def recipe(of: Facts) -> Recipe:
    """The gates in the order of the textbook, then cell and state.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("lstm", settings={}), LSTM)
    >>> of = Facts(Form("sequence", (3, 2)), 2, told, samples=1)
    >>> print(*LSTM.recipe(of).equations, sep="\\n")
    zi = Wi @ x + Ui @ h_before + bi
    i = sigmoid(zi)
    zf = Wf @ x + Uf @ h_before + bf
    f = sigmoid(zf)
    zo = Wo @ x + Uo @ h_before + bo
    o = sigmoid(zo)
    zg = Wg @ x + Ug @ h_before + bg
    g = tanh(zg)
    c = f*c_before + i*g
    h = o*tanh(c)
    """
    lines = [gate(name, "tanh" if name == "g" else "sigmoid", of) for name in _GATES]
    return Recipe(
        equations=(
            *(line for pair in lines for line in pair),
            "c = f*c_before + i*g",
            "h = o*tanh(c)",
        ),
        gives=("h",),
        parameters=gate_parameters(_GATES, of),
        memory=("h", "c"),
        start=starting(("h", "c"), of),
    )


LSTM = LayerType(
    name="lstm",
    about="Long short-term memory over the time steps.",
    over="time",
    takes=("sequence",),
    recipe=recipe,
    settings={**RECURRENT, "initial_c": RECURRENT["initial_h"]},
    parameters=tuple(f"{letter}{name}" for name in _GATES for letter in "WUb"),
    units=True,
    biases=True,
    bias_names=tuple(f"b{name}" for name in _GATES),
    source="Gers, Schmidhuber and Cummins (2000); the names of Olah (2015)",
)

"""Long short-term memory: gates i, f, o, the candidate g, the cell c and the state h."""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe
from tracer.calculus.layers.recurrence import RECURRENT, gate, gate_parameters, starting

_GATES = ("i", "f", "o", "g")


def recipe(of: Facts) -> Recipe:
    """The gates in the order of the textbook, then cell and state."""
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

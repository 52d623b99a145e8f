"""An embedding: each whole number of the input stands for a row of a learned table.

Takes T whole numbers from 1 to r; gives a sequence of T steps, each a row of E (r, u).
Only the rows that are named get a gradient.  Source: Bengio, Ducharme, Vincent and Jauvin
(2003), A Neural Probabilistic Language Model, sec. 2; PyTorch, torch.nn.Embedding, which
counts from 0.  Read by the table of layers.
"""

from __future__ import annotations

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting
from tracer.errors import ProblemError


def recipe(of: Facts) -> Recipe:
    """The rows that the numbers name.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("embedding", settings={"rows": 3}), EMBEDDING)
    >>> of = Facts(Form("numbers", (2,)), 2, told, samples=1)
    >>> print(*EMBEDDING.recipe(of).equations, sep="\\n")
    out = x
    """
    units = of.needed_units()
    count = of.settings["rows"] or (len(of.given["E"]) if "E" in of.given else 0)
    if not count:
        raise ProblemError("embedding needs its E, or how many rows it has, such as rows: 10")
    for sample, numbers in enumerate(of.numbers):
        for place, text in enumerate(numbers):
            if not text.isdigit() or not 1 <= int(text) <= count:
                raise ProblemError(
                    f"an input of this embedding is the number of one of its {count} rows, "
                    f"from 1; found {text}",
                    ("inputs", sample, place),
                )
    return Recipe(("out = x",), ("out",), {"E": Parameter((count, units))})


EMBEDDING = LayerType(
    name="embedding",
    about="Each whole number of the input stands for a row of a learned table.",
    over="lookup",
    takes=("numbers",),
    recipe=recipe,
    settings={"rows": Setting("whole", "How many rows; E tells it too.", least=1, needed=False)},
    parameters=("E",),
    units=True,
    told_by="E",
)

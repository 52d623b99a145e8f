"""Dropout: a mask turns units off while the network learns.

In training what is left is scaled up (inverted), or all is scaled down when the network is
used.  Takes units (n, samples), or a sequence of such; gives as many.  The mask has a number
for each unit of each sample.  Source: Srivastava and others (2014), Dropout, sec. 4; inverted
scaling: PyTorch, torch.nn.Dropout.  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe, Setting
from tracer.calculus.layers.masks import mask_of


def recipe(of: Facts) -> Recipe:
    """``mask*x/(1 - rate)`` in training; in use, what comes in.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("dropout", settings={"rate": "0.5", "mask": ("1", "0", "1")}), DROPOUT)
    >>> of = Facts(Form("units", (3,)), 0, told, samples=1)
    >>> print(*DROPOUT.recipe(of).equations, sep="\\n")
    out = mask*x/(1 - rate)
    """
    rate, inverted = of.settings["rate"], of.settings["inverted"]
    if of.settings["mode"] == "test":
        line = "out = x" if inverted else "out = x*(1 - rate)"
        return Recipe((line,), ("out",), constants={} if inverted else {"rate": rate})
    line = "out = mask*x/(1 - rate)" if inverted else "out = mask*x"
    return Recipe(
        (line,),
        ("out",),
        constants={"rate": rate} if inverted else {},
        masks={"mask": mask_of(of)},
    )


DROPOUT = LayerType(
    name="dropout",
    about="Units are turned off by a mask while the network learns.",
    over="units",
    takes=("units", "sequence"),
    recipe=recipe,
    settings={
        "rate": Setting("number", "The share of units that is turned off.", most=0.999),
        "mask": Setting(
            "mask",
            "1 for each unit that stays, 0 for each that is off (a row for each sample, or one "
            "for all); or drawn: {seed: 7}. Not inverted, it may be scaled: 1/(1 - rate) for 1.",
            needed=False,
        ),
        "mode": Setting("word", "In training, or in use.", "train", words=("train", "test")),
        "inverted": Setting("switch", "Whether training scales up by 1/(1 - rate).", True),
    },
    source="Srivastava and others (2014); inverted scaling: PyTorch, torch.nn.Dropout",
)

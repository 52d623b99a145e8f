"""Dot-product self-attention: scores, scaled, masked, softmax, weighted sum; in heads.

Takes the facts of a layer; gives the lines of its heads, each with queries, keys and values
of its own, over one sample's matrix of tokens.  The outputs of several heads are mixed by
``Wo`` and added up; one head may do without.  Read by the table of layers, and by
`transformer_block`, whose heads are the same.
"""

from __future__ import annotations

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting, numbered
from tracer.calculus.layers.patterns import PATTERNS, masking_line, patterns
from tracer.errors import ProblemError

HEADS = {
    "heads": Setting("whole", "How many heads share the width.", 1, least=1, most=1000),
    "scale": Setting("switch", "Whether scores are divided by the root of the width.", True),
    "causal": Setting("switch", "Whether no token sees those that come after it.", False),
    **PATTERNS,
    "biases": Setting("switch", "Whether the projections have biases: bq, bk, bv, bo.", False),
}
PROJECTIONS = ("Wq", "bq", "Wk", "bk", "Wv", "bv", "Wo", "bo")
"""The parameters of all heads, each matrix with its bias."""
BIASES = ("bq", "bk", "bv", "bo")


def head_width(of: Facts, units: int) -> int:
    """How wide one head is.

    Raises:
        ProblemError: if the heads do not share the width evenly.
    """
    heads: int = of.settings["heads"]
    if units % heads:
        raise ProblemError(f"{heads} heads cannot share a width of {units} evenly", ("heads",))
    return units // heads


def head_lines(of: Facts, units: int, gives: str) -> tuple[str, ...]:
    """The lines of every head, and (of several heads) their outputs put together."""
    heads, width = of.settings["heads"], head_width(of, units)
    lines: list[str] = []
    parts: list[str] = []
    for head in range(1, heads + 1):
        q, k, v, scores, scaled, masked, weights, out, wq, wk, wv, wo = (
            numbered(name, (head, heads))
            for name in (
                *("q", "k", "v", "scores", "scaled", "masked", "weights", "head"),
                *("Wq", "Wk", "Wv", "Wo"),
            )
        )
        for name, weight, bias in ((q, wq, "bq"), (k, wk, "bk"), (v, wv, "bv")):
            lines.append(f"{name} = x @ {weight}{_bias(of, numbered(bias, (head, heads)))}")
        lines.append(f"{scores} = {q} @ {k}.T")
        last = scores
        if of.settings["scale"]:
            lines.append(f"{scaled} = {last}/sqrt({width})")
            last = scaled
        mask = masking_line(of, masked, last, of.settings["causal"])
        if mask:
            lines += mask
            last = masked
        lines.append(f"{weights} = softmax({last})")
        if heads == 1 and not projected(of):
            return (*lines, f"{gives} = {weights} @ {v}")
        lines.append(f"{out} = {weights} @ {v}")
        parts.append(f"{out} @ {wo}")
    return (*lines, f"{gives} = {' + '.join(parts)}{_bias(of, 'bo')}")


def _bias(of: Facts, name: str) -> str:
    return f" + {name}" if of.settings["biases"] else ""


def projected(of: Facts) -> bool:
    """Whether the heads' outputs go through a matrix of their own."""
    return bool(of.settings["output"]) or of.settings["heads"] > 1


def head_parameters(of: Facts, units: int) -> dict[str, Parameter]:
    """Queries, keys and values of each head; and the rows of the output matrix."""
    heads, width = of.settings["heads"], head_width(of, units)
    shapes = dict.fromkeys(("Wq", "Wk", "Wv"), (of.inputs, width))
    if projected(of):
        shapes["Wo"] = (width, units)
    found: dict[str, Parameter] = {}
    for name, shape in shapes.items():
        found[name] = Parameter(shape, (heads,))
        if of.settings["biases"]:
            mixes = name == "Wo"  # the heads are added up, so they share its bias
            found[f"b{name[1]}"] = Parameter(shape[1:], () if mixes else (heads,), default="0")
    return found


def recipe(of: Facts) -> Recipe:
    """Self-attention over the tokens of a sample, one row each."""
    units = of.settings["width"] or of.inputs
    return Recipe(
        head_lines(of, units, "out"),
        ("out",),
        head_parameters(of, units),
        patterns=patterns(of, of.settings["causal"]),
    )


ATTENTION = LayerType(
    name="attention",
    about="Dot-product self-attention over the time steps.",
    over="tokens",
    takes=("sequence",),
    recipe=recipe,
    settings={
        **HEADS,
        "width": Setting(
            "whole", "How wide the output is; else like what comes in.", least=1, needed=False
        ),
        "output": Setting(
            "switch", "Whether a last matrix Wo mixes the output (always, of several heads).", False
        ),
    },
    parameters=PROJECTIONS,
    bias_names=BIASES,
    source="Vaswani and others (2017)",
)

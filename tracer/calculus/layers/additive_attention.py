"""Additive attention: each score is a small network of the query and the key."""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting, numbered
from tracer.calculus.layers.patterns import PATTERNS, masking_line, patterns


def recipe(of: Facts) -> Recipe:
    """``scores[i,j] = v . tanh(Wq x_i + Wk x_j)``, softmax, and the weighted sum of tokens.

    Every token asks, or the last one alone: then one row of units goes on.
    """
    steps, units = of.form.sizes[0], of.settings["hidden"]
    asking = [steps] if of.settings["return"] == "last" else list(range(1, steps + 1))
    bias = " + b" if of.settings["biases"] else ""
    names = [numbered("hidden", (place, len(asking))) for place in range(1, len(asking) + 1)]
    hidden = [f"{name} = tanh(k + q[{i}]{bias})" for name, i in zip(names, asking, strict=True)]
    rows = [f"{name} @ v" for name in names]
    scores = f"stack({', '.join(rows)})" if len(rows) > 1 or steps == 1 else rows[0]
    if of.settings["return"] == "last":
        scores = rows[0]
    only_last = of.settings["return"] == "last"
    causal = of.settings["causal"] and not only_last
    mask = masking_line(of, "masked", "scores", causal)
    last = "masked" if mask else "scores"
    return Recipe(
        (
            "q = x @ Wq",
            "k = x @ Wk",
            *hidden,
            f"scores = {scores}",
            *mask,
            f"weights = softmax({last})",
            "out = weights @ x",
        ),
        ("out",),
        {
            "Wq": Parameter((of.inputs, units)),
            "Wk": Parameter((of.inputs, units)),
            **({"b": Parameter((units,), default="0")} if bias else {}),
            "v": Parameter((units,)),
        },
        patterns=patterns(of, causal, only_last),
    )


ADDITIVE_ATTENTION = LayerType(
    name="additive_attention",
    about="Self-attention whose scores are small networks.",
    over="tokens",
    takes=("sequence",),
    recipe=recipe,
    settings={
        "hidden": Setting("whole", "How wide the network behind each score is.", least=1),
        "causal": Setting("switch", "Whether no token sees those that come after it.", False),
        **PATTERNS,
        "biases": Setting("switch", "Whether the sums have a bias b before tanh.", False),
        "return": Setting(
            "word", "Every token asks, or the last alone.", "all", words=("all", "last")
        ),
    },
    parameters=("Wq", "Wk", "b", "v"),
    bias_names=("b",),
    source="Bahdanau, Cho and Bengio (2015)",
)

"""Additive attention: each score is a small network of the query and the key.

Takes a sequence of T steps of n numbers; gives as many, or one row of n units where the
last step alone asks.  Wq and Wk are (n, hidden), v is (hidden).  Source: Bahdanau, Cho and
Bengio (2015), Neural Machine Translation by Jointly Learning to Align and Translate,
appendix A.1.2.  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting, numbered
from tracer.calculus.layers.patterns import PATTERNS, masking_line, patterns


def recipe(of: Facts) -> Recipe:
    """``scores[i,j] = v . tanh(Wq x_i + Wk x_j)``, softmax, and the weighted sum of tokens.

    Every token asks, or the last one alone: then one row of units goes on.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("additive_attention", settings={"hidden": 2}), ADDITIVE_ATTENTION)
    >>> of = Facts(Form("sequence", (2, 2)), 0, told, samples=1)
    >>> print(*ADDITIVE_ATTENTION.recipe(of).equations, sep="\\n")
    q = x @ Wq
    k = x @ Wk
    hidden_1 = tanh(k + q[1])
    hidden_2 = tanh(k + q[2])
    scores = stack(hidden_1 @ v, hidden_2 @ v)
    weights = softmax(scores)
    out = weights @ x
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

"""The catalogue is whole: each construct of published hand calculations has its walkthrough.

`CONSTRUCTS` lists what published examples and exercises contain, by the problems here that
show it.  That the numbers are right is held elsewhere, for every file of these folders:
against PyTorch (`tests.backprop.test_catalogue`, `tests.importing.test_torch_numbers`) or
against the sources' own, recomputed (`tests.backprop.test_calculations`).
"""

from __future__ import annotations

import re

import pytest

from tests.pages.examples import FOLDER

CONSTRUCTS: dict[str, tuple[str, ...]] = {
    "single neuron": (
        *("catalogue/gate-circuit", "catalogue/sine-circuit", "calculations/014-linear"),
        "catalogue/perceptron",
    ),
    "step, ADALINE": ("catalogue/step-unit", "catalogue/adaline"),
    "2-2-2 sigmoid": ("calculations/001-mazur", "calculations/002-explained"),
    "2-2-1 without biases": ("calculations/003-geeksforgeeks", "calculations/025-robert-gordon"),
    "3-2-1 with thresholds": ("calculations/018-han-kamber",),
    "three layers": ("catalogue/three-layers",),
    "tanh, mean squared error": ("catalogue/tanh-mean-squared",),
    "ReLU and sigmoid": ("catalogue/relu-binary", "calculations/061-dead-relu"),
    "softmax with a batch": ("catalogue/softmax-batch", "calculations/036-xor-cross-entropy"),
    "weight decay": ("catalogue/weight-decay",),
    "leaky ReLU": ("catalogue/leaky-relu",),
    "softmax temperature": ("catalogue/softmax-temperature",),
    "dropout": ("layers/dropout", "catalogue/dropout"),
    "batch norm": ("layers/batch-norm-sigmoid", "catalogue/batch-norm"),
    "layer norm": ("catalogue/layer-norm", "layers/residual"),
    "convolution, pooling": ("layers/convolutional", "layers/channels"),
    "recurrent": ("catalogue/recurrent", "layers/elman"),
    "truncated in time": ("layers/elman",),
    "LSTM": ("layers/lstm", "catalogue/lstm"),
    "GRU": ("layers/gru", "catalogue/gru"),
    "attention": ("layers/attention", "layers/multi-head", "catalogue/attention"),
    "embedding, word2vec": ("layers/embedding", "catalogue/word2vec"),
    "autoencoder": ("layers/autoencoder",),
    "momentum": ("catalogue/momentum", "catalogue/nesterov"),
    "Adam": ("catalogue/adam-square", "catalogue/adam", "catalogue/adamw"),
    "RMSprop, AdaGrad": ("catalogue/rmsprop", "catalogue/adagrad", "catalogue/adadelta"),
    "schedules, clipping": ("catalogue/schedule-and-clipping", "catalogue/step-decay"),
    "absolute error, hinge": ("catalogue/absolute-error", "catalogue/hinge"),
}
"""What is published, and the walkthroughs of it."""
ORDERS: dict[str, tuple[str, ...]] = {
    "layers/lstm": (r"i^{(t=1)}_{1} &=", r"f^{(t=1)}_{1} &=", r"o^{(t=1)}_{1} &=",
                    r"g^{(t=1)}_{1} &=", r"c^{(t=1)}_{1} &=", r"h^{(t=1)}_{1} &=",
                    r"i^{(t=2)}_{1} &="),
    "layers/gru": (r"r^{(t=1)}_{1} &=", r"u^{(t=1)}_{1} &=", r"n^{(t=1)}_{1} &=",
                   r"h^{(t=1)}_{1} &="),
    "layers/attention": (r"\mathrm{scores}_{11} &=", r"\mathrm{scaled}_{11} &=",
                         r"\mathrm{masked}_{11} &=", r"\mathrm{weights}_{11} &=",
                         r"\mathrm{out}_{11} &="),
    "layers/batch-norm-sigmoid": (r"\mu_{1} &=", r"\sigma^{2}_{1} &=", r"\sigma_{1} &=",
                                  r"\hat{x}^{(x1)}_{1} &=", r"\mathrm{scaled}^{(x1)}_{1} &="),
}  # fmt: skip
"""The order of explaining: LSTM gates by name and time step; attention as scores, scaled, masked,
softmax, weighted sum; batch norm as mean, variance, normalised, scaled."""


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_every_construct_has_its_walkthrough(construct: str) -> None:
    """Forwards and, where anything is learnt, backwards, with numbers and a check of them."""
    for name in CONSTRUCTS[construct]:
        page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        assert page.startswith("# ")
        if name == "catalogue/step-unit":  # nothing flows back through a step
            continue
        assert re.search(r"## .*(Backward pass|backward pass)", page), name
        assert page.count(r"\mathbf{") > 5, name


@pytest.mark.parametrize("name", ORDERS)
def test_the_order_of_explaining(name: str) -> None:
    """What a textbook works out first stands first."""
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    places = [page.find(start) for start in ORDERS[name]]
    assert -1 not in places, ORDERS[name][places.index(-1)]
    assert places == sorted(places)

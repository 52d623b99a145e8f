"""Biases of the projections of attention: beside PyTorch's own layer, and proven."""

from __future__ import annotations

import pytest

from tracer.backprop.tracing import trace
from tracer.errors import FileError
from tracer.files.problem import dump, load_text
from tracer.model.layer import Layer
from tracer.model.problem import Problem


def attention(layer: str) -> Problem:
    """Three tokens of width 2, one target each."""
    return load_text(
        f"""
inputs: [[1, 2], [0.5, 3], [1, 1]]
targets: [[1, 0.5], [0, 1], [1, 0]]
layers:
  - {{{layer}, weights: {{seed: 7, digits: 2}}}}
loss: half_squared_error
optimizer: {{gradient_descent: {{rate: 0.1}}}}
rounding: {{policy: exact}}
"""
    )


def test_biases_are_those_of_pytorch() -> None:
    """`torch.nn.MultiheadAttention` with its biases gives the same loss and bias gradients."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    given = attention(
        "type: attention, heads: 2, biases: true, bq: [[0.1], [0.2]], bk: [[0.3], [-0.1]], "
        "bv: [[-0.2], [0.4]], bo: [0.25, -0.35]"
    )
    found = trace(given)
    (layer,) = given.layers
    assert isinstance(layer, Layer)
    told = layer.parameters

    def rows(name: str) -> list[list[float]]:
        return [[float(cell) for cell in row] for part in told[name] for row in part]

    module = torch.nn.MultiheadAttention(2, 2, bias=True, dtype=torch.float64)
    columns = [
        [float(told[name][head][row][0]) for row in range(2)]
        for name in ("Wq", "Wk", "Wv")
        for head in range(2)
    ]
    biases = [float(told[name][head][0]) for name in ("bq", "bk", "bv") for head in range(2)]
    with torch.no_grad():
        module.in_proj_weight.copy_(torch.tensor(columns, dtype=torch.float64))
        module.in_proj_bias.copy_(torch.tensor(biases, dtype=torch.float64))
        module.out_proj.weight.copy_(torch.tensor(rows("Wo"), dtype=torch.float64).T)
        module.out_proj.bias.copy_(
            torch.tensor([float(cell) for cell in told["bo"]], dtype=torch.float64)
        )
    x = torch.tensor([[1, 2], [0.5, 3], [1, 1]], dtype=torch.float64)
    y = torch.tensor([[1, 0.5], [0, 1], [1, 0]], dtype=torch.float64)
    out, _ = module(x, x, x)
    loss = ((y - out) ** 2 / 2).sum()
    loss.backward()
    assert float(found["loss"].exact or 0) == pytest.approx(loss.item(), rel=1e-12)
    gradient = module.in_proj_bias.grad
    for place, name in enumerate(("bq", "bv"), 0):
        for head in range(2):
            own = float(found[f"dattention1.{name}[{head + 1},1]"].exact or 0)
            assert own == pytest.approx(gradient[4 * place + head].item(), rel=1e-10)
    for unit in (1, 2):
        own = float(found[f"dattention1.bo[{unit}]"].exact or 0)
        assert own == pytest.approx(module.out_proj.bias.grad[unit - 1].item(), rel=1e-12)


@pytest.mark.parametrize(
    "layer",
    [
        "type: attention, biases: true",
        "type: attention, biases: true, heads: 2, causal: true",
        "type: additive_attention, hidden: 3, biases: true, b: [0.1, -0.2, 0.3]",
        "type: transformer_block, biases: true, hidden: 2, norm: before",
    ],
)
def test_gradients_hold_and_files_read_back(layer: str) -> None:
    """Central differences prove each form; what is written of it is read again."""
    given = attention(layer)
    found = trace(given)
    assert len(found.proof) == 3
    assert all(result.agrees for result in found.proof)
    assert load_text(dump(given)) == given


def test_without_a_word_there_are_none() -> None:
    """Biases belong to a projection only where the layer says so."""
    assert not any(".b" in step.key for step in trace(attention("type: attention")))
    with pytest.raises(FileError, match="attention has no 'bq' here"):
        attention("type: attention, bq: [0.1, 0.2]")

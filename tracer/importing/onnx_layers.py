"""The table of ONNX's operators: what each is here.

Each takes a node and puts a layer, or an activation, behind those that there are.  Read by
`onnx_graph`, which walks along the graph.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.importing.onnx_cells import recurrent
from tracer.importing.onnx_images import (
    conv,
    flatten,
    gather,
    passed,
    pool,
    reshape,
    squeeze,
    transpose,
)
from tracer.importing.onnx_units import (
    activation,
    add,
    batch_norm,
    concat,
    dropped,
    gelu,
    gemm,
    hard_sigmoid,
    matmul,
    norm,
    over_units,
    prelu,
    swish,
)
from tracer.importing.onnx_walk import Operator

OPERATORS: Mapping[str, Operator] = {
    "Gemm": gemm,
    "MatMul": matmul,
    "Add": add,
    "Sum": add,
    "Concat": concat,
    "Sigmoid": activation("sigmoid"),
    "Tanh": activation("tanh"),
    "Relu": activation("relu"),
    "LeakyRelu": activation("leaky_relu", leak=("alpha", 0.01)),
    "Softplus": activation("softplus"),
    "Elu": activation("elu", alpha=("alpha", 1.0)),
    "Selu": activation(
        "selu",
        scale=("gamma", 1.05070102214813232421875),
        alpha=("alpha", 1.67326319217681884765625),
    ),
    "Softsign": activation("softsign"),
    "HardSigmoid": hard_sigmoid,
    "Gelu": gelu,
    "Swish": swish,
    "Softmax": over_units("softmax"),
    "LogSoftmax": over_units("log_softmax"),
    "PRelu": prelu,
    "BatchNormalization": batch_norm,
    "LayerNormalization": norm("layer_norm"),
    "RMSNormalization": norm("rms_norm"),
    "Dropout": dropped,
    "Conv": conv,
    "MaxPool": pool("max_pool"),
    "AveragePool": pool("average_pool"),
    "Flatten": flatten,
    "Reshape": reshape,
    "Gather": gather,
    "RNN": recurrent,
    "LSTM": recurrent,
    "GRU": recurrent,
    "Transpose": transpose,
    "Squeeze": squeeze,
    "Identity": passed,
    "Cast": passed,
}
"""Operators that are known, by name."""
KNOWN = tuple(OPERATORS)

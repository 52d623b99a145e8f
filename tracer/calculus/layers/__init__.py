"""The table of layer types beside dense: each is one file of forward equations.

The order is that of a first course.  What a layer type is, is said by `kinds`; how layers
are joined to a network, by `wiring`.
"""

from tracer.calculus.layers.kinds import LayerType
from tracer.calculus.tables import Table

LAYERS: Table[LayerType] = Table(
    __name__,
    {
        "dropout": "dropout:DROPOUT",
        "batch_norm": "batch_norm:BATCH_NORM",
        "layer_norm": "layer_norm:LAYER_NORM",
        "rms_norm": "rms_norm:RMS_NORM",
        "activation": "activation:ACTIVATION",
        "prelu": "prelu:PRELU",
        "maxout": "maxout:MAXOUT",
        "residual": "residual:RESIDUAL",
        "tied": "tied:TIED",
        "flatten": "flatten:FLATTEN",
        "conv": "convolution:CONV",
        "max_pool": "pooling:MAX_POOL",
        "average_pool": "pooling:AVERAGE_POOL",
        "embedding": "embedding:EMBEDDING",
        "elman": "elman:ELMAN",
        "lstm": "lstm:LSTM",
        "gru": "gru:GRU",
        "attention": "attention:ATTENTION",
        "additive_attention": "additive_attention:ADDITIVE_ATTENTION",
        "transformer_block": "transformer_block:TRANSFORMER_BLOCK",
    },
)
"""Layer types by name."""

__all__ = ["LAYERS", "LayerType"]

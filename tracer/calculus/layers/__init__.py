"""The table of layer types beside dense: each is one file of forward equations.

The order is that of a first course.  What a layer type is, is said by `kinds`; how layers
are joined to a network, by `wiring`.
"""

from tracer.calculus.layers.additive_attention import ADDITIVE_ATTENTION
from tracer.calculus.layers.attention import ATTENTION
from tracer.calculus.layers.batch_norm import BATCH_NORM
from tracer.calculus.layers.convolution import CONV
from tracer.calculus.layers.dropout import DROPOUT
from tracer.calculus.layers.elman import ELMAN
from tracer.calculus.layers.embedding import EMBEDDING
from tracer.calculus.layers.flatten import FLATTEN
from tracer.calculus.layers.gru import GRU
from tracer.calculus.layers.kinds import LayerType
from tracer.calculus.layers.layer_norm import LAYER_NORM
from tracer.calculus.layers.lstm import LSTM
from tracer.calculus.layers.maxout import MAXOUT
from tracer.calculus.layers.pooling import AVERAGE_POOL, MAX_POOL
from tracer.calculus.layers.prelu import PRELU
from tracer.calculus.layers.residual import RESIDUAL
from tracer.calculus.layers.rms_norm import RMS_NORM
from tracer.calculus.layers.tied import TIED
from tracer.calculus.layers.transformer_block import TRANSFORMER_BLOCK

_TYPES = (
    DROPOUT,
    BATCH_NORM,
    LAYER_NORM,
    RMS_NORM,
    PRELU,
    MAXOUT,
    RESIDUAL,
    TIED,
    FLATTEN,
    CONV,
    MAX_POOL,
    AVERAGE_POOL,
    EMBEDDING,
    ELMAN,
    LSTM,
    GRU,
    ATTENTION,
    ADDITIVE_ATTENTION,
    TRANSFORMER_BLOCK,
)

LAYERS: dict[str, LayerType] = {kind.name: kind for kind in _TYPES}
"""Layer types by name."""

__all__ = ["LAYERS", "LayerType"]

"""The table of layer types beside dense: each is one file of forward equations.

The order is that of a first course.  What a layer type is, is said by `kinds`; how layers
are joined to a network, by `wiring`.
"""

from tracer.calculus.layers.elman import ELMAN
from tracer.calculus.layers.gru import GRU
from tracer.calculus.layers.kinds import LayerType
from tracer.calculus.layers.lstm import LSTM

_TYPES = (
    ELMAN,
    LSTM,
    GRU,
)

LAYERS: dict[str, LayerType] = {kind.name: kind for kind in _TYPES}
"""Layer types by name."""

__all__ = ["LAYERS", "LayerType"]

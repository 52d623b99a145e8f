"""Uniform and normal numbers whose spread is said outright."""

from tracer.model.functions import Initializer

UNIFORM = Initializer(
    name="uniform",
    distribution="uniform",
    bounds=("low", "high"),
    settings={"low": "0", "high": "1"},
    source="article 000: np.random.uniform(size=...)",
)

NORMAL = Initializer(
    name="normal",
    distribution="normal",
    bounds=("mean", "deviation"),
    settings={"mean": "0", "deviation": "1"},
    source="article 002: np.random.randn(...) * 0.1",
)

"""Xavier (Glorot) initialization, for sigmoid and tanh."""

from tracer.model.functions import Initializer

XAVIER_UNIFORM = Initializer(
    name="xavier_uniform",
    distribution="uniform",
    bounds=("-sqrt(6/(fan_in + fan_out))", "sqrt(6/(fan_in + fan_out))"),
    source="Glorot, Bengio 2010, eq. (16)",
)

XAVIER_NORMAL = Initializer(
    name="xavier_normal",
    distribution="normal",
    bounds=("0", "sqrt(2/(fan_in + fan_out))"),
    source="Glorot, Bengio 2010, eq. (12), as in PyTorch",
)

XAVIER_FAN_IN = Initializer(
    name="xavier_fan_in",
    distribution="normal",
    bounds=("0", "sqrt(1/fan_in)"),
    source="article 002: np.random.randn(n_out, n_in) * np.sqrt(1 / n_in)",
)

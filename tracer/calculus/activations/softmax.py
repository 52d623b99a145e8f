"""Softmax over the units of a layer, and its logarithm."""

from tracer.model.functions import Activation

SOFTMAX = Activation(
    name="softmax",
    vector=True,
    settings={"temperature": "1"},
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (6.29); Hinton, Vinyals, Dean "
    "2015, eq. (1), for the temperature",
)

LOG_SOFTMAX = Activation(
    name="log_softmax",
    vector=True,
    settings={"temperature": "1"},
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (6.30)",
)

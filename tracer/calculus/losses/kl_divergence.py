"""The Kullback-Leibler divergence of the outputs from the targets."""

from tracer.model.functions import Loss

KL_DIVERGENCE = Loss(
    name="kl_divergence",
    term="y*log(y/a)",
    slope="-y/a",
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (3.50)",
)

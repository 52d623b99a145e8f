"""The Kullback-Leibler divergence of the outputs from the targets."""

from tracer.model.functions import Loss, Weighted

KL_DIVERGENCE = Loss(
    name="kl_divergence",
    term="y*log(y/a)",
    slope="-y/a",
    classes="outputs",
    weighted=Weighted(term="weight*y*log(y/a)", slope="-weight*y/a"),
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (3.50)",
)

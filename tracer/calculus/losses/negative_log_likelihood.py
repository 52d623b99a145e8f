"""The negative log-likelihood, of outputs that are log-probabilities."""

from tracer.model.functions import Loss

NEGATIVE_LOG_LIKELIHOOD = Loss(
    name="negative_log_likelihood",
    term="-y*a",
    slope="-y",
    shortcut=("log_softmax",),
    shortcut_slope="exp(a) - y",
    source="PyTorch's NLLLoss with one-hot targets",
)

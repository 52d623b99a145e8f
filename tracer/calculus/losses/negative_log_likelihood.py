"""The negative log-likelihood, of outputs that are log-probabilities."""

from tracer.model.functions import Loss

NEGATIVE_LOG_LIKELIHOOD = Loss(
    name="negative_log_likelihood",
    term="-y*a",
    slope="-y",
    source="PyTorch's NLLLoss with one-hot targets",
)

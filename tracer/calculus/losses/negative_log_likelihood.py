"""The negative log-likelihood, of outputs that are log-probabilities."""

from tracer.model.functions import Loss, Weighted

NEGATIVE_LOG_LIKELIHOOD = Loss(
    name="negative_log_likelihood",
    term="-y*a",
    slope="-y",
    shortcut=("log_softmax",),
    shortcut_slope="exp(a) - y",
    classes="outputs",
    weighted=Weighted(
        term="-weight*y*a",
        slope="-weight*y",
        shortcut_slope="whole*exp(a) - weight*y",
    ),
    source="PyTorch's NLLLoss with one-hot targets",
)

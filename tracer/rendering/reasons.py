"""Which sentence says why a line is calculated as it is.

A rule has several sentences where layers or conventions differ.  Takes a step; gives the
name of a sentence in the group ``why`` of the prose.
"""

from __future__ import annotations

from tracer.formula.keys import Key
from tracer.formula.nodes import Call, Fraction, Node, Number, Product, Symbol, walk
from tracer.model.functions import Activation
from tracer.model.layer import Layer
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.rendering.returning import sent_back

_OF_SHORTCUTS = {"a", "y", "smoothed", "m"}
"""What an output's delta consists of where the slopes cancel."""
_OWN_SENTENCES = ("identity", "softmax", "log_softmax")
"""Activations that are explained by a sentence of their own."""


def reasons(step: Step, trace: Trace) -> tuple[str, ...]:
    """Which sentences fit, the most specific first: the page says the first that it has."""
    layer = trace.problem.layers[step.layer - 1] if step.layer and trace.problem.layers else None
    word = reason(step, trace)
    if not isinstance(layer, Layer):
        return (*sent_back(step, trace), word) if word == "da_onward" else (word,)
    part = step.parsed.part
    if step.rule == "gradient":  # of a layer's local quantity, such as dlstm1.c
        own = f"back_{layer.type}_{part}"
        return (own, *sent_back(step, trace), f"back_{part}", "gradient")
    if step.rule == "parameter_gradient":
        return (f"gradient_{layer.type}", word)
    if step.rule == f"{layer.type}_{part}":
        numbered = f"{step.rule}_{step.parsed.indices[0]}" if step.parsed.indices else ""
        return (*_variants(layer, step), numbered, step.rule, f"local_{part}")
    return (word,)


def _variants(layer: Layer, step: Step) -> tuple[str, ...]:
    """A more specific sentence where a layer's settings change what a line says."""
    told = layer.settings
    if step.parsed.part == "variance" and told.get("variance") == "unbiased":
        return ("local_variance_unbiased",)
    if step.parsed.part == "masked" and any(told.get(name) for name in ("mask", "padding")):
        return ("local_masked_own",)
    match layer.type:
        case "dropout" if told.get("mode") == "test":
            return ("dropout_test_out",)
        case "dropout" if told.get("inverted") is False:
            return ("dropout_plain_out",)
        case "attention" if step.parsed.part == "out" and any("Wo" in k for k in step.operands):
            return ("attention_mixed_out",)
    return ()


def reason(step: Step, trace: Trace) -> str:
    """Which sentence fits: a rule has several where layers or conventions differ."""
    problem, rule = trace.problem, step.rule
    if step.phase == "update":
        return _update_reason(step, trace)
    if not problem.layers or not step.layer:
        if rule == "loss" and problem.regularizer:
            return "loss_penalized"
        return _loss_reason(step, trace) if problem.layers else rule
    layer = problem.layers[step.layer - 1]
    if isinstance(layer, Layer):
        return rule
    output = step.layer == len(problem.layers)
    negated = problem.conventions.delta == "t-o"
    batch = any(key.sample is not None for key in map(Key.parse, step.operands))
    own = "_own" if step.sample is not None and not _of_whole_loss(step, trace) else ""
    match rule:
        case "preactivation" if layer.biases is False:
            return "preactivation_unbiased"
        case "activation" if activation_name(layer.activation) in _OWN_SENTENCES:
            return f"activation_{activation_name(layer.activation)}"
        case "da" if output:
            return f"da_output{own}"
        case "da":
            if not problem.plain:
                return "da_onward"
            later = problem.layers[step.layer].units
            return "da_hidden_one" if later == 1 else "da_hidden"
        case "delta":
            word = _delta_reason(step, negated)
            return word if word.startswith("delta_shortcut") else f"{word}{own}"
        case "weight_gradient" | "bias_gradient" if "strength" in step.operands:
            return f"{rule}_penalized"
        case "bias_gradient" if layer.shared_bias and layer.units > 1:
            return "bias_gradient_shared_batch" if batch else "bias_gradient_shared"
        case "weight_gradient" | "bias_gradient" if batch:
            return f"{rule}_batch"
    return rule


def _of_whole_loss(step: Step, trace: Trace) -> bool:
    """Whether a delta is about the loss of the batch: where the 1/m stands inside it."""
    problem = trace.problem
    return step.rule == "delta" and problem.written == "delta" and problem.reduction != "sum"


def _loss_reason(step: Step, trace: Trace) -> str:
    """Why a line of the loss: of an output, of a sample, of the batch."""
    if step.rule == "target_weight":
        return step.rule if _names_one_class(step, trace) else f"{step.rule}_shared"
    if step.rule in ("smoothed_target", "weight_sum"):
        return step.rule
    if step.rule == "loss" and "weight_sum" in (Key.parse(key).name for key in step.operands):
        return "loss_mean_weighted"
    if trace.has_loss_over_time:
        if step.rule == "loss_term":
            return "loss_term"
        mean = step.rule == "loss" and trace.problem.over_time == "mean"
        return "loss_mean_over_time" if mean else f"{step.rule}_over_time"
    single, several = trace.problem.layers[-1].units == 1, trace.problem.samples > 1
    own = "_own" if several and (single or step.rule == "loss") else ""
    if step.rule == "loss_term":
        return f"loss_term{own}"
    if step.rule != "loss":
        return step.rule
    if "loss_term" not in trace.shown_rules:
        return "loss_alone"
    mean = Key.parse(step.operands[0]).role == "m"
    return f"loss_mean{own}" if mean else f"loss{own}"


def _names_one_class(step: Step, trace: Trace) -> bool:
    """Whether a target is 0 or 1 for every class."""
    shares = [key for key in step.operands if Key.parse(key).role in ("y", "smoothed")]
    return all(trace[key].text in ("0", "1") for key in shares)


def _update_reason(step: Step, trace: Trace) -> str:
    """Why a line of the update: each optimizer's memory has a sentence of its own."""
    problem, rule = trace.problem, step.rule
    remembers = "state" in trace.rules
    match rule:
        case "state" if step.parsed.state == "squares" and "beta" in step.operands:
            return "state_squares_fading"
        case "state" | "moment":
            return f"{rule}_{step.parsed.state}"
        case "clipped":
            return f"clipped_{problem.clip}"
        case "update" if problem.steps.increment == "own":
            return "update_added"
        case "increment" | "update" if remembers:
            return f"{rule}_remembered"
        case "increment" if problem.layers and problem.conventions.delta == "t-o":
            return "increment_negated"
    return rule


def _delta_reason(step: Step, negated: bool) -> str:
    roles = {Key.parse(key).role for key in step.operands}
    if "target_weight" in roles and not negated:
        shared = roles & {"class_weight", "positive_weight"}
        return "delta_shortcut_shared" if shared else "delta_shortcut_weighted"
    if roles <= _OF_SHORTCUTS and any(isinstance(part, Call) for part in walk(step.formula)):
        return "delta_shortcut_log"
    if roles <= _OF_SHORTCUTS and _is_short(step.formula):
        return "delta_shortcut_negated" if negated else "delta_shortcut"
    match step.formula:
        case Product((Fraction(), rest)) if roles <= {"a", "y"} and not negated and _is_short(rest):
            return "delta_shortcut_share"
    if negated:
        return "delta_negated"
    return "delta" if {"da", "slope"} <= roles else "delta_inline"


def _is_short(formula: Node) -> bool:
    """Whether a delta is just the difference of output and target, but for a mean."""
    found = [part for part in walk(formula) if isinstance(part, Symbol)]
    numbers = [part.text for part in walk(formula) if isinstance(part, Number)]
    return len(found) == len(set(found)) and set(numbers) <= {"1"}


def activation_name(activation: str | Activation) -> str:
    return activation.name if isinstance(activation, Activation) else activation

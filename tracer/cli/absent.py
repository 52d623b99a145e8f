"""Why a quantity that a person may well ask for is not there.

Takes a calculation and a key; gives a sentence, or nothing for a key that means nothing.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.errors import FormulaError
from tracer.formula.keys import Key
from tracer.model.trace import Trace

_MOST_SAMPLES = 12


def why_absent(found: Trace, text: str) -> str:
    """Whether there is one for each sample, no connection, or a frozen weight.

    >>> from tracer.backprop.tracing import trace
    >>> from tracer.model.problem import Dense, Problem
    >>> layers = [Dense(1, "identity", [["0.15", None]])]
    >>> why_absent(trace(Problem(inputs=["1", "2"], layers=layers)), "w1[1,2]")
    "no connection stands at 'w1[1,2]': none leads from input 2 to unit 1 of layer 1"
    """
    try:
        key = Key.parse(text)
    except FormulaError:
        return ""
    return _of_samples(found, key) or _of_connection(found, key) or _of_array(found, key)


def _of_samples(found: Trace, key: Key) -> str:
    same = [s for s in found if s.sample and replace(s.parsed, sample=None) == key]
    if not same:
        return ""
    shown = ", ".join(f"#{step.sample}" for step in same[:_MOST_SAMPLES])
    more = ", ..." if len(same) > _MOST_SAMPLES else ""
    return f"there is one '{key}' per sample: {shown}{more}; ask for '{same[0].key}', say"


def _of_connection(found: Trace, key: Key) -> str:
    layer = key.layer or 0
    quantity = found.plans[0].quantities.get(f"w{layer}")
    if quantity is None or len(key.indices) != 2 or key.name.removeprefix("d") != quantity.name:
        return ""
    to, source = key.indices
    if (to - 1, source - 1) in quantity.missing:
        before = f"unit {source} of layer {layer - 1}" if layer > 1 else f"input {source}"
        where = f"from {before} to unit {to} of layer {layer}"
        return f"no connection stands at '{key}': none leads {where}"
    if (to - 1, source - 1) in quantity.frozen:
        return f"'{key}' is not calculated: this weight is frozen"
    return ""


def _of_array(found: Trace, key: Key) -> str:
    """A name alone, of an array of several numbers."""
    first = next((s.key for s in found if s.parsed.name == key.name and s.parsed.indices), "")
    if not first or str(key) != key.name:
        return ""
    return f"'{key}' has several numbers; ask for one of them: '{first}', say"

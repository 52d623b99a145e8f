"""The masks of attention: which tokens each token sees, as given, for each sample.

Takes the facts of a layer; gives for each sample a matrix of texts, 1 where a score stays
and 0 where it is left out: what `causal` hides, what a `mask` hides (0 and 1, or 0 and -inf
as it is added to the scores), and the tokens that are `padding`.  Read by the layers of
attention; dropout's masks, which are numbers to multiply by, are in `masks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracer.calculus.layers.kinds import Facts, Setting
from tracer.errors import ProblemError
from tracer.model.arrays import array_shape, shaped

HIDDEN = "-inf"
PATTERNS: Mapping[str, Setting] = {
    "mask": Setting(
        "pattern",
        "Which tokens (columns) each token (row) sees: 1 and 0, or 0 and -inf as it is added to "
        "the scores; one matrix for all samples, or one for each.",
        needed=False,
    ),
    "padding": Setting(
        "pattern",
        "Which tokens there are: 1 for a token, 0 for padding that nothing sees (or 0 and -inf); "
        "one row for all samples, or one for each.",
        needed=False,
    ),
}
"""Settings of every attention."""


def is_masked(of: Facts) -> bool:
    """Whether a mask is given, beside the causal one."""
    return any(of.settings[name] is not None for name in PATTERNS)


def masking_line(of: Facts, gives: str, scores: str, causal: bool) -> tuple[str, ...]:
    """The line that leaves scores out, if any are.

    A mask that is given holds what `causal` hides as well, so that it is one line.
    """
    if is_masked(of):
        return (f"{gives} = masked({scores}, mask)",)
    return (f"{gives} = causal({scores})",) if causal else ()


def patterns(of: Facts, causal: bool, only_last: bool = False) -> dict[str, Any]:
    """The mask of every sample.

    Args:
        of: the layer.
        causal: whether what comes later is hidden, too.
        only_last: whether the last token alone asks.

    Raises:
        ProblemError: at a mask of the wrong size, an entry that is no mask's, or a token
            that would see nothing.
    """
    if not is_masked(of):
        return {}
    steps = of.form.sizes[0]
    masks, padding = (_of_each(of, name, (steps,) * n) for name, n in (("mask", 2), ("padding", 1)))
    found = []
    for sample in range(of.samples):
        rows = []
        for i in range(steps - 1 if only_last else 0, steps):
            seen = [
                (masks is None or masks[sample][i][j])
                and (padding is None or padding[sample][j])
                and not (causal and j > i)
                for j in range(steps)
            ]
            if not any(seen):
                which = "" if of.samples == 1 else f" of sample {sample + 1}"
                name = "mask" if masks is not None else "padding"
                raise ProblemError(f"token {i + 1}{which} sees no token at all", (name,))
            rows.append(tuple("1" if cell else "0" for cell in seen))
        found.append(rows[0] if only_last else tuple(rows))
    return {"mask": tuple(found)}


def _of_each(of: Facts, name: str, shape: tuple[int, ...]) -> Any:
    """A mask for every sample, as nested truths; None where it is not given."""
    told = of.settings[name]
    if told is None:
        return None
    hides = _hides(told, (name,))
    found = array_shape(told)
    if found == shape:
        return (_truths(told, hides),) * of.samples
    if found == (of.samples, *shape):
        return tuple(_truths(part, hides) for part in told)
    several = "" if of.samples == 1 else f", for each of {of.samples} samples or once for all"
    raise ProblemError(
        f"what comes in is {of.form.said}, so the {name} needs {shaped(shape)}{several}; "
        f"found {shaped(found)}",
        (name,),
    )


def _hides(told: Any, path: tuple[str | int, ...]) -> str:
    """Which of its two entries hides: 0 beside 1, or -inf beside 0."""
    entries = list(_entries(told, path))
    added = any(text == HIDDEN for _, text in entries)
    for place, text in entries:
        if text not in ((HIDDEN, "0") if added else ("0", "1")):
            wanted = "0 for what is seen and -inf" if added else "1 for what is seen and 0"
            raise ProblemError(f"a mask holds {wanted} for what is not; found {text}", place)
    return HIDDEN if added else "0"


def _entries(told: Any, path: tuple[str | int, ...]) -> Any:
    if isinstance(told, str):
        yield path, told
        return
    for place, part in enumerate(told):
        yield from _entries(part, (*path, place))


def _truths(told: Any, hides: str) -> Any:
    return told != hides if isinstance(told, str) else tuple(_truths(part, hides) for part in told)

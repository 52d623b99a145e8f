"""Customary names in sequences: ``h_2`` is the state at time step 2, ``W_xh`` the input's weight.

Takes a key of a layered network that has time steps; gives names that any reader
understands, whatever the notation's own mark of time is.  `names` hands them to `reading`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracer.formula.keys import Key

_WORDS = {"y": ("y", "t", "target"), "loss": ("L", "E", "C", "J", "loss")}
_INPUT = ("x", "input")
_OUTPUT = ("yhat", "prediction", "output", "o")
_PARAMETERS = {
    "W": ("W_xh", "W_hx", "W_ih", "W_x", "W_in"),
    "U": ("W_hh", "W_h", "W_rec"),
    "b": ("b_h",),
    "b_y": ("b_y", "b_o"),
    "w": ("W_hy", "W_yh", "W_ho", "W_y", "W_out"),
}
"""Parameters of a recurrent layer and of the layer behind it, as sequences have them."""


def timed(key: Key, last: int, alone: bool) -> Iterator[str]:
    """Names of a quantity at a time step: with the step below, beside the unit, or above.

    Args:
        last: the number of the last layer.
        alone: whether there is one unit only, so that its number is left out.
    """
    mark = f"(new {key.update})" if key.update else ""
    sample = f"^({key.sample})" if key.sample is not None else ""
    unit = ",".join(map(str, key.indices))
    for word in _words(key, last):
        if alone or not unit:
            yield f"{word}_{key.time}{sample}{mark}"
            yield f"{word}^({key.time}){sample}{mark}"
        if unit:
            yield f"{word}_{unit}^({key.time}){sample}{mark}"
            yield f"{word}_{key.time},{unit}{sample}{mark}"


def _words(key: Key, last: int) -> tuple[str, ...]:
    """What a timed quantity is called without its numbers."""
    if key.role in _WORDS:
        return _WORDS[key.role]
    if key.role == "a" and key.layer in (0, last):
        return _OUTPUT if key.layer else _INPUT
    if key.part and not key.part.isdigit():
        if key.role.startswith("d"):
            return (f"d{key.part}", "delta") if key.part == "z" else (f"d{key.part}",)
        return (key.part,)
    return ()


def shared(key: Key, last: int, single: bool) -> Iterator[str]:
    """Names of a parameter that serves all time steps, or of its gradient.

    Args:
        last: the number of the last layer.
        single: whether it is one number only, so that its place is left out.
    """
    before = "d" if key.role.startswith("d") else ""
    mark = f"(new {key.update})" if key.update else ""
    place = "" if single else "".join(map(str, key.indices))
    letter = key.part
    if not letter and key.layer == last:
        letter = {"w": "w", "dw": "w", "b": "b_y", "db": "b_y"}.get(key.role, "")
    for name in _PARAMETERS.get(letter, ()):
        yield f"{before}{name}{place}{mark}"

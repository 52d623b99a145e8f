"""The series that words ask for of a run: its losses, norms of gradients, weights, or keys.

What a run did not record is calculated again: the same updates in the same form give the
same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from tracer.cli.problems import bracketed
from tracer.errors import FormulaError, ProblemError, TracerError, UnknownQuantity, suggestion

if TYPE_CHECKING:
    from tracer.model.history import Array, History
    from tracer.notation import Names
    from tracer.rendering.plots import Series


def completed(history: History, words: Sequence[str]) -> History:
    """The run with what the words mean; calculated again where it was not recorded.

    The same updates in the same form give the same numbers to the last bit.
    """
    from tracer.backprop.training import train
    from tracer.cli.console import progress
    from tracer.formula.keys import Key

    recorded = {Key.parse(key).name for key in (*history.keys(), *history.layout.constants)}
    missing = [name for name in _names(history, words) if name not in recorded]
    if not missing or not history.last:
        return history
    wanted = [*dict.fromkeys(Key.parse(key).name for key in history), *missing]
    with progress("calculating what was not recorded") as seen:
        try:
            return train(history.problem, history.last, wanted, history.every, None, seen,
                         history.form or None)  # fmt: skip
        except ProblemError:
            return history  # the name means nothing; whoever looks for it says so


def _names(history: History, words: Sequence[str]) -> Iterator[str]:
    """The names of the quantities that some words need."""
    from tracer.formula.keys import Key

    learnt = dict.fromkeys(Key.parse(key).name for key in history.layout.learnt)
    for word in words:
        if word == "gradients":
            yield from (f"d{name}" for name in learnt)
        elif word == "loss" and history.layout.loss:
            yield history.layout.loss
        elif word not in WORDS:
            said = history.problem.names.get(word, word)
            try:
                yield Key.parse(next(iter(bracketed(said)), said)).name
            except FormulaError:
                yield said


def series_of(history: History, word: str, names: Names) -> Iterator[Series]:
    """The series that a word asks for."""
    if word in WORDS:
        yield from WORDS[word](history, names)
        return
    for key in _keys(history, word):
        yield _named(history.column(key), key, names)


def _losses(history: History, names: Names) -> Iterator[Series]:
    from tracer.rendering.plots import Series

    keys = history.losses()
    if not keys:
        raise UnknownQuantity("this run did not record its loss")
    for key in keys:
        label = key.removeprefix("report.")
        yield Series(key, label, history.column(key).tolist(), group="loss")


def _gradients(history: History, names: Names) -> Iterator[Series]:
    from tracer.rendering.plots import Series
    from tracer.rendering.printers import PRINTERS

    for name, norms in history.gradient_norms().items():
        shown = names.array(name)
        unicode, latex, typst = (PRINTERS[form].name(shown) for form in _FORMS)
        yield Series(f"|d{name}|", f"‖∇{unicode}‖", norms.tolist(),
                     rf"$\lVert\nabla {latex}\rVert$", f"norm(nabla {typst})", name)  # fmt: skip


def _weights(history: History, names: Names) -> Iterator[Series]:
    for key in history.parameters():
        yield _named(history.column(key), key, names)


WORDS: dict[str, Callable[[History, Names], Iterator[Series]]] = {
    "loss": _losses,
    "gradients": _gradients,
    "weights": _weights,
}
"""Words that ask for series of a kind, and not for a key."""
_FORMS = ("unicode", "latex", "typst")
"""The printers of a series' names."""


def _named(values: Array, key: str, names: Names) -> Series:
    """One quantity with its name in the notation."""
    from tracer.formula.keys import Key
    from tracer.rendering.plots import Series
    from tracer.rendering.printers import PRINTERS

    try:
        shown = names.name(key)
        label, latex, typst = (PRINTERS[form].name(shown) for form in _FORMS)
    except TracerError:  # what no notation names
        return Series(key, key, values.tolist(), group=Key.parse(key).name)
    return Series(key, label, values.tolist(), f"${latex}$", typst, Key.parse(key).name)


def _keys(history: History, word: str) -> list[str]:
    """The recorded keys that a word means: one key, or all of an array."""
    from tracer.formula.keys import Key

    known = [*history.keys(), *history.layout.constants]
    for spelling in (word, history.problem.names.get(word, word), *bracketed(word)):
        if spelling in known:
            return [spelling]
    found = [key for key in known if Key.parse(key).name == word]
    if not found:
        names = {Key.parse(key).name for key in known}
        hint = suggestion(word, [*WORDS, *names, *known])
        raise UnknownQuantity(f"this run did not record '{word}'{hint}")
    return found

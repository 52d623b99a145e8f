"""A user's own activation or loss: a formula in the problem file, checked at once.

Takes what stands under ``activation`` or ``loss``, gives a name of the table or an
`Activation` or `Loss` with the formula.  Only ``z`` (or ``y`` and ``a``) and the
function's own settings may stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.definitions import callable_functions
from tracer.calculus.losses import LOSSES
from tracer.calculus.ranges import ACTIVATION as RANGES
from tracer.errors import FormulaError
from tracer.files.places import Path
from tracer.files.wording import unknown
from tracer.formula.keys import tokens
from tracer.formula.nodes import symbols
from tracer.formula.parsing import ARRAY_FUNCTIONS, ELEMENTARY, parse
from tracer.model.functions import Activation, Loss


class Report(Protocol):
    """Where faults go: a path in the problem and a message."""

    def __call__(self, path: Path, message: str, key: bool = False) -> None: ...


_RESERVED = ("z", "a", "y")


class OwnFunctions:
    """The functions that a problem brings along; each name has one meaning."""

    def __init__(self, fault: Report) -> None:
        self.fault = fault
        self.known: dict[str, Activation | Loss] = {}

    def activation(self, told: Any, path: Path) -> tuple[str | Activation, dict[str, str]]:
        """The activation of a layer, and the settings of one that the table has."""
        if isinstance(told, str):
            return told, {}
        path = (*path, "activation")
        name = told.get("name")
        settings = {key: text for key, text in told.items() if key not in ("name", "formula")}
        if name is None:
            return "identity", {}
        if "formula" not in told:
            self._check_known(name, settings, path)
            return name, settings
        for setting in settings:
            if setting in _RESERVED:
                message = f"'{setting}' cannot be the name of a setting"
                self.fault((*path, setting), message, key=True)
        self._check_formula(told["formula"], ("z", *settings), (*path, "formula"))
        own = Activation(name, told["formula"], settings=settings)
        self._remember(own, path)
        return own, {}

    def loss(self, told: Any, path: Path) -> str | Loss:
        """A loss of the table, or an own one."""
        if isinstance(told, str):
            return told
        name = told.get("name", "")
        if "formula" not in told:
            if name not in LOSSES:
                if name:
                    self.fault((*path, "name"), unknown("loss", name, LOSSES))
                return str(name)
            return self._with_settings(LOSSES[name], told, path)
        for setting in ("smoothing", "class_weights"):
            if setting in told:
                message = f"'{setting}' goes with the losses of classes: {_of_classes()}"
                self.fault((*path, setting), message, key=True)
        self._check_formula(told["formula"], ("y", "a"), (*path, "formula"))
        own = Loss(name, told["formula"], over_outputs=told.get("over_outputs", "sum"))
        self._remember(own, path)
        return own

    def _with_settings(self, loss: Loss, told: Mapping[str, Any], path: Path) -> str | Loss:
        """A loss of the table with what the file says about it."""
        found = {
            "over_outputs": told.get("over_outputs", loss.over_outputs),
            "smoothing": told.get("smoothing", ""),
            "class_weights": tuple(told.get("class_weights", ())),
        }
        for setting in ("smoothing", "class_weights"):
            if setting in told and not loss.classes:
                message = f"{loss.name} knows no classes; '{setting}' goes with {_of_classes()}"
                self.fault((*path, setting), message, key=True)
        if loss.over_outputs == "mean" and found["over_outputs"] == "sum":
            message = f"{loss.name} is a mean over the outputs; for their sum, write its formula"
            self.fault((*path, "over_outputs"), message)
        changed = replace(loss, **found)
        return loss.name if changed == loss else changed

    def _check_known(self, name: str, settings: Mapping[str, str], path: Path) -> None:
        if name not in ACTIVATIONS:
            self.fault((*path, "name"), unknown("activation", name, ACTIVATIONS))
            return
        known = ACTIVATIONS[name].settings
        for setting, text in settings.items():
            if setting not in known:
                message = f"{name} has no settings"
                if known:
                    message = unknown(f"setting of {name}", setting, known)
                self.fault((*path, setting), message, key=True)
            elif setting in RANGES and not RANGES[setting].holds(text):
                self.fault((*path, setting), f"{setting} {RANGES[setting]}; found {text}")

    def _check_formula(self, text: str, allowed: Iterable[str], path: Path) -> None:
        known = list(allowed)
        try:
            tree = parse(text, callable_functions())
        except FormulaError as error:
            self.fault((*path, *column_of(error)), str(error))
            return
        for name in symbols(tree):
            if name not in known:
                where = find_name(text, name)
                message = f"'{name}' has no meaning here; the formula may use {', '.join(known)}"
                self.fault((*path, *where), message)

    def _remember(self, own: Activation | Loss, path: Path) -> None:
        # A name of the tables may be taken: there the problem's own formula holds.
        if own.name in {**ELEMENTARY, **ARRAY_FUNCTIONS}:
            self.fault((*path, "name"), f"'{own.name}' is a known function; choose another name")
        elif self.known.setdefault(own.name, own) != own:
            self.fault((*path, "name"), f"'{own.name}' already stands for another formula")


def _of_classes() -> str:
    """The losses that are about classes."""
    return ", ".join(loss.name for loss in LOSSES.values() if loss.classes)


def column_of(error: FormulaError) -> tuple[int, ...]:
    """Column and length of a formula's error, as the end of a path."""
    return () if error.column is None else (error.column, error.length)


def find_name(text: str, name: str, arrays: bool = False, start: int = 0) -> tuple[int, ...]:
    """Column and length of the first use of a name in a formula."""
    for token in tokens(text, arrays):
        if token.kind == "key" and token.column >= start and token.text == name:
            return (token.column, len(name))
    return ()

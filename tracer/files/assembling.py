"""From checked texts to a Problem: names become objects, what contradicts is told.

Takes what `reading` gives (plain dicts of texts) and the tree that it came from, for
the places of errors.  Shapes are checked by the model; here its errors get their place,
and what is at fault is set aside, so that the next error is found as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracer.calculus.drawing import Drawing
from tracer.calculus.layers.wiring import Unread, check_network, completed
from tracer.errors import ProblemError, TracerError, suggestion
from tracer.files.equations import check_equations
from tracer.files.faults import Faults
from tracer.files.freezing import check_freeze
from tracer.files.functions import OwnFunctions
from tracer.files.learning import Learning
from tracer.files.network import Network, is_plain, placing, typed_layer
from tracer.files.places import Path, key_place, keys_written, place_of, subtree
from tracer.files.positions import Tree
from tracer.files.precision import rounding_of
from tracer.files.unread import unread_of
from tracer.model.conventions import Conventions, Steps
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem, Report

_LAYERS_ONLY = ("inputs", "targets", "features", "layers", "reduction", "report", "batch")
_EQUATIONS_ONLY = ("given", "equations", "upstream", "learn")
_AS_THEY_ARE = (
    *("name", "inputs", "targets", "features", "given", "equations", "upstream", "learn"),
    *("updates", "made", "states", "batch", "names", "letters"),
)

MOST_WEIGHTS = 1_000_000
"""Of one layer: far more than anybody traces, and few enough to fit into memory."""

Defaults = tuple[Mapping[str, str], Mapping[str, str]]
"""A notation's defaults: conventions, steps."""


def assemble(
    data: Mapping[str, Any], tree: Tree, faults: Faults, notation: str, defaults: Defaults
) -> Problem | None:
    """The problem, or None if there is any fault.

    Args:
        data: what was read, without what was at fault.
        tree: the file, for places.
        faults: where errors are added.
        notation: the notation's name.
        defaults: what the notation says about conventions and steps.
    """
    return _Assembly(data, tree, faults).problem(notation, defaults)


class _Assembly:
    def __init__(self, data: Mapping[str, Any], tree: Tree, faults: Faults) -> None:
        self.data = data
        self.tree = tree
        self.faults = faults
        self.own = OwnFunctions(self.fault)
        self.drawing = Drawing()
        self.written = keys_written(tree)
        self.unread = Unread()

    def fault(self, path: Path, message: str, key: bool = False) -> None:
        """Add an error at what stands at the path, or at the key before it."""
        find = key_place if key else place_of
        self.faults.add(find(self.tree, path, self.faults.source), message)

    def key_fault(self, key: str, message: str) -> None:
        self.fault((key,), message, key=True)

    def problem(self, notation: str, defaults: Defaults) -> Problem | None:
        data = self.data
        whole = self.check_kind()
        conventions, steps = defaults
        reduction = data.get("reduction", "sum")
        reduction = reduction if isinstance(reduction, dict) else {"batch": reduction}
        found = {key: data[key] for key in _AS_THEY_ARE if key in data}
        found |= Learning(data, self.tree, self.fault, self.own).fields()
        plain = is_plain(data.get("layers", ())) and not any(map(self.untyped, self.entries()))
        network = None if plain or not whole else self.network()
        whole = whole and (plain or network is not None)
        found |= {
            "layers": self.layers() if plain else [],
            "reduction": reduction.get("batch", "sum"),
            "written": reduction.get("written", conventions.get("written", "gradient")),
            "report": {name: self.report(name) for name in data.get("report", {})},
            "rounding": rounding_of(data, self.fault),
            "steps": Steps(**(_known(steps, Steps) | data.get("steps", {}))),
            "conventions": Conventions(
                **(_known(conventions, Conventions) | data.get("conventions", {}))
            ),
            "notation": notation,
        }
        if isinstance(reduction, dict) and "time" in reduction:
            found["over_time"] = reduction["time"]
        found |= network or {}
        if "features" in found:
            found["features"] = tuple(found["features"])
        problem = self.without_faults(found) if whole else None
        if problem is not None:
            problem = self.fitting(problem)
            if problem.plain or not len(self.faults):  # else parameters may not be there
                check_freeze(problem, self.fault)
        return None if len(self.faults) else problem

    def check_kind(self) -> bool:
        """Layers or equations, and what goes with each; False: not enough to go on."""
        layers, equations = "layers" in self.written, "equations" in self.written
        if layers == equations:
            if layers:
                self.key_fault("equations", "a problem has either layers or equations, not both")
            elif not any(suggestion(key, ["layers", "equations"]) for key in self.written):
                self.fault((), "a problem needs 'layers' (or 'equations' with 'given')")
            return False
        here, others = ("layers", _EQUATIONS_ONLY) if layers else ("equations", _LAYERS_ONLY)
        for key in others:
            if key in self.written:
                there = "equations" if layers else "layers"
                self.key_fault(key, f"'{key}' goes with {there}; this problem has {here}")
        if equations:
            if "equations" in self.data:
                check_equations(self.data, self.fault)
            return "equations" in self.data
        if not any(key == "inputs" or suggestion(key, ["inputs"]) for key in self.written):
            self.key_fault("layers", "layers need 'inputs'")
        for one, other in (("targets", "loss"), ("loss", "targets")):
            if one in self.written and other not in self.written:
                self.key_fault(one, f"'{one}' goes with '{other}', which is missing")
        return "inputs" in self.data and "layers" in self.data

    def layers(self) -> list[Dense]:
        """The layers, first to last; each is told how many units the one before has."""
        inputs = self.data.get("inputs", [])
        first = inputs[0] if inputs and isinstance(inputs[0], list) else inputs
        found: list[Dense] = []
        for number, data in enumerate(self.data.get("layers", ())):
            before = found[-1].units if found else len(first)
            found.append(self.layer(number, data, before))
        return found

    def entries(self) -> range:
        """The places of the layers in their list."""
        return range(len(self.data.get("layers", ())))

    def untyped(self, place: int) -> bool:
        """Whether nobody knows of what type a layer is meant to be."""
        return "type" in self.faulty(("layers", place), self.data["layers"][place])

    def network(self) -> dict[str, Any] | None:
        """Layers of several types, inputs and targets; None if they do not fit together."""
        entries = self.data["layers"]
        faulty = [self.faulty(("layers", number), entry) for number, entry in enumerate(entries)]
        if any(found & {"name", "from", "combine"} for found in faulty):
            return None  # nobody knows what is joined with what
        self.unread = unread_of(entries, faulty)
        layers: list[Dense | Layer] = []
        for number, entry in enumerate(entries):
            if self.untyped(number):
                layers.append(Dense(1))  # stands in; nothing is said of it
                continue
            if entry.get("type", "dense") == "dense":
                numbered = {**entry, "weights": self.given(entry)}
                layers.append(self.layer(number, numbered, 0))
                continue
            try:
                layers.append(typed_layer(entry))
            except ProblemError as error:
                self.fault(("layers", number, *error.path), str(error))
                return None
        furnish = Network(self.drawing, self.fault, self.unread).furnished
        return furnish(layers, entries, self.data["inputs"], self.data.get("targets", ()))

    @staticmethod
    def given(entry: Mapping[str, Any]) -> Any:
        """The weights of a dense layer where they are numbers: what is drawn comes later."""
        told = entry.get("weights", "symbolic")
        return "symbolic" if isinstance(told, dict) else told

    def fitting(self, problem: Problem) -> Problem:
        """The problem with what the types of its layers settle; faults where they misfit."""
        if problem.plain:
            return problem
        check_network(problem, lambda error: self.fault(error.path, str(error)), self.unread)
        return problem if len(self.faults) else completed(problem)

    def drawn(self, told: Any, units: int, sources: int, before: int, path: Path) -> Any:
        """Numbers drawn from a seed where the file asks for that; else what it says."""
        if not isinstance(told, dict):
            return told
        try:
            return self.drawing.numbers(told, units, sources, before)
        except TracerError as error:
            self.fault((*path, *getattr(error, "path", ())), str(error))
            return "symbolic"  # stands in until the fault is told

    def layer(self, number: int, data: Mapping[str, Any], before: int) -> Dense:
        path: Path = ("layers", number)
        weights = data.get("weights", "symbolic")
        biases = data.get("biases", False)
        counted = weights if isinstance(weights, list) else biases
        units = data.get("units", len(counted) if isinstance(counted, list) else None)
        if units is None:
            if not {"units", "weights"} & self.faulty(path, data):
                self.fault(path, "'units' is missing here: only numbers would tell how many")
            units = 1
        if units * before > MOST_WEIGHTS:
            found = f"{units} units and {before} sources would make {units * before:,}"
            self.fault(path, f"a layer has at most {MOST_WEIGHTS:,} weights; {found}")
            units, biases = 1, False  # stand in until the fault is told
        activation, settings = self.own.activation(data.get("activation", "sigmoid"), path)
        weights = self.drawn(weights, units, before, before, (*path, "weights"))
        if isinstance(biases, dict):
            column = self.drawn(biases, units, 1, before, (*path, "biases"))
            biases = column if column == "symbolic" else [row[0] for row in column]
        try:
            return Dense(units, activation, weights, biases, settings, **placing(data))
        except ProblemError as error:
            self.fault((*path, *error.path), f"layer {number + 1}: {error}")
            return Dense(units, activation)

    def faulty(self, path: Path, data: Mapping[str, Any]) -> set[str]:
        """Keys that were written there but could not be read."""
        tree = subtree(self.tree, path)
        return keys_written(tree) - set(data)

    def report(self, name: str) -> Report:
        data, path = self.data["report"][name], ("report", name, "loss")
        loss = self.own.loss(data.get("loss", "half_squared_error"), path)
        return Report(loss, data.get("reduction", "sum"))

    def without_faults(self, found: dict[str, Any]) -> Problem | None:
        """The problem, after all that the model refuses has been told."""
        while True:
            try:
                return Problem(**found)
            except ProblemError as error:
                first = error.path[0] if error.path else None
                self.fault(error.path, str(error))
                if first == "layers" and len(error.path) > 1:
                    place = int(error.path[1])
                    layers = list(found["layers"])
                    if layers[place].weights == "symbolic":
                        return None
                    layers[place] = Dense(layers[place].units)
                    found["layers"] = layers
                elif first in found and first not in ("layers", "equations", "inputs"):
                    del found[str(first)]
                else:
                    return None


def _known(choices: Mapping[str, str], model: Any) -> dict[str, str]:
    """Of a notation's choices those that this model has."""
    return {key: value for key, value in choices.items() if key in model.__dataclass_fields__}

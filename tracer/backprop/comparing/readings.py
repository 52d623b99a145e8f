"""Conventions that change how one array is read: turned, of the other sign, scaled, ...

Takes a group of their numbers and the numbers of one way to calculate; gives every set of
conventions under which the two agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from tracer.backprop.comparing.alternatives import Way
from tracer.backprop.comparing.theirs import Group, Pairing, pairings
from tracer.formula.keys import Key
from tracer.model.comparison import Convention
from tracer.model.continuing import cycle_of

Labels = frozenset[Convention]
_LOSSES = ("loss", "report", "data_loss")
_ERRORS = ("da", "delta")
_GRADIENTS = ("dw", "db")
_CANCELLED = 1e-14
"""As a share of the largest gradient: what machine numbers leave of a sum that is 0, such as the
gradient of a bias that batch normalisation takes off again."""
_GATES = {"o": "g", "g": "o"}
"""Gates of an LSTM that change places where one stacks i, f, o, g and the other i, f, g, o."""


@dataclass(frozen=True)
class Numbers:
    """What one way of calculating gives."""

    way: Way
    values: Mapping[str, float]
    tolerance: float

    @cached_property
    def keys(self) -> dict[str, list[Key]]:
        """The keys by the label of their array."""
        found: dict[str, list[Key]] = {}
        for text in self.values:
            key = Key.parse(text)
            found.setdefault(str(Key(key.name, update=key.update)), []).append(key)
        return found

    def agree(self, group: Group) -> list[Labels]:
        """The sets of conventions under which a group agrees, the smallest first."""
        found: dict[Labels, None] = {}
        for source, labels in self._sources(group):
            for pairing in pairings(group, self.keys):
                turned = {Convention("transposed")} if pairing.turned else set()
                ours = self._ours(pairing, source)
                if ours is None:
                    continue
                for factor, scaling in self._factors(group, source):
                    if self._near(factor * ours, pairing):
                        found[frozenset(labels | turned | scaling)] = None
                flipped = self._flipped(group, pairing, source)
                if flipped is not None and self._near(flipped, pairing):
                    found[frozenset(labels | turned | {Convention("flipped")})] = None
        if group.update == 1 and self.kind(group) == "parameters":
            found.update(dict.fromkeys(self._other_rates(group)))
        return sorted(found, key=len)

    def worst(self, group: Group) -> tuple[str, float | None, float | None]:
        """The number that differs most, as it stands: its key, ours and theirs."""
        for pairing in pairings(group, self.keys):
            ours = np.array([self.values[key] for key in pairing.keys])
            place = int(np.abs(ours - pairing.values).argmax())
            return pairing.keys[place], float(ours[place]), float(pairing.values[place])
        if group.cells:
            key, (value, _) = next(iter(group.cells.items()))
            return key, self.values.get(key), value
        return group.label, None, float(group.whole.reshape(-1)[0]) if group.count == 1 else None

    def distance(self, group: Group) -> float:
        """How far off an array is as it stands, as a share of its size, at most 1."""
        shares = [1.0]
        for pairing in pairings(group, self.keys):
            ours = self._ours(pairing, "")
            size = float(np.abs(pairing.values).sum())
            if ours is not None and size:
                shares.append(float(np.abs(ours - pairing.values).sum()) / size)
        return min(shares)

    # --- which numbers of ours --------------------------------------------------------------

    def _sources(self, group: Group) -> Iterator[tuple[str, set[Convention]]]:
        """What of ours they may have printed under this name; ``@`` marks another update."""
        yield "", set()
        if self.way.accumulated and self.kind(group) == "gradients":
            yield "velocity", set()
        parsed = Key(group.name)
        last = len(self.way.problem.layers)
        if parsed.role == "a" and parsed.layer == last:
            yield f"z{last}", {Convention("logits")}
        if group.update:
            yield "before", {Convention("before_step")}
        elif self.kind(group) == "parameters":
            yield "after", {Convention("after_step")}
        for theirs, ours in _GATES.items():
            base, _, part = group.name.partition(".")
            if base.lstrip("d").startswith("lstm") and part[1:] == theirs:
                yield f"{base}.{part[0]}{ours}", {Convention("gate_order")}

    def _ours(self, pairing: Pairing, source: str) -> Any:
        """Our numbers for the keys of a pairing, or None."""
        keys = [Key.parse(key) for key in pairing.keys]
        if source == "before":
            keys = [key.at(key.update - 1) for key in keys]
        elif source == "after":
            keys = [key.at(1) for key in keys]
        elif source == "velocity":
            keys = [_renamed(key.at(key.update + 1), f"velocity.{key.name[1:]}") for key in keys]
        elif source:
            keys = [_renamed(key, source) for key in keys]
        found = [self.values.get(str(key)) for key in keys]
        return None if None in found else np.array(found, dtype=float)

    def _flipped(self, group: Group, pairing: Pairing, source: str) -> Any:
        """Our kernel of a convolution, turned by half a circle, or None."""
        base, _, part = group.name.partition(".")
        if not base.lstrip("d").startswith("conv") or part != "K" or group.whole is None:
            return None
        layer = self.way.problem.layers[(Key(group.name).layer or 1) - 1]
        axes = int(layer.settings.get("dimensions", 2))
        keys = [Key.parse(key) for key in pairing.keys]
        sizes = [max(key.indices[place] for key in keys) for place in range(-axes, 0)]
        turned = [
            replace(
                key,
                indices=(
                    *key.indices[:-axes],
                    *(size + 1 - i for size, i in zip(sizes, key.indices[-axes:], strict=True)),
                ),
            )
            for key in keys
        ]
        return self._ours(replace(pairing, keys=tuple(map(str, turned))), source)

    @cached_property
    def _steepest(self) -> float:
        """The largest of all gradients."""
        slopes = (value for key, value in self.values.items() if key[0] == "d")
        return max(map(abs, slopes), default=0.0)

    def kind(self, group: Group) -> str:
        """What a group's numbers are: losses, errors, gradients or parameters."""
        return _kind(group.role, group.name, self._labels)

    @cached_property
    def _labels(self) -> frozenset[str]:
        """What the names of the arrays of layers other than dense begin with."""
        layers = enumerate(self.way.problem.layers, 1)
        return frozenset(f"{one.type}{n}" for n, one in layers if one.type != "dense")

    # --- by which factor --------------------------------------------------------------------

    def _factors(self, group: Group, source: str) -> Sequence[tuple[float, set[Convention]]]:
        """Factors that conventions explain, for this kind of quantity."""
        where = self.kind(group)
        renamed = "." in source
        if where in ("", "parameters") or not (source in ("", "velocity") or renamed):
            return [(1.0, set())]
        scales = self._scales
        found: list[tuple[float, set[Convention]]] = [(1.0, set())]
        found += [(factor, {Convention(name, where)}) for name, factor in scales]
        found += [
            (a * b, {Convention(name, where), Convention(other, where)})
            for (name, a), (other, b) in combinations(scales, 2)
            if abs(a * b - 1) > 1e-9
        ]
        if where != "loss":
            found += [(-factor, labels | {Convention("sign")}) for factor, labels in found]
        return found

    @cached_property
    def _scales(self) -> list[tuple[str, float]]:
        """The factors of this problem: the half, outputs, samples."""
        problem = self.way.problem
        found = [("twice", 2.0), ("halved", 0.5)]
        if problem.layers:
            outputs = problem.layers[-1].units
            samples = len(cycle_of(problem)[0])
            for count, what in ((outputs, "outputs"), (samples, "batch")):
                if count > 1:
                    found += [(f"divided_by_{what}", 1 / count), (f"times_{what}", float(count))]
        return found

    # --- by which learning rate -------------------------------------------------------------

    def _other_rates(self, group: Group) -> Iterator[Labels]:
        """Updates by another learning rate, or in the other direction."""
        problem = self.way.problem
        rate = self.values.get("rate")
        if problem.optimizer != "gradient_descent" or problem.clip or not rate:
            return
        for pairing in pairings(group, self.keys):
            keys = [Key.parse(key) for key in pairing.keys]
            old = [self.values.get(str(key.at(0))) for key in keys]
            slopes = [self.values.get(str(_renamed(key.at(0), f"d{key.name}"))) for key in keys]
            if None in old or None in slopes:
                continue
            start, gradient = np.array(old, dtype=float), np.array(slopes, dtype=float)
            size = float(gradient @ gradient)
            theirs = float((start - pairing.values) @ gradient) / size if size else 0.0
            if abs(theirs) < 1e-9 * rate:
                continue
            known = [round(theirs, digits) for digits in range(12)] + [theirs]
            fitting = (r for r in known if r and self._near(start - r * gradient, pairing))
            found = next(fitting, None)
            if found is None or abs(found - rate) <= 1e-9 * rate:
                continue
            turned = {Convention("transposed")} if pairing.turned else set()
            labels = turned | ({Convention("added")} if found < 0 else set())
            if abs(abs(found) - rate) > 1e-6 * rate:
                facts = (("ours", f"{rate:.6g}"), ("theirs", f"{abs(found):.6g}"))
                labels = labels | {Convention("rate", facts=facts)}
            yield frozenset(labels)

    def _near(self, ours: Any, pairing: Pairing) -> bool:
        """Whether numbers agree, within the tolerance of the array's largest."""
        largest = max(float(np.abs(numbers).max(initial=0)) for numbers in (ours, pairing.values))
        if largest <= _CANCELLED * self._steepest:
            return True  # terms that cancel: 0, but for the last bits of machine numbers
        scale = max(float(np.abs(ours).max(initial=0)), 1e-12)
        allowed = self.tolerance * scale + pairing.slack * (1 + 1e-9)
        return bool((np.abs(ours - pairing.values) <= allowed).all())


def _renamed(key: Key, name: str) -> Key:
    return Key(name, key.indices, key.time, key.sample, key.update)


def _kind(role: str, name: str, labels: frozenset[str]) -> str:
    """What a role belongs to: losses, errors, gradients or parameters of any layer."""
    base, _, part = name.partition(".")
    if part and base in labels:
        return "parameters"
    if part and base[1:] in labels:
        return "gradients"
    if role.split(".")[0] in _LOSSES:
        return "loss"
    if role in _ERRORS:
        return "errors"
    if role in ("w", "b"):
        return "parameters"
    return "gradients" if role in _GRADIENTS else ""

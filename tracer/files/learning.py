"""What a problem learns by: its loss, optimizer, schedule, clipping, regularizer, what is frozen.

Takes the fields that `reading` gives and the tree that they came from; gives the fields of
a `Problem`, and tells what contradicts.  Read by `assembling`, which makes the whole problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tracer.calculus.losses import LOSSES
from tracer.errors import TracerError
from tracer.files.functions import OwnFunctions
from tracer.files.places import Path, keys_written, subtree
from tracer.files.positions import Pairs, Tree
from tracer.files.wording import unknown
from tracer.formula.keys import Key


class Tell(Protocol):
    """Adds an error at what stands at a path, or at the key before it."""

    def __call__(self, path: Path, message: str, key: bool = False) -> None: ...


@dataclass(frozen=True)
class Learning:
    """The part of a problem file that says how it learns."""

    data: Mapping[str, Any]
    """What was read, without what was at fault."""
    tree: Tree
    fault: Tell
    own: OwnFunctions

    @property
    def written(self) -> set[str]:
        """The keys that the file has, whether they could be read or not."""
        return keys_written(self.tree)

    def fields(self) -> dict[str, Any]:
        """Loss, optimizer and what is not to be learnt."""
        data, found = self.data, {}
        if "loss" in data:
            loss = data["loss"]
            if "equations" in self.written and "layers" not in self.written:
                if not isinstance(loss, str):
                    self.fault(("loss",), "the loss of equations is the name of a quantity")
            elif isinstance(loss, str) and loss not in LOSSES:
                self.fault(("loss",), unknown("loss", loss, LOSSES))
            else:
                loss = self.own.loss(loss, ("loss",))
            found["loss"] = loss
        chosen = data.get("optimizer", {})
        told = subtree(self.tree, ("optimizer",)) if "optimizer" in data else None
        if isinstance(told, Pairs) and len(told.pairs) != 1:
            self.fault(("optimizer",), f"one optimizer is wanted here; found {len(told.pairs)}")
        elif chosen:
            ((found["optimizer"], found["settings"]),) = chosen.items()
        found |= self.shaping()
        learns = "loss" in data if "layers" in self.written else bool(data.get("learn"))
        if learns and data.get("updates", 1) and "optimizer" not in self.written:
            key = "loss" if "layers" in self.written else "learn"
            self.fault(
                (key,),
                "to learn, a problem needs an optimizer, such as "
                "optimizer: {gradient_descent: {rate: 0.5}}; without: updates: 0",
                key=True,
            )
        found["freeze"] = [self.key(("freeze", i), k) for i, k in enumerate(data.get("freeze", ()))]
        for name, key in data.get("names", {}).items():
            self.key(("names", name), key)
        return found

    def shaping(self) -> dict[str, Any]:
        """Schedule, clipping and regularizer: one word each, with its settings."""
        found: dict[str, Any] = {}
        for name in ("schedule", "clip", "regularizer"):
            chosen = self.data.get(name, {})
            if len(chosen) > 1:
                self.fault((name,), f"one {name} is wanted here; found {len(chosen)}")
            elif chosen:
                ((found[name], settings),) = chosen.items()
                if name == "schedule":
                    found["schedule_settings"] = settings
                elif name == "clip":
                    found["clip_at"] = settings
                else:
                    found["strength"] = settings.get("strength", "0")
                    found["regularize_biases"] = bool(settings.get("biases", False))
        return found

    def key(self, path: Path, text: str) -> str:
        """A quantity's key in its normal spelling."""
        try:
            return str(Key.parse(text))
        except TracerError as error:
            self.fault(path, str(error))
            return text

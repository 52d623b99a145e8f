"""What all names of one problem are made of: forms, marks, derivatives.

Takes a textbook and a problem; `scalars` and `names` build on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tracer.formula.keys import Key
from tracer.model.problem import Problem
from tracer.notation.authors import Authors
from tracer.notation.name import Name
from tracer.notation.patterns import Form, fill
from tracer.notation.places import Places
from tracer.notation.textbook import Textbook

DERIVED = {"da": "a", "dw": "w", "db": "b"}
"""A derivative of the loss, and by what."""


class Wording:
    """A textbook's forms, applied to one problem."""

    def __init__(self, notation: Textbook, default: Textbook, problem: Problem) -> None:
        self.notation = notation
        self.problem = problem
        self._default = default
        self._places = Places(problem, notation.first_layer) if problem.layers else None
        self._authors = None if problem.layers else Authors(problem)
        self._batch = problem.samples > 1
        self._negated = problem.conventions.delta == "t-o"
        self._softmax = bool(problem.layers) and problem.layers[-1].activation == "softmax"
        self._known: dict[str, Name] = {}
        self._variants: dict[int, frozenset[str]] = {}

    @property
    def _last(self) -> int:
        return self._places.last if self._places else 0

    def _form(self, role: str) -> Form:
        return self.notation.names.get(role) or self._default.names[role] or _plain(role)

    def _array_form(self, role: str) -> Form:
        return self.notation.arrays.get(role) or self._default.arrays[role] or _plain(role)

    def _active(self, layer: int) -> frozenset[str]:
        """The variants that hold in a layer."""
        found = self._variants.get(layer)
        if found is None:
            assert self._places is not None
            words = {"alone"} if self._places.sizes[layer] == 1 else set()
            if layer == self._last:
                words |= {"output", "softmax"} if self._softmax else {"output"}
            found = self._variants[layer] = frozenset(words)
        return found

    def _sampled(
        self, form: Form, fields: Mapping[str, str], active: frozenset[str] = frozenset()
    ) -> Name:
        """The form's name, with the sample's mark where the form has no place for it."""
        name = form.name(fields, active)
        placed = any("{sample}" in pattern for pattern in form.parts.values())
        if "sample" in fields and not placed:
            return replace(name, sample=fill(self.notation.sample, fields))
        return name

    def _sample_mark(self, key: Key) -> str:
        if key.sample is None:
            return ""
        return fill(self.notation.sample, {"sample": str(key.sample)})

    def _marked(self, name: Name, key: Key, kind: str = "other") -> Name:
        """The name with its time step, and with the mark of a quantity after updates.

        Where there are more updates than marks of their own (primes), all of them are
        numbered, so that a page has one style.
        """
        if key.time is not None and self._authors is None:
            name = replace(name, sup=f"{name.sup}(t={key.time})")
        if not key.update:
            return name
        marks = self.notation.marks.get(kind) or self._default.marks[kind]
        if self._authors is not None and self._authors.clashes(marks):
            marks = ("after update {update}",)
        several = max(self.problem.updates, key.update) >= len(marks)
        mark = marks[-1] if several else marks[min(key.update, len(marks)) - 1]
        return replace(name, mark=fill(mark, {"update": str(key.update)}))

    def _derivative(
        self, by: Name, key: Key, loss: Name | None = None, of_sample: bool = False
    ) -> Name:
        """The derivative of the loss by a quantity, in the notation's way."""
        style = self.notation.derivative
        if style == "fraction":
            sample = str(key.sample) if key.sample is not None else ""
            loss = loss or self._loss_of(sample)
            return ratio(replace(loss, mark=""), by)
        if of_sample and key.sample is not None:
            by = replace(by, sample=self._sample_mark(key))
        if style == "d":
            return replace(by, before="d")
        return replace(by, base=f"{by.base}{style}")

    def _loss_of(self, sample: str) -> Name:
        """The loss of a sample as a numerator; without a number or letter, the whole loss."""
        return self._sampled(self._form("loss"), {"sample": sample} if sample else {})

    def _numerator(self, role: str, layer: int, sample: str) -> Name:
        """What dL/da and delta are derivatives of: the sample's own loss, or the whole one.

        Where the 1/m of a mean is written in the output's delta, all that comes before
        that delta in the network is a derivative of the whole loss.
        """
        problem = self.problem
        inside = problem.written == "delta" and problem.reduction != "sum"
        whole = inside and (role == "delta" or layer < self._last)
        return self._loss_of("" if whole else sample)

    def _layer_array(self, role: str, layer: int, key: Key) -> Name:
        assert self._places is not None
        active = self._active(layer) | ({"batch"} if self._batch else frozenset())
        name = self._array_form(role).name(self._places.layer(layer), active)
        return self._marked(name, key, "parameter" if role in ("w", "b") else "other")


def ratio(top: Name, bottom: Name) -> Name:
    """A fraction of partial derivatives."""
    return replace(top, before="partial", over=replace(bottom, before="partial"))


def digits_of(base: str) -> str:
    """``1`` of ``W1``, also of ``W1.grad``."""
    return "".join(character for character in base if character.isdigit())


def _plain(role: str) -> Form:
    return Form({"base": role}, {})

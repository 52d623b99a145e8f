"""Names: what each quantity of one problem is called in one notation.

Takes a `Textbook` and a problem; gives a `Name` for any key of the trace (`name`) and for
any whole array of the plan (`array`).  A derivative is composed of the names of what is
derived; an updated quantity is the old name with the book's mark.  What a notation has no
word for (an optimizer's memory, a local name of a layer) gets a plain form, the same in all
of them.  The renderer prints the names; `reading` finds the key behind a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracer.formula.keys import Key
from tracer.notation.iterates import iterates
from tracer.notation.letters import STATES
from tracer.notation.linear import plain
from tracer.notation.name import Name
from tracer.notation.reading import Entry, Reader
from tracer.notation.scalars import Scalars
from tracer.notation.sequences import shared, timed
from tracer.notation.textbook import ARRAYS
from tracer.notation.wording import DERIVED, digits_of, ratio

_ANY = "i"
"""The letter of any sample."""
_LABELLED = {"z": ("z", "net"), "a": ("a", "out"), "delta": ("delta",), "b": ("b",)}
"""Letters that any reader understands with the label of a unit: ``z_h1``, ``out_o1``; the label
by itself is the unit's output: ``h1``."""
_RATES = ("eta", "alpha", "lr", "learning rate")


class Names(Scalars):
    """The names of one problem's quantities.

    >>> from tracer.model.problem import Dense, Problem
    >>> from tracer.notation.loading import load_notation
    >>> problem = Problem(inputs=[0.5, 0.8], targets=[1], layers=[Dense(2), Dense(1)])
    >>> names = load_notation("mazur").for_problem(problem)
    >>> names.name("w2[1,2]@1")
    Name(base='w', sub='6', sup='', sample='', accent='', before='', mark='+', over=None)
    """

    def name(self, key: str) -> Name:
        """The name of the quantity with that key."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._of(Key.parse(key))
        return found

    def array(self, name: str, update: int = 0) -> Name:
        """The name of a whole array, for the matrix form.

        Args:
            name: as in a plan: ``w1``, ``a0``, ``delta2``, ``K``; ``w1'`` is the array
                after one update more.
            update: how many updates the parameters have behind them.
        """
        plain = name.rstrip("'")
        update += len(name) - len(plain)
        known = self._known.get(f"{plain} @{update}")
        if known is None:
            key = Key.parse(plain).at(update)
            if not self._batch:  # the plan counts a single sample, too; no book does
                key = replace(key, sample=None)
            known = self._array(key)
            self._known[f"{plain} @{update}"] = known
        return known

    def function(self, name: str) -> Name | None:
        """The book's own letter for a function, if it has one."""
        return self.notation.function(name)

    def reader(self, keys: Iterable[str]) -> Reader:
        """What finds the key behind a name, among these keys."""
        return Reader((self._entry(key) for key in keys), self.problem.names)

    def _entry(self, key: str) -> Entry:
        """What a reader needs to know of a quantity."""
        parsed, name = Key.parse(key), self.name(key)
        places, layer = self._places, parsed.layer
        if key == "rate":
            return Entry(key, name, customary=_RATES)
        if places is None:
            learned = (self.problem.learn or ())[:2]
            single = len(learned) == 1 and not parsed.indices
            return Entry(key, name, customary=tuple(iterates(parsed, *learned)) if single else ())
        if (layer or 0) > self._last:
            return Entry(key, name)
        sequence = tuple(self._in_sequence(parsed))
        if not parsed.indices:
            return Entry(key, name, customary=sequence)
        if layer is None:
            layer = self._last
        sizes = (places.sizes[layer], places.sizes[max(layer - 1, 0)])
        alone = len(parsed.indices) if set(sizes[: len(parsed.indices)]) == {1} else 0
        customary = (*self._customary(parsed, layer, alone), *sequence)
        if sizes[0] != 1:
            return Entry(key, name, alone, customary, self._unlayered(name))
        short = _from_only(name, parsed.indices[1:])
        if len(parsed.indices) > 1:
            customary += (plain(short),)
        return Entry(key, name, alone, customary, self._unlayered(name, short))

    def _in_sequence(self, key: Key) -> Iterator[str]:
        """Names that people use for what belongs to time steps, and for what serves them all."""
        layers = self.problem.layers
        recurrent = sum(layer.type == "elman" for layer in layers)
        places = self._places
        if places is None or key.state or not (key.time or recurrent):
            return
        layer = self._last if key.layer is None else key.layer
        if key.time is not None:
            yield from timed(key, self._last, not key.indices or places.sizes[layer] == 1)
        elif recurrent == 1 and (key.part or layer == self._last):
            sizes = places.sizes[layer], places.sizes[max(layer - 1, 0)]
            yield from shared(key, self._last, set(sizes) == {1})

    def _customary(self, key: Key, layer: int, alone: int) -> tuple[str, ...]:
        """What any reader understands, whatever the notation says."""
        mark = f"(new {key.update})" if key.update else ""
        sample = f"^({key.sample})" if key.sample is not None else ""
        names = (*self._labelled(key, layer), *self._between(key, layer))
        labelled = tuple(f"{name}{sample}{mark}" for name in names)
        if key.role == "delta" and not self._negated:
            like = self.name(str(replace(key, name=f"z{layer}")))
            return (*labelled, plain(replace(like, before="d")))
        words: tuple[str, ...] = ()
        if key.role == "a":
            words = {self._last: ("yhat", "prediction", "output"), 0: ("x", "input")}.get(layer, ())
        elif key.name == "y":
            words = ("y", "t", "target")
        if key.time is not None:
            words = ()  # a number behind them is the time step's: see `sequences`
        numbers = ("", f"_{key.indices[0]}") if alone else (f"_{key.indices[0]}",)
        named = (f"{word}{number}{sample}{mark}" for word in words for number in numbers)
        return (*named, *labelled)

    def _between(self, key: Key, layer: int) -> Iterator[str]:
        """A weight, or its gradient, by the two units that it joins: ``w_{x1h1}``, ``w_{h1→o}``."""
        places = self._places
        if places is None or key.role not in ("w", "dw") or len(key.indices) != 2 or key.time:
            return
        to, source = key.indices
        above = [places.unit(layer, to)["label"]]
        if layer == self._last and places.sizes[layer] == 1:
            above.append("o")
        below = places.unit(layer - 1, source)["label"]
        for start in (below, f"x{source}") if layer == 1 else (below,):
            yield from (f"{key.role}_{start}{end}" for end in above)

    def _labelled(self, key: Key, layer: int) -> Iterator[str]:
        """The names by the unit's label, as people mix them into any notation."""
        places = self._places
        if places is None or not layer or len(key.indices) != 1 or key.time or key.state:
            return
        label = places.unit(layer, key.indices[0])["label"]
        labels = [label]
        if places.sizes[layer] == 1 and (layer == self._last or self._last == 2):
            labels.append(label[0])
        if key.role == "a":
            yield from labels
        for letter in _LABELLED.get(key.role, ()):
            yield from (f"{letter}_{label}" for label in labels)

    def _unlayered(self, *names: Name) -> tuple[str, ...]:
        """The names without the layer, if there is no other and its mark is not a sample's."""
        if self._last != 1:
            return ()
        return tuple(
            plain(_without_layer(name))
            for name in names
            if (mark := _hanging(name, "sup"))
            and not (_hanging(name, "sample") and self.notation.sample.startswith(f"{mark[0]}{{"))
        )

    def _array(self, key: Key) -> Name:
        if self._authors is not None:
            return self._of(key)
        if key.name in ("loss.terms", "loss.samples"):
            return self._losses(key)
        if key.state == "increment":
            inner = self._array(replace(key, name=key.name[len("increment.") :]))
            return replace(inner, before="Delta")
        if key.state in STATES:
            inner = self._array(replace(key, name=key.name[len(key.state) + 1 :]))
            letter = STATES[key.state]
            sub = ",".join(part for part in (inner.base, inner.sub) if part)
            return replace(inner, base=letter.base, accent=letter.accent, sub=sub)
        layer = key.layer
        if key.role == "y" and layer is None:
            return self._layer_array("y", self._last, key)
        if key.role == "smoothed" and layer is None:
            whole = self._layer_array("y", self._last, key)
            return replace(whole, sup=f"LS{whole.sup}")
        if key.state or key.part or layer is None or layer > self._last or key.indices:
            return self._of(key)
        role = "x" if key.role == "a" and layer == 0 else key.role
        if role == "slope":
            return ratio(self._layer_array("a", layer, key), self._layer_array("z", layer, key))
        if role == "da" and self._negated:
            return self._layer_array("error", layer, key)
        loss = self._numerator(role, layer, _ANY if self._batch else "")
        if role == "delta" and self.notation.arrays["delta"] is None:
            before = self._layer_array("z", layer, key)
            if self._negated:
                return replace(before, base=f"delta{digits_of(before.base)}")
            return self._derivative(before, key, loss)
        if role in DERIVED:
            by = self._layer_array(DERIVED[role], layer, key)
            return self._derivative(by, key, loss if role == "da" else None)
        return self._layer_array(role, layer, key) if role in ARRAYS else self._of(key)

    def _losses(self, key: Key) -> Name:
        """The losses of all outputs or samples at once: those of any output and sample."""
        fields = {"sample": _ANY} if self._batch else {}
        alone = self._places is not None and self._places.sizes[self._last] == 1
        if key.name == "loss.samples" or (self._batch and alone):
            form = self._form("loss_sample" if "loss_sample" in self.notation.names else "loss")
        else:
            form = self._array_form("loss_term")
        return self._marked(self._sampled(form, fields), key)


def _hanging(name: Name, part: str) -> str:
    """A part of the name, or of what stands below a fraction's line."""
    return getattr(name, part) or (_hanging(name.over, part) if name.over else "")


def _without_layer(name: Name) -> Name:
    return replace(name, sup="", over=name.over and _without_layer(name.over))


def _from_only(name: Name, rest: tuple[int, ...]) -> Name:
    """The name with the numbers that are left where the layer has but one unit."""
    if name.over:
        return replace(name, over=_from_only(name.over, rest))
    return replace(name, sub=",".join(map(str, rest)))

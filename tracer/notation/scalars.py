"""The names of single numbers: units, parameters, losses, and what belongs to them.

Takes keys; a derivative is composed of the names of what is derived, an updated quantity
is the old name with the book's mark.  What a notation has no word for (an optimizer's
memory, a local name of a layer) gets a plain form, the same in all of them.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.formula.keys import Key
from tracer.notation.letters import ALONE, LIKE, OF_TARGETS, STATES
from tracer.notation.local import LayerNames
from tracer.notation.name import Name
from tracer.notation.patterns import joined
from tracer.notation.wording import DERIVED, digits_of, ratio

_UNITS = ("z", "a", "delta", "da", "slope")


class Scalars(LayerNames):
    """Names of numbers, by key."""

    def _of(self, key: Key) -> Name:
        if (key.name in ALONE or key.name in LIKE) and not key.indices:
            return self._of_update(key)
        if key.state:
            return self._with_state(key)
        if self._authors is not None:
            return self._of_author(key)
        role, layer = key.role, key.layer
        if self._layer_role(key):
            return self._of_layer(key)
        if key.part or (layer is not None and layer > self._last):
            return self._local(key)
        if role in ("rate", "m") and not key.indices:
            return self._marked(self._form(role).name({}), key)
        if role == "loss" and layer is None:
            return self._loss(key)
        if layer is None and (role == "smoothed" or role in OF_TARGETS):
            return self._of_targets(key)
        if role in ("w", "dw", "b", "db") and layer:
            return self._parameter(key, layer)
        if (role == "y" and layer is None) or (role in _UNITS and layer is not None):
            return self._unit(key, self._last if layer is None else layer)
        return self._local(key)

    def _unit(self, key: Key, layer: int) -> Name:
        """A quantity of one unit: z, a, an input, a target, delta, dL/da, the slope."""
        assert self._places is not None
        if len(key.indices) != 1:
            return self._cell(key, layer)
        fields = self._places.unit(layer, key.indices[0])
        if key.sample is not None:
            fields["sample"] = str(key.sample)
        active = self._active(layer)
        role = key.role
        if role == "a" and layer == 0:
            role = "x"

        def named(word: str) -> Name:
            return self._marked(self._sampled(self._form(word), fields, active), key)

        loss = self._numerator(role, layer, fields.get("sample", ""))
        if role == "slope":
            return ratio(named("a"), named("z"))
        if role == "da":
            return named("error") if self._negated else self._derivative(named("a"), key, loss)
        if role == "delta" and self.notation.names["delta"] is None:
            before = named("z")
            if self._negated:
                return replace(before, base=f"delta{digits_of(before.base)}")
            return self._derivative(before, key, loss)
        return named(role)

    def _cell(self, key: Key, layer: int) -> Name:
        """A cell of an image, or of a matrix of tokens, among the inputs or the targets."""
        if key.role not in ("a", "y") or (key.role == "a" and layer):
            return self._local(key)
        bare = self._form("x" if key.role == "a" else "y").name({})
        name = Name(bare.base, sub=joined(key.indices), sample=self._sample_mark(key))
        return self._marked(name, key)

    def _parameter(self, key: Key, layer: int) -> Name:
        """A weight or bias, or the derivative of the loss by it."""
        assert self._places is not None
        role = DERIVED.get(key.role, key.role)
        active = self._active(layer)
        if role == "w" and len(key.indices) == 2:
            fields = self._places.weight(layer, *key.indices)
        elif role == "b" and len(key.indices) == 1:
            fields = self._places.unit(layer, key.indices[0])
        elif role == "b" and not key.indices:
            fields, active = self._places.layer(layer), active | {"shared"}
        else:
            return self._local(key)
        plain = self._marked(self._form(role).name(fields, active), key, "parameter")
        return plain if role == key.role else self._derivative(plain, key, of_sample=True)

    def _loss(self, key: Key) -> Name:
        fields = {"sample": str(key.sample)} if key.sample is not None else {}
        if len(key.indices) > 1:  # of one token's output
            bare = self._form("loss").name({})
            name = Name(bare.base, sub=joined(key.indices), sample=self._sample_mark(key))
            return self._marked(name, key)
        if key.indices and self._places is not None:
            fields |= self._places.unit(self._last, key.indices[0])
            form = self._form("loss_term")
        elif key.sample is not None and self.notation.names.get("loss_sample"):
            form = self._form("loss_sample")
        else:
            form = self._form("loss")
        return self._marked(self._sampled(form, fields), key)

    def _of_targets(self, key: Key) -> Name:
        """A smoothed target, a class's weight, or what a target weighs."""
        if key.role == "smoothed":
            plain = self._of(replace(key, name="y"))
            return replace(plain, sup=f"LS{plain.sup}")
        sub = joined(key.indices)
        return self._marked(
            replace(OF_TARGETS[key.role], sub=sub, sample=self._sample_mark(key)), key
        )

    def _with_state(self, key: Key) -> Name:
        """What belongs to another quantity: an increment, an optimizer's memory, a report."""
        if key.state == "report":
            taken = {form.parts["base"] for form in self.notation.names.values() if form}
            sub = "report" if key.base in taken else ""
            name = Name(key.base, sub=sub, sample=self._sample_mark(key))
            return self._marked(name, key)
        inner = self._of(replace(key, name=key.name[len(key.state) + 1 :]))
        if key.state == "increment":
            return replace(inner, before="Delta")
        letter = STATES.get(key.state, Name(key.state))
        sub = ",".join(part for part in (inner.base, inner.sub) if part)
        if self._authors is None and len(inner.base) == 1 and "," not in inner.sub:
            sub = inner.base + inner.sub
        return replace(inner, base=letter.base, accent=letter.accent, sub=sub, before="")

    def _of_update(self, key: Key) -> Name:
        """A setting of the update, or a number that all parameters share in it."""
        author = self._authors
        if author is not None and key.name in author.names:
            return self._of_author(key)
        if key.name in LIKE:
            role, sub = LIKE[key.name]
            found = self._form(role).name({})
            kept = role == "rate" and found.sub
            return self._marked(replace(found, sub=f"{found.sub},{sub}" if kept else sub), key)
        found = ALONE[key.name]
        if author is not None and found.base in author.names:
            found = Name(key.name.replace(".", " "))
        return self._marked(found, key)

    def _local(self, key: Key) -> Name:
        """A name that the notation has no form for: its own word, then its place."""
        base = key.part or key.role or key.base
        sup = f"({key.base})" if key.part and not key.part.isdigit() else ""
        if key.part.isdigit() and key.role == "delta" and key.layer and self._places:
            return self._sum_of_softmax(key, key.layer)
        if key.part.isdigit():
            base, sup = key.base, f"(part {key.part})"
        elif not key.part and key.layer is not None:
            sup = f"({key.layer})"
        name = Name(base, sub=joined(key.indices), sup=sup, sample=self._sample_mark(key))
        return self._marked(name, key)

    def _sum_of_softmax(self, key: Key, layer: int) -> Name:
        """The sum over a layer's units that softmax's slope needs."""
        like = self._layer_array("z", layer, replace(key, update=0))
        number = "" if key.part == "1" else key.part
        name = replace(like, base=f"s{digits_of(like.base)}", sub=number)
        return self._marked(replace(name, sample=self._sample_mark(key)), key)

    def _of_author(self, key: Key) -> Name:
        """A quantity of an equation network, or a derivative by one."""
        assert self._authors is not None
        author = self._authors
        sample = self._sample_mark(key)

        learnt = self.problem.learn or ()

        def named(inner: Key) -> Name | None:
            kind = "parameter" if inner.name in learnt else "other"
            if inner.name in author.names:
                return self._marked(author.name(inner, sample), key, kind)
            if inner.part.isdigit() and inner.base in author.names:
                whole = author.name(replace(inner, name=inner.base), sample)
                part = replace(whole, sup=f"{whole.sup}(part {inner.part})")
                return self._marked(part, key)
            return None

        if found := named(key):
            return found
        if key.name in ("rate", "m", "loss") and not key.indices:
            return self._marked(self._form(key.name).name({}), key)
        inner = named(replace(key, name=key.name[1:])) if key.name[0] == "d" else None
        if inner:
            numerator = author.loss or self._form("loss").name({})
            return self._derivative(inner, key, loss=numerator)
        return self._marked(author.name(key, sample), key)

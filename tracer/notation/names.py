"""Names: what each quantity of one problem is called in one notation.

Takes a `Textbook` and a problem; gives a `Name` for any key of the trace (`name`) and for
any whole array of the plan (`array`).  A derivative is composed of the names of what is
derived; an updated quantity is the old name with the book's mark.  What a notation has no
word for (an optimizer's memory, a local name of a layer) gets a plain form, the same in all
of them.  The renderer prints the names; `reading` finds the key behind a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tracer.formula.keys import Key
from tracer.model.problem import Problem
from tracer.notation.authors import Authors
from tracer.notation.name import Name
from tracer.notation.patterns import Form, joined
from tracer.notation.places import Places
from tracer.notation.reading import Entry, Reader
from tracer.notation.textbook import Textbook

STATES = {"velocity": "v"}
"""The letter of an optimizer's memory; another one is called by its own word."""
_DERIVED = {"da": "a", "dw": "w", "db": "b"}
_UNITS = ("z", "a", "delta", "da", "slope")


class Names:
    """The names of one problem's quantities.

    >>> from tracer.model.problem import Dense
    >>> from tracer.notation.loading import load_notation
    >>> problem = Problem(inputs=[0.5, 0.8], targets=[1], layers=[Dense(2), Dense(1)])
    >>> names = load_notation("mazur").for_problem(problem)
    >>> names.name("w2[1,2]@1")
    Name(base='w', sub='6', sup='', sample='', accent='', before='', mark='+', over=None)
    """

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
            known = self._array(Key.parse(plain).at(update))
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
        parsed = Key.parse(key)
        places = self._places
        if places is None or len(parsed.indices) != 1:
            return Entry(key, self.name(key))
        layer = self._last if parsed.role in ("y", "loss") else parsed.layer
        alone = layer is not None and layer <= self._last and places.sizes[layer] == 1
        words: tuple[str, ...] = ()
        if parsed.role == "a" and layer == self._last:
            words = ("yhat", "prediction", "output")
        elif parsed.role == "a" and layer == 0:
            words = ("x", "input")
        elif parsed.name == "y":
            words = ("y", "t", "target")
        mark = f"(new {parsed.update})" if parsed.update else ""
        sample = f"^({parsed.sample})" if parsed.sample is not None else ""
        unit = parsed.indices[0]
        numbers = ("", f"_{unit}") if alone else (f"_{unit}",)
        customary = tuple(f"{word}{n}{sample}{mark}" for word in words for n in numbers)
        return Entry(key, self.name(key), alone, customary)

    # -- scalars -----------------------------------------------------------------------------

    def _of(self, key: Key) -> Name:
        if key.state:
            return self._with_state(key)
        if self._authors is not None:
            return self._of_author(key)
        role, layer = key.role, key.layer
        if key.part or (layer is not None and layer > self._last):
            return self._local(key)
        if role in ("rate", "m") and not key.indices:
            return self._marked(self._form(role).name({}), key)
        if role == "loss" and layer is None:
            return self._loss(key)
        if role in ("w", "dw", "b", "db") and layer:
            return self._parameter(key, layer)
        if (role == "y" and layer is None) or (role in _UNITS and layer is not None):
            return self._unit(key, self._last if layer is None else layer)
        return self._local(key)

    @property
    def _last(self) -> int:
        return self._places.last if self._places else 0

    def _unit(self, key: Key, layer: int) -> Name:
        """A quantity of one unit: z, a, an input, a target, delta, dL/da, the slope."""
        assert self._places is not None
        if len(key.indices) != 1:
            return self._local(key)
        fields = self._places.unit(layer, key.indices[0])
        if key.sample is not None:
            fields["sample"] = str(key.sample)
        active = self._active(layer)
        role = key.role
        if role == "a" and layer == 0:
            role = "x"

        def named(word: str) -> Name:
            return self._marked(self._sampled(self._form(word), fields, active), key)

        if role == "slope":
            return _ratio(named("a"), named("z"))
        if role == "da":
            return named("error") if self._negated else self._derivative(named("a"), key)
        if role == "delta" and self.notation.names["delta"] is None:
            before = named("z")
            if self._negated:
                return replace(before, base=f"delta{_digits(before.base)}")
            return self._derivative(before, key)
        return named(role)

    def _parameter(self, key: Key, layer: int) -> Name:
        """A weight or bias, or the derivative of the loss by it."""
        assert self._places is not None
        role = _DERIVED.get(key.role, key.role)
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
        if key.indices and self._places is not None:
            fields |= self._places.unit(self._last, key.indices[0])
            form = self._form("loss_term")
        elif key.sample is not None and self.notation.names.get("loss_sample"):
            form = self._form("loss_sample")
        else:
            form = self._form("loss")
        return self._marked(self._sampled(form, fields), key)

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
        head = key.base.rstrip("0123456789")
        digits = _digits(inner.base) if head in ("w", "b") else inner.base[len(head) :]
        sub = ",".join(part for part in (head + digits, inner.sub) if part)
        if head in ("w", "b") and not digits and "," not in inner.sub:
            sub = head + inner.sub
        return replace(inner, base=STATES.get(key.state, key.state), sub=sub, before="")

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
        if key.time is not None:
            sup += f"(t={key.time})"
        name = Name(base, sub=joined(key.indices), sup=sup, sample=self._sample_mark(key))
        return self._marked(name, key)

    def _sum_of_softmax(self, key: Key, layer: int) -> Name:
        """The sum over a layer's units that softmax's slope needs."""
        like = self._layer_array("z", layer, replace(key, update=0))
        number = "" if key.part == "1" else key.part
        name = replace(like, base=f"s{_digits(like.base)}", sub=number)
        return self._marked(replace(name, sample=self._sample_mark(key)), key)

    def _of_author(self, key: Key) -> Name:
        """A quantity of an equation network, or a derivative by one."""
        assert self._authors is not None
        author = self._authors
        sample = self._sample_mark(key)

        def named(inner: Key) -> Name | None:
            if inner.name in author.names:
                return self._marked(author.name(inner, sample), key, "parameter")
            if inner.part.isdigit() and inner.base in author.names:
                return self._local(inner)
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

    # -- arrays ------------------------------------------------------------------------------

    def _array(self, key: Key) -> Name:
        if self._authors is not None:
            return self._of_author(key)
        if key.name == "loss.terms":
            return self._marked(self._array_form("loss_term").name({}), key)
        if key.name == "loss.samples":
            form = self._form("loss_sample" if "loss_sample" in self.notation.names else "loss")
            return self._marked(self._sampled(form, {"sample": "i"}), key)
        if key.state == "increment":
            inner = self._array(replace(key, name=key.name[len("increment.") :]))
            return replace(inner, before="Delta")
        layer = key.layer
        if key.role == "y" and layer is None:
            return self._layer_array("y", self._last, key)
        if key.state or key.part or layer is None or layer > self._last:
            return self._of(key)
        role = "x" if key.role == "a" and layer == 0 else key.role
        if role == "slope":
            return _ratio(self._layer_array("a", layer, key), self._layer_array("z", layer, key))
        if role == "da" and self._negated:
            return self._layer_array("error", layer, key)
        if role == "delta" and self.notation.arrays["delta"] is None:
            before = self._layer_array("z", layer, key)
            if self._negated:
                return replace(before, base=f"delta{_digits(before.base)}")
            return self._derivative(before, key)
        if role in _DERIVED:
            return self._derivative(self._layer_array(_DERIVED[role], layer, key), key)
        return self._layer_array(role, layer, key) if role in self._all_arrays else self._of(key)

    @property
    def _all_arrays(self) -> Mapping[str, Form | None]:
        return self.notation.arrays or self._default.arrays

    def _layer_array(self, role: str, layer: int, key: Key) -> Name:
        assert self._places is not None
        active = self._active(layer) | ({"batch"} if self._batch else frozenset())
        name = self._array_form(role).name(self._places.layer(layer), active)
        return self._marked(name, key, "parameter" if role in ("w", "b") else "other")

    # -- parts -------------------------------------------------------------------------------

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
            return replace(name, sample=self.notation.sample.format(sample=fields["sample"]))
        return name

    def _sample_mark(self, key: Key) -> str:
        return "" if key.sample is None else self.notation.sample.format(sample=key.sample)

    def _marked(self, name: Name, key: Key, kind: str = "other") -> Name:
        """The name with the mark of a quantity after updates."""
        if not key.update:
            return name
        marks = self.notation.marks.get(kind) or self._default.marks[kind]
        if self._authors is not None and self._authors.clashes(marks):
            marks = ("after update {update}",)
        mark = marks[min(key.update, len(marks)) - 1].format(update=key.update)
        return replace(name, mark=mark)

    def _derivative(
        self, by: Name, key: Key, loss: Name | None = None, of_sample: bool = False
    ) -> Name:
        """The derivative of the loss by a quantity, in the notation's way."""
        style = self.notation.derivative
        if style == "fraction":
            if loss is None:
                fields = {"sample": str(key.sample)} if key.sample is not None else {}
                loss = self._sampled(self._form("loss"), fields)
            return _ratio(replace(loss, mark=""), by)
        if of_sample and key.sample is not None:
            by = replace(by, sample=self._sample_mark(key))
        if style == "d":
            return replace(by, before="d")
        return replace(by, base=f"{by.base}{style}")


def _ratio(top: Name, bottom: Name) -> Name:
    """A fraction of partial derivatives."""
    return replace(top, before="partial", over=replace(bottom, before="partial"))


def _digits(base: str) -> str:
    """``1`` of ``W1``, also of ``W1.grad``."""
    return "".join(character for character in base if character.isdigit())


def _plain(role: str) -> Form:
    return Form({"base": role}, {})

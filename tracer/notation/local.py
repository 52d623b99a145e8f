"""The names of what happens inside a layer of another type than dense: gates, scores, means.

Takes keys such as ``lstm1.f[2]~3`` or ``dattention1.scores[1,2]``; gives f with subscript 2
and superscript (t=3), or a derivative by it.  The layer is named only where several layers have
names of their own, or where the book uses the letter for something else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from tracer.formula.keys import Key
from tracer.notation.letters import LAYERS, PARTS
from tracer.notation.name import Name
from tracer.notation.patterns import joined
from tracer.notation.wording import Wording


class LayerNames(Wording):
    """Names of the local quantities of layers."""

    def _layer_role(self, key: Key) -> str:
        """``of`` for a layer's local quantity, ``by`` for a gradient by one, else nothing."""
        if self._authors is not None or not key.part or key.state or not key.layer:
            return ""
        if key.layer > self._last:
            return ""
        kind = self.problem.layers[key.layer - 1].type
        if key.role == kind:
            return "of"
        return "by" if key.role == f"d{kind}" else ""

    def _of_layer(self, key: Key) -> Name:
        """The name of a local quantity, or of a gradient by it."""
        if self._layer_role(key) == "of":
            return self._local_part(key)
        part, _, number = key.part.partition(".")
        inner = self._local_part(replace(key, name=f"{key.base[1:]}.{part}"))
        if number:  # a part of the gradient's own line
            return replace(self._by(inner, key), mark=f"(part {number}){inner.mark}")
        return self._by(inner, key)

    def _by(self, inner: Name, key: Key) -> Name:
        if self._negated:  # target minus output: the error's letter, not a derivative
            letter = self._form("error").name({})
            base = inner.base if not inner.accent else f"{inner.base},{inner.accent}"
            sub = ",".join(part for part in (base, inner.sub) if part)
            return replace(inner, base=letter.base, sub=sub, accent="")
        return self._derivative(inner, key, of_sample=True)

    def _local_part(self, key: Key) -> Name:
        part = key.part
        known = PARTS.get(part)
        if known is None and len(part) == 2 and part[0].isalpha() and part[1].isalnum():
            known = Name(part[0], sub=part[1])  # Wf: W with the letter of its gate
        known = known or Name(part)
        sub = ",".join(piece for piece in (known.sub, joined(key.indices)) if piece)
        sup = known.sup + (f"({self._layer_word(key)})" if self._told_apart(key, known) else "")
        name = replace(known, sub=sub, sup=sup, sample=self._sample_mark(key))
        kind = "parameter" if key.time is None and key.sample is None else "other"
        return self._marked(name, key, kind)

    def _told_apart(self, key: Key, name: Name) -> bool:
        """Whether a name needs its layer's."""
        return self._several or (not name.sub and (name.base, name.accent) in self._letters)

    def _layer_word(self, key: Key) -> str:
        """What a name says about its layer: ``conv``; ``conv2`` is the second of its kind."""
        words = self._layer_words
        word, number = words[(key.layer or 1) - 1], (key.layer or 1)
        return f"{word}{words[:number].count(word)}" if words.count(word) > 1 else word

    @cached_property
    def _layer_words(self) -> list[str]:
        return [LAYERS.get(layer.type, layer.type) for layer in self.problem.layers]

    @property
    def _several(self) -> bool:
        """Whether there are two layers with local quantities."""
        return sum(layer.type != "dense" for layer in self.problem.layers) > 1

    @cached_property
    def _letters(self) -> frozenset[tuple[str, str]]:
        """Letters that the book uses for something else, each with its accent."""
        forms = (*self.notation.names.values(), *self._default.names.values())
        parts = [part for form in forms if form for part in (form.parts, *form.variants.values())]
        return frozenset((p["base"], p.get("accent", "")) for p in parts if "base" in p)

"""The words of a drawing: its captions and its title, and texts as they are spoken.

The sentences are those of ``prose/*.diagram.yaml``; names are said by the printer of spoken
words in the same language, so that a screen reader can tell the drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracer.model.problem import Dense
from tracer.notation.name import Name
from tracer.rendering.diagram.reading import Light, Reading
from tracer.rendering.diagram.text import Formula, Piece, Text, number_in, word
from tracer.rendering.languages import ENGLISH
from tracer.rendering.printers.spoken import Spoken, voice_of
from tracer.rendering.prose import Prose

_SIGNS = {
    "→": " {to} ",
    " → ": " {to} ",
    "→ ": " {then} ",
    "…": " {and_so_on}",
    "⋮": "",
    " = ": " {equals} ",
    "∗": " {convolved} ",
    "·": "{none}",
}
"""What is said for a sign: words of the voice."""
_WORD = re.compile(r"\{(\w+)\}")
_ENGLISH = voice_of(ENGLISH)


def spoken(text: Text, voice: Spoken = _ENGLISH) -> str:
    """A text in words."""
    return "".join(said(piece, voice) for piece in text).strip()


def said(piece: Piece, voice: Spoken) -> str:
    """A piece in words."""
    if isinstance(piece.value, Name):
        return voice.name(piece.value)
    if isinstance(piece.value, Formula):
        return piece.value.printed(voice)
    if piece.kind == "number":
        return number_in(piece, voice)
    if piece.kind == "sign":
        sign = _SIGNS.get(piece.value, piece.value)
        return _WORD.sub(lambda match: voice.words[match[1]], sign)
    return piece.value


@dataclass(frozen=True)
class Telling:
    """What one drawing says in words."""

    reading: Reading
    prose: Prose

    @property
    def voice(self) -> Spoken:
        """Who says the names and formulas."""
        return voice_of(self.prose.language.code, self.prose.folder)

    def spoken(self, text: Text) -> str:
        """A text in words."""
        return spoken(text, self.voice)

    def listed(self, texts: Iterable[Text]) -> str:
        """Texts in words, one after another."""
        semicolon = self.reading.comma
        return ("; " if semicolon else ", ").join(self.spoken(text) for text in texts)

    def say(self, sentence: str, /, **facts: object) -> str:
        """A sentence with its facts."""
        return self.prose.said(sentence, **facts)

    def called(self, kind: str, name: str) -> str:
        """What an activation or a loss is called; one of the user's own by its own name."""
        sentence = f"{kind}.{name}"
        return self.say(sentence) if sentence in self.prose else name.replace("_", " ")

    def called_function(self, name: str) -> str:
        """What a loss or an activation is called that an equation names; nothing stays nothing."""
        kind = "caption" if f"caption.{name}" in self.prose else "activation"
        return self.called(kind, name)

    def inputs(self, count: int, elided: bool) -> tuple[Text, ...]:
        """The caption of the inputs."""
        name = self.say("diagram.count_inputs", count=count) if elided else ""
        return (word(name or self.say("diagram.inputs")),)

    def layer(self, number: int, last: int, layer: Dense, elided: bool) -> tuple[Text, ...]:
        """The caption of a layer: which one, and its activation."""
        function = layer.activation
        called = function if isinstance(function, str) else function.name
        if number == last:
            which = self.say("diagram.output")
        elif last == 2:
            which = self.say("diagram.hidden")
        else:
            which = self.say("diagram.hidden_many", number=number)
        second = self.called("activation", called)
        if elided:
            second += ", " + self.say("diagram.count", count=layer.units)
        return word(which), *wrapped(second, 20)

    def loss(self) -> tuple[Text, ...]:
        """The caption of the loss, with its name."""
        loss = self.reading.trace.problem.loss
        called = loss if isinstance(loss, str) else loss.name if loss else ""
        first = word(self.say("diagram.loss"))
        return (first, *wrapped(self.called("caption", called)))

    def foot(self) -> Text:
        """Which sample and which update, where there are several."""
        problem = self.reading.trace.problem
        parts = []
        if self.reading.sample is not None:
            parts.append(
                self.say("diagram.sample", number=self.reading.sample, count=problem.samples)
            )
        if problem.updates > 1:
            number = self.reading.before + 1
            parts.append(self.say("diagram.update", number=number, count=problem.updates))
        return word(", ".join(parts)) if parts else ()

    def highlighted(self, light: Light) -> str:
        """What is highlighted: the step, and what it is made of."""
        reading = self.reading
        order = {step.key: place for place, step in enumerate(reading.trace.steps)}
        name = self.voice.name(reading.names.name(reading.highlight))
        used = sorted(light.used, key=lambda key: order.get(key, 0))
        if not used:
            return self.say("alt.hot_alone", name=name)
        told = ", ".join(self.spoken(reading.name(key)) for key in used)
        return self.say("alt.hot", name=name, list=told)

    def title(self) -> str:
        """The problem's name, or the network's shape."""
        problem = self.reading.trace.problem
        if problem.name or not problem.layers:
            return problem.name or self.say("alt.graph").rstrip(".")
        return self.say("alt.network", shape=self.shape()).rstrip(".")

    def shape(self) -> str:
        """``2-2-1``."""
        problem = self.reading.trace.problem
        return "-".join(map(str, (len(problem.inputs[0]), *(la.units for la in problem.layers))))


def wrapped(text: str, width: int = 14) -> tuple[Text, ...]:
    """Words in lines of at most so many letters, where they can be broken.

    >>> [line[0].value for line in wrapped("binary cross entropy")]
    ['binary cross', 'entropy']
    """
    lines: list[str] = []
    for one in text.split():
        if lines and len(lines[-1]) + 1 + len(one) <= width:
            lines[-1] += " " + one
        else:
            lines.append(one)
    return tuple(word(line) for line in lines)


def begun(text: str) -> str:
    """A text with a capital at its beginning; what follows is as it was.

    >>> begun("verdeckte Schicht")
    'Verdeckte Schicht'
    """
    return text[:1].upper() + text[1:]

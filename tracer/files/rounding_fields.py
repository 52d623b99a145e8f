"""What ``rounding``, ``steps`` and ``conventions`` of a problem file may hold.

Read by `fields`, which is the table of the whole problem file.
"""

from __future__ import annotations

from tracer.files.kinds import Either, Field, Named, Switch, Table, Whole, Word
from tracer.model.conventions import CHOICES, Conventions, Steps
from tracer.model.rounding import POLICIES, TIES

PRECISION = (
    Field("figures", Whole(1, 1000), "Significant figures.", 5),
    Field("places", Whole(0, 1000), "Decimal places."),
)
ROLE_PRECISION = Either(
    (Whole(0, 1000), Word(("exact",), "precision"), Table(PRECISION, "a precision")),
    "a precision is a whole number, {figures: n}, {places: n}, or exact",
)

ROUNDING = Table(
    (
        *PRECISION,
        Field("policy", Word(POLICIES, "rounding policy"), "When to round.", "carried"),
        Field("ties", Word(TIES, "rule for ties"), "How 0.5 rounds.", "half_up"),
        Field(
            "roles",
            Named(ROLE_PRECISION, "roles"),
            "Precision of single roles, e.g. {z: exact, update: {places: 5}}.",
        ),
        Field("givens", Switch((True, False)), "Round given numbers too.", False),
    ),
    "a rounding such as {figures: 5}",
)


def _choices(model: type, what: str, descriptions: dict[str, str]) -> Table:
    """A table of the choices that the model room declares."""
    return Table(
        tuple(
            Field(name, Word(words, f"choice for {name}"), descriptions[name])
            for name, words in CHOICES[model].items()
        ),
        what,
    )


STEPS = _choices(
    Steps,
    "the granularity of the steps",
    {
        "da": "dL/da of each unit: a line of its own, or inside the delta's.",
        "slope": "f'(z) of each unit: a line of its own, or inside the delta's.",
        "gradient": "dL/dw: a line of its own, or inside the update's.",
        "increment": "What the update adds: a line of its own, or inside it.",
    },
)

CONVENTIONS = _choices(
    Conventions,
    "conventions",
    {
        "delta": "dL/dz, or t-o: its negative, and the update adds.",
        "factors": "Order of the factors in a delta's line.",
        "shortcut": "When delta = a - y is written in one line.",
    },
)

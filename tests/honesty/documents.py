"""Random documents: a problem, how its numbers are rounded, and how its page is printed.

Each seed gives another combination; the first seeds go through every value of every
choice, so that a short run of documents has met them all.  Only this module of the folder
knows the product: the reader is handed text.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.backprop.problems import problem_of
from tests.oracles.networks import random_network
from tests.oracles.programs import random_program
from tracer.backprop.tracing import trace
from tracer.errors import CalculationError
from tracer.model.problem import Problem, Report
from tracer.model.rounding import Precision, Rounding
from tracer.rendering.page import render

FORMATS = ("github", "dollar", "plain", "ascii", "latex")
OTHERS = {7: "typst", 3: "html"}
"""Of eleven documents, these are of other formats."""
MARKDOWN = FORMATS[:4]
NOTATIONS = ("nielsen", "ng", "mazur", "gfg", "ufldl", "cs231n", "han-kamber", "torch")
POLICIES = ("carried", "shown", "exact")
DETAILS = ("standard", "full", "brief")
FORMS = ("scalar", "matrix", "both")
_ROLES = ("z", "a", "delta", "dw", "update", "loss", "da", "slope", "increment")


@dataclass(frozen=True)
class Document:
    """A printed page and what it was made from."""

    seed: int
    text: str
    chosen: dict[str, str]
    """Format, notation, policy and the like, as words."""


def document(seed: int) -> Document:
    """The document of a seed; a problem whose numbers fail is replaced by the next one."""
    for attempt in range(20):
        draw = Random(f"{seed}.{attempt}")
        problem, chosen = _problem(seed, attempt, draw)
        chosen |= {
            "format": OTHERS.get(seed % 11, FORMATS[seed % len(FORMATS)]),
            "detail": DETAILS[seed // 5 % len(DETAILS)],
            "form": draw.choice(FORMS),
            "comma": draw.choice(["", "", "comma"]),
        }
        try:
            found = trace(problem, prove=seed % 4 == 0)
        except CalculationError:
            continue
        page = render(
            found,
            "markdown" if chosen["format"] in MARKDOWN else chosen["format"],
            chosen["format"] if chosen["format"] in MARKDOWN else "",
            chosen["notation"],
            chosen["detail"],
            chosen["form"],
            comma=bool(chosen["comma"]),
        )
        return Document(seed, str(page), chosen)
    raise AssertionError(f"seed {seed}: twenty problems fail")


def _problem(seed: int, attempt: int, draw: Random) -> tuple[Problem, dict[str, str]]:
    policy = POLICIES[seed % len(POLICIES)]
    rounding = _rounding(policy, draw)
    chosen = {"policy": policy, "notation": NOTATIONS[seed % len(NOTATIONS)]}
    chosen["givens"] = "rounded" if rounding.givens else ""
    at = 1000 * attempt + seed
    if seed % 6 == 5:
        program = random_program(at)
        changes: dict[str, Any] = {}
        if draw.random() < 0.8:
            changes = {
                "loss": "L",
                "learn": list(program.given)[: draw.randint(1, 3)],
                "settings": {"rate": draw.choice(["0.25", "0.1"])},
                "updates": draw.choice([1, 1, 2]),
            }
        problem = Problem(
            given=program.given, equations=program.lines, rounding=rounding, **changes
        )
        return problem, chosen | {"kind": "equations"}
    network = random_network(at, deepest=3, widest=3, batch=3)
    activations = {layer.activation for layer in network.layers}
    return _layers(network, rounding, draw), chosen | {
        "kind": "layers",
        "activations": " ".join(sorted(activations)),
        "loss": network.loss,
    }


def _layers(network: Any, rounding: Rounding, draw: Random) -> Problem:
    changes: dict[str, Any] = {"rounding": rounding, "updates": draw.choice([1, 1, 1, 2, 4])}
    samples = network.samples
    if samples > 1 and draw.random() < 0.3:
        changes["batch"] = draw.choice(["online", [[1], list(range(2, samples + 1))]])
    if draw.random() < 0.2:
        parameters = list(network.parameters())
        changes["freeze"] = draw.choice([["biases"], draw.sample(parameters, 1), ["w1"]])
    if draw.random() < 0.2:
        changes["report"] = {"MSE": Report("mean_squared_error", draw.choice(["sum", "mean"]))}
    return problem_of(network, **changes)


def _rounding(policy: str, draw: Random) -> Rounding:
    roles = {}
    for role in draw.sample(_ROLES, 2) if draw.random() < 0.3 else ():
        roles[role] = draw.choice([Precision(), Precision(places=5), Precision(figures=4)])
    precision = draw.choice(
        [Precision(figures=n) for n in (2, 3, 4, 5, 5, 7)]
        + [Precision(places=n) for n in (3, 4, 6)]
    )
    ties = draw.choice(["half_up", "half_up", "half_even"])
    return Rounding(precision, policy, ties, roles, givens=draw.random() < 0.1)

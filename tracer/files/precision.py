"""The rounding that a problem file declares.

Takes what was read of the whole problem; gives a `Rounding`: the precision for everything,
those of single roles, policy, ties and given numbers.  Roles of a layer network are known,
those of an author's equations are their names.  Faults are reported with their paths, not
raised.  Read by `assembling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracer.files.functions import Report
from tracer.files.places import Path
from tracer.files.wording import unknown
from tracer.model.rounding import EXACT, Precision, Rounding

_ROLES = ("z", "a", "loss", "da", "slope", "delta", "dw", "db", "w", "b", "y")
"""Roles of a layer network that may have a precision of their own."""


def rounding_of(data: Mapping[str, Any], fault: Report) -> Rounding:
    """The rounding of a problem.

    Args:
        data: what was read of the whole problem (equations have roles by their names).
        fault: where errors go, with their paths.
    """
    told = data.get("rounding", {})
    precision = Precision(figures=5)
    if {"figures", "places"} & set(told):
        precision = _precision(told, ("rounding",), fault)
    unit = "places" if "places" in told else "figures"
    roles, known = {}, _known_roles(data)
    for role, wanted in told.get("roles", {}).items():
        path: Path = ("rounding", "roles", role)
        if role not in known:
            fault(path, unknown("role", role, known), key=True)
        elif wanted == "exact":
            roles[role] = EXACT
        else:
            wanted = wanted if isinstance(wanted, dict) else {unit: wanted}
            roles[role] = _precision(wanted, path, fault)
    options = {key: told[key] for key in ("policy", "ties", "givens") if key in told}
    return Rounding(precision, roles=roles, **options)


def _precision(data: Mapping[str, Any], path: Path, fault: Report) -> Precision:
    told = {key: data[key] for key in ("figures", "places") if key in data}
    if len(told) != 1 or told.get("figures") == 0:
        fault(path, "a precision is either figures (at least 1) or places")
        return EXACT
    return Precision(**told)


def _known_roles(data: Mapping[str, Any]) -> list[str]:
    common = ["increment", "update"]
    if "equations" not in data:
        return [*_ROLES, *common, *data.get("report", ())]
    names = [text.partition("=")[0].strip() for text in data["equations"]]
    names += data.get("given", ())
    return [*names, *(f"d{name}" for name in names), *common]

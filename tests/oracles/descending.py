"""Every optimizer once more in plain Python, written from its cited source.

Each is a function of the parameter, its gradient, the number of the update (from 1) and
a dictionary that it keeps between updates; it gives the new parameter.  The numbers may
be of any kind; `number` makes one of a text, and roots are powers of one half.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Update = Callable[[Any, Any, int, dict[str, Any]], Any]


def updates(number: Callable[[str], Any], **settings: str) -> dict[str, Update]:
    """All optimizers by name.

    Args:
        number: makes a number of a text.
        settings: ``rate``, ``beta``, ``beta1``, ``beta2``, ``epsilon``, ``decay``.
    """
    given = {name: number(text) for name, text in settings.items()}
    rate, beta, eps = given["rate"], given["beta"], given["epsilon"]
    beta1, beta2, decay = given["beta1"], given["beta2"], given["decay"]
    zero, half = number("0"), number("0.5")

    def sqrt(x: Any) -> Any:
        return x**half

    def kept(state: dict[str, Any], name: str) -> Any:
        return state.get(name, zero)

    def momentum(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:  # v = beta v + g
        s["v"] = beta * kept(s, "v") + g
        return w - rate * s["v"]

    def momentum_step(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:  # v = beta v - rate g
        s["v"] = beta * kept(s, "v") - rate * g
        return w + s["v"]

    def momentum_subtracted(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["v"] = beta * kept(s, "v") + rate * g
        return w - s["v"]

    def momentum_averaged(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["v"] = beta * kept(s, "v") + (1 - beta) * g
        return w - rate * s["v"]

    def nesterov(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["v"] = beta * kept(s, "v") + g
        return w - rate * (g + beta * s["v"])

    def adagrad(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["r"] = kept(s, "r") + g * g
        return w - rate * g / (sqrt(s["r"]) + eps)

    def adagrad_inside(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["r"] = kept(s, "r") + g * g
        return w - rate * g / sqrt(s["r"] + eps)

    def rmsprop(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["r"] = beta * kept(s, "r") + (1 - beta) * g * g
        return w - rate * g / (sqrt(s["r"]) + eps)

    def rmsprop_inside(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["r"] = beta * kept(s, "r") + (1 - beta) * g * g
        return w - rate * g / sqrt(s["r"] + eps)

    def moments(g: Any, t: int, s: dict[str, Any], corrected: bool) -> tuple[Any, Any]:
        s["m"] = beta1 * kept(s, "m") + (1 - beta1) * g
        s["v"] = beta2 * kept(s, "v") + (1 - beta2) * g * g
        if not corrected:
            return s["m"], s["v"]
        return s["m"] / (1 - beta1**t), s["v"] / (1 - beta2**t)

    def adam(corrected: bool, inside: bool, weight_decay: bool = False) -> Update:
        def update(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
            m, v = moments(g, t, s, corrected)
            root = sqrt(v + eps) if inside else sqrt(v) + eps
            shrunk = w - rate * decay * w if weight_decay else w
            return shrunk - rate * m / root

        return update

    def adadelta(w: Any, g: Any, t: int, s: dict[str, Any]) -> Any:
        s["r"] = beta * kept(s, "r") + (1 - beta) * g * g
        step = sqrt(kept(s, "d") + eps) / sqrt(s["r"] + eps) * g
        s["d"] = beta * kept(s, "d") + (1 - beta) * step * step
        return w - rate * step

    return {
        "gradient_descent": lambda w, g, t, s: w - rate * g,
        "gradient_descent_decay": lambda w, g, t, s: w - rate * (g + decay * w),
        "momentum": momentum,
        "momentum_step": momentum_step,
        "momentum_subtracted": momentum_subtracted,
        "momentum_averaged": momentum_averaged,
        "nesterov": nesterov,
        "adagrad": adagrad,
        "adagrad_inside": adagrad_inside,
        "rmsprop": rmsprop,
        "rmsprop_inside": rmsprop_inside,
        "adam": adam(corrected=True, inside=False),
        "adam_inside": adam(corrected=True, inside=True),
        "adam_uncorrected": adam(corrected=False, inside=False),
        "adam_uncorrected_inside": adam(corrected=False, inside=True),
        "adamw": adam(corrected=True, inside=False, weight_decay=True),
        "adadelta": adadelta,
    }

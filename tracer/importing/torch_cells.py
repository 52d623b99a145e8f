"""Recurrent cells in PyTorch: one step after another, by its own functions.

Takes a layer, its parameters and settings, and what comes in; gives the states.  PyTorch's
habits (two biases, the reset gate behind its matrix, backpropagation through all time) are
followed, unless the numbers are to be exactly the problem's.  Read by `torch_layers`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracer.importing.torch_leaves import SECOND, nested
from tracer.importing.torch_states import GATES
from tracer.model.layer import Layer


class Cells:
    """The recurrent layers of a network.

    Args:
        torch: the package.
        activation: a function by its name and settings.
        exactly: just what the problem says, or PyTorch's habits.
    """

    def __init__(
        self, torch: Any, activation: Callable[[Any, Any, Any], Any], exactly: bool
    ) -> None:
        self.torch, self.activation, self.exactly = torch, activation, exactly

    def __call__(self, layer: Layer, p: Any, s: Any, x: Any) -> Any:
        """One cell over the time steps; what is cut off is detached."""
        state = [self.start(s.get(f"initial_{name}"), layer, x) for name in ("h", "c")]
        states = []
        for step, row in enumerate(x.unbind(1), 1):
            if self.exactly and layer.is_cut(step):
                state = [part.detach() for part in state]
            state = self.cell(layer.type, p, s, row, state)
            states.append(state[0])
        return states[-1] if s["return"] == "last" else self.torch.stack(states, 1)

    def start(self, told: Any, layer: Layer, x: Any) -> Any:
        row = nested(told) if told else [0.0] * layer.units
        return self.torch.tensor(row, dtype=x.dtype).expand(x.shape[0], layer.units)

    def cell(self, kind: str, p: Any, s: Any, x: Any, state: list[Any]) -> list[Any]:
        torch, h = self.torch, state[0]
        zero = torch.zeros(h.shape[1], dtype=h.dtype)
        if kind == "elman":
            bias = p.get("b", zero) + p.get(f"b {SECOND}", zero)
            z = x @ p["W"].T + h @ p["U"].T + bias
            return [self.activation(s["activation"], {}, z), state[1]]
        gates = GATES[kind]
        w, u = (torch.cat([p[f"{letter}{gate}"] for gate in gates]) for letter in "WU")
        if kind == "lstm":
            first, other = (
                torch.cat([p.get(f"b{gate}{mark}", zero) for gate in gates])
                for mark in ("", f" {SECOND}")
            )
            return list(torch.lstm_cell(x, tuple(state), w, u, first, other))
        return [self.gru(p, s, x, h, zero), state[1]]

    def gru(self, p: Any, s: Any, x: Any, h: Any, zero: Any) -> Any:
        """PyTorch's cell; the published forms that it has not, by its elementary functions."""
        torch = self.torch
        keep = not self.exactly or s["keep"] == "u"
        sign = 1.0 if keep else -1.0  # 1 - u is the gate of the opposite sum

        def bias(name: str) -> Any:
            return p.get(name, zero) + p.get(f"{name} {SECOND}", zero)

        if not self.exactly or s["reset"] == "after":
            w = torch.cat([p["Wr"], sign * p["Wu"], p["Wn"]])
            u = torch.cat([p["Ur"], sign * p["Uu"], p["Un"]])
            b = torch.cat([bias("br"), sign * bias("bu"), bias("bn")])
            return torch.gru_cell(x, h, w, u, b, torch.cat([zero, zero, bias("bm")]))
        r = torch.sigmoid(x @ p["Wr"].T + h @ p["Ur"].T + bias("br"))
        z = torch.sigmoid(sign * (x @ p["Wu"].T + h @ p["Uu"].T + bias("bu")))
        n = torch.tanh(x @ p["Wn"].T + (r * h) @ p["Un"].T + bias("bn"))
        return torch.lerp(n, h, z)

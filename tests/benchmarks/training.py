"""Goals 3 and 4: a recorded run beside article 000's loop, PyTorch and micrograd.

Each route runs in a process of its own in every round, as a user pays for it, and tells
how long it prepared (building, compiling) and ran; NumPy is loaded before the clock
starts, PyTorch's import is told apart.  What is told is processor time, which what else
runs on the machine changes little.  Then the three compiled forms beside each other
as networks grow.  Run with ``python -m tests.benchmarks.training``.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from tests.backprop.runs import INPUTS, TARGETS, xor
from tests.benchmarks.networks import network
from tests.benchmarks.paired import INSTALLED

EPOCHS = 10_000
ROUNDS = 7
Seconds = tuple[float, float]
"""Preparing, running."""


def article() -> Seconds:
    """Article 000's loop in NumPy, which records nothing."""
    x, y = np.array(INPUTS), np.array(TARGETS)
    np.random.seed(1)
    w1, b1 = np.random.uniform(size=(2, 2)), np.random.uniform(size=(1, 2))
    w2, b2 = np.random.uniform(size=(2, 1)), np.random.uniform(size=(1, 1))
    start = time.process_time()
    for _ in range(EPOCHS):
        hidden = 1 / (1 + np.exp(-(np.dot(x, w1) + b1)))
        predicted = 1 / (1 + np.exp(-(np.dot(hidden, w2) + b2)))
        error = y - predicted
        d_predicted = error * (predicted * (1 - predicted))
        d_hidden = d_predicted.dot(w2.T) * (hidden * (1 - hidden))
        w2 += hidden.T.dot(d_predicted) * 0.1
        b2 += np.sum(d_predicted, axis=0, keepdims=True) * 0.1
        w1 += x.T.dot(d_hidden) * 0.1
        b1 += np.sum(d_hidden, axis=0, keepdims=True) * 0.1
    return 0.0, time.process_time() - start


def ours(how: str, with_import: bool = False) -> Seconds:
    """Our run, every line of the walkthrough kept; its preparation counted apart."""
    loading = _loading() if with_import else 0.0
    from tracer.backprop.compiled.machine import Machine
    from tracer.backprop.training import train

    problem = xor()
    start = time.process_time()
    Machine(problem, "all", how).batches  # noqa: B018 builds the plan and compiles it
    prepared = time.process_time() - start
    start = time.process_time()
    history = train(problem, EPOCHS, how=how)
    ran = time.process_time() - start  # prepares once more: that is taken off again
    assert len(history) == EPOCHS + 1
    return prepared + loading, ran - prepared


def _loading() -> float:
    """Seconds that importing our training takes after NumPy, compiled files in place."""
    code = (
        "import numpy, time; start = time.process_time(); import tracer.backprop.training; "
        "print(time.process_time() - start)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=INSTALLED)
    return float(done.stdout)


def by_torch(record: bool) -> Seconds:
    """PyTorch in eager mode, as its tutorials write it."""
    start = time.process_time()
    import torch

    torch.set_num_threads(1)
    prepared = time.process_time() - start
    problem = xor()
    x, y = torch.tensor(INPUTS, dtype=torch.float64), torch.tensor(TARGETS, dtype=torch.float64)
    parameters = [
        torch.tensor(np.array(numbers, float), requires_grad=True)
        for layer in problem.layers
        for numbers in (layer.weights, layer.biases)
    ]
    w1, b1, w2, b2 = parameters
    kept = []
    start = time.process_time()
    for _ in range(EPOCHS):
        z1 = x @ w1.T + b1
        a1 = torch.sigmoid(z1)
        z2 = a1 @ w2.T + b2
        a2 = torch.sigmoid(z2)
        loss = 0.5 * ((y - a2) ** 2).sum()
        inner = (z1, a1, z2, a2)
        if record:
            for value in inner:
                value.retain_grad()
        loss.backward()
        if record:
            gradients = [value.grad for value in (*inner, *parameters)]
            values = [value.detach().clone() for value in (*inner, *parameters, loss)]
            kept.append((values, [g.clone() for g in gradients]))
        with torch.no_grad():
            for parameter in parameters:
                parameter -= 0.1 * parameter.grad
                parameter.grad = None
    return prepared, time.process_time() - start


def by_micrograd() -> Seconds:
    """micrograd, a twentieth of the run, scaled."""
    import math

    from micrograd.engine import Value

    def sigmoid(x: Value) -> Value:
        out = Value(1 / (1 + math.exp(-x.data)), (x,), "sigmoid")

        def backward() -> None:
            x.grad += out.data * (1 - out.data) * out.grad

        out._backward = backward
        return out

    first, second = xor().layers
    w1 = [[Value(float(w)) for w in row] for row in first.weights]
    b1 = [Value(float(b)) for b in first.biases]
    w2, b2 = [Value(float(w)) for w in second.weights[0]], Value(float(second.biases[0]))
    parameters = [*w1[0], *w1[1], *b1, *w2, b2]
    kept = []
    start = time.process_time()
    for _ in range(EPOCHS // 20):
        loss, inner = Value(0.0), []
        for x, (y,) in zip(INPUTS, TARGETS, strict=True):
            a = [sigmoid(w1[j][0] * x[0] + w1[j][1] * x[1] + b1[j]) for j in range(2)]
            out = sigmoid(w2[0] * a[0] + w2[1] * a[1] + b2)
            loss = loss + 0.5 * ((y - out) * (y - out))
            inner += [*a, out]
        for parameter in parameters:
            parameter.grad = 0.0
        loss.backward()
        kept.append([(value.data, value.grad) for value in (*inner, *parameters, loss)])
        for parameter in parameters:
            parameter.data -= 0.1 * parameter.grad
    return 0.0, (time.process_time() - start) * 20


ROUTES: dict[str, Callable[[], Seconds]] = {
    "article 000's loop, nothing recorded": article,
    "tracer, straight-line": lambda: ours("straight"),
    "tracer, straight-line, its import counted": lambda: ours("straight", with_import=True),
    "tracer, NumPy": lambda: ours("numpy"),
    "PyTorch, nothing recorded": lambda: by_torch(False),
    "PyTorch, the same recorded": lambda: by_torch(True),
    "micrograd, recorded": by_micrograd,
}
GOALS = {
    "tracer, straight-line": 0.20,
    "tracer, straight-line, its import counted": 0.20,
    "tracer, NumPy": 1.1,
}
NEEDS = {"PyTorch": "torch", "micrograd": "micrograd"}


def recorded_runs() -> None:
    """The table of goals 3 and 4."""
    routes = [
        name
        for name in ROUTES
        if all(
            not name.startswith(peer) or importlib.util.find_spec(package)
            for peer, package in NEEDS.items()
        )
    ]
    times: dict[str, list[Seconds]] = {name: [] for name in routes}
    for _ in range(ROUNDS):
        for name in routes:
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.training", name],
                capture_output=True,
                text=True,
                check=True,
                env=INSTALLED,
            )
            times[name].append(tuple(json.loads(done.stdout)))
    base = routes[0]
    print(f"\nGoals 3 and 4: XOR 2-2-1, batch of 4, {EPOCHS} epochs (median of {ROUNDS}, range)")
    print(f"{'':44s}{'prepare ms':>11s}{'run ms':>9s}   (prepare + run) / the article's loop")
    for name in routes:
        print(
            f"{name:44s}{_ms(times[name], 0):11.1f}{_ms(times[name], 1):9.1f}   "
            f"{_ratio(times[name], times[base], name)}"
        )
    recorded = "PyTorch, the same recorded"
    for peer in (recorded, "micrograd, recorded"):
        if peer in times:
            print(f"tracer, straight-line / {peer}: ", end="")
            print(_ratio(times["tracer, straight-line"], times[peer], "", goal=0.03))


def _ms(times: list[Seconds], part: int) -> float:
    return statistics.median(seconds[part] for seconds in times) * 1e3


def _ratio(mine: list[Seconds], others: list[Seconds], name: str, goal: float | None = None) -> str:
    ratios = [sum(m) / sum(o) for m, o in zip(mine, others, strict=True)]
    goal = GOALS.get(name, goal)
    middle = statistics.median(ratios)
    verdict = "" if goal is None else f"  goal {goal:g}: {'met' if middle <= goal else 'MISSED'}"
    return f"{middle:.4f} ({min(ratios):.4f}-{max(ratios):.4f}){verdict}"


BY_SIZE = [
    [2, 2, 2],
    [2, 4, 3, 1],
    [4, 4, 4],
    [4, 8, 8, 3],
    [8, 8, 8],
    [12, 12, 12],
    [16, 16, 16],
    [16, 32, 32, 10],
]


def forms_by_size() -> None:
    """One recorded update in each form, as networks grow."""
    from tests.benchmarks.paired import compare
    from tracer.backprop.compiled.machine import Machine
    from tracer.backprop.variants import train_variants

    many, updates = 1000, 200
    for sizes in BY_SIZE:
        problem = network(sizes)
        tasks: dict[str, Callable[[], object]] = {}
        per = {}
        for how in ("straight", "numpy"):
            machine = Machine(problem, "all", how)
            rows = np.zeros((updates, machine.layout().width))
            tasks[how] = partial(machine.advance, 0, updates, rows, machine.start())
            per[how] = updates
        if rows.shape[1] < 400:
            rates = {"rate": np.linspace(0.1, 1, many)}
            tasks[f"columns, {many} variants"] = partial(train_variants, problem, rates)
            per[f"columns, {many} variants"] = many
        chosen = Machine(problem, "all").how
        title = f"{'-'.join(map(str, sizes))}: {rows.shape[1]} numbers; chosen: {chosen}"
        compare(title, tasks, "numpy", per=per)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(ROUTES[sys.argv[1]]()))
    else:
        recorded_runs()
        forms_by_size()

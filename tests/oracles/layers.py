"""Networks of layers of several types, written once more from their definitions.

`loss_of` reads a problem as plain data (what a YAML reader gives) and works its forward
pass out in scalar code over any kind of number; with mpmath it is differentiated by
central differences.  It shares nothing with tracer: samples are nested lists, loops are
loops.  Numbers of parameters come by tracer's keys, so that each can be moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath

Values = Mapping[str, Any]
Matrix = list[list[Any]]


def number(text: Any) -> mpmath.mpf:
    """A number's text, ``1/3`` too."""
    top, _, bottom = str(text).partition("/")
    return mpmath.mpf(top) / mpmath.mpf(bottom or "1")


def numbers(value: Any) -> Any:
    """Nested lists of texts as nested lists of numbers."""
    return [numbers(part) for part in value] if isinstance(value, list) else number(value)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + mpmath.exp(-z))


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": sigmoid,
    "tanh": mpmath.tanh,
    "identity": lambda z: z,
    "relu": lambda z: max(z, mpmath.mpf(0)),
}


def dot(left: list[Any], right: list[Any]) -> Any:
    return sum((a * b for a, b in zip(left, right, strict=True)), mpmath.mpf(0))


def times(matrix: Matrix, vector: list[Any]) -> list[Any]:
    return [dot(row, vector) for row in matrix]


def plus(*vectors: list[Any]) -> list[Any]:
    return [sum(cells, mpmath.mpf(0)) for cells in zip(*vectors, strict=True)]


def columns(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def softmax(row: list[Any]) -> list[Any]:
    powers = [mpmath.exp(z) for z in row]
    return [power / sum(powers) for power in powers]


@dataclass
class Network:
    """One problem, and its parameters by key."""

    data: Mapping[str, Any]
    values: Values
    found: dict[str, Any] = field(default_factory=dict)

    def array(self, label: str, name: str, told: Any, index: str = "") -> Any:
        """A parameter with the numbers of `values`, in the shape that the file gives."""
        if isinstance(told, list):
            return [
                self.array(label, name, part, f"{index},{place}".strip(","))
                for place, part in enumerate(told, 1)
            ]
        key = f"{label}.{name}" if label else name
        return self.values[f"{key}[{index}]" if index else key]

    def loss(self) -> Any:
        """The loss of all samples."""
        outputs: dict[str, Any] = {"inputs": self.inputs()}
        before = "inputs"
        for place, layer in enumerate(self.data["layers"], 1):
            kind = layer.get("type", "dense")
            told = layer.get("from", [])
            sources = [told] if isinstance(told, str) else list(told)
            if not sources or (kind == "residual" and before not in sources):
                sources = [before, *sources]
            taken = [outputs[name] for name in sources]
            coming = taken[0]
            if len(taken) > 1:
                join = _concatenated if layer.get("combine") == "concat" else _added
                coming = [join(parts) for parts in zip(*taken, strict=True)]
            before = layer.get("name", f"{kind}{place}")
            outputs[before] = self.layer(kind, layer, place, coming)
        return self.error(outputs[before])

    def inputs(self) -> list[Any]:
        return numbers(self.data["inputs"])  # type: ignore[no-any-return]

    def error(self, outputs: list[Any]) -> Any:
        """Half the squared error; over samples and time steps as the file says."""
        reduction = self.data.get("reduction", {})
        total = mpmath.mpf(0)
        for output, target in zip(outputs, numbers(self.data["targets"]), strict=True):
            cells = zip(_flat(output), _flat(target), strict=True)
            own = sum(((a - y) ** 2 / 2 for a, y in cells), mpmath.mpf(0))
            total += own / len(output) if reduction.get("time") == "mean" else own
        return total / len(outputs) if reduction.get("batch") == "mean" else total

    def layer(self, kind: str, layer: Mapping[str, Any], place: int, x: list[Any]) -> list[Any]:
        label = f"{kind}{place}"
        given = {
            name: self.array(label, name, told)
            for name, told in layer.items()
            if any(
                key == f"{label}.{name}" or key.startswith(f"{label}.{name}[")
                for key in self.values
            )
        }
        if kind == "dense":
            return self.dense(layer, place, x)
        if kind == "batch_norm":
            return batch_norm(layer, given, x)
        if kind == "tied":
            told = self.data["layers"]
            source = next(n for n, one in enumerate(told, 1) if one.get("name") == layer["to"])
            given["W"] = self.array("", f"w{source}", told[source - 1]["weights"])
        if kind == "dropout":
            mask = numbers(layer.get("mask", [1] * len(x[0])))
            every = _depth(mask) > _depth(x[0])
            masks = mask if every else [mask] * len(x)
            return [dropout(layer, m, one) for m, one in zip(masks, x, strict=True)]
        return [
            LAYERS[kind]({**layer, "seen": seen(layer, place, len(x))}, given, sample)
            for place, sample in enumerate(x)
        ]

    def dense(self, layer: Mapping[str, Any], place: int, x: list[Any]) -> list[Any]:
        weights = self.array("", f"w{place}", layer["weights"])
        biases = layer.get("biases", False)
        bias = [mpmath.mpf(0)] * len(weights)
        if biases is not False:
            bias = self.array("", f"b{place}", biases)
        activation = FUNCTIONS[layer.get("activation", "sigmoid")]

        def unit(vector: list[Any]) -> list[Any]:
            return [activation(z) for z in plus(times(weights, vector), bias)]

        return [
            [unit(step) for step in sample]
            if isinstance(sample[0], list) and _depth(sample) == 2 and not _image(sample)
            else unit(list(_flat(sample)))
            for sample in x
        ]


class Image(list[Any]):
    """Channels of an image, to be told from the steps of a sequence."""


def _image(sample: Any) -> bool:
    return isinstance(sample, Image)


def _depth(value: Any) -> int:
    return 1 + _depth(value[0]) if isinstance(value, list) else 0


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for part in value:
            yield from _flat(part)
    else:
        yield value


def _added(parts: tuple[Any, ...]) -> Any:
    if isinstance(parts[0], list):
        return [_added(same) for same in zip(*parts, strict=True)]
    return sum(parts, mpmath.mpf(0))


def _concatenated(parts: tuple[Any, ...]) -> Any:
    if isinstance(parts[0][0], list):
        return [_concatenated(same) for same in zip(*parts, strict=True)]
    return [cell for part in parts for cell in part]


def _each(function: Callable[[list[Any]], list[Any]], x: list[Any]) -> list[Any]:
    """A function of units, on each time step of a sequence."""
    return [function(step) for step in x] if isinstance(x[0], list) else function(x)


# --- one function a type --------------------------------------------------------------------


def dropout(layer: Mapping[str, Any], mask: list[Any], x: list[Any]) -> list[Any]:
    if isinstance(x[0], list):
        return [dropout(layer, m, one) for m, one in zip(mask, x, strict=True)]
    rate, inverted = number(layer["rate"]), layer.get("inverted", True)
    if layer.get("mode") == "test":
        return x if inverted else [a * (1 - rate) for a in x]
    share = 1 - rate if inverted else mpmath.mpf(1)
    return [m * a / share for m, a in zip(mask, x, strict=True)]


def batch_norm(layer: Mapping[str, Any], given: Mapping[str, Any], x: Matrix) -> Matrix:
    epsilon = number(layer.get("epsilon", "1e-5"))
    found = []
    for unit, values in enumerate(columns(x)):
        if layer.get("mode") == "test":
            mean = number(layer["running_mean"][unit])
            variance = number(layer["running_variance"][unit])
        else:
            mean = sum(values) / len(values)
            variance = sum((v - mean) ** 2 for v in values) / len(values)
        gamma = given.get("gamma", [1] * len(x[0]))[unit]
        beta = given.get("beta", [0] * len(x[0]))[unit]
        found.append([gamma * (v - mean) / mpmath.sqrt(variance + epsilon) + beta for v in values])
    return columns(found)


def _normed(row: list[Any], gamma: list[Any], beta: list[Any], epsilon: Any) -> list[Any]:
    mean = sum(row) / len(row)
    variance = sum((v - mean) ** 2 for v in row) / len(row)
    root = mpmath.sqrt(variance + epsilon)
    return [g * (v - mean) / root + b for v, g, b in zip(row, gamma, beta, strict=True)]


def layer_norm(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    epsilon = number(layer.get("epsilon", "1e-5"))
    return _each(lambda row: _normed(row, given["gamma"], given["beta"], epsilon), x)


def rms_norm(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    epsilon = number(layer.get("epsilon", "1e-5"))

    def unit(row: list[Any]) -> list[Any]:
        root = mpmath.sqrt(sum(v * v for v in row) / len(row) + epsilon)
        return [g * v / root for v, g in zip(row, given["gamma"], strict=True)]

    return _each(unit, x)


def prelu(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    slope = given["slope"]

    def unit(row: list[Any]) -> list[Any]:
        slopes = slope if isinstance(slope, list) else [slope] * len(row)
        return [v if v > 0 else s * v for v, s in zip(row, slopes, strict=True)]

    return _each(unit, x)


def activation(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    function = FUNCTIONS[layer["function"]]
    return _each(lambda row: [function(value) for value in row], x)


def maxout(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    def unit(row: list[Any]) -> list[Any]:
        sums = [
            plus(times(w, row), given["b"][k]) if "b" in given else times(w, row)
            for k, w in enumerate(given["W"])
        ]
        return [max(cells) for cells in zip(*sums, strict=True)]

    return _each(unit, x)


def tied(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    function = FUNCTIONS[layer.get("activation", "identity")]
    turned = columns(given["W"])
    return _each(lambda row: [function(z) for z in plus(times(turned, row), given["b"])], x)


def flatten(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    return list(_flat(x))


def residual(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    return x


def conv(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    axes = layer.get("dimensions", 2)
    channels = x if _depth(x) > axes else [x]
    kernels = given["K"]
    if len(channels) == 1:
        kernels = [[one] for one in (kernels if _depth(kernels) > axes else [kernels])]
    elif _depth(kernels) == axes + 1:
        kernels = [kernels]
    biases = given.get("b", [mpmath.mpf(0)] * len(kernels))
    biases = biases if isinstance(biases, list) else [biases]
    stride, pad = layer.get("stride", 1), layer.get("pad", 0)
    function = FUNCTIONS[layer.get("activation", "identity")]
    found = Image()
    for kernel, bias in zip(kernels, biases, strict=True):
        sums = [_slid(c, k, stride, pad) for c, k in zip(channels, kernel, strict=True)]
        whole = _added(tuple(sums))
        found.append(_mapped(whole, lambda z, b=bias: function(z + b)))
    return found


def _mapped(value: Any, function: Callable[[Any], Any]) -> Any:
    if isinstance(value, list):
        return [_mapped(part, function) for part in value]
    return function(value)


def _slid(image: Any, kernel: Any, stride: int, pad: int) -> Any:
    """A kernel slid over an image or a signal, zeros around it."""
    one = _depth(image) == 1
    rows: Matrix = [image] if one else image
    small: Matrix = [kernel] if one else kernel
    down = 0 if one else pad
    step = 1 if one else stride
    width, height = len(rows[0]) + 2 * pad, len(rows) + 2 * down

    def at(i: int, j: int) -> Any:
        inside = 0 <= i - down < len(rows) and 0 <= j - pad < len(rows[0])
        return rows[i - down][j - pad] if inside else mpmath.mpf(0)

    found = [
        [
            sum(
                (
                    at(i + p, j + q) * small[p][q]
                    for p in range(len(small))
                    for q in range(len(small[0]))
                ),
                mpmath.mpf(0),
            )
            for j in range(0, width - len(small[0]) + 1, stride)
        ]
        for i in range(0, height - len(small) + 1, step)
    ]
    return found[0] if one else found


def _pooled(choose: Callable[[list[Any]], Any]) -> Callable[..., list[Any]]:
    def pool(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
        size = layer.get("size", 2)
        stride = layer.get("stride", size)
        return Image(_windows(channel, size, stride, choose) for channel in x)

    return pool


def _windows(image: Any, size: int, stride: int, choose: Callable[[list[Any]], Any]) -> Any:
    if _depth(image) == 1:
        return [choose(image[j : j + size]) for j in range(0, len(image) - size + 1, stride)]
    return [
        [
            choose([image[i + p][j + q] for p in range(size) for q in range(size)])
            for j in range(0, len(image[0]) - size + 1, stride)
        ]
        for i in range(0, len(image) - size + 1, stride)
    ]


def embedding(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    return [given["E"][int(place) - 1] for place in x]


def _started(layer: Mapping[str, Any], name: str) -> list[Any]:
    told = layer.get(f"initial_{name}")
    return numbers(told) if told else [mpmath.mpf(0)] * layer["units"]


def _cells(layer: Mapping[str, Any], x: Matrix, step: Callable[..., Any], *memory: str) -> Any:
    """A cell along the time steps; a truncated one forgets where its state came from."""
    state = [_started(layer, name) for name in memory]
    states = []
    for row in x:
        state = step(row, *state)
        states.append(state[0])
    return states[-1] if layer.get("return") == "last" else states


def _gate(given: Mapping[str, Any], name: str, x: list[Any], h: list[Any]) -> list[Any]:
    parts = [times(given[f"W{name}"], x), times(given[f"U{name}"], h)]
    if f"b{name}" in given:
        parts.append(given[f"b{name}"])
    return plus(*parts)


def elman(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    function = FUNCTIONS[layer.get("activation", "tanh")]

    def step(row: list[Any], h: list[Any]) -> list[Any]:
        return [[function(z) for z in _gate(given, "", row, h)]]

    return _cells(layer, x, step, "h")  # type: ignore[no-any-return]


def lstm(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    def step(row: list[Any], h: list[Any], c: list[Any]) -> list[Any]:
        i, f, o = ([sigmoid(z) for z in _gate(given, name, row, h)] for name in "ifo")
        g = [mpmath.tanh(z) for z in _gate(given, "g", row, h)]
        cell = [f[k] * c[k] + i[k] * g[k] for k in range(len(c))]
        return [[o[k] * mpmath.tanh(cell[k]) for k in range(len(c))], cell]

    return _cells(layer, x, step, "h", "c")  # type: ignore[no-any-return]


def gru(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    def step(row: list[Any], h: list[Any]) -> list[Any]:
        r, u = ([sigmoid(z) for z in _gate(given, name, row, h)] for name in "ru")
        if layer.get("reset") == "after":
            old = times(given["Un"], h)
            if "bm" in given:
                old = plus(old, given["bm"])
            old = [a * b for a, b in zip(r, old, strict=True)]
        else:
            old = times(given["Un"], [a * b for a, b in zip(r, h, strict=True)])
        parts = [times(given["Wn"], row), old, *([given["bn"]] if "bn" in given else [])]
        n = [mpmath.tanh(z) for z in plus(*parts)]
        kept = u if layer.get("keep", "u") == "u" else [1 - value for value in u]
        return [[(1 - k) * new + k * was for k, new, was in zip(kept, n, h, strict=True)]]

    return _cells(layer, x, step, "h")  # type: ignore[no-any-return]


def seen(layer: Mapping[str, Any], sample: int, samples: int) -> Callable[[int, int], bool]:
    """Whether a token of a sample sees another, by the masks that the layer gives."""

    def own(name: str, depth: int) -> Any:
        told = layer.get(name)
        if told is None or (name == "mask" and layer["type"] == "dropout"):
            return None
        return told[sample] if _depth(told) > depth else told

    mask, padding = own("mask", 2), own("padding", 1)
    added = "-inf" in str(layer.get("mask"))

    def sees(i: int, j: int) -> bool:
        shown = mask is None or mask[i][j] == ("0" if added else "1")
        there = padding is None or padding[j] == "1"
        return shown and there and not (layer.get("causal") and j > i)

    return sees


def _attended(layer: Mapping[str, Any], given: Mapping[str, Any], x: Matrix) -> Matrix:
    heads = layer.get("heads", 1)
    whole: Any = None
    for head in range(heads):
        wq, wk, wv = (given[n][head] if heads > 1 else given[n] for n in ("Wq", "Wk", "Wv"))
        q, k, v = ([times(columns(w), row) for row in x] for w in (wq, wk, wv))
        scale = mpmath.sqrt(len(q[0])) if layer.get("scale", True) else mpmath.mpf(1)
        rows = []
        for i, query in enumerate(q):
            those = [j for j in range(len(k)) if layer["seen"](i, j)]
            weights = softmax([dot(query, k[j]) / scale for j in those])
            rows.append([dot(weights, column) for column in columns([v[j] for j in those])])
        if "Wo" in given:
            wo = given["Wo"][head] if heads > 1 else given["Wo"]
            rows = [times(columns(wo), row) for row in rows]
        whole = rows if whole is None else _added((whole, rows))
    return whole  # type: ignore[no-any-return]


def attention(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    return _attended(layer, given, x)


def additive(layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]) -> list[Any]:
    q, k = ([times(columns(given[n]), row) for row in x] for n in ("Wq", "Wk"))
    asking = [len(x) - 1] if layer.get("return") == "last" else range(len(x))
    found = []
    for i in asking:
        those = [j for j in range(len(x)) if layer["seen"](i, j)]
        scores = [
            dot([mpmath.tanh(a + b) for a, b in zip(q[i], k[j], strict=True)], given["v"])
            for j in those
        ]
        weights = softmax(scores)
        found.append([dot(weights, column) for column in columns([x[j] for j in those])])
    return found[0] if layer.get("return") == "last" else found


def transformer_block(
    layer: Mapping[str, Any], given: Mapping[str, Any], x: list[Any]
) -> list[Any]:
    epsilon = number(layer.get("epsilon", "1e-5"))
    function = FUNCTIONS[layer.get("activation", "relu")]

    def norm(which: int, rows: Matrix) -> Matrix:
        gamma, beta = given["gamma"][which], given["beta"][which]
        return [_normed(row, gamma, beta, epsilon) for row in rows]

    def fed(rows: Matrix) -> Matrix:
        inner = [
            [function(z) for z in plus(times(columns(given["W1"]), row), given["b1"])]
            for row in rows
        ]
        return [plus(times(columns(given["W2"]), row), given["b2"]) for row in inner]

    if layer.get("norm") == "before":
        r: Matrix = _added((x, _attended(layer, given, norm(0, x))))
        return _added((r, fed(norm(1, r))))  # type: ignore[no-any-return]
    n = norm(0, _added((x, _attended(layer, given, x))))
    return norm(1, _added((n, fed(n))))


LAYERS: dict[str, Callable[..., list[Any]]] = {
    "layer_norm": layer_norm,
    "rms_norm": rms_norm,
    "activation": activation,
    "prelu": prelu,
    "maxout": maxout,
    "residual": residual,
    "tied": tied,
    "flatten": flatten,
    "conv": conv,
    "max_pool": _pooled(max),
    "average_pool": _pooled(lambda cells: sum(cells) / len(cells)),
    "embedding": embedding,
    "elman": elman,
    "lstm": lstm,
    "gru": gru,
    "attention": attention,
    "additive_attention": additive,
    "transformer_block": transformer_block,
}


def central_differences(data: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """dL/dp of every parameter by central differences at mpmath's present precision."""
    h = mpmath.mpf(10) ** -20
    found = {}
    for key in values:
        ends = [Network(data, {**values, key: values[key] + s * h}).loss() for s in (1, -1)]
        found[key] = (ends[0] - ends[1]) / (2 * h)
    return found

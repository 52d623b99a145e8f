"""The equations of a layer network: forward as declared, backward by the chain rule.

Arrays stand in columns: an activation has shape (units, samples), a weight matrix
(units, units of the layer before), a bias (units, 1), or (1, 1) where a layer shares it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction as Rational

from tracer.backprop.plan import Draft
from tracer.backprop.update_plan import write_updates
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.chain import derive
from tracer.calculus.definitions import definition, slope_of
from tracer.calculus.losses import LOSSES
from tracer.calculus.primitives import matmul, shape_of, sum_to
from tracer.calculus.regularizers import REGULARIZERS
from tracer.errors import ProblemError, suggestion
from tracer.formula.differentiating import derivative
from tracer.formula.keys import Key
from tracer.formula.nodes import Apply, Call, Node, Number, Symbol, substitute, symbols
from tracer.formula.parsing import parse
from tracer.formula.rewriting import ONE, fraction, negative, product, tidy, total
from tracer.model.functions import Activation, Loss
from tracer.model.problem import Dense, Problem
from tracer.model.quantity import UNNAMED, Axis, Equation, Index, Quantity, numbered


def write(problem: Problem, batch: Sequence[int], backward: bool) -> Draft:
    """Draft the plan of one update over the samples of `batch`."""
    draft = Draft(problem)
    samples = Axis("sample", len(batch), tuple(batch) if problem.samples > 1 else ())
    _Forward(draft, batch, samples).write()
    if backward and problem.targets and problem.loss is not None and problem.updates:
        _Backward(draft, len(batch), samples).write()
    return draft


def activation_of(layer: Dense) -> Activation:
    """The layer's activation, from the table or its own.

    Raises:
        ProblemError: naming the nearest one in the table.
    """
    if isinstance(layer.activation, Activation):
        return layer.activation
    found = ACTIVATIONS.get(layer.activation)
    if found is None:
        hint = suggestion(layer.activation, ACTIVATIONS)
        raise ProblemError(f"unknown activation '{layer.activation}'{hint}", ("layers",))
    return found


def loss_of(loss: str | Loss) -> Loss:
    """The loss, from the table or a problem's own.

    Raises:
        ProblemError: naming the nearest one in the table.
    """
    if isinstance(loss, Loss):
        return loss
    if loss not in LOSSES:
        raise ProblemError(f"unknown loss '{loss}'{suggestion(loss, LOSSES)}", ("loss",))
    return LOSSES[loss]


def filled(formula: Node, names: Mapping[str, Node]) -> Node:
    """A formula with symbols put in."""
    return substitute(formula, lambda symbol: names.get(symbol.name, symbol))


class _Forward:
    """Writes the given quantities, the forward pass, the loss and the reports."""

    def __init__(self, draft: Draft, batch: Sequence[int], samples: Axis) -> None:
        self.draft = draft
        self.problem = draft.problem
        self.batch = batch
        self.samples = samples

    def write(self) -> None:
        problem = self.problem
        self.given("a0", problem.inputs)
        reductions = [problem.reduction, *(report.reduction for report in problem.report.values())]
        if len(self.batch) > 1 and "mean" in reductions and problem.targets:
            sample_count(self.draft, len(self.batch))
        for number, layer in enumerate(problem.layers, 1):
            self.layer(number, layer)
        if problem.targets:
            self.given("y", problem.targets)
            if problem.loss is not None:
                self.loss(loss_of(problem.loss))
            for name, report in problem.report.items():
                self.report(name, loss_of(report.loss), report.reduction)

    def given(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Inputs or targets: a column for each sample of the batch."""
        axes = (numbered("unit", len(rows[0])), self.samples)
        quantity = Quantity(name, name, axes, "given")
        self.draft.declare(quantity)
        for index in quantity.cells():
            unit, place = index
            self.draft.values[quantity.cell(index)] = rows[self.batch[place] - 1][unit]

    def layer(self, number: int, layer: Dense) -> None:
        before = self.draft.quantities[f"a{number - 1}"]
        unit = numbered("unit", layer.units)
        weights = self.parameter(
            f"w{number}", (unit, numbered("source", before.shape[0])), layer.weights
        )
        terms: list[Node] = [matmul(weights, Symbol(before.name))]
        if layer.biases is not False:
            axes = (UNNAMED if layer.shared_bias else unit, UNNAMED)
            terms.append(self.parameter(f"b{number}", axes, layer.biases))
        axes = (unit, self.samples)
        z = self.draft.write(
            Equation(
                Quantity(f"z{number}", f"z{number}", axes),
                total(terms),
                "preactivation",
                "forward",
                number,
            )
        )
        self.draft.write(
            Equation(
                Quantity(f"a{number}", f"a{number}", axes),
                self.activated(layer, z),
                "activation",
                "forward",
                number,
            )
        )

    def activated(self, layer: Dense, z: Symbol) -> Node:
        activation = activation_of(layer)
        if activation.vector:
            heat = layer.settings.get("temperature", "1")
            scaled = z if Rational(heat) == 1 else fraction(z, Number(heat))
            return Apply(activation.name, (scaled,), (0,))
        if activation.name == "identity":
            return z
        settings = {**activation.settings, **layer.settings}
        return Call(activation.name, (z, *(Number(text) for text in settings.values())))

    def parameter(self, name: str, axes: tuple[Axis, ...], values: object) -> Symbol:
        """A weight matrix or bias, with what of it is missing or frozen."""
        missing: set[Index] = set()
        texts: dict[Index, str] = {}
        if isinstance(values, str):
            if values != "symbolic":
                texts[(0, 0)] = values
        elif isinstance(values, tuple):
            for i, row in enumerate(values):
                for j, cell in enumerate(row if isinstance(row, tuple) else (row,)):
                    if cell is None:
                        missing.add((i, j))
                    else:
                        texts[(i, j)] = cell
        bare = Quantity(name, name, axes, "parameter", frozenset(missing))
        frozen = _frozen(bare, self.problem.freeze)
        fixed = bool(frozen) and frozen >= set(bare.cells())
        kind = "given" if fixed or not self.problem.updates else "parameter"
        quantity = Quantity(name, name, axes, kind, frozenset(missing), frozenset(frozen))
        for index, text in texts.items():
            self.draft.values[quantity.cell(index)] = text
        return self.draft.declare(quantity)

    def loss(self, loss: Loss) -> None:
        """The loss of each output, of each sample, and of the batch, as far as they differ."""
        output = self.draft.quantities[f"a{len(self.problem.layers)}"]
        outputs, several = output.shape[0], len(self.batch) > 1
        term = filled(definition(loss).body, {"y": Symbol("y"), "a": Symbol(output.name)})
        share = fraction(ONE, Number(str(outputs))) if loss.over_outputs == "mean" else ONE
        labelled = outputs > 1 or several
        unit = numbered("unit", outputs) if outputs > 1 or not several else UNNAMED
        terms = self.draft.write(
            Equation(
                Quantity("loss.terms", "loss", (unit, self.samples)),
                term,
                "loss_term",
                "loss",
                shown=labelled,
            )
        )
        inner: Node = terms
        if outputs > 1 and several:
            each = (UNNAMED, self.samples)
            inner = self.draft.write(
                Equation(
                    Quantity("loss.samples", "loss", each),
                    product(share, Apply("sum", (terms,), (0,))),
                    "sample_loss",
                    "loss",
                )
            )
        elif outputs > 1:
            inner = product(share, Apply("sum", (terms,)))
        if several:
            inner = product(self.mean(self.problem.reduction), Apply("sum", (inner,)))
        elif not labelled:
            inner = term
        formula = _scalar(inner)
        if self.problem.regularizer:
            formula = self.penalized(formula)
        self.draft.write(Equation(Quantity("loss", "loss", ()), formula, "loss", "loss"))

    def penalized(self, formula: Node) -> Node:
        """The loss of the data plus the penalty on the weights, each a line of its own."""
        draft = self.draft
        data = Equation(Quantity("data_loss", "data_loss", ()), formula, "data_loss", "loss")
        shares = [
            Apply("sum", (regularizing(draft, name, "term", len(self.batch)),))
            for name in regularized(draft)
        ]
        penalty = Quantity("penalty", "penalty", ())
        return total(
            (
                draft.write(data),
                draft.write(Equation(penalty, _scalar(total(shares)), "penalty", "loss")),
            )
        )

    def report(self, name: str, loss: Loss, reduction: str) -> None:
        """A further loss, in one line."""
        output = self.draft.quantities[f"a{len(self.problem.layers)}"]
        term = filled(definition(loss).body, {"y": Symbol("y"), "a": Symbol(output.name)})
        outputs = output.shape[0]
        share = fraction(ONE, Number(str(outputs))) if loss.over_outputs == "mean" else ONE
        several = Apply("sum", (term,)) if output.shape != (1, 1) else term
        factor = self.mean(reduction) if len(self.batch) > 1 else ONE
        formula = _scalar(product(factor, share, several))
        key = f"report.{name}"
        self.draft.write(Equation(Quantity(key, key, ()), formula, "report", "report"))

    def mean(self, reduction: str) -> Node:
        if reduction != "mean":
            return ONE
        return fraction(ONE, sample_count(self.draft, len(self.batch)))


def regularized(draft: Draft) -> list[str]:
    """The parameters that carry a penalty: weights, and biases if the problem says so."""
    if not draft.problem.regularizer:
        return []
    roles = "wb" if draft.problem.regularize_biases else "w"
    return [
        name
        for name, quantity in draft.quantities.items()
        if name[0] in roles and name[1:].isdigit() and quantity.kind in ("parameter", "given")
    ]


def regularizing(draft: Draft, of: str, what: str, samples: int) -> Node:
    """The penalty's term or slope of one array of parameters.

    Raises:
        ProblemError: naming the nearest regularizer in the table.
    """
    problem = draft.problem
    found = REGULARIZERS.get(problem.regularizer)
    if found is None:
        hint = suggestion(problem.regularizer, REGULARIZERS)
        raise ProblemError(f"unknown regularizer '{problem.regularizer}'{hint}", ("regularizer",))
    formula = parse(found.term if what == "term" else found.slope)
    inside: dict[str, Node] = {"w": Symbol(of)}
    if "strength" in symbols(formula):
        inside["strength"] = draft.setting("strength", problem.strength)
    if "m" in symbols(formula):
        inside["m"] = sample_count(draft, samples)
    return filled(formula, inside)


def sample_count(draft: Draft, samples: int) -> Node:
    """m, the number of samples; the number itself where the batches differ in size."""
    batches = draft.problem.batch
    sizes = set() if isinstance(batches, str) else {len(part) for part in batches}
    return Number(str(samples)) if len(sizes) > 1 else draft.setting("m", str(samples))


def _scalar(formula: Node) -> Node:
    """A formula over arrays of one cell, as a formula of one number."""
    return formula if isinstance(formula, Apply) else Apply("only", (formula,))


def _frozen(quantity: Quantity, freeze: Sequence[str]) -> set[Index]:
    """The cells of a parameter that the problem freezes."""
    kind = "biases" if Key.parse(quantity.key).role == "b" else "weights"
    if kind in freeze or quantity.key in freeze:
        return set(quantity.cells())
    if not any(entry.startswith(f"{quantity.key}[") for entry in freeze):
        return set()  # without a look at each of a million cells
    return {index for index in quantity.cells() if quantity.cell(index) in freeze}


class _Backward:
    """Writes the backward pass, the gradients and the update; a `Style` for `derive`."""

    def __init__(self, draft: Draft, batch: int, samples: Axis) -> None:
        self.draft = draft
        self.problem = draft.problem
        self.batch = batch
        self.samples = samples
        self.last = len(self.problem.layers)
        self.sign = -1 if self.problem.conventions.delta == "t-o" else 1
        self.loss = loss_of(self.problem.loss or "")
        self.slopes: dict[str, Node] = {}
        self.below: dict[str, Node] = {}
        self.gradients: dict[str, Node] = {}

    def write(self) -> None:
        draft = self.draft
        wanted = [q.name for q in draft.quantities.values() if q.kind == "parameter"]
        forward = [e for e in draft.equations if e.phase == "forward"]
        output = f"a{self.last}"
        seed = product(self.over_outputs(), self.loss_slope(Symbol(output)))
        derive(
            forward,
            {output: negative(seed) if self.sign < 0 else seed},
            wanted,
            draft.shapes,
            self,
        )
        layers = {name: Key.parse(name).layer or 0 for name in wanted}
        order = sorted(self.gradients, key=lambda name: -layers[name])
        write_updates(draft, {name: self.gradients[name] for name in order}, layers)

    def over_outputs(self) -> Node:
        outputs = self.problem.layers[-1].units
        return fraction(ONE, Number(str(outputs))) if self.loss.over_outputs == "mean" else ONE

    def loss_slope(self, output: Symbol) -> Node:
        """dL/da of one output, in its textbook form where one is declared."""
        if self.loss.slope:
            slope = parse(self.loss.slope)
        else:
            slope = tidy(derivative(definition(self.loss).body, "a"))
        return filled(slope, {"y": Symbol("y"), "a": output})

    @property
    def shortcut(self) -> bool:
        """Whether the output's delta is written in its short form."""
        last = self.problem.layers[-1]
        activation = activation_of(last)
        name, vector = activation.name, activation.vector
        allowed = {"softmax": vector, "always": True, "never": False}
        if vector and not (
            self.distributions and Rational(last.settings.get("temperature", "1")) == 1
        ):
            return False
        return name in self.loss.shortcut and allowed[self.problem.conventions.shortcut]

    @property
    def distributions(self) -> bool:
        """Whether each sample's targets sum to 1: only then is ``a*sum(y) - y`` a - y."""
        return all(sum(map(Rational, row)) == 1 for row in self.problem.targets)

    def gradient(self, of: str, formula: Node) -> Node:
        role, layer = of[0], int(of[1:])
        if role == "a":
            own = self.own_da(layer)
            symbol = self.noted(f"da{layer}", of, formula, "da", "backward", own)
            self.below[f"z{layer}"] = symbol if own else formula
            return self.below[f"z{layer}"]
        if role == "z":
            return self.noted(f"delta{layer}", of, self.delta(layer, formula), "delta", "backward")
        return self.parameter(of, formula)

    def own_da(self, layer: int) -> bool:
        """Whether dL/da is a line of its own; a hidden softmax sums over all of it."""
        if layer == self.last:
            return self.problem.steps.da == "own" and not self.shortcut
        vector = activation_of(self.problem.layers[layer - 1]).vector
        return self.problem.steps.da == "own" or vector

    def delta(self, layer: int, formula: Node) -> Node:
        z = f"z{layer}"
        if layer == self.last and self.shortcut:
            short = parse(self.loss.shortcut_slope)
            short = filled(short, {"y": Symbol("y"), "a": Symbol(f"a{layer}")})
            formula = product(self.over_outputs(), short)
            formula = negative(formula) if self.sign < 0 else formula
        elif z in self.slopes and self.problem.conventions.factors == "slope-first":
            formula = product(self.slopes[z], self.below[z])
        if layer == self.last and self.problem.written == "delta":
            return product(self.mean(), formula)
        return formula

    def mean(self) -> Node:
        several = self.problem.reduction == "mean" and self.batch > 1
        return fraction(ONE, sample_count(self.draft, self.batch)) if several else ONE

    def slope(self, equation: Equation, call: Call, place: int, value: Node | None) -> Node:
        own = {f.name: f for f in own_functions(self.problem)}
        formula = slope_of(call, place, value, own)
        layer = equation.layer or 0
        shown = self.problem.steps.slope == "own" and not (layer == self.last and self.shortcut)
        symbol = self.noted(
            f"slope{layer}", equation.target.name, formula, "slope", "backward", shown
        )
        self.slopes[f"z{layer}"] = symbol if shown else formula
        return self.slopes[f"z{layer}"]

    def part(self, of: str, formula: Node) -> Node:
        """Softmax without its shortcut: the sum over the units is a line of its own."""
        layer = int(of[1:])
        count = sum(1 for name in self.draft.quantities if name.startswith(f"delta{layer}.")) + 1
        name = f"delta{layer}.{count}"
        units = shape_of(formula, self.draft.shapes)[0]
        axes = (numbered("unit", units) if units > 1 else UNNAMED, self.samples)
        quantity = Quantity(name, name, axes)
        return self.draft.write(Equation(quantity, formula, "part", "backward", layer))

    def parameter(self, of: str, formula: Node) -> Node:
        """dL/dw or dL/db, whose sign never follows delta's."""
        quantity = self.draft.quantities[of]
        signed = negative(formula) if self.sign < 0 else formula
        if self.problem.written == "gradient":
            signed = product(self.mean(), signed)
        if of in regularized(self.draft):
            slope = regularizing(self.draft, of, "slope", self.batch)
            signed = total((signed, slope))
        own = self.problem.steps.gradient == "own"
        rule = "weight_gradient" if of.startswith("w") else "bias_gradient"
        missing = quantity.missing | quantity.frozen
        target = Quantity(f"d{of}", f"d{of}", quantity.axes, missing=missing)
        layer = int(of[1:])
        symbol = self.draft.write(Equation(target, signed, rule, "gradient", layer, own))
        if self.batch > 1:
            self.each_sample(of, quantity, layer)
        self.gradients[of] = symbol if own else signed
        return symbol

    def each_sample(self, of: str, quantity: Quantity, layer: int) -> None:
        """One sample's gradient, before any averaging: kept for reference."""
        delta, before = Symbol(f"delta{layer}"), Symbol(f"a{layer - 1}")
        factor: Node = ONE
        if self.problem.written == "delta" and self.mean() != ONE:
            factor = sample_count(self.draft, self.batch)
        if of.startswith("w"):
            axes: tuple[Axis, ...] = (*quantity.axes, self.samples)
            formula: Node = Apply("outer_each", (delta, before))
            missing = frozenset(
                (i, j, s)
                for i, j in quantity.missing | quantity.frozen
                for s in range(self.samples.size)
            )
        else:
            axes, missing = (quantity.axes[0], self.samples), frozenset()
            shape = self.draft.shapes[delta.name]
            formula = sum_to(delta, shape, (quantity.shape[0], self.batch))
        formula = product(factor, negative(formula) if self.sign < 0 else formula)
        target = Quantity(f"d{of}.each", f"d{of}", axes, missing=missing)
        self.draft.write(
            Equation(target, formula, "sample_gradient", "gradient", layer, shown=False)
        )

    def noted(
        self, name: str, like: str, formula: Node, rule: str, phase: str, shown: bool = True
    ) -> Symbol:
        """Write the equation of a gradient that has the axes of another quantity."""
        axes = self.draft.quantities[like].axes
        layer = Key.parse(name).layer
        return self.draft.write(
            Equation(Quantity(name, name, axes), formula, rule, phase, layer, shown)
        )


def own_functions(problem: Problem) -> list[Activation | Loss]:
    """The activations and losses that a problem brings itself."""
    found: list[Activation | Loss] = [
        layer.activation for layer in problem.layers if isinstance(layer.activation, Activation)
    ]
    losses = [problem.loss, *(report.loss for report in problem.report.values())]
    return found + [loss for loss in losses if isinstance(loss, Loss)]

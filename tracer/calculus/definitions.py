"""The formulas behind function names: what `sigmoid(z)` stands for, and its slope.

Read by tracing (to evaluate), by the chain rule (to differentiate) and by proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.losses import LOSSES
from tracer.calculus.tables import Rows
from tracer.formula.differentiating import partial
from tracer.formula.evaluating import Definition
from tracer.formula.nodes import Call, Node, children, rebuilt, substitute
from tracer.formula.parsing import ELEMENTARY, parse
from tracer.formula.rewriting import tidy
from tracer.model.functions import Activation, Loss


@lru_cache(maxsize=1)
def callable_functions() -> Rows[int]:
    """Function names of the tables, with the most arguments each takes.

    >>> callable_functions()["sigmoid"], callable_functions()["leaky_relu"]
    (1, 2)
    """
    return Rows((*ACTIVATIONS, *LOSSES), _most_arguments)


def _most_arguments(name: str) -> int | None:
    if name in LOSSES:
        return 2
    activation = ACTIVATIONS[name]
    return None if activation.vector else 1 + len(activation.settings)


def definitions(own: Iterable[Activation | Loss] = ()) -> Rows[Definition]:
    """The definitions of every table function, and of a problem's own ones.

    >>> from tracer.formula.writing import write
    >>> definitions()["sigmoid"].parameters, write(definitions()["sigmoid"].body)
    (('z',), '1/(1 + exp(-z))')
    """
    return _table() | {
        function.name: definition(function)
        for function in own
        if not (isinstance(function, Activation) and function.vector)
    }


@lru_cache(maxsize=1)
def _table() -> Rows[Definition]:
    # tanh is elementary: every arithmetic knows it, and its formula is its own name.
    return Rows((name for name in (*ACTIVATIONS, *LOSSES) if name not in ELEMENTARY), _defined)


def _defined(name: str) -> Definition | None:
    if name in LOSSES:
        return definition(LOSSES[name])
    return None if ACTIVATIONS[name].vector else definition(ACTIVATIONS[name])


@lru_cache(maxsize=256)
def _parsed(text: str) -> Node:
    return parse(text, callable_functions())


def definition(function: Activation | Loss) -> Definition:
    """``sigmoid(z) = 1/(1 + exp(-z))``; a loss is one output's term in y and a."""
    if isinstance(function, Loss):
        return Definition(("y", "a"), _parsed(function.term))
    if function.formula == "":
        raise ValueError(f"{function.name} has no elementwise formula")
    return Definition(("z", *function.settings), _parsed(function.formula))


def slope_of(
    call: Call, place: int, value: Node | None, own: Mapping[str, Activation | Loss]
) -> Node:
    """The slope of an elementwise call, in its textbook form where one is declared.

    Args:
        call: such as ``sigmoid(z1)``.
        place: which argument.
        value: the symbol of the call's value, if it has one: the ``a`` of ``a*(1 - a)``.
        own: a problem's own functions by name.

    >>> from tracer.formula.nodes import Symbol
    >>> from tracer.formula.writing import write
    >>> write(slope_of(Call("sigmoid", (Symbol("z1"),)), 0, Symbol("a1"), {}))
    'a1*(1 - a1)'
    >>> write(slope_of(parse("half_squared_error(y, a)", callable_functions()), 1, None, {}))
    'a - y'
    """
    function = own.get(call.function) or ACTIVATIONS.get(call.function)
    loss = function if isinstance(function, Loss) else LOSSES.get(call.function)
    if isinstance(function, Activation) and place == 0 and function.slope:
        names = dict(zip(("z", *function.settings), call.arguments, strict=False))
        for setting, default in function.settings.items():
            names.setdefault(setting, _parsed(default))
        return tidy(_filled(function.slope, {**names, "a": value or call}))
    if isinstance(loss, Loss) and place == 1 and loss.slope:
        target, output = call.arguments
        return _filled(loss.slope, {"y": target, "a": output})
    if value is not None and call.function in _BY_VALUE and call.function not in own:
        return _filled(_BY_VALUE[call.function], {"a": value})
    known = definitions(f for f in own.values())
    return tidy(partial(call.function, call.arguments, place, known))


_BY_VALUE = {"exp": "a", "tanh": "1 - a**2", "sqrt": "1/(2*a)"}
"""Slopes of elementary functions in terms of their value, as people write them."""


def _filled(text: str, names: Mapping[str, Node]) -> Node:
    return substitute(_parsed(text), lambda symbol: names[symbol.name])


def written_out(node: Node, known: Mapping[str, Definition]) -> Node:
    """The formula with every table function replaced by the formula behind it.

    >>> from tracer.formula.writing import write
    >>> write(written_out(parse("sigmoid(x)", {"sigmoid": 1}), definitions()))
    '1/(1 + exp(-x))'
    """
    parts = tuple(written_out(part, known) for part in children(node))
    if isinstance(node, Call) and node.function in known:
        found = known[node.function]
        inside = dict(zip(found.parameters, parts, strict=True))
        body = substitute(found.body, lambda symbol: inside.get(symbol.name, symbol))
        return written_out(body, known)
    return rebuilt(node, parts) if parts else node

"""Worked examples of backpropagation: every line recomputable, in your textbook's notation.

>>> import tracer
>>> problem = tracer.Problem(
...     inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
...     layers=[tracer.Dense(1, "sigmoid", [["0.15", "0.25"]], ["0.35"])],
...     settings={"rate": "0.5"},
... )
>>> found = tracer.trace(problem)
>>> print(found["z1[1]"])
z1[1] = w1[1,1]*a0[1] + w1[1,2]*a0[2] + b1[1] = 0.625
>>> found["w1[1,2]@1"].text
'0.28167'

The names below are imported when they are first used, so that ``import tracer`` costs
next to nothing.  In a notebook a trace, shown, is its whole page.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

_PUBLIC = {
    "__version__": "tracer.version:VERSION",
    "load": "tracer.files.problem:load",
    "loads": "tracer.files.problem:load_text",
    "dump": "tracer.files.problem:dump",
    "trace": "tracer.backprop.tracing:trace",
    "Page": "tracer.rendering.page:Page",
    "render": "tracer.rendering.page:render",
    "render_many": "tracer.rendering.filling:render_many",
    "Filler": "tracer.rendering.filling:Filler",
    "prove": "tracer.backprop.proving:prove",
    "explain": "tracer.backprop.explaining:explain",
    "train": "tracer.backprop.training:train",
    "resume": "tracer.backprop.resuming:resume",
    "Stop": "tracer.backprop.stopping:Stop",
    "problem_at": "tracer.backprop.reopening:problem_at",
    "train_variants": "tracer.backprop.variants:train_variants",
    "History": "tracer.model.history:History",
    "RunFolder": "tracer.files.runs:RunFolder",
    "ContinuedRun": "tracer.files.continued_run:ContinuedRun",
    "open_run": "tracer.files.runs:open_run",
    "import_model": "tracer.importing:import_model",
    "check": "tracer.checking.marking:check",
    "read_sheet": "tracer.files.sheets:read_sheet",
    "read_article": "tracer.files.sheets:read_article",
    "sheet_template": "tracer.files.sheets:sheet_template",
    "load_marking": "tracer.files.marking:load_marking",
    "render_report": "tracer.rendering.report:render_report",
    "save_run": "tracer.files.runs:save_run",
    "compare": "tracer.backprop.comparing:compare",
    "torch_numbers": "tracer.importing.torch_numbers:torch_numbers",
    "Problem": "tracer.model.problem:Problem",
    "Dense": "tracer.model.problem:Dense",
    "Layer": "tracer.model.layer:Layer",
    "Report": "tracer.model.problem:Report",
    "Activation": "tracer.model.functions:Activation",
    "Loss": "tracer.model.functions:Loss",
    "Rounding": "tracer.model.rounding:Rounding",
    "Precision": "tracer.model.rounding:Precision",
    "Steps": "tracer.model.conventions:Steps",
    "Conventions": "tracer.model.conventions:Conventions",
    "Trace": "tracer.model.trace:Trace",
    "Step": "tracer.model.step:Step",
    "Agreement": "tracer.model.trace:Agreement",
    "Explanation": "tracer.model.explanation:Explanation",
    "Sheet": "tracer.model.answer:Sheet",
    "Marking": "tracer.model.answer:Marking",
    "CheckReport": "tracer.model.verdict:Report",
    "Verdict": "tracer.model.verdict:Verdict",
    "Cause": "tracer.model.verdict:Cause",
    "Comparison": "tracer.model.comparison:Comparison",
    "TracerError": "tracer.errors:TracerError",
}
"""Each public name, and where it is made; `__init__.pyi` tells type checkers the same."""

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'tracer' has no attribute '{name}'")
    module, _, attribute = _PUBLIC[name].partition(":")
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    if "IPython" in sys.modules:
        import_module("tracer.notebook").teach()
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})

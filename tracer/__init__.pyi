from tracer.backprop.explaining import explain as explain
from tracer.backprop.proving import prove as prove
from tracer.backprop.tracing import trace as trace
from tracer.errors import TracerError as TracerError
from tracer.files.problem import dump as dump
from tracer.files.problem import load as load
from tracer.files.problem import load_text as loads
from tracer.model.conventions import Conventions as Conventions
from tracer.model.conventions import Steps as Steps
from tracer.model.explanation import Explanation as Explanation
from tracer.model.functions import Activation as Activation
from tracer.model.functions import Loss as Loss
from tracer.model.problem import Dense as Dense
from tracer.model.problem import Problem as Problem
from tracer.model.problem import Report as Report
from tracer.model.rounding import Precision as Precision
from tracer.model.rounding import Rounding as Rounding
from tracer.model.step import Step as Step
from tracer.model.trace import Agreement as Agreement
from tracer.model.trace import Trace as Trace
from tracer.rendering.page import Page as Page
from tracer.rendering.page import render as render

__version__: str
__all__ = [
    "Activation",
    "Agreement",
    "Conventions",
    "Dense",
    "Explanation",
    "Loss",
    "Page",
    "Precision",
    "Problem",
    "Report",
    "Rounding",
    "Step",
    "Steps",
    "Trace",
    "TracerError",
    "__version__",
    "dump",
    "explain",
    "load",
    "loads",
    "prove",
    "render",
    "trace",
]

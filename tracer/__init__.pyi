from tracer.backprop.comparing import compare as compare
from tracer.backprop.explaining import explain as explain
from tracer.backprop.proving import prove as prove
from tracer.backprop.reopening import problem_at as problem_at
from tracer.backprop.resuming import resume as resume
from tracer.backprop.stopping import Stop as Stop
from tracer.backprop.tracing import trace as trace
from tracer.backprop.training import train as train
from tracer.backprop.variants import train_variants as train_variants
from tracer.checking.marking import check as check
from tracer.errors import TracerError as TracerError
from tracer.files.continued_run import ContinuedRun as ContinuedRun
from tracer.files.marking import load_marking as load_marking
from tracer.files.problem import dump as dump
from tracer.files.problem import load as load
from tracer.files.problem import load_text as loads
from tracer.files.runs import RunFolder as RunFolder
from tracer.files.runs import open_run as open_run
from tracer.files.runs import save_run as save_run
from tracer.files.sheets import read_article as read_article
from tracer.files.sheets import read_sheet as read_sheet
from tracer.files.sheets import sheet_template as sheet_template
from tracer.importing import import_model as import_model
from tracer.importing.torch_numbers import torch_numbers as torch_numbers
from tracer.model.answer import Marking as Marking
from tracer.model.answer import Sheet as Sheet
from tracer.model.comparison import Comparison as Comparison
from tracer.model.conventions import Conventions as Conventions
from tracer.model.conventions import Steps as Steps
from tracer.model.explanation import Explanation as Explanation
from tracer.model.functions import Activation as Activation
from tracer.model.functions import Loss as Loss
from tracer.model.history import History as History
from tracer.model.layer import Layer as Layer
from tracer.model.problem import Dense as Dense
from tracer.model.problem import Problem as Problem
from tracer.model.problem import Report as Report
from tracer.model.rounding import Precision as Precision
from tracer.model.rounding import Rounding as Rounding
from tracer.model.step import Step as Step
from tracer.model.trace import Agreement as Agreement
from tracer.model.trace import Trace as Trace
from tracer.model.verdict import Cause as Cause
from tracer.model.verdict import Report as CheckReport
from tracer.model.verdict import Verdict as Verdict
from tracer.rendering.filling import Filler as Filler
from tracer.rendering.filling import render_many as render_many
from tracer.rendering.page import Page as Page
from tracer.rendering.page import render as render
from tracer.rendering.report import render_report as render_report

__version__: str
__all__ = [
    "Activation",
    "Agreement",
    "Cause",
    "CheckReport",
    "Comparison",
    "ContinuedRun",
    "Conventions",
    "Dense",
    "Explanation",
    "Filler",
    "History",
    "Layer",
    "Loss",
    "Marking",
    "Page",
    "Precision",
    "Problem",
    "Report",
    "Rounding",
    "RunFolder",
    "Sheet",
    "Step",
    "Steps",
    "Stop",
    "Trace",
    "TracerError",
    "Verdict",
    "__version__",
    "check",
    "compare",
    "dump",
    "explain",
    "import_model",
    "load",
    "load_marking",
    "loads",
    "open_run",
    "problem_at",
    "prove",
    "read_article",
    "read_sheet",
    "render",
    "render_many",
    "render_report",
    "resume",
    "save_run",
    "sheet_template",
    "torch_numbers",
    "trace",
    "train",
    "train_variants",
]

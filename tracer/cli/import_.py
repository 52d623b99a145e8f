"""``tracer import``: the weights of a trained model as a problem file.

Takes a model's file and what the file does not say (activations, orientation, a sample);
writes a problem file whose numbers have all their digits.  An architecture is told by a
problem file with such layers.  Faults of the model are told with its name.  Read by
the group of commands.
"""

from __future__ import annotations

from typing import Any

import click

from tracer.cli.output import deliver, output_options, stem
from tracer.errors import FileError, ProblemError

_EXAMPLES = """\b
Examples:
  tracer import model.onnx -o problem.yaml
  tracer import weights.npz --activations tanh,softmax --orientation in,out
  tracer import state.pt --activations relu,identity --inputs 1,0.5 --targets 2
  tracer import lstm.onnx --inputs "[[1, 2], [0.5, 3]]" | tracer solve - --only forward
  tracer import state.pt --like architecture.yaml    any layers, numbers from the file

\b
An .npz file holds w1, b1, w2, b2, ... (or a state's names, or arrays in order); layers of
other types are lstm2.Wi, batch_norm3.gamma, ..., and --like says what numbers do not. Models
in memory (scikit-learn, PyTorch, Keras) are read in Python: tracer.import_model(model).
"""


@click.command("import", epilog=_EXAMPLES, short_help="Weights of a trained model as a problem.")
@click.argument("model", metavar="MODEL", type=click.Path())
@click.option(
    "--activations",
    metavar="NAMES",
    default="sigmoid",
    show_default=True,
    help="For files that do not say them: one for all dense layers, or one each with commas.",
)
@click.option(
    "--orientation",
    type=click.Choice(["out,in", "in,out"]),
    default="out,in",
    show_default=True,
    help="Of weights in .npz: a row for each receiving unit, or for each sending one.",
)
@click.option(
    "--inputs",
    metavar="NUMBERS",
    help="One sample, with commas; sequences, images and several samples in brackets. Else ones.",
)
@click.option("--targets", metavar="NUMBERS", help="Its targets; without them a forward pass.")
@click.option("--loss", metavar="NAME", help="What is trained, where there are targets.")
@click.option("--rate", metavar="X", help="The learning rate; else the model's own, or 0.1.")
@click.option(
    "--like",
    metavar="PROBLEM",
    type=click.Path(),
    help="A problem whose layers are the architecture of an .npz or PyTorch file; the rest of it "
    "stays.",
)
@click.option("--training", is_flag=True, help="Norms and dropout of ONNX as in training.")
@output_options
def import_(
    model: str,
    activations: str,
    orientation: str,
    inputs: str | None,
    targets: str | None,
    loss: str | None,
    rate: str | None,
    like: str | None,
    training: bool,
    output: str | None,
    force: bool,
) -> None:
    """Write a problem file from the trained weights in MODEL: an .npz, ONNX or PyTorch file.

    Numbers keep all their digits, so that the problem starts from exactly the model's.
    """
    from tracer.files.problem import dump, load
    from tracer.importing import SUFFIXES, import_model

    if model == "-":
        raise FileError(f"a model is a file that ends in {', '.join(SUFFIXES)}")
    named = [name.strip() for name in activations.split(",")]
    given, wanted = _numbers(inputs, "--inputs"), _numbers(targets, "--targets")
    architecture = load(like) if like else None
    try:
        problem = import_model(
            model,
            given,
            wanted,
            named[0] if len(named) == 1 else named,
            orientation,
            loss,
            rate,
            architecture,
            training,
        )
    except ProblemError as error:
        raise FileError(f"{model}: {error}") from None
    deliver(dump(problem), output, f"{stem(model)}.yaml", force)


def _numbers(text: str | None, option: str) -> Any:
    """The numbers of an option as texts: a list with commas, or lists in brackets."""
    if text is None:
        return None
    if "[" not in text:
        return [part.strip() for part in text.split(",")]
    import yaml

    try:
        found = yaml.load(text, yaml.BaseLoader)  # numbers stay texts; nothing else is made
    except yaml.YAMLError:
        found = None
    if not isinstance(found, list):
        raise click.BadParameter(f"{option}: '{text}' is no list such as [[1, 2], [0.5, 3]]")
    return found

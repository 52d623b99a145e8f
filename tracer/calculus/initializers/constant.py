"""Numbers that are not drawn: all zero, or all the same."""

from tracer.model.functions import Initializer

ZEROS = Initializer(name="zeros", distribution="constant", bounds=("0",))

CONSTANT = Initializer(
    name="constant",
    distribution="constant",
    bounds=("value",),
    settings={"value": None},
)

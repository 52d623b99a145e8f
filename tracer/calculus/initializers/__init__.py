"""The initializers table."""

from tracer.calculus.initializers.constant import CONSTANT, ZEROS
from tracer.calculus.initializers.he import HE_NORMAL, HE_UNIFORM
from tracer.calculus.initializers.plain import NORMAL, UNIFORM
from tracer.calculus.initializers.xavier import XAVIER_FAN_IN, XAVIER_NORMAL, XAVIER_UNIFORM
from tracer.model.functions import Initializer

INITIALIZERS: dict[str, Initializer] = {
    initializer.name: initializer
    for initializer in (
        ZEROS,
        CONSTANT,
        UNIFORM,
        NORMAL,
        XAVIER_UNIFORM,
        XAVIER_NORMAL,
        XAVIER_FAN_IN,
        HE_UNIFORM,
        HE_NORMAL,
    )
}

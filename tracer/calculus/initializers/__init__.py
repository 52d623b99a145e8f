"""The initializers table.

Each row is one `Initializer`, which says how the numbers of a layer are drawn from the
sizes around it.  Read by `drawing`, which draws them, and by the reader of layers.
"""

from tracer.calculus.tables import Table
from tracer.model.functions import Initializer

INITIALIZERS: Table[Initializer] = Table(
    __name__,
    {
        "zeros": "constant:ZEROS",
        "constant": "constant:CONSTANT",
        "uniform": "plain:UNIFORM",
        "normal": "plain:NORMAL",
        "xavier_uniform": "xavier:XAVIER_UNIFORM",
        "xavier_normal": "xavier:XAVIER_NORMAL",
        "xavier_fan_in": "xavier:XAVIER_FAN_IN",
        "he_uniform": "he:HE_UNIFORM",
        "he_normal": "he:HE_NORMAL",
    },
)

"""SiLU, also called swish: z times its own sigmoid."""

from tracer.model.functions import Activation

SILU = Activation(
    name="silu",
    formula="z/(1 + exp(-z))",
    slope="1/(1 + exp(-z))*(1 + z - a)",
    twin="z*exp(minimum(z, 0))/(1 + exp(-abs(z)))",
    source="Elfwing, Uchibe, Doya 2018, eq. (7); Ramachandran, Zoph, Le 2017",
)

SWISH = Activation(
    name="swish",
    formula="z/(1 + exp(-beta*z))",
    slope="1/(1 + exp(-beta*z))*(1 + beta*z - beta*a)",
    twin="z*exp(minimum(beta*z, 0))/(1 + exp(-abs(beta*z)))",
    settings={"beta": "1"},
    source="Ramachandran, Zoph, Le 2017",
)

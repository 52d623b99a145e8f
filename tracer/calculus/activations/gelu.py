"""GELU: z times the share of a normal distribution below z; exact, and in its tanh form."""

from tracer.model.functions import Activation

GELU = Activation(
    name="gelu",
    formula="z*Phi(z)",
    slope="Phi(z) + z*phi(z)",
    source="Hendrycks, Gimpel 2016, sec. 2",
)

GELU_TANH = Activation(
    name="gelu_tanh",
    formula="z/2*(1 + tanh(2*phi(0)*(z + 0.044715*z**3)))",
    slope="(1 + tanh(2*phi(0)*(z + 0.044715*z**3)))/2"
    " + z/2*(1 - tanh(2*phi(0)*(z + 0.044715*z**3))**2)*2*phi(0)*(1 + 3*0.044715*z**2)",
    source="Hendrycks, Gimpel 2016, sec. 2; the root of 2/pi is 2*phi(0)",
)

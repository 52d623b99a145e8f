"""The problem file that ``tracer init`` writes: commented, and solvable as it stands.

A text, whose first line names the JSON Schema that an editor reads.  Read by ``tracer init``.
"""

from __future__ import annotations

SCHEMA_FILE = "tracer.schema.json"
"""Where line 1 of the template expects the JSON Schema, beside the problem."""

TEMPLATE = f"""\
# yaml-language-server: $schema={SCHEMA_FILE}
# A problem for tracer.  Solve it with:  tracer solve problem.yaml
# With the line above and {SCHEMA_FILE} beside this file (`tracer init` puts it there,
# `tracer schema > {SCHEMA_FILE}` makes it anew) an editor completes and explains fields.
format: 1
name: My first network

# One sample; for a batch a list of rows, [[0.5, 0.8], [0.1, 0.3]], and as many rows of
# targets, [[1], [0]].
# Numbers are kept as you write them: 0.20, 1/3, 1e-3.
inputs: [0.5, 0.8]
targets: [1]

# First layer to last.  One row of weights for each unit: a number for each unit of the
# layer before, or '.' where there is no connection.
#   activation: identity, sigmoid, tanh, relu, leaky_relu, softplus, softmax,
#               or your own: {{name: swish, formula: "z*sigmoid(z)"}}
#   biases:     one for each unit, one number for the whole layer, or false for none
layers:
  - activation: sigmoid
    weights: [[0.15, 0.25], [0.20, 0.30]]
    biases: [0.35, 0.35]
  - activation: sigmoid
    weights: [[0.40, 0.50]]
    biases: [0.60]

# half_squared_error, squared_error, mean_squared_error, binary_cross_entropy,
# cross_entropy, or your own: {{name: fourth, formula: "(y - a)**4"}}
loss: half_squared_error
optimizer: {{gradient_descent: {{rate: 0.5}}}}

# carried: each printed number is what the next line uses, as by hand;
# shown: rounded in print only; exact: not rounded.
rounding: {{figures: 5, policy: carried}}

# Whose letters: `tracer notations list` shows them all.
notation: nielsen

# More that a problem may say (take the '#' away):
# updates: 3                       # several updates in a row
# freeze: [biases]                 # or single parameters: ["w1[1,1]"]
# reduction: mean                  # over a batch; sum is the default
# report: {{MSE: {{loss: mean_squared_error, reduction: mean}}}}   # only printed
# batch: online                    # one sample after another
# features: [size, bedrooms]       # names of the inputs, at most 24 letters, in their subscripts
# steps: {{da: own, slope: own, increment: inline}}
# conventions: {{delta: t-o}}        # delta as target minus output
"""

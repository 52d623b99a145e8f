"""The engine: a problem becomes a plan, which is traced, proven, explained and trained.

Takes problems of the model and the derivatives of the calculus; gives traces, histories,
proofs, explanations and comparisons.  Read by the roof alone.
"""

"""What is known of functions: primitives, activations, losses, optimizers, and the chain rule.

Takes formulas; gives shapes, entries, slopes and derived equations.  Each folder has one
table of its small files.  Read by the engine, the checker and the readers of files.
"""

"""Independent calculations that the tests hold tracer against.

Nothing in this package imports tracer: expected values come from mpmath, SymPy, PyTorch
and plain Python, written here from the mathematics and not from the code under test.
"""

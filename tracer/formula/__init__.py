"""Formulas as they are written: tree, keys, parser, exact arithmetic, derivative, SymPy bridge.

Takes texts; gives trees that keep every digit and every order as typed.  Read by every room.
"""

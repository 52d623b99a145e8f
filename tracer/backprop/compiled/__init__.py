"""One update of a plan, compiled: straight-line Python, columns of variants, or NumPy.

All three are generated from the plan that is traced, so that a long run and a printed
walkthrough are the same calculation.  Only source that is generated here is ever
compiled, never a user's text.
"""

"""What things are: problem, quantity, plan, step, trace, rounding, answer, verdict, history.

Plain data whose sizes and shapes are checked once, when it is made.  Read by every room
above formulas.
"""

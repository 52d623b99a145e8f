"""The mistakes table: everything that we know people to do wrong, most specific first.

Each mistake is one small function in the file of its phase.  A *line mistake* rewrites
the formula of one line; a *writing mistake* alters the digits of a value; an elimination
cause has a criterion of its own.  The prose of each stands in the templates.
"""

import math

from tracer.checking.mistakes import backward, forward, loss, optimizer, update, writing
from tracer.checking.mistakes.kinds import LineMistake, WritingMistake

WRITING: tuple[WritingMistake, ...] = (
    WritingMistake("sign", writing.sign),
    WritingMistake("decimal_slip", writing.decimal_slip, ways=lambda figures: 6),
    WritingMistake("last_digit", writing.last_digit, ways=lambda figures: math.inf),
    WritingMistake("digits_transposed", writing.digits_transposed, False, lambda figures: figures),
    WritingMistake("digit_lost", writing.digit_lost, False, lambda figures: 4 * figures),
)
"""Slips of the pen: all but `last_digit` may also follow one cause of method."""

LINES: tuple[LineMistake, ...] = (
    LineMistake("dead_unit_kept", forward.dead_unit_kept),
    LineMistake("missing_slope", backward.missing_slope),
    LineMistake("slope_at_activation", backward.slope_at_activation),
    LineMistake("wrong_slope", backward.wrong_slope),
    LineMistake("updated_weight", backward.updated_weight),
    LineMistake("bias_not_updated", update.bias_not_updated),
    LineMistake("bias_updated", update.bias_updated),
    LineMistake("old_weight", forward.old_weight),
    LineMistake("stale_value", forward.value_before_update),
    LineMistake("no_bias_correction", optimizer.no_bias_correction),
    LineMistake("epsilon_inside_root", optimizer.epsilon_inside_root),
    LineMistake("betas_swapped", optimizer.betas_swapped),
    LineMistake("stale_moment", optimizer.stale_moment),
    LineMistake("sum_for_mean", loss.sum_for_mean),
    LineMistake("factor_two", loss.factor_two),
    LineMistake("missing_half", loss.missing_half),
    LineMistake("divided_twice", loss.divided_twice),
    LineMistake("missing_square", loss.missing_square),
    LineMistake("missing_log", loss.missing_log),
    LineMistake("wrong_log_base", loss.wrong_log_base),
    LineMistake("no_learning_rate", update.no_learning_rate),
    LineMistake("rate_twice", update.rate_twice),
    LineMistake("applied_twice", update.applied_twice),
    LineMistake("added_for_subtracted", update.added_for_subtracted),
    LineMistake("missing_bias", forward.missing_bias),
    LineMistake("dropped_term", forward.dropped_term),
    LineMistake("transposed", forward.transposed),
    LineMistake("swapped_index", forward.swapped_index),
    LineMistake("mean_for_sum", loss.mean_for_sum),
    LineMistake("another_function", forward.another_function, invented=True),
    LineMistake("factor_two", loss.extra_two, invented=True),
    LineMistake("missing_half", loss.extra_half, invented=True),
    LineMistake("stale_value", forward.stale_value, guess=True, of_sheet=True),
    LineMistake("swapped_index", forward.interchanged, guess=True),
    LineMistake("wrong_quantity", forward.wrong_quantity, guess=True, upstream=True),
    LineMistake("wrong_quantity", forward.before_its_slip, guess=True, of_sheet=True),
    LineMistake("wrong_quantity", forward.from_elsewhere, guess=True, of_sheet=True),
    LineMistake("another_function", forward.a_rarer_function, guess=True),
    LineMistake("sign", forward.inner_sign, guess=True),
    LineMistake("wrong_constant", forward.wrong_constant, guess=True),
    LineMistake("early_rounding", writing.early_rounding, guess=True, of_sheet=True),
    LineMistake("truncated_badly", writing.operands_truncated, guess=True, of_sheet=True),
)
"""Rewritings of one line, most specific first; guesses have many, and rank below."""

METHODS: tuple[str, ...] = (
    "updated_weight",
    "missing_slope",
    "bias_updated",
    "bias_not_updated",
    "factor_two",
    "missing_half",
    "no_learning_rate",
    "added_for_subtracted",
    "sum_for_mean",
    "old_weight",
)
"""Causes that may also have been a method: made in every line of a rule at once."""

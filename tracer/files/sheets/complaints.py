"""What is at fault in a student's lines, beyond names: told at its place.

A member that is not understood is usually an unusual way of writing and is passed over; a
number with two points, a percentage, a quote or a bracket without end is a mistake.
"""

from __future__ import annotations

import re

from tracer.errors import FormulaError, TracerError
from tracer.files.faults import Place
from tracer.files.sheets.algebra import read_formula
from tracer.files.sheets.chains import Chain, Member
from tracer.files.sheets.stating import Stating
from tracer.files.sheets.values import mistaken_number, value_of


def complain(chains: list[Chain], stating: Stating) -> None:
    """Tell what stands where a number was meant, and members that no formula can hold."""
    for chain in chains:
        *links, last = chain.members
        in_table = chain.told is not None and value_of(last.text) is None
        if in_table or mistaken_number(last.text):
            shown = "a percentage is not read; write a decimal number"
            if "%" not in last.text:
                shown = f"'{last.text.strip()[:40]}' is not a number"
            _fault(stating, last, shown)
        for member in links:
            try:
                read_formula(member.text, stating.naming)
            except FormulaError as error:
                if _is_no_formula(member.text, str(error)):
                    _fault(stating, member, str(error))
            except TracerError:
                continue


def _fault(stating: Stating, member: Member, message: str) -> None:
    stating.faults.add(Place(member.line, member.column, max(len(member.text), 1)), message)


def _is_no_formula(text: str, message: str) -> bool:
    """Whether a member that is not understood is more than an unusual way of writing.

    Names of arrays, ``σ'``, ``∑`` and dots are usual in a calculation; quotes, calls of
    unknown functions with numbers, and brackets without end are not.
    """
    if message.startswith(("nested", "a formula may have")):
        return True
    if message.startswith("'") and "has no meaning" in message:
        return message[1] in '_"`;:?!$'
    if message.startswith("unknown function"):
        return _CALL_OF_NUMBERS.fullmatch(text) is not None
    return False


_CALL_OF_NUMBERS = re.compile(r"[A-Za-z_]{2,40}\s*\([-+*/^\d.,\s()]*\)")

"""Tables and sentences: given numbers are remembered, what is claimed is recomputed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.honesty.lexing import NotUnderstood
from tests.honesty.pages import Chain, Row, Sentence, members
from tests.honesty.ranges import Range

if TYPE_CHECKING:
    from tests.honesty.judging import Judge

_PARAMETERS = ["parameter", "old", "gradient", "new"]


def judge_row(judge: Judge, head: list[str], row: Row) -> list[str]:
    """A row of a table; gives the table's head, which is its first row."""
    if not head:
        return row.cells
    if all(re.fullmatch(":?-+:?", cell) for cell in row.cells):
        return head
    try:
        if head == _PARAMETERS:
            _parameter(judge, row)
        elif head[0] == "sample":
            for cell in row.cells:
                judge.remember("", [[judge.number(cell, row.language)]])
        else:
            for names, values in ((0, 1), (3, 4)):
                if len(row.cells) > values and row.cells[values]:
                    _given(judge, row.cells[names], row.cells[values], row.language)
        judge.report.rows += 1
    except NotUnderstood as error:
        judge.pass_over(row, str(error))
    return head


def _given(judge: Judge, names: str, values: str, language: str) -> None:
    """``w_1, w_2 | 0.15, 0.20``; with a decimal comma the numbers are parted by semicolons."""
    numbers = re.split(r"; " if "; " in values else r", ", values)
    for name, text in zip(_names(names), numbers, strict=True):
        judge.remember(name, [[judge.number(text, language)]])


def _names(text: str) -> list[str]:
    return text.split(", ")


def _parameter(judge: Judge, row: Row) -> None:
    """Old, gradient and new value: the new one is the old one minus rate times gradient."""
    name, *texts = row.cells
    old, gradient, new = (judge.number(text, row.language) for text in texts)
    known = judge.known.get(name)
    if known and known[0][0].value != old.value:
        judge.report.wrong.append(f"{row}   [{name} was {float(known[0][0].value)} before]")
    if new.value not in judge.signed:
        judge.report.wrong.append(f"{row}   [no line has this new value]")
    if judge.rate is None:  # another optimizer: its lines are checked, the row only repeats
        return
    rate = Range.of(judge.rate.value)
    found = judge.about(old) - rate * judge.about(gradient)
    # the increment may have been rounded on its own, and to fewer figures
    slack = 2 * judge.slack(new) + abs(judge.rate.value * gradient.value) / 10
    slack += abs(new.value) / 10**30  # 0.35 + 1e-68 is 0.35
    if not found.low - slack <= new.value <= found.high + slack:
        judge.report.wrong.append(f"{row}   [old - rate*gradient is {float(found.low)}]")


# --- sentences --------------------------------------------------------------------------

_CHANGE = re.compile(
    r"(?P<what>The loss (?P<way>fell|rose)|Over all \d+ updates): "
    r"‹?(?P<left>[^‹›]*? [-−] [^‹›]*?) = (?P<numbers>[^‹›]*?) (?P<sign>=|≈|~|\\approx) "
    r"(?P<result>[^‹› ]*?(?: ?\\cdot [^‹› ]*)?)›?"
    r"(?:, or about ‹?(?P<share>[^‹›]*?)›? \\?%)?\.(?: |$)"
)
_RATE = re.compile(
    r"The learning rate is ‹?(?P<name>[^‹›]*?) = (?P<value>[^‹› ]*?)›?"
    r"(?P<more>(?:, ‹?[^‹› ]+ = [^‹› ]*?›?)*)\.(?: |$)"
)
_SAME = re.compile(r"in the figures printed: ‹?(?P<name>[^‹›]*?) = (?P<value>[^‹›]*?)›?\.(?: |$)")
_DIAGNOSIS = re.compile(
    r"The slope is only [^ ]+, of [^ ]+ at most"
    r"|With all its digits it changed by .*"
    r"|The gradients (?:vanish|explode) on the way back: .*"
)
"""Said of slopes, of digits and of lengths of gradients that the page does not print as lines."""
_ALONE = re.compile(r"without the figures that rounding took from them: (?P<pairs>.*)\.$")
_PAIR = re.compile(r"‹?(?P<name>[^‹›]+?) (?:≈|~|\\approx) (?P<value>[^‹›]+?)›?(?:, |$)")
_DEFINITION = re.compile(
    r"(?:^|‹|[.] |Here )(?P<function>[A-Za-zσ]\w*|\\[a-z]+|\\mathrm\{[^}]*\})"
    r"\((?P<parameter>[^()‹›]+)\) = (?P<body>[^‹›]+?)›?[.]?$"
)
_DECIMAL = re.compile(r"\d\.\d|\d\{,\}\d")


def judge_sentence(judge: Judge, sentence: Sentence) -> None:
    """A sentence: what it says of numbers is checked; one that is unknown is noted."""
    text, language = sentence.text, sentence.language
    try:
        for match in _RATE.finditer(text):
            judge.rate = judge.number(match["value"], language)
            judge.remember(match["name"], [[judge.rate]])
            judge.report.sentences += 1
        for match in _SAME.finditer(text):
            known = judge.known.get(match["name"])
            shown = judge.number(match["value"], language)
            if known and known[0][0].value != shown.value:
                judge.report.wrong.append(f"{sentence}   [it was {known[0][0].value}]")
            judge.report.sentences += 1
        for match in _CHANGE.finditer(text):
            _change(judge, match, language)
            judge.report.sentences += 1
        for match in _ALONE.finditer(text):
            _alone(judge, match["pairs"], sentence)
            judge.report.sentences += 1
    except NotUnderstood as error:
        judge.pass_over(sentence, str(error))
    text = _DIAGNOSIS.sub("", text)
    text = _ALONE.sub("", text)
    rest = _SAME.sub("", _RATE.sub("", _CHANGE.sub("", text)))
    definition = _DEFINITION.search(rest)
    if definition and definition["function"] not in ("e",):
        word = re.sub(r"\\mathrm\{(.*)\}", r"\1", definition["function"])
        word = {r"\sigma": "σ"}.get(word, word).replace(r"\_", "_")
        judge.define(word, definition["parameter"], definition["body"], language)
    if _DECIMAL.search(rest) and " = " not in rest:
        judge.pass_over(sentence, "an unknown sentence with numbers")


def _alone(judge: Judge, pairs: str, sentence: Sentence) -> None:
    """What the printed numbers of lines give, where their results are far from it."""
    for pair in _PAIR.finditer(pairs):
        shown = judge.number(pair["value"], sentence.language)
        judge.far.pop(pair["name"], None)
        if pair["name"] not in judge.abouts:
            # it may be a cell of an array, or a line whose numbers are left out
            if not judge.arrays_about and not judge.report.left_out:
                judge.report.wrong.append(f"{sentence}   [no line says about {pair['name']}]")
            continue
        found = judge.abouts[pair["name"]]
        if all(2 * abs(one.low - shown.value) > shown.unit for one in found):
            given = ", ".join(str(float(one.low)) for one in found)
            judge.report.wrong.append(f"{sentence}   [{pair['name']} would be {given}]")


def _change(judge: Judge, match: re.Match[str], language: str) -> None:
    """``The loss fell: L - L' = 0.298 - 0.291 = 0.007, or about 2.5 %.``"""
    sign = "=" if match["sign"] == "=" else "≈"
    chain = Chain("", [("=", match["left"]), ("=", match["numbers"])], language)
    chain.members.append((sign, match["result"]))
    result = judge.number(match["result"], language)
    whole = judge.precisions
    if sign == "≈":  # a long difference is given to five figures
        judge.precisions = replace(whole, figures=whole.figures | {5})
    judge.equation(chain, sign, [[result]])
    judge.precisions = whole
    if result.value < 0 and match["way"]:
        judge.report.wrong.append(f"{match[0]}   [it went the other way]")
    if match["share"]:
        share = judge.number(match["share"], language)
        first, *_ = members(f"= {match['numbers']}".replace(" − ", " = ").replace(" - ", " = "))
        before = judge.number(first[1], language)
        exact = 100 * result.value / before.value
        if abs(exact - share.value) > share.unit:
            judge.report.wrong.append(f"{match[0]}   [the share is {float(exact)} %]")

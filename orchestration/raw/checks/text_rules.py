"""Rules over the cells as they stand in the file: is each filled, written as its kind, and a known word."""

import difflib
import re
import unicodedata
from datetime import date

import polars as pl

from orchestration import years
from orchestration.raw.checks import area_names
from orchestration.raw.checks.hard_coded_numbers import hard_coded_number, stray_brace
from orchestration.raw.checks.rules import Message, Rule, hinted, in_its_months
from orchestration.raw.findings import confusables
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.kinds import NUMBERS, WORDS

LISTED = 8


def rules(column: Column, period: str = "") -> list[Rule]:
    """The rules of one column; `period` is that of the months that its rows are of."""
    cell = pl.col(column.name)
    may_be_empty = pl.lit(False)
    if column.dated and period:
        may_be_empty = ~in_its_months(column, pl.col(period).str.to_date("%Y-%m", strict=False))
    fill = "write the number, 0 if there was nothing to count" if column.kind in NUMBERS else "fill it"
    filled = Rule("empty_cell", column.name, (cell != "") | may_be_empty, f"the cell is empty: {fill}")
    if column.kind in WORDS:
        return [filled, _known_word(column)]
    if column.kind == "line":
        return [filled, _card_line(column)]
    written = (cell == "") | cell.str.contains(column.pattern)
    if column.markers:  # one may look like a number
        written &= ~cell.is_in(list(column.markers))
    rules = [filled, Rule("badly_written", column.name, written, _badly_written(column), cell)]
    return rules + (_comment_rules(column) if column.kind == "comment" else [])


def _known_word(column: Column) -> Rule:
    cell = pl.col(column.name)

    def message(_: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
        unknown = f"is not a known {column.name.replace('_', ' ')}"
        return hinted(unknown, failing[column.name].to_list(), lambda word: _suggestion(word, column.all_words, column))

    return Rule("unknown_word", column.name, (cell == "") | cell.is_in(column.all_words), message, cell)


def _card_line(column: Column) -> Rule:
    """A line of the card of the delivery month's financial year."""
    cell, month = pl.col(column.name), pl.col("delivery_month")
    known = [month.is_in(months) & cell.is_in(catalogue.lines(year)) for year, months in years.months_by_year().items()]

    def hint(delivered: tuple[date, str]) -> str:
        year = years.of_month(delivered[0])
        lines = catalogue.lines(year) if year else ()
        return f" of {year}" + (_suggestion(delivered[1], lines) if lines else ", which has no lines in the catalogue")

    def message(_: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
        return hinted("is not a line of the card", failing.select("delivery_month", column.name).rows(), hint)

    return Rule("unknown_word", column.name, (cell == "") | pl.any_horizontal(known), message, cell)


def _suggestion(value: str, allowed: tuple[str, ...], column: Column | None = None) -> str:
    """What is strange in a word, and the known word that was meant, or some of those there are.

    Of places, where it is not clear which is meant, also how another name of one is declared.
    """
    strange = confusables.first_confusable(value)
    what = f": {strange}" if strange else ""
    written = confusables.plain(value).strip()
    near = [word for word in allowed if _letters(word) == _letters(written)]
    other_name = area_names.hint(column, value) if column and column.place and not (near or strange) else ""
    near = near or difflib.get_close_matches(written, allowed, n=1)
    if near:
        return f"{what}: did you mean '{near[0]}'?" + (f" Or {other_name}" if other_name else "")
    more = (" ..." if len(allowed) > LISTED else "") + (f"; {other_name}" if other_name else "")
    return f"{what}; known are {', '.join(allowed[:LISTED])}{more}"


def _letters(word: str) -> str:
    """The letters without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(sign))


def _badly_written(column: Column) -> Message:
    rule = column.complaint
    if column.kind == "comment":
        return rule

    def hint(value: str) -> str:
        strange = confusables.first_confusable(value)
        return f": {strange}" if strange else _number_advice(value) if column.kind in NUMBERS else ""

    return lambda _, failing: hinted(rule, failing[column.name].to_list(), hint)


SLIPS = {
    r"[=#].*": "this is a formula or an error of a spreadsheet: deliver its value",
    r"\s.*|.*\s": "there is a blank before or behind it: take it out",
    r"-?\d+,\d+": "write it with a decimal point",
    r"\d+\.0+": "write it without the decimals",
    r"-?0\d+(?:\.\d+)?": "write it without leading zeros",
    r"-?\d+(?:\.\d+)?[eE][+-]?\d+": "write it in full, without an exponent",
    r"[£$€%+].*|.*[£$€%]": "write the number alone, without a sign",
    r"(?=.*[OolI])[0-9OolI.]+": "there is a letter in it, O for 0 or l for 1",
}


def _number_advice(value: str) -> str:
    """What to do about a number written in one of the ways people have."""
    return next((f": {say}" for pattern, say in SLIPS.items() if re.fullmatch(pattern, value)), "")


def _comment_rules(column: Column) -> list[Rule]:
    """The rules of sentences: letters are what they seem, no number is hard-coded, placeholders are whole."""
    name, cell = column.name, pl.col(column.name)
    strange = cell.str.extract(rf"(\S*{confusables.STRANGE}\S*)")
    number = hard_coded_number(cell)

    def confusable(_: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
        words = failing.select(strange).to_series()
        return [f"is not what it seems: {confusables.first_confusable(word)}; type it again" for word in words]

    of_a_spreadsheet = cell.str.contains(r"^(?:=|#[A-Z/0]+[?!]?$|##+$)")
    formula = "is a formula or an error of a spreadsheet: deliver the text"
    typed = "is a figure typed by hand: put a {figure} in its place"
    brace = "has a brace that is part of no {placeholder} of small letters, digits and _: complete it, or take it out"
    return [
        Rule("confusable", name, strange.is_null(), confusable, strange),
        Rule("spreadsheet_error", name, ~of_a_spreadsheet, formula, cell),
        Rule("hard_coded_number", name, number.is_null(), typed, number),
        Rule("stray_brace", name, ~stray_brace(cell), brace, cell),
    ]

"""The sheet of figures: every number of the card with its window, one row a figure, as the table `figures` has it."""

import polars as pl

from orchestration.editions import content
from orchestration.editions.workbook import symbols
from orchestration.editions.workbook.table_sheet import Column, Table

NAME, TABLE = "Figures", "figures"
ABOUT = (
    "Every number of the card, one row a figure; the sheet Data dictionary says what its columns mean.",
    "Values are as the tables of the release have them: shares and points are fractions, money is in its currency.",
)
# What a reader looks for first, and what is printed.
FIRST = (
    *("line", "name", "printed", "value", "unit", "data_from", "data_to"),
    *("months_present", "months_expected", "provisional", "missing_reason"),
)
WIDTHS = {
    "line": 12.0,
    "name": 24.0,
    "printed": 20.0,
    "value": 14.0,
    "missing_reason": 60.0,
    "statistic": 20.0,
    "measure": 30.0,
}


def of(card: content.Card) -> Table:
    """The table `figures` of the card."""
    figures = card.tables[TABLE].select(*FIRST, pl.exclude(FIRST))
    amounts = {name for name, kind in figures.schema.items() if kind.is_float() or kind.is_decimal()}
    rows = [
        [_cell(value, row["missing_reason"] if name in amounts else None) for name, value in row.items()]
        for row in figures.iter_rows(named=True)
    ]
    columns = [
        Column(name, WIDTHS.get(name, len(name) + 4.0), {"align": "right"} if kind.is_numeric() else {})
        for name, kind in figures.schema.items()
    ]
    return Table(NAME, TABLE, f"Figures, {card.label}", ABOUT, columns, rows, frozen=2, printed=len(FIRST))


def _cell(value: object, missing_reason: str | None) -> object:
    if value is not None:
        return value
    return symbols.unknown(missing_reason) if missing_reason else symbols.NOT_APPLICABLE

"""The letters of a year's cards: of every line month by month, and since when a line has its letter."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from orchestration import months
from orchestration.scorecard import display


class Grid(NamedTuple):
    """The cards of a year, oldest first, and by section its lines, each with its row on each card or None."""

    report_months: list[date]
    sections: list[tuple[str, list[tuple[dict, list[dict | None]]]]]


def grid(rows: Sequence[dict]) -> Grid:
    """Arrange rows of the scorecard; a line stands where the newest card that has it puts it."""
    report_months = sorted({row["report_month"] for row in rows})
    cells = {(row["report_month"], row["line"]): row for row in rows}
    newest = {row["line"]: row for row in sorted(rows, key=itemgetter("report_month"))}
    ordered = sorted(newest.values(), key=itemgetter("position"))
    return Grid(
        report_months,
        [
            (section, [(row, [cells.get((month, row["line"])) for month in report_months]) for row in of_section])
            for section, of_section in groupby(ordered, key=itemgetter("section"))
        ],
    )


def since(rows: Sequence[dict]) -> tuple[str, int] | None:
    """Since which card a line has had its letter, and on how many in a row; `rows` are its year's, newest first.

    A month without a card ends the row: what it would have printed is not known. None where the newest has no letter,
    or is the first with it.
    """
    last = rows[0]
    cards = 0
    for row in rows:
        if row["status"] != last["status"] or row["report_month"] != months.shift(last["report_month"], -cards):
            break
        cards += 1
    first = months.shift(last["report_month"], 1 - cards)
    return None if last["status"] is None or cards == 1 else (display.month_label(first), cards)

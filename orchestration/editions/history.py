"""A line's figure month by month, as every edition draws it and words it: the table `history` of the release."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from orchestration import months, years
from orchestration.scorecard.display import month_label

TWO_YEARS = 25  # the latest month, and two years before it: what a small trend shows
OF_A_YEAR = ("year_to_date", "financial_year")  # windows of one year: a new line begins with the next


def last_two_years(rows: list[dict]) -> list[dict]:
    """Of rows with a month, oldest first, those of the last one and of two years before it."""
    return [row for row in rows if months.difference(row["month"], rows[-1]["month"]) < TWO_YEARS]


def runs(of_months: list[date], basis: str | None) -> list[list[date]]:
    """The months that one line joins: none is missing between them, and no year of their windows ends."""
    step = min((months.difference(*pair) for pair in pairwise(of_months)), default=1)
    found: list[list[date]] = []
    for month in of_months:
        before = found[-1][-1] if found else None
        new_year = before and basis in OF_A_YEAR and years.of_month(before) != years.of_month(month)
        if before and months.difference(before, month) == step and not new_year:
            found[-1].append(month)
        else:
            found.append([month])
    return found


def in_words(rows: list[dict], show: Callable[[float], str]) -> str:
    """The first and the last value of rows with month and value, and the extremes between; without a full stop."""

    def at(row: dict) -> str:
        return f"{show(row['value'])} in {month_label(row['month'])}"

    highest, lowest = (pick(rows, key=lambda row: row["value"]) for pick in (max, min))
    return f"from {at(rows[0])} to {at(rows[-1])}; the highest was {at(highest)}, the lowest {at(lowest)}"

"""A line's figure month by month, as every edition draws and tells it: the table `history` of the release."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import polars as pl

from orchestration import months
from orchestration.editions.content import Card
from orchestration.scorecard.display import month_label

TWO_YEARS = 25  # the latest month, and two years before it: what a small trend shows
OF_A_YEAR = ("year_to_date", "financial_year")  # windows of one year say nothing of the year before


def known(card: Card, line: str) -> pl.DataFrame:
    """The months whose figure is known: month, value, provisional, oldest first."""
    return card.tables["history"].filter((pl.col("line") == line) & pl.col("value").is_not_null()).sort("month")


def last_two_years(rows: list[dict]) -> list[dict]:
    """Of rows with a month, oldest first, those of the last one and of two years before it."""
    if not rows:
        return []
    before = months.shift(rows[-1]["month"], -TWO_YEARS)
    return [it for it in rows if it["month"] > before]


def runs(of_months: list[date], basis: str | None) -> list[list[date]]:
    """The months that one line joins: none is missing between them, and no year of their windows ends."""
    step = min((_apart(*pair) for pair in pairwise(of_months)), default=1)
    found: list[list[date]] = []
    for month in of_months:
        before = found[-1][-1] if found else None
        anew = before and basis in OF_A_YEAR and _year(before) != _year(month)
        if before and _apart(before, month) == step and not anew:
            found[-1].append(month)
        else:
            found.append([month])
    return found


def in_words(values: dict[date, float], show: Callable[[float], str]) -> str:
    """From where to where, with the extremes between; without a full stop."""

    def said(month: date) -> str:
        return f"{show(values[month])} in {month_label(month)}"

    return (
        f"from {said(min(values))} to {said(max(values))}; the highest was "
        f"{said(max(values, key=values.__getitem__))}, the lowest {said(min(values, key=values.__getitem__))}"
    )


def _apart(month: date, later: date) -> int:
    return (later.year - month.year) * 12 + later.month - month.month


def _year(month: date) -> int:
    return months.shift(month, -3).year

"""The small trend of a line: the figure as each month's card would have said it, as lines to draw and in words."""

from datetime import date
from itertools import pairwise

import polars as pl

from orchestration import display, months
from orchestration.editions import content

MONTHS = 25  # the latest, and two years before it
OF_A_YEAR = ("year_to_date", "financial_year")  # windows of one year say nothing of the year before
MARGIN = 0.08  # of the height, above and below


def of_line(card: content.Card, row: dict) -> dict | None:
    """The trend of a line of the scorecard, in a square of 1 by 1: the runs to draw, its target, and what it says.

    None where no month of it is known.
    """
    history = card.tables["history"].filter((pl.col("line") == row["line"]) & pl.col("value").is_not_null())
    if history.is_empty():
        return None
    last = history["month"].max()
    values = dict(history.filter(pl.col("month") > months.shift(last, -MONTHS)).select("month", "value").iter_rows())
    target = row["target"]
    heights = [*values.values(), *([] if target is None else [target])]
    low, high = min(heights), max(heights)

    def across(month: date) -> float:
        return 1 - _apart(month, last) / (MONTHS - 1)

    def up(value: float) -> float:
        return 0.5 if high == low else MARGIN + (1 - 2 * MARGIN) * (value - low) / (high - low)

    return {
        "runs": [[[across(month), up(values[month])] for month in run] for run in _runs(sorted(values), row["basis"])],
        "target": None if target is None else up(target),
        "alt": _in_words(card, row, values),
    }


def _runs(known: list[date], basis: str) -> list[list[date]]:
    """The months that one line joins: none is missing between them, and no year of the windows ends."""
    step = min((_apart(*pair) for pair in pairwise(known)), default=1)
    runs: list[list[date]] = []
    for month in known:
        before = runs[-1][-1] if runs else None
        anew = before and basis in OF_A_YEAR and _year(before) != _year(month)
        if before and _apart(before, month) == step and not anew:
            runs[-1].append(month)
        else:
            runs.append([month])
    return runs


def _in_words(card: content.Card, row: dict, values: dict[date, float]) -> str:
    indicator = card.indicator(row["line"])

    def said(month: date) -> str:
        value = display.printed(values[month], row["unit"], indicator["sign"], indicator["decimals"])
        return f"{value} in {display.month_label(month)}"

    target = "" if row["target"] is None else f" The target is {display.printed(row['target'], row['unit'])}."
    return (
        f"Trend of line {row['line']}: from {said(min(values))} to {said(max(values))}; the highest was "
        f"{said(max(values, key=values.get))}, the lowest {said(min(values, key=values.get))}.{target}"
    )


def _apart(month: date, later: date) -> int:
    return (later.year - month.year) * 12 + later.month - month.month


def _year(month: date) -> int:
    return months.shift(month, -3).year

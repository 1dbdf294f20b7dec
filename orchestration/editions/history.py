"""A line's figure month by month, as every edition draws it and words it: the table `history` of the release."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from orchestration import months, years
from orchestration.scorecard.display import month_label

TWO_YEARS = 25  # the report month, and two years before it: what a small trend shows
OF_A_YEAR = ("year_to_date", "financial_year")  # windows of one year: a new line begins with the next


def across(month: date, report_month: date) -> float:
    """The place of a month in a small trend, from 0 for two years before the report month to 1."""
    return 1 - months.difference(month, report_month) / (TWO_YEARS - 1)


def two_years(rows: list[dict], report_month: date) -> list[dict]:
    """Of rows with a month, those of two years, each with `across`: its place.

    So every small trend of a card has the same months in the same places, and a figure that is older ends earlier.
    """
    placed = [row | {"across": across(row["month"], report_month)} for row in rows]
    return [row for row in placed if 0 <= row["across"] <= 1]


class Trend(NamedTuple):
    """A small trend: its months for words, and what to draw in a square of 1 by 1, whose last point is the latest."""

    months: list[dict]  # those that are counted by the rules of the last of them
    runs: list[list[tuple[float, float]]]  # of points that one line joins: across, and up
    targets: list[float]  # up
    targets_from: float  # across


def trend(
    known: list[dict],
    report_month: date,
    basis: str | None,
    *,
    breaks: Collection[date] = (),
    targets: Sequence[float] = (),
    targeted_from: date | None = None,
) -> Trend | None:
    """The small trend of rows with month and value, and of targets from a month on; None where it has no month."""
    rows = two_years(known, report_month)
    if not rows:
        return None
    drawn = targets if targeted_from else ()
    heights = [row["value"] for row in rows] + [*drawn]
    low, high = min(heights), max(heights)

    def up(value: float) -> float:
        return 0.5 if high == low else (value - low) / (high - low)

    placed = {row["month"]: (row["across"], up(row["value"])) for row in rows}
    return Trend(
        alike(rows, breaks),
        [[placed[month] for month in run] for run in runs([*placed], basis, breaks)],
        [up(target) for target in drawn],
        max(0.0, across(targeted_from, report_month)) if targeted_from else 0.0,
    )


def runs(of_months: list[date], basis: str | None, breaks: Collection[date] = ()) -> list[list[date]]:
    """The months that one line joins: none is missing between them, no year of their windows ends, no rule changed.

    `breaks` are the months from which the measure is counted by other rules.
    """
    step = min((months.difference(*pair) for pair in pairwise(of_months)), default=1)
    found: list[list[date]] = []
    for month in of_months:
        before = found[-1][-1] if found else None
        new_year = before and basis in OF_A_YEAR and years.of_month(before) != years.of_month(month)
        broken = before and any(before < it <= month for it in breaks)
        if before and months.difference(before, month) == step and not new_year and not broken:
            found[-1].append(month)
        else:
            found.append([month])
    return found


def alike(rows: list[dict], breaks: Collection[date]) -> list[dict]:
    """Of rows with a month those that are counted by the rules of the last of them."""
    return [row for row in rows if not any(row["month"] < it <= rows[-1]["month"] for it in breaks)]


def course(rows: list[dict], show: Callable[[float], str]) -> str:
    """How a figure went, for who cannot see its small trend: `fell from 15.2% in Aug-07 to 14.9% in Aug-09`."""
    first, last = rows[0], rows[-1]
    if len(rows) == 1:
        return f"{show(last['value'])} in {month_label(last['month'])}, the only month known"
    start, end = (f"{show(row['value'])} in {month_label(row['month'])}" for row in (first, last))
    if show(first["value"]) == show(last["value"]):
        return f"{start} and {end}"
    return f"{'rose' if last['value'] > first['value'] else 'fell'} from {start} to {end}"


def in_words(rows: list[dict], show: Callable[[float], str]) -> str:
    """The first and the last value of rows with month and value, and the extremes between; without a full stop."""

    def at(row: dict) -> str:
        return f"{show(row['value'])} in {month_label(row['month'])}"

    highest, lowest = (pick(rows, key=lambda row: row["value"]) for pick in (max, min))
    return f"from {at(rows[0])} to {at(rows[-1])}; the highest was {at(highest)}, the lowest {at(lowest)}"

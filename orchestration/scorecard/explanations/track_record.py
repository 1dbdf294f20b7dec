"""How the projected outturn would have done: in how many trials on earlier years its range held the year's true end."""

from datetime import date

import polars as pl

from orchestration import months, years
from orchestration.scorecard.explanations import outturns
from orchestration.scorecard.explanations import years as years_of_lines

NOISE, A_YEAR = 1e-9, 12


def of_lines(indicators: pl.DataFrame, monthly: pl.DataFrame, report_months: list[tuple[date, str]]) -> outturns.Record:
    """How many trials there are of each line of each report month's card, and how many held.

    There is one after each month of each earlier year of which the end is known, where a range could be projected then.
    A trial knows what the report month knows of the months up to its own, and nothing later.
    """
    found: outturns.Record = {}
    for report_month, financial_year in report_months:
        card = indicators.filter(report_month=report_month)
        known = monthly.filter(pl.col("complete"), report_month=report_month)
        last = months.shift(years.start(financial_year), -1)
        tried = known.select(tried="month").filter(pl.col("tried") <= last).unique().sort("tried")
        for line, trials in _trials(card, known, tried).items():
            found[report_month, line] = len(trials), sum(trials)
    return found


def _trials(card: pl.DataFrame, known: pl.DataFrame, tried: pl.DataFrame) -> dict[str, list[bool]]:
    """By line, whether the range after each month that is tried held the end of its year."""
    by_month = [(month, years.of_month(month)) for month in tried["tried"]]
    names = pl.DataFrame(by_month, schema={"tried": pl.Date, "financial_year": pl.String}, orient="row")
    then = card.drop("report_month", "financial_year").join(names, how="cross").rename({"tried": "report_month"})
    up_to = known.drop("report_month").join(tried, how="cross").filter(pl.col("month") <= pl.col("tried"))
    ranges: dict[tuple[str, date], list[list[float]]] = {}
    ended: dict[tuple[str, date], float] = {}
    for line, before in years_of_lines.of_lines(then, up_to.rename({"tried": "report_month"}), by_month):
        if not line["months_gone"] or line["latest"] != line["report_month"]:
            continue
        ends = outturns.year_ends(line, before)
        if isinstance(ends, str):
            continue
        year = line["line"], line["year_from"]
        if line["months_gone"] == A_YEAR:
            (ended[year],) = ends.values()
        else:
            ranges.setdefault(year, []).append([*ends.values()])
    held: dict[str, list[bool]] = {}
    for year, of_year in ranges.items():
        if (truth := ended.get(year)) is not None:
            within = [min(ends) - NOISE <= truth <= max(ends) + NOISE for ends in of_year]
            held.setdefault(year[0], []).extend(within)
    return held

"""What a line may be judged by besides its figure: the optional rules that are on, and what each of them looks at."""

from datetime import date

import polars as pl

from orchestration import months, years
from orchestration.scorecard.optional_rules import Evidence


def of_lines(
    rules: pl.DataFrame,
    figures: pl.DataFrame,
    intervals: pl.DataFrame,
    run_rates: pl.DataFrame,
    report_months: list[tuple[date, str]],
) -> dict[tuple[date, str], Evidence]:
    """The evidence of each line, by report month and line: the rules that are on by then, and what they look at.

    `rules` is the catalogue's table judging_rules; `intervals` needs report_month, line, name, lower and upper.
    """
    # a line whose latest figure is the forecast is judged by its target and its tolerance: it has no other evidence
    forecasts = {key: it for key, it in supplied_forecasts(figures).items() if it["name"] != "latest"}
    latest = intervals.filter((pl.col("name") == "latest") & pl.col("lower").is_not_null())
    margins = {
        (month, line): tuple(ends)
        for month, line, *ends in latest.select("report_month", "line", "lower", "upper").iter_rows()
    }
    of_run_rates = {(row["report_month"], row["line"]): row for row in run_rates.iter_rows(named=True)}
    on: dict[tuple[date, str], list[str]] = {}
    for row in rules.iter_rows(named=True):
        for month, financial_year in report_months:
            if financial_year == row["financial_year"] and row["from_month"] <= month:
                on.setdefault((month, row["line"]), []).append(row["rule"])
    due = parts_due(figures)
    return {
        key: Evidence(tuple(on.get(key, ())), margins.get(key), of_run_rates.get(key), forecasts.get(key), due.get(key))
        for key in {*of_run_rates, *on, *margins, *forecasts, *due}
    }


def parts_due(figures: pl.DataFrame) -> dict[tuple[date, str], float]:
    """The part of the year's target that is due, of each report month and line whose target is phased."""
    of_line = ["report_month", "line"]
    phased = figures.filter(pl.col("name") == "phased_target").select(*of_line, "value")
    targets = figures.filter(pl.col("name") == "target").select(*of_line, target="value")
    known = phased.join(targets, on=of_line).drop_nulls().filter(pl.col("target") != 0)
    return {(month, line): value / target for month, line, value, target in known.iter_rows()}


def supplied_forecasts(figures: pl.DataFrame) -> dict[tuple[date, str], dict]:
    """The figure of each report month and line that is its source's forecast of the card's whole year.

    One for more than that year, or one that another figure is taken off, is another thing. Where several are left the
    line's latest figure comes first, then the first by name.
    """
    of_the_year = figures.filter(
        (pl.col("statistic") == "forecast")
        & (pl.col("basis") == "financial_year")
        & (pl.col("name") != "year_before")
        & (pl.col("value") == pl.col("numerator").cast(pl.Float64))
        & (pl.col("data_from") == years.start_column())
        & (months.column_difference(pl.col("data_from"), pl.col("data_to")) == 11)
    )
    found: dict[tuple[date, str], dict] = {}
    for figure in of_the_year.sort(pl.col("name") != "latest", "name").iter_rows(named=True):
        found.setdefault((figure["report_month"], figure["line"]), figure)
    return found

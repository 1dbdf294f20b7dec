"""The financial year of each line as known at its report month: its sums so far, and those of earlier years."""

from datetime import date

import polars as pl

from orchestration import months, years
from orchestration.scorecard import display
from orchestration.scorecard.kinds import BASES_OF_A_YEAR_END, CHANGES, KINDS

Years = dict[int, dict]  # the sums of each earlier year, by how many years back
NO_YEAR = {"total": 0, "total_of": None, "total_months": 0, "rest_months": 0}


def since_breaks(monthly: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """The months with `since`, the last month by the report month from which their measure is counted by other rules.

    Null where its counting rules never changed.
    """
    last = (
        monthly.select("report_month", "measure")
        .unique()
        .join(breaks, on="measure")
        .filter(pl.col("from_month") <= pl.col("report_month"))
        .group_by("report_month", "measure")
        .agg(since=pl.col("from_month").max())
    )
    return monthly.join(last, on=["report_month", "measure"], how="left", maintain_order="left")


def comparable() -> pl.Expr:
    """Whether a month is known and counted by the rules that its measure is counted by now."""
    return pl.col("complete") & (pl.col("month") >= pl.col("since")).fill_null(True)


def lines(indicators: pl.DataFrame, report_months: list[tuple[date, str]]) -> pl.DataFrame:
    """One row per report month and line of its card: the row that applies, and the month its year begins with."""
    cards = pl.DataFrame(report_months, schema={"report_month": pl.Date, "financial_year": pl.String}, orient="row")
    return (
        cards.join(indicators, on=["report_month", "financial_year"])
        .with_columns(year_from=years.start_column())
        .sort("report_month", "position")
    )


def of_lines(
    indicators: pl.DataFrame, monthly: pl.DataFrame, report_months: list[tuple[date, str]]
) -> list[tuple[dict, Years]]:
    """Each line of each report month's card with what is known of its year, and the sums of the years before.

    The line is its row of the catalogue with `latest`, the last month of the year that is complete (None where none
    is), `months_gone`, those up to it, `months_present`, how many of them are known, `so_far` and `so_far_of`, the sums
    of numerator and denominator; `since`, the month from which its measure is counted by the rules of now (None where
    these never changed). Of an earlier year, of which only the months since then count, `total`, `total_of` and
    `total_months` are of the whole year, `rest`, `rest_of` and `rest_months` of the months still left of this one.
    """
    of_measure = ["report_month", "measure"]
    cards = lines(indicators, report_months)
    since = months.column_difference(pl.col("year_from"), pl.col("month"))
    complete = (
        monthly.filter("complete")
        .join(cards.select(*of_measure, "year_from").unique().drop_nulls(), on=of_measure)
        .with_columns(years_back=-since.floordiv(12), place=since.mod(12) + 1)
    )
    this_year = (
        complete.filter(years_back=0)
        .group_by(of_measure)
        .agg(
            latest=pl.col("month").max(),
            months_gone=pl.col("place").max(),
            months_present=pl.col("months_covered").sum(),
            so_far=pl.col("numerator").sum(),
            so_far_of=_sum("denominator"),
        )
    )
    left = pl.col("place") > pl.col("months_gone").fill_null(0)
    earlier = (
        complete.filter(comparable(), pl.col("years_back") > 0)
        .join(this_year.select(*of_measure, "months_gone"), on=of_measure, how="left")
        .group_by(*of_measure, "years_back")
        .agg(
            total=pl.col("numerator").sum(),
            total_of=_sum("denominator"),
            total_months=pl.col("months_covered").sum(),
            rest=pl.col("numerator").filter(left).sum(),
            rest_of=_sum("denominator", left),
            rest_months=pl.col("months_covered").filter(left).sum(),
        )
    )
    before: dict[tuple, Years] = {}
    for row in earlier.sort("years_back").iter_rows(named=True):
        before.setdefault((row["report_month"], row["measure"]), {})[row["years_back"]] = row
    since_when = monthly.group_by(of_measure).agg(pl.col("since").max())
    known = cards.join(this_year, on=of_measure, how="left", maintain_order="left")
    known = known.join(since_when, on=of_measure, how="left", maintain_order="left")
    known = known.with_columns(pl.col("months_gone", "months_present").fill_null(0))
    return [(line, before.get((line["report_month"], line["measure"]), {})) for line in known.iter_rows(named=True)]


def left(line: dict) -> tuple[date, date]:
    """The first and the last month that are left of the line's year."""
    return months.shift(line["year_from"], line["months_gone"]), months.shift(line["year_from"], 11)


def name(year_from: date, years_back: int = 0) -> str:
    """The financial year that begins so many years before: `2008/09`."""
    return years.of_month(months.shift(year_from, -12 * years_back))


def last_year(before: Years) -> tuple[float, float | None]:
    """Numerator and denominator of the whole year before."""
    year = before.get(1, NO_YEAR)
    return float(year["total"]), None if year["total_of"] is None else float(year["total_of"])


def no_year_end(line: dict) -> str | None:
    """Why the line has no year end that its months add up to; None where it has one."""
    if line["measure"] is None:
        return "the line has no measure"
    if reason := KINDS[line["kind"]].no_year_end:
        return reason
    if line.get("averaged") and line["kind"] != "percentage_change":
        return "it rests on a stock, which its months do not add up"
    if line["basis"] not in BASES_OF_A_YEAR_END:
        return f"its figure is of the {line['basis'].replace('_', ' ')}, which the year end does not complete"
    if line["months_present"] < line["months_gone"]:
        window = display.window_label(line["year_from"], line["latest"])
        return f"{window} holds {line['months_present']} of {line['months_gone']} months"
    return None


def no_year_before(line: dict, before: Years) -> str | None:
    """Why a change on last year cannot be computed; None where it can, or where the figure is no change."""
    holds = before.get(1, NO_YEAR)["total_months"]
    if line["kind"] not in CHANGES or holds == 12:
        return None
    return f"nothing to compare with: {name(line['year_from'], 1)} holds {holds} of 12 months{by_the_rules(line)}"


def by_the_rules(line: dict) -> str:
    """To stand behind a number of months where only those of the counting rules of now count."""
    return f" counted by the rules since {display.month_label(line['since'])}" if line["since"] else ""


def span(first: date, last: date) -> str:
    """The months in a sentence: `in Mar-09`, `in Feb-09 and Mar-09`, `from Sep-09 to Mar-10`."""
    if months.difference(first, last) < 2:
        return f"in {display.listed([display.month_label(month) for month in months.between(first, last)])}"
    return f"from {display.window_label(first, last)}"


def _sum(column: str, where: pl.Expr | None = None) -> pl.Expr:
    """The sum, null where there is nothing to add up."""
    values = pl.col(column) if where is None else pl.col(column).filter(where)
    return pl.when(values.count() > 0).then(values.sum())

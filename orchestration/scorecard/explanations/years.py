"""The financial year of each line as known at its report month: what came so far, and what earlier years brought."""

from datetime import date

import polars as pl

from orchestration import months
from orchestration.scorecard import display
from orchestration.vocabulary import ENDING_WITH_THE_YEAR, WITHOUT_A_YEAR_END


def lines(indicators: pl.DataFrame, report_months: list[tuple[date, str]]) -> pl.DataFrame:
    """One row per report month and line of its card: the catalogue's row, and the April its year begins in."""
    cards = pl.DataFrame(report_months, schema={"report_month": pl.Date, "financial_year": pl.String}, orient="row")
    year = pl.col("financial_year").str.slice(0, 4).cast(pl.Int32)
    return (
        cards.join(indicators, on="financial_year")
        .with_columns(pl.date(year, 4, 1).alias("year_from"))
        .sort("report_month", "position")
    )


def known(of_lines: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """The lines, each with what is known of its year: one row per report month and line, in the same order.

    `latest` is the last month of the year that is complete (null where none is), `months_gone` those up to it,
    `months_present` how many of them are known, `so_far` and `so_far_of` the sums of numerator and denominator.
    """
    of_measures = (
        _by_year(of_lines, monthly)
        .filter(pl.col("complete") & (pl.col("years_back") == 0))
        .group_by("report_month", "measure")
        .agg(
            latest=pl.col("month").max(),
            months_gone=pl.col("place").max(),
            months_present=pl.col("months_covered").sum(),
            so_far=pl.col("numerator").sum(),
            so_far_of=_sum("denominator"),
        )
    )
    return of_lines.join(of_measures, on=["report_month", "measure"], how="left", maintain_order="left").with_columns(
        pl.col("months_gone", "months_present").fill_null(0)
    )


def earlier(of_known: pl.DataFrame, monthly: pl.DataFrame) -> dict[tuple[date, str], dict[int, dict]]:
    """What each earlier year brought, by report month and measure, and then by how many years back.

    `total`, `total_of` and `total_months` are of the whole year, `rest`, `rest_of` and `rest_months` of the months
    that are still left of this year.
    """
    gone = of_known.select("report_month", "measure", "months_gone").unique().drop_nulls()
    left = pl.col("place") > pl.col("months_gone")
    rows = (
        _by_year(of_known, monthly)
        .filter(pl.col("complete") & (pl.col("years_back") > 0))
        .join(gone, on=["report_month", "measure"])
        .group_by("report_month", "measure", "years_back")
        .agg(
            total=pl.col("numerator").sum(),
            total_of=_sum("denominator"),
            total_months=pl.col("months_covered").sum(),
            rest=pl.col("numerator").filter(left).sum(),
            rest_of=_sum("denominator", left),
            rest_months=pl.col("months_covered").filter(left).sum(),
        )
    )
    found: dict[tuple[date, str], dict[int, dict]] = {}
    for row in rows.sort("years_back").iter_rows(named=True):
        found.setdefault((row["report_month"], row["measure"]), {})[row["years_back"]] = row
    return found


def year_end(year_from: date) -> date:
    """The March that the financial year ends with."""
    return months.shift(year_from, 11)


def name(year_from: date, years_back: int = 0) -> str:
    """The financial year that begins so many years before: `2008/09`."""
    year = year_from.year - years_back
    return f"{year}/{(year + 1) % 100:02}"


def why_not(line: dict) -> str | None:
    """Why the line has no year end that its months add up to; None where it has one."""
    if line["measure"] is None:
        return "the line has no measure"
    if line["kind"] in WITHOUT_A_YEAR_END:
        return WITHOUT_A_YEAR_END[line["kind"]]
    if line["basis"] not in ENDING_WITH_THE_YEAR:
        return f"its figure is of the {line['basis'].replace('_', ' ')}, which the year end does not complete"
    if line["months_present"] < line["months_gone"]:
        label = display.month_label
        return (
            f"{label(line['year_from'])} to {label(line['latest'])} holds "
            f"{line['months_present']} of {line['months_gone']} months"
        )
    return None


def span(first: date, last: date) -> str:
    """The months in a sentence: `in Mar-09`, `in Feb-09 and Mar-09`, `from Sep-09 to Mar-10`."""
    label = display.month_label
    if first == last:
        return f"in {label(last)}"
    if months.shift(first, 1) == last:
        return f"in {label(first)} and {label(last)}"
    return f"from {label(first)} to {label(last)}"


def _by_year(of_lines: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """The months of the measures that the lines are about, each with its place in its year and how far back that is."""
    of_measures = of_lines.select("report_month", "measure", "year_from").unique().drop_nulls()
    since = 12 * (pl.col("month").dt.year() - pl.col("year_from").dt.year()) + pl.col("month").dt.month() - 4
    return monthly.join(of_measures, on=["report_month", "measure"]).with_columns(
        years_back=-since.floordiv(12), place=since.mod(12) + 1
    )


def _sum(column: str, where: pl.Expr | None = None) -> pl.Expr:
    """The sum, null where there is nothing to add up."""
    values = pl.col(column) if where is None else pl.col(column).filter(where)
    return pl.when(values.count() > 0).then(values.sum())

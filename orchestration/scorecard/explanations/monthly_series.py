"""A line month by month: the value of each month of its series, and what its target asks of a month."""

import polars as pl

from orchestration.scorecard.explanations.trend_words import FOLLOWING, POINTS

COUNTED = ("total", "monthly_average", "k_of_n")  # its numerator, whatever it may be divided by elsewhere
OF_TWO_MEASURES = ("gap", "ratio_of_shares")
AS_IT_IS = ("percentage", *OF_TWO_MEASURES, "k_of_n")  # a target that holds for a month as for a year
MONTHS_OF = {"rolling_year": 12, "financial_year": 12, "quarter": 3}


def lines(indicators: pl.DataFrame, report_months: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """Every line of every report month's card, numbered, and why it has no series of months where it has none."""
    covered = monthly.filter("complete").group_by("report_month", "measure").agg(pl.col("months_covered").max())
    return (
        report_months.select("report_month", "financial_year")
        .join(indicators, on="financial_year")
        .sort("report_month", "line")
        .with_row_index("series")
        .rename({"target": "asked"})
        .join(covered, on=["report_month", "measure"], how="left", maintain_order="left")
        .join(
            covered,
            left_on=["report_month", "compare_measure"],
            right_on=["report_month", "measure"],
            how="left",
            suffix="_compared",
            maintain_order="left",
        )
        .with_columns(
            no_series=pl.when(pl.col("measure").is_null())
            .then(pl.lit("the line has no measure"))
            .when(pl.col("kind") == "forecast")
            .then(pl.lit("a forecast is no monthly series"))
            .when(pl.col("months_covered") != pl.col("months_covered_compared"))
            .then(
                pl.format(
                    f"{FOLLOWING}: {{}} is known by {{}}, {{}} by {{}}",
                    pl.lit("month"),
                    "measure",
                    point("months_covered"),
                    "compare_measure",
                    point("months_covered_compared"),
                )
            )
        )
        .drop("months_covered", "months_covered_compared")
    )


def point(months_covered: str) -> pl.Expr:
    """What a point of a series is called: a month, a quarter."""
    return pl.col(months_covered).replace_strict(POINTS, default="point", return_dtype=pl.String)


def monthly_values(of_lines: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """One row per line and point of its series, from the first known month to the last; a gap between them is null.

    `step` is how many months a point covers: a quarterly source has a point in the last month of each quarter only.
    """
    known = pl.when("complete")
    months = monthly.select(
        "report_month",
        "measure",
        "month",
        known.then("provisional").otherwise(False).alias("provisional"),
        known.then("months_covered").alias("months_covered"),
        known.then(pl.col("numerator").cast(pl.Float64)).alias("n"),
        known.then(pl.col("denominator").cast(pl.Float64)).alias("d"),
    )
    charted = of_lines.filter(pl.col("no_series").is_null())
    rows = charted.select("series", "report_month", "measure", "compare_measure", "kind").join(
        months, on=["report_month", "measure"]
    )
    compared = (
        charted.select("series", "report_month", measure="compare_measure")
        .join(months, on=["report_month", "measure"])
        .select("series", "month", "provisional", "n", "d")
    )
    share, other, kind = pl.col("n") / pl.col("d"), pl.col("n_right") / pl.col("d_right"), pl.col("kind")
    value = (
        pl.when(kind == "gap")
        .then(share - other)
        .when(kind == "ratio_of_shares")
        .then(share / other)
        .when((kind == "k_of_n") & (pl.col("d") == 0))
        .then(None)
        .when(kind.is_in(COUNTED) | pl.col("d").is_null())
        .then("n")
        .otherwise(share)
    )
    there = pl.col("month").filter(pl.col("value").is_not_null())
    return (
        rows.join(compared, on=["series", "month"], how="left")
        .with_columns(value=value, provisional=pl.col("provisional") | pl.col("provisional_right").fill_null(False))
        .with_columns(value=pl.when(pl.col("value").is_finite()).then("value"))
        .select(
            "series",
            "month",
            "value",
            "provisional",
            step=pl.col("months_covered").max().over("series"),
            first=there.min().over("series"),
            last=there.max().over("series"),
        )
        .filter(pl.col("month").is_between("first", "last"))
        .filter(pl.col("value").is_not_null() | ((_number("last") - _number("month")) % pl.col("step") == 0))
        .drop("first", "last")
        .sort("series", "month")
    )


def _number(month: str) -> pl.Expr:
    """Counts the months, so that they can be subtracted."""
    return pl.col(month).dt.year() * 12 + pl.col(month).dt.month().cast(pl.Int32)


def monthly_targets(of_lines: pl.DataFrame, values: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """One row per line: what its target asks of one point of its series, or `no_target`, why that cannot be said."""
    kind, basis, asked = pl.col("kind"), pl.col("basis"), pl.col("asked")
    step = pl.col("step").fill_null(1)
    year = pl.when(pl.col("months_before") == 12)
    before = pl.col("before_d").is_null()
    share_before = pl.col("before_n") / pl.col("before_d")
    target = (
        pl.when(kind.is_in(AS_IT_IS) | ((kind == "total") & (basis == "latest")))
        .then(asked)
        .when(kind == "monthly_average")
        .then(asked * step)
        .when(kind == "total")
        .then(asked * step / basis.replace_strict(MONTHS_OF, default=None, return_dtype=pl.Int32))
        .when((kind == "percentage_change") & before)
        .then(year.then(pl.col("before_n") * (1 + asked) * step / 12))
        .when(kind == "percentage_change")
        .then(year.then(share_before * (1 + asked)))
        .when(kind == "change_in_points")
        .then(year.then(share_before + asked))
    )
    year_before = (pl.col("start").dt.year() - 1).cast(pl.String) + pl.col("start").dt.strftime("/%y")
    return (
        of_lines.with_columns(start=_start("financial_year"))
        .join(values.group_by("series").agg(pl.col("step").first()), on="series", how="left")
        .join(_year_before(of_lines, monthly), on=["report_month", "measure"], how="left")
        .with_columns(target=target)
        .select(
            "series",
            pl.when(pl.col("target").is_finite()).then("target").alias("target"),
            pl.when(asked.is_null())
            .then(pl.lit("no target is set"))
            .when((kind == "total") & ~basis.is_in(["latest", *MONTHS_OF]))
            .then(pl.lit("a target for a year to date asks no fixed number of a month"))
            .when(pl.col("no_series").is_null() & ~pl.col("target").is_finite().fill_null(False))
            .then(pl.format("the target is a change on a year, and {} is not known in full", year_before))
            .alias("no_target"),
        )
    )


def _start(financial_year: str) -> pl.Expr:
    """April of a financial year written as 2008/09."""
    return pl.date(pl.col(financial_year).str.slice(0, 4).cast(pl.Int32), 4, 1)


def _year_before(of_lines: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """By report month and measure, the sums of the financial year before the card's, and the months they cover."""
    starts = of_lines.select("report_month", start=_start("financial_year")).unique()
    return (
        monthly.filter("complete")
        .join(starts, on="report_month")
        .filter((pl.col("month") < pl.col("start")) & (pl.col("month") >= pl.col("start").dt.offset_by("-12mo")))
        .group_by("report_month", "measure")
        .agg(
            pl.col("numerator").cast(pl.Float64).sum().alias("before_n"),
            # a plain count has no denominator, which is not a denominator of 0
            pl.when(pl.col("denominator").count() > 0)
            .then(pl.col("denominator").cast(pl.Float64).sum())
            .alias("before_d"),
            pl.col("months_covered").sum().alias("months_before"),
        )
    )

"""A line month by month: the value of each month of its series, and what its target requires of a month."""

import polars as pl

from orchestration import months
from orchestration.scorecard.kinds import KINDS, from_sums

POINTS = {1: "month", 3: "quarter"}
FOLLOWING = "a control chart needs {}s that follow each other"
SAME_TARGET = [name for name, kind in KINDS.items() if kind.same_target_every_month]
MONTHS_OF = {"rolling_year": 12, "financial_year": 12, "quarter": 3}


def lines(indicators: pl.DataFrame, report_months: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """Every line of every report month's card, numbered, and why it has no series of months where it has none."""
    covered = monthly.filter("complete").group_by("report_month", "measure").agg(pl.col("months_covered").max())
    other = covered.rename({"measure": "compare_measure", "months_covered": "months_covered_other"})
    return (
        report_months.select("report_month", "financial_year")
        .join(indicators, on="financial_year")
        .sort("report_month", "line")
        .with_row_index("series")
        .rename({"target": "line_target"})
        .join(covered, on=["report_month", "measure"], how="left", maintain_order="left")
        .join(other, on=["report_month", "compare_measure"], how="left", maintain_order="left")
        .with_columns(
            no_series=pl.when(pl.col("measure").is_null())
            .then(pl.lit("the line has no measure"))
            .when(pl.col("kind") == "forecast")
            .then(pl.lit("a forecast is no monthly series"))
            .when(pl.col("months_covered") != pl.col("months_covered_other"))
            .then(
                pl.format(
                    f"{FOLLOWING}: {{}} is known by {{}}, {{}} by {{}}",
                    pl.lit("month"),
                    "measure",
                    point("months_covered"),
                    "compare_measure",
                    point("months_covered_other"),
                )
            )
        )
        .drop("months_covered", "months_covered_other")
    )


def point(months_covered: str) -> pl.Expr:
    """What a point of a series is called: a month, a quarter."""
    return pl.col(months_covered).replace_strict(POINTS, default="point", return_dtype=pl.String)


def monthly_values(of_lines: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """One row per line and point of its series, from the first known month to the last; a gap between them is null.

    `step` is how many months a point covers: a quarterly source has a point in the last month of each quarter only.
    """
    known = pl.when("complete")
    sums = monthly.select(
        "report_month",
        "measure",
        "month",
        known.then("provisional").otherwise(False).alias("provisional"),
        known.then("months_covered").alias("months_covered"),
        *(known.then(pl.col(name).cast(pl.Float64)).alias(name) for name in ("numerator", "denominator")),
    )
    charted = of_lines.filter(pl.col("no_series").is_null())
    other = charted.select("series", "report_month", measure="compare_measure").join(
        sums, on=["report_month", "measure"]
    )
    known_months = pl.col("month").filter(pl.col("value").is_not_null())
    return (
        charted.select("series", "report_month", "measure", "kind")
        .join(sums, on=["report_month", "measure"])
        .join(
            other.drop("report_month", "measure", "months_covered"),
            on=["series", "month"],
            how="left",
            suffix="_other",
        )
        .with_columns(
            value=from_sums(pl.col("kind")),
            provisional=pl.col("provisional") | pl.col("provisional_other").fill_null(False),
        )
        .select(
            "series",
            "month",
            "value",
            "provisional",
            step=pl.col("months_covered").max().over("series"),
            first=known_months.min().over("series"),
            last=known_months.max().over("series"),
        )
        .filter(pl.col("month").is_between("first", "last"))
        .filter(
            pl.col("value").is_not_null()
            | (months.column_difference(pl.col("month"), pl.col("last")) % pl.col("step") == 0)
        )
        .drop("first", "last")
        .sort("series", "month")
    )


def monthly_targets(of_lines: pl.DataFrame, values: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """One row per line: what its target requires of one point of its series, or `no_target`, why that is not known."""
    kind, basis, line_target = pl.col("kind"), pl.col("basis"), pl.col("line_target")
    step = pl.col("step").fill_null(1)
    whole_year = pl.when(pl.col("months_before") == 12)
    counted = pl.col("denominator_before").is_null()
    rate_before = pl.col("numerator_before") / pl.col("denominator_before")
    target = (
        pl.when(kind.is_in(SAME_TARGET) | ((kind == "total") & (basis == "latest")))
        .then(line_target)
        .when(kind == "monthly_average")
        .then(line_target * step)
        .when(kind == "total")
        .then(line_target * step / basis.replace_strict(MONTHS_OF, default=None, return_dtype=pl.Int32))
        .when((kind == "percentage_change") & counted)
        .then(whole_year.then(pl.col("numerator_before") * (1 + line_target) * step / 12))
        .when(kind == "percentage_change")
        .then(whole_year.then(rate_before * (1 + line_target)))
        .when(kind == "change_in_points")
        .then(whole_year.then(rate_before + line_target))
    )
    year_before = (pl.col("start").dt.year() - 1).cast(pl.String) + pl.col("start").dt.strftime("/%y")
    return (
        of_lines.with_columns(start=months.year_start_column())
        .join(values.group_by("series").agg(pl.col("step").first()), on="series", how="left")
        .join(_year_before(of_lines, monthly), on=["report_month", "measure"], how="left")
        .with_columns(target=target)
        .select(
            "series",
            pl.when(pl.col("target").is_finite()).then("target").alias("target"),
            pl.when(line_target.is_null())
            .then(pl.lit("no target is set"))
            .when((kind == "total") & ~basis.is_in(["latest", *MONTHS_OF]))
            .then(pl.lit("a target for a year to date requires no fixed number of a month"))
            .when(pl.col("no_series").is_null() & ~pl.col("target").is_finite().fill_null(False))
            .then(pl.format("the target is a change on a year, and {} is not known in full", year_before))
            .alias("no_target"),
        )
    )


def _year_before(of_lines: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """By report month and measure, the sums of the financial year before the card's, and the months they cover."""
    starts = of_lines.select("report_month", start=months.year_start_column()).unique()
    before = pl.col("numerator", "denominator").cast(pl.Float64)
    return (
        monthly.filter("complete")
        .join(starts, on="report_month")
        .filter(months.column_difference(pl.col("month"), pl.col("start")).is_between(1, 12))
        .group_by("report_month", "measure")
        .agg(
            # a plain count has no denominator, which is not a denominator of 0
            pl.when(before.count() > 0).then(before.sum()).name.suffix("_before"),
            pl.col("months_covered").sum().alias("months_before"),
        )
    )

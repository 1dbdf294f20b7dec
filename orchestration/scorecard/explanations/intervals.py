"""How sure a figure is: beside each share, rate, count, change and gap its 95% interval, or why it has none."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandera.polars as pa
import polars as pl

from orchestration.scorecard.columns import column
from orchestration.scorecard.explanations import confidence as limits

CONFIDENCE = 0.95
SMALL = 10  # under it the approximation to a count's limits is too narrow below (APHO Technical Briefing 3)

WILSON, BYAR, EXACT = "Wilson", "Byar's", "exact Poisson"
OF_COUNTS, OF_SHARES = "ratio of two counts", "log of the ratio of two shares"
DIFFERENCE, SUPPLIED = "two independent proportions", "supplied by the source"
METHODS = (WILSON, BYAR, EXACT, OF_COUNTS, OF_SHARES, DIFFERENCE, SUPPLIED)

COUNTS = ("total", "monthly_average")
DIFFERENCES = ("gap", "change_in_points")
STATISTICS = ("percentage", *COUNTS, "percentage_change", *DIFFERENCES, "ratio_of_shares")
NO_SAMPLE = {
    "forecast": "a forecast is not a sample",
    "k_of_n": "k of n counts all there are, it is not a sample",
}

SCHEMA = pa.DataFrameSchema(
    {
        "report_month": column(pl.Date, "The month on the title of the card.", nullable=False),
        "financial_year": column(pl.String, "The financial year of the card, as 2008/09.", nullable=False),
        "line": column(pl.String, "The line of the card.", nullable=False),
        "name": column(pl.String, "The figure, as in figures; latest is the one that is judged.", nullable=False),
        "value": column(pl.Float64, "Its value, unrounded; shares and changes as fractions, money in pounds."),
        "method": column(pl.String, "How the interval is computed; null where there is none.", pa.Check.isin(METHODS)),
        "confidence": column(pl.Float64, "How often such intervals hold the true value, as a fraction."),
        "lower": column(pl.Float64, "The lower limit, in the unit of the value."),
        "upper": column(pl.Float64, "The upper limit, in the unit of the value."),
        "margin": column(pl.Float64, "Half the width where the interval is symmetric; else null.", pa.Check.ge(0)),
        "missing_reason": column(pl.String, "Why there is no interval, in words."),
    },
    checks=[
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("method").is_null() == pl.col("missing_reason").is_not_null()),
            name="an interval or a reason",
        ),
        pa.Check(
            lambda data: data.lazyframe.select(
                pl.col("method").is_null()
                | ((pl.col("lower") <= pl.col("value")) & (pl.col("value") <= pl.col("upper"))).fill_null(False)
            ),
            name="an interval contains its value",
        ),
    ],
    unique=["report_month", "line", "name"],
    strict=True,
    ordered=True,
    description="One row per report month, line and figure that is a share, rate, count, change or gap: its interval.",
)


def intervals(figures: pl.DataFrame, money: Collection[str] = (), confidence: float = CONFIDENCE) -> pl.DataFrame:
    """The table `intervals` of the figures, which bring the sums of their second window or measure as columns.

    These are against_numerator, against_denominator (the window compared with), compare_numerator and
    compare_denominator (the other measure). `money` names the measures in pounds, which a % change does not show.
    """
    wanted = pl.col("statistic").is_in(STATISTICS) & pl.col("value").is_not_null()
    rows = (
        figures.filter((pl.col("name") == "latest") | wanted)
        .join(_supplied(figures), on=["report_month", "line"], how="left")
        .with_columns(_float("numerator", "n"), _float("denominator", "d"), *_second())
        .with_columns(missing_reason=_missing_reason(list(money)))
        .with_columns(method=pl.when(pl.col("missing_reason").is_null()).then(_method()))
    )
    computed = [part.with_columns(_limits(method, part, confidence)) for (method,), part in rows.group_by("method")]
    return (
        pl.concat(computed or [rows.with_columns(_limits(None, rows, confidence))])
        .with_columns(confidence=pl.when(pl.col("method").is_not_null()).then(pl.lit(confidence)))
        .select(list(SCHEMA.columns))
        .sort("report_month", "line", "name")
    )


def _float(column: str, name: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64).alias(name)


def _second() -> list[pl.Expr]:
    """n0 and d0: the sums of what the figure is a change from, or a gap or ratio to."""
    compared = pl.col("statistic").is_in(["gap", "ratio_of_shares"])
    return [
        pl.when(compared).then(f"compare_{part}").otherwise(f"against_{part}").cast(pl.Float64).alias(name)
        for part, name in (("numerator", "n0"), ("denominator", "d0"))
    ]


def _supplied(figures: pl.DataFrame) -> pl.DataFrame:
    """The margin that the source gives for a line's latest figure."""
    return (
        figures.filter((pl.col("statistic") == "supplied_margin") & pl.col("value").is_not_null())
        .sort("name")
        .unique(["report_month", "line"], keep="first", maintain_order=True)
        .select("report_month", "line", name=pl.lit("latest"), supplied=pl.col("value").abs())
        .drop("name")
    )


def _is_supplied() -> pl.Expr:
    return (pl.col("name") == "latest") & pl.col("supplied").is_not_null()


def _missing_reason(money: list[str]) -> pl.Expr:
    """Why there is no interval; null where there is one."""
    statistic, n, d, n0, d0 = (pl.col(name) for name in ("statistic", "n", "d", "n0", "d0"))
    of_money = (pl.col("unit") == "pounds_millions") | pl.col("measure").is_in(money)
    of_a_share = statistic.is_in(["percentage", *DIFFERENCES, "ratio_of_shares"])
    of_two = statistic.is_in([*DIFFERENCES, "ratio_of_shares"])
    scaled = d.is_not_null() | d0.is_not_null()
    sums_known = (
        n.is_not_null()
        & (~of_a_share | d.is_not_null())
        & (~of_two | d0.is_not_null())
        & (statistic.is_in([*COUNTS, "percentage"]) | n0.is_not_null())
        & ((statistic != "percentage_change") | ~scaled | (d.is_not_null() & d0.is_not_null()))
        & ((statistic != "monthly_average") | pl.col("months_expected").is_not_null())
    )
    a_part = n.is_between(0, d) & (d > 0) & (~of_two | (n0.is_between(0, d0) & (d0 > 0)))
    a_count = (n >= 0) & ((statistic != "percentage_change") | (n0 > 0))
    return (
        pl.when(pl.col("value").is_null())
        .then(pl.format("it has no value: {}", pl.col("missing_reason").fill_null("the reason is not known")))
        .when(_is_supplied())
        .then(None)
        .when(statistic.is_in(list(NO_SAMPLE)))
        .then(statistic.replace(NO_SAMPLE))
        .when(~statistic.is_in(STATISTICS))
        .then(pl.format("no interval is defined for a figure of the kind {}", statistic))
        .when(of_money)
        .then(pl.lit("money is not a count of independent events"))
        .when(~sums_known)
        .then(pl.lit("the sums it is computed from are not known"))
        .when(of_a_share & ~a_part)
        .then(pl.lit("its numerator is not a part of its denominator"))
        .when((statistic == "ratio_of_shares") & ((n == 0) | (n0 == 0)))
        .then(pl.lit("the ratio of a share of nothing has no limits"))
        .when(~of_a_share & ~a_count)
        .then(pl.lit("it is not computed from counts of events"))
    )


def _method() -> pl.Expr:
    """The method by the figure's statistic."""
    statistic = pl.col("statistic")
    return (
        pl.when(_is_supplied())
        .then(pl.lit(SUPPLIED))
        .when(statistic == "percentage")
        .then(pl.lit(WILSON))
        .when(statistic.is_in(COUNTS))
        .then(pl.when(pl.col("n") < SMALL).then(pl.lit(EXACT)).otherwise(pl.lit(BYAR)))
        .when(statistic == "percentage_change")
        .then(pl.lit(OF_COUNTS))
        .when(statistic == "ratio_of_shares")
        .then(pl.lit(OF_SHARES))
        .otherwise(pl.lit(DIFFERENCE))
    )


def _limits(method: str | None, rows: pl.DataFrame, confidence: float) -> list[pl.Series]:
    """The columns lower, upper and margin of rows of one method."""
    value, n, d, n0, d0 = (rows[name].to_numpy() for name in ("value", "n", "d", "n0", "d0"))
    lower: Any = None
    upper: Any = None
    margin: Any = None
    if method is None:
        pass
    elif method in (SUPPLIED, DIFFERENCE):
        margin = rows["supplied"].to_numpy() if method == SUPPLIED else limits.two_proportions(n, d, n0, d0, confidence)
        lower, upper = value - margin, value + margin
    else:
        estimate, (lower, upper) = _around(method, rows, confidence)
        # a figure less another (over the target) is moved by it, and so are its limits
        moved = np.where(np.isclose(value, estimate, rtol=1e-9, atol=1e-12), 0, value - estimate)
        lower, upper = lower + moved, upper + moved
    return [
        pl.Series(name, [None] * len(rows) if values is None else values, dtype=pl.Float64)
        for name, values in (("lower", lower), ("upper", upper), ("margin", margin))
    ]


def _around(method: str, rows: pl.DataFrame, confidence: float) -> tuple[np.ndarray, limits.Limits]:
    """What the sums alone give, and the limits around it."""
    n, d, n0, d0 = (rows[name].to_numpy() for name in ("n", "d", "n0", "d0"))
    if method == WILSON:
        return n / d, limits.wilson(n, d, confidence)
    if method == OF_SHARES:
        return (n / d) / (n0 / d0), limits.ratio_of_shares(n, d, n0, d0, confidence)
    if method == OF_COUNTS:
        # where there are denominators, the counts stand for exposures of different size
        exposure = np.where(np.isnan(d), 1, d0 / d)
        lower, upper = limits.ratio_of_counts(n, n0, confidence)
        return n / n0 * exposure - 1, (lower * exposure - 1, upper * exposure - 1)
    months = np.where(rows["statistic"] == "monthly_average", rows["months_expected"].to_numpy(), 1)
    lower, upper = (limits.exact_poisson if method == EXACT else limits.byar)(n, confidence)
    return n / months, (lower / months, upper / months)

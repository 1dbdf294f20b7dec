"""Confidence intervals: beside each share, rate, count, change and gap its 95% interval, or why it has none."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from orchestration.scorecard import contracts
from orchestration.scorecard.explanations import confidence as limits
from orchestration.scorecard.kinds import (
    BYAR,
    CHANGES,
    DIFFERENCE,
    EXACT,
    KINDS,
    OF_COUNTS,
    OF_SHARES,
    SHARES,
    SUPPLIED,
    TWO_MEASURES,
    WILSON,
)
from orchestration.scorecard.units import MONEY

SMALL = 10  # under it the approximation to a count's limits is too narrow below (APHO Technical Briefing 3)
METHOD_OF = {name: kind.interval for name, kind in KINDS.items() if kind.interval}
NO_SAMPLE = {name: kind.no_interval for name, kind in KINDS.items() if kind.no_interval}
# The sums of a figure: numerator and denominator, and those of what it is compared with (window or measure).
SUMS = ("numerator", "denominator", "other_numerator", "other_denominator")


NO_EVENTS: Mapping[str, str] = {}


def intervals(figures: pl.DataFrame, no_events: Mapping[str, str] = NO_EVENTS) -> pl.DataFrame:
    """The table `intervals` of the figures, which bring the sums of their second window or measure as columns.

    These are against_numerator, against_denominator (the window compared with), compare_numerator and
    compare_denominator (the other measure). `no_events` says of measures that count no events what they are: money,
    which a % change does not show, or a stock.
    """
    wanted = pl.col("statistic").is_in(list(METHOD_OF)) & pl.col("value").is_not_null()
    compared = pl.col("statistic").is_in(TWO_MEASURES)
    rows = (
        figures.filter((pl.col("name") == "latest") | wanted)
        .join(_supplied(figures), on=["report_month", "line", "name"], how="left")
        .with_columns(
            pl.col("numerator", "denominator").cast(pl.Float64),
            *(
                pl.when(compared)
                .then(f"compare_{part}")
                .otherwise(f"against_{part}")
                .cast(pl.Float64)
                .alias(f"other_{part}")
                for part in ("numerator", "denominator")
            ),
        )
        .with_columns(missing_reason=_missing_reason(no_events))
        .with_columns(method=pl.when(pl.col("missing_reason").is_null()).then(_method()))
    )
    computed = [part.with_columns(_limits(method, part)) for (method,), part in rows.group_by("method")]
    return (
        pl.concat(computed or [rows.with_columns(_limits(None, rows))])
        .with_columns(confidence=pl.when(pl.col("method").is_not_null()).then(pl.lit(limits.CONFIDENCE)))
        .select(*contracts.types("intervals"))
        .sort("report_month", "line", "name")
    )


def _supplied(figures: pl.DataFrame) -> pl.DataFrame:
    """The margin that the source supplies for a line's latest figure."""
    return (
        figures.filter((pl.col("statistic") == "supplied_margin") & pl.col("value").is_not_null())
        .sort("name")
        .unique(["report_month", "line"], keep="first", maintain_order=True)
        .select("report_month", "line", name=pl.lit("latest"), supplied=pl.col("value").abs())
    )


def _missing_reason(no_events: Mapping[str, str]) -> pl.Expr:
    """Why there is no interval; null where there is one."""
    statistic = pl.col("statistic")
    numerator, denominator, other_numerator, other_denominator = map(pl.col, SUMS)
    of_a_share, of_two_shares = statistic.is_in(SHARES), statistic.is_in([*TWO_MEASURES, "change_in_points"])
    relative = statistic == "percentage_change"
    of_rates = denominator.is_not_null() | other_denominator.is_not_null()
    known = (
        numerator.is_not_null()
        & (~of_a_share | denominator.is_not_null())
        & (~of_two_shares | other_denominator.is_not_null())
        & (~statistic.is_in([*CHANGES, *TWO_MEASURES]) | other_numerator.is_not_null())
        & (~relative | ~of_rates | (denominator.is_not_null() & other_denominator.is_not_null()))
        & ((statistic != "monthly_average") | pl.col("months_expected").is_not_null())
    )
    other_is_a_part = other_numerator.is_between(0, other_denominator) & (other_denominator > 0)
    is_a_part = numerator.is_between(0, denominator) & (denominator > 0) & (~of_two_shares | other_is_a_part)
    is_a_count = (numerator >= 0) & (~relative | (other_numerator > 0))
    reasons = (
        (
            pl.col("value").is_null(),
            pl.format("it has no value: {}", pl.col("missing_reason").fill_null("the reason is not known")),
        ),
        (pl.col("supplied").is_not_null(), pl.lit(None)),
        (statistic.is_in(list(NO_SAMPLE)), statistic.replace(NO_SAMPLE)),
        (
            ~statistic.is_in(list(METHOD_OF)),
            pl.format("no interval is defined for a figure of the kind {}", statistic),
        ),
        (
            pl.col("unit").is_in(list(MONEY)) | pl.col("measure").is_in(list(no_events)),
            pl.format("{} is not a count of independent events", _what_it_is(no_events)),
        ),
        (~known, "the sums it is computed from are not known"),
        (of_a_share & ~is_a_part, "its numerator is not a part of its denominator"),
        (
            (statistic == "ratio_of_shares") & ((numerator == 0) | (other_numerator == 0)),
            "the ratio of a share of nothing has no limits",
        ),
        (~of_a_share & ~is_a_count, "it is not computed from counts of events"),
    )
    chain: Any = pl.when(False).then(pl.lit(None, pl.String))
    for condition, reason in reasons:
        chain = chain.when(condition).then(pl.lit(reason) if isinstance(reason, str) else reason)
    return chain


def _what_it_is(no_events: Mapping[str, str]) -> pl.Expr:
    known = pl.col("measure").replace_strict(dict(no_events), default=None, return_dtype=pl.String)
    return pl.when(pl.col("unit").is_in(list(MONEY))).then(pl.lit("money")).otherwise(known)


def _method() -> pl.Expr:
    """The method by the figure's statistic; Byar's is too narrow for a small count."""
    method = pl.col("statistic").replace_strict(METHOD_OF, default=None, return_dtype=pl.String)
    small = (method == BYAR) & (pl.col("numerator") < SMALL)
    return (
        pl.when(pl.col("supplied").is_not_null())
        .then(pl.lit(SUPPLIED))
        .when(small)
        .then(pl.lit(EXACT))
        .otherwise(method)
    )


def _limits(method: str | None, rows: pl.DataFrame) -> list[pl.Series]:
    """The columns lower, upper and margin of rows of one method."""
    value, x, n, x0, n0 = (rows[name].to_numpy() for name in ("value", *SUMS))
    found: dict[str, Any] = {}
    if method in (SUPPLIED, DIFFERENCE):
        margin = rows["supplied"].to_numpy() if method == SUPPLIED else limits.two_proportions(x, n, x0, n0)
        found = {"lower": value - margin, "upper": value + margin, "margin": margin}
    elif method is not None:
        estimate, (lower, upper) = _around(method, rows)
        # a figure less another (over the target) is moved by it, and so are its limits
        moved = np.where(np.isclose(value, estimate, rtol=1e-9, atol=1e-12), 0, value - estimate)
        found = {"lower": lower + moved, "upper": upper + moved}
    names = ("lower", "upper", "margin")
    return [pl.Series(name, found.get(name, [None] * len(rows)), dtype=pl.Float64) for name in names]


def _around(method: str, rows: pl.DataFrame) -> tuple[np.ndarray, limits.Limits]:
    """The value that the sums alone make, and the limits around it."""
    x, n, x0, n0 = (rows[name].to_numpy() for name in SUMS)
    if method == WILSON:
        return x / n, limits.wilson(x, n)
    if method == OF_SHARES:
        return (x / n) / (x0 / n0), limits.ratio_of_shares(x, n, x0, n0)
    if method == OF_COUNTS:
        # where there are denominators, the counts stand for exposures of different size
        exposure = np.where(np.isnan(n), 1, n0 / n)
        lower, upper = limits.ratio_of_counts(x, x0)
        return x / x0 * exposure - 1, (lower * exposure - 1, upper * exposure - 1)
    months = np.where(rows["statistic"] == "monthly_average", rows["months_expected"].to_numpy(), 1)
    lower, upper = (limits.exact_poisson if method == EXACT else limits.byar)(x)
    return x / months, (lower / months, upper / months)

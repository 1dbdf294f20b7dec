"""Whether a line's months are more than chance, and whether they can meet its target: XmR charts and their marks."""

import pandera.polars as pa
import polars as pl

from orchestration.scorecard.columns import LINE, column, contract, rule
from orchestration.scorecard.explanations import trend_words, xmr
from orchestration.scorecard.explanations.monthly_series import (
    FOLLOWING,
    lines,
    monthly_targets,
    monthly_values,
    point,
)

LEAST = xmr.IN_A_ROW  # with fewer points no run or trend could show, and "common cause" would be a guess
OF_LIMITS = ("centre", "lower_limit", "upper_limit", "outside_limits", "run", "trend", "two_of_three")

SIDE = pa.Check.isin(["high", "low"])
TRENDS = contract(
    "One row per report month, line and month of its monthly series: the XmR chart.",
    LINE
    | {
        "month": column(pl.Date, "The month; of a quarterly source the last of the quarter.", nullable=False),
        "value": column(
            pl.Float64,
            "The month's own value, never a rolling or cumulative one: a count, or numerator by denominator; "
            "null where it is not known.",
        ),
        "provisional": column(pl.Boolean, "Whether a provisional value entered.", nullable=False),
        "segment_from": column(
            pl.Date,
            "First month that shares its limits: of the series, or since counting rules changed.",
            nullable=False,
        ),
        "centre": column(
            pl.Float64, "The mean of the segment; it has none, nor limits, where its months do not follow each other."
        ),
        "lower_limit": column(pl.Float64, "Mean less 2.66 mean moving ranges; may lie where no value can."),
        "upper_limit": column(pl.Float64, "Mean and 2.66 mean moving ranges."),
        "moving_range": column(pl.Float64, "How far from the month before; null at a start or after a gap."),
        "screened": column(pl.Boolean, "Whether its moving range was left out of the limits.", nullable=False),
        "trial": column(pl.Boolean, "Whether the limits are of fewer than 12 points.", nullable=False),
        "outside_limits": column(pl.String, "high above the upper limit, low below the lower one.", SIDE),
        "run": column(pl.String, "high or low: of 7 or more in a row on one side of the mean.", SIDE),
        "trend": column(pl.String, "high or low: of 7 or more in a row that rise or fall.", SIDE),
        "two_of_three": column(pl.String, "high or low: of 2 in 3 close to that limit, all on its side.", SIDE),
        "special_cause": column(
            pl.String,
            "What a rule it breaks means by the line's direction: of the side it lies on, or else of its trend.",
            pa.Check.isin(["improvement", "concern"]),
        ),
        "target": column(
            pl.Float64, "What the card's target requires of a month; null where it requires no fixed number."
        ),
    },
    key=("report_month", "line", "month"),
)
TREND_MARKS = contract(
    "One row per report month and line: whether its XmR chart shows more than chance, and whether it meets its target.",
    LINE
    | {
        "month": column(pl.Date, "The last known month of the series, which is marked."),
        "variation": column(
            pl.String,
            "Whether that month is more than chance, and which way.",
            pa.Check.isin(["common cause", "improvement", "concern"]),
        ),
        "assurance": column(
            pl.String,
            "Whether, within the limits, every month meets the target, some do, or none.",
            pa.Check.isin(["pass", "inconsistent", "fail"]),
        ),
        "explanation": column(pl.String, "The marks as sentences, with months and numbers; null where there is none."),
        "missing_reason": column(pl.String, "Why a mark is missing, in words; null where both are there."),
    },
    rule(
        "both marks or a reason",
        (pl.col("variation").is_null() | pl.col("assurance").is_null()) == pl.col("missing_reason").is_not_null(),
    ),
)


def trend_tables(
    monthly: pl.DataFrame, indicators: pl.DataFrame, breaks: pl.DataFrame, report_months: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `trends` and `trend_marks` of the report months."""
    of_lines = lines(indicators, report_months, monthly)
    values = monthly_values(of_lines, monthly)
    with_target = of_lines.join(monthly_targets(of_lines, values, monthly), on="series")
    points = (
        xmr.charted(_segments(values, of_lines, breaks))
        .with_columns(moving_ranges=pl.col("moving_range").count().over("segment"))
        .with_columns(pl.when(_follow_each_other()).then(name).alias(name) for name in OF_LIMITS)
        .join(with_target.select("series", *list(LINE), "direction", "target"), on="series", maintain_order="left")
        .with_columns(special_cause=_special_cause())
    )
    return points.select(list(TRENDS.columns)), _marks(with_target, points)


def _follow_each_other() -> pl.Expr:
    """Whether a segment has the moving ranges of as many points in a row as a chart needs, or of all where it has less.

    Limits are made of moving ranges: those of a series with a gap after nearly every point would be a guess.
    """
    return pl.col("moving_ranges") >= pl.min_horizontal("points", LEAST) - 1


def _segments(values: pl.DataFrame, of_lines: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """The values with the segment each belongs to: a new one begins where a measure's counting rules changed."""
    changed = (
        pl.concat([of_lines.select("series", "measure"), of_lines.select("series", measure="compare_measure")])
        .join(breaks.select("measure", "from_month"), on="measure")
        .sort("series", "from_month")
    )
    return (
        values.join_asof(
            changed, left_on="month", right_on="from_month", by="series", strategy="backward", check_sortedness=False
        )
        .with_columns(segment=pl.struct("series", "from_month").rle_id())
        .with_columns(segment_from=pl.col("month").first().over("segment"))
    )


def _special_cause() -> pl.Expr:
    """Improvement or concern: by the side the point lies on; by its trend where that alone is broken."""
    signal = pl.coalesce("outside_limits", "run", "two_of_three", "trend")
    better = pl.when(pl.col("direction") == "higher_is_better").then(pl.lit("high")).otherwise(pl.lit("low"))
    return pl.when(signal == better).then(pl.lit("improvement")).when(signal.is_not_null()).then(pl.lit("concern"))


def assurance() -> pl.Expr:
    """pass where even the worse limit meets the target, fail where the better one misses it, else inconsistent.

    To be on target is to meet it, as for the letters.
    """
    lower, upper, target = pl.col("lower_limit"), pl.col("upper_limit"), pl.col("target")
    higher = pl.col("direction") == "higher_is_better"
    worse = pl.when(higher).then(lower - target).otherwise(target - upper)
    better = pl.when(higher).then(upper - target).otherwise(target - lower)
    noise = xmr.NOISE * pl.max_horizontal(target.abs(), 1.0)
    return (
        pl.when(worse >= -noise)
        .then(pl.lit("pass"))
        .when(better < -noise)
        .then(pl.lit("fail"))
        .when(worse.is_not_null())
        .then(pl.lit("inconsistent"))
    )


def _marks(of_lines: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    last = (
        points.with_columns(left_out=pl.col("screened").sum().over("segment"))
        .drop(*LINE, "target", "direction")
        .group_by("series")
        .last()
    )
    since = pl.col("segment_from").dt.strftime("%b-%y")
    enough = (pl.col("points") >= LEAST) & _follow_each_other()
    marked = (
        of_lines.join(last, on="series", how="left")
        .with_columns(
            variation=pl.when(enough).then(pl.coalesce("special_cause", pl.lit("common cause"))),
            assurance=pl.when(enough).then(assurance()),
            missing_reason=pl.when(pl.col("no_series").is_not_null())
            .then("no_series")
            .when(pl.col("month").is_null())
            .then(pl.format("no month of {} is known yet", "measure"))
            .when(pl.col("points") < LEAST)
            .then(pl.format("a chart needs {} points, known since {}: {}", pl.lit(LEAST), since, "points"))
            .when(~enough)
            .then(
                pl.format(
                    f"{FOLLOWING}: {{}} of the {{}} known since {{}} follow the one before, {{}} must",
                    point("step"),
                    "moving_ranges",
                    "points",
                    since,
                    pl.lit(LEAST - 1),
                )
            )
            .otherwise("no_target"),
        )
        .sort("report_month", "position")
    )
    sentences = [trend_words.sentences(row) for row in marked.iter_rows(named=True)]
    return marked.with_columns(explanation=pl.Series(sentences, dtype=pl.String)).select(list(TREND_MARKS.columns))

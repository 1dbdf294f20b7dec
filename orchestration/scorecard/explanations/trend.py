"""Whether a line's months are more than chance, and whether they can meet its target: XmR charts and their marks."""

from datetime import date

import polars as pl

from orchestration.scorecard import contracts
from orchestration.scorecard.explanations import trend_words, xmr, years
from orchestration.scorecard.explanations.monthly_series import at_their_cadence, lines, monthly_targets, monthly_values

SIGNALS = ("outside_limits", "run", "trend", "two_of_three")
OF_LIMITS = ("centre", "lower_limit", "upper_limit", *SIGNALS)
NO_SAMPLES = pl.DataFrame(schema={"measure": pl.String, "cadence": pl.Int32, "phase": pl.Int32})


def trend_tables(
    monthly: pl.DataFrame,
    indicators: pl.DataFrame,
    breaks: pl.DataFrame,
    report_months: list[tuple[date, str]],
    sampled: pl.DataFrame = NO_SAMPLES,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `trends` and `trend_marks` of the report months.

    `breaks` is the catalogue's table of that name; `sampled` has the measures that are samples of several months.
    """
    at_cadence = at_their_cadence(monthly, sampled)
    of_lines = lines(indicators, report_months, at_cadence)
    values = monthly_values(of_lines, at_cadence)
    known = {(it[0]["report_month"], it[0]["line"]): it for it in years.of_lines(indicators, monthly, report_months)}
    with_target = monthly_targets(of_lines, values, known)
    # where chance alone moves a point further than its limits lie from the mean, a chart would flag chance
    points = (
        xmr.charted(_segments(values, of_lines, breaks))
        .with_columns(moving_ranges=pl.col("moving_range").count().over("segment"))
        .with_columns(sampling_error=pl.when("baseline").then("margin").median().over("segment"))
        .with_columns(pl.when(_follow_each_other()).then(name).alias(name) for name in OF_LIMITS)
        .with_columns(can_tell=(pl.col("upper_limit") - pl.col("centre") >= pl.col("sampling_error")).fill_null(True))
        .with_columns(pl.when("can_tell").then(name).alias(name) for name in SIGNALS)
        .join(with_target.select("series", *contracts.LINE, "direction", "target"), on="series", maintain_order="left")
        .with_columns(special_cause=_special_cause())
    )
    return points.select(*contracts.types("trends")), _marks(with_target, points)


def _follow_each_other() -> pl.Expr:
    """Whether a segment has the moving ranges of as many points in a row as a chart needs, or of all where it has less.

    Limits are made of moving ranges: those of a series with a gap after nearly every point would be a guess.
    """
    return pl.col("moving_ranges") >= pl.min_horizontal("points", xmr.IN_A_ROW) - 1


def _segments(values: pl.DataFrame, of_lines: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """The values with the segment each belongs to, and whether its limits are taken from them.

    A new segment begins with a row of the catalogue's breaks: changed counting rules, a step change, or a baseline.
    """
    changed = (
        pl.concat([of_lines.select("series", "measure"), of_lines.select("series", measure="compare_measure")])
        .join(
            breaks.select("measure", "from_month", "baseline_to", kind_of_break="kind", reason_of_break="reason"),
            on="measure",
        )
        .sort("series", "from_month")
    )
    return (
        values.join_asof(
            changed, left_on="month", right_on="from_month", by="series", strategy="backward", check_sortedness=False
        )
        .with_columns(segment=pl.struct("series", "from_month").rle_id())
        .with_columns(
            segment_from=pl.col("month").first().over("segment"),
            baseline=(pl.col("month") <= pl.col("baseline_to")).fill_null(True),
        )
    )


def _special_cause() -> pl.Expr:
    """Improvement or concern: by the side the point lies on; by its trend where that alone is broken.

    With a target that is a range neither way is the better one: a change.
    """
    signal = pl.coalesce("outside_limits", "run", "two_of_three", "trend")
    better = pl.when(pl.col("direction") == "higher_is_better").then(pl.lit("high")).otherwise(pl.lit("low"))
    return (
        pl.when(signal.is_null())
        .then(None)
        .when(pl.col("direction") == "in_range_is_better")
        .then(pl.lit("change"))
        .when(signal == better)
        .then(pl.lit("improvement"))
        .otherwise(pl.lit("concern"))
    )


def assurance() -> pl.Expr:
    """pass where even the worse limit meets the target, fail where the better one misses it, else inconsistent.

    To be on target is to meet it, as for the letters.
    """
    lower, upper, target, direction = (pl.col(it) for it in ("lower_limit", "upper_limit", "target", "direction"))
    least = pl.when(direction != "lower_is_better").then(target)
    most = pl.when(direction == "lower_is_better").then(target).otherwise("target_to")
    worse, better = pl.min_horizontal(lower - least, most - upper), pl.min_horizontal(upper - least, most - lower)
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
        .drop(*contracts.LINE, "target", "direction")
        .group_by("series")
        .last()
    )
    enough = (pl.col("points") >= xmr.IN_A_ROW) & _follow_each_other() & pl.col("can_tell")
    marked = (
        of_lines.join(last, on="series", how="left")
        .with_columns(
            variation=pl.when(enough).then(pl.coalesce("special_cause", pl.lit("common cause"))),
            assurance=pl.when(enough).then(assurance()),
            enough=enough,
        )
        .sort("report_month", "position")
    )
    words = [(trend_words.sentences(row), trend_words.missing_reason(row)) for row in marked.iter_rows(named=True)]
    texts = pl.DataFrame(words, schema=dict.fromkeys(("explanation", "missing_reason"), pl.String), orient="row")
    return marked.hstack(texts).select(*contracts.types("trend_marks"))

"""A line month by month: the value of each month of its series, and what its target requires of a month."""

from datetime import date

import polars as pl

from orchestration import months
from orchestration.scorecard.explanations import confidence, years
from orchestration.scorecard.kinds import CHANGES, from_sums, required_of_a_year

POINTS = {1: "month", 3: "quarter"}
FOLLOWING = "a control chart needs {}s that follow each other"
MONTHS_OF = {"rolling_year": 12, "financial_year": 12, "quarter": 3}


def lines(indicators: pl.DataFrame, report_months: list[tuple[date, str]], monthly: pl.DataFrame) -> pl.DataFrame:
    """Every line of every report month's card, numbered, and why it has no series of months where it has none."""
    known = monthly.filter("complete").group_by("report_month", "measure").agg(pl.col("months_covered").max())
    covered = {(report_month, measure): most for report_month, measure, most in known.iter_rows()}
    of_cards = years.lines(indicators, report_months).sort("report_month", "line").with_row_index("series")
    reasons = [_no_series(line, covered) for line in of_cards.iter_rows(named=True)]
    return of_cards.with_columns(no_series=pl.Series(reasons, dtype=pl.String))


def _no_series(line: dict, covered: dict[tuple, int]) -> str | None:
    if line["measure"] is None:
        return "the line has no measure"
    if line["kind"] == "forecast":
        return "a forecast is no monthly series"
    measures = line["measure"], line["compare_measure"]
    known = [(measure, covered[key]) for measure in measures if (key := (line["report_month"], measure)) in covered]
    if len({months_covered for _, months_covered in known}) < 2:
        return None
    by = ", ".join(f"{measure} {'is known ' * (measure == measures[0])}by {POINTS[most]}" for measure, most in known)
    return f"{FOLLOWING.format('month')}: {by}"


def at_their_cadence(monthly: pl.DataFrame, sampled: pl.DataFrame) -> pl.DataFrame:
    """The months; of samples that are drawn for several months one row for these, complete where all of them are.

    `sampled` has such measures with `cadence`, the months of a sample, and `phase`, the month of the year in which one
    ends. Sums over a sample's months are those of the sample.
    """
    months_of = ((pl.col("phase") - pl.col("month").dt.month()) % pl.col("cadence")).fill_null(0)
    of_sample = ["report_month", "measure", "month"]
    return (
        monthly.join(sampled, on="measure", how="left")
        .with_columns(pl.col("month").dt.offset_by(pl.format("{}mo", months_of)))
        .group_by(of_sample)
        .agg(
            pl.col("numerator", "denominator").sum(),
            pl.col("complete").all() & (pl.len() >= pl.col("cadence").first().fill_null(1)),
            pl.col("months_covered").sum(),
            pl.col("provisional").any(),
            no_denominator=pl.col("denominator").null_count() > 0,
        )
        .with_columns(denominator=pl.when(~pl.col("no_denominator")).then("denominator"))
        .sort(of_sample)
    )


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
            margin=_sampling_error(),
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


def _sampling_error() -> pl.Expr:
    """How far chance alone moves a share, or the difference of two, in 95 of 100 samples; null for other kinds.

    From sqrt(p (1 - p) / n); none where a numerator is no part of its denominator.
    """

    def variance(numerator: str, denominator: str) -> pl.Expr:
        share = pl.col(numerator) / pl.col(denominator)
        return pl.when(share.is_between(0, 1)).then(share * (1 - share) / pl.col(denominator))

    own = variance("numerator", "denominator")
    both = own + variance("numerator_other", "denominator_other")
    kind = pl.col("kind")
    return (
        confidence.normal_quantile(confidence.CONFIDENCE)
        * pl.when(kind == "percentage").then(own).when(kind == "gap").then(both).sqrt()
    )


def monthly_targets(of_cards: pl.DataFrame, values: pl.DataFrame, known: dict[tuple, tuple]) -> pl.DataFrame:
    """The lines with `target`, what their target requires of one point of their series, or `no_target`, why not known.

    Of a range `target_to` is its upper end. `known` holds, by report month and line, its year and those before.
    """
    steps = dict(values.select("series", "step").iter_rows())
    rows = [
        (*known[line["report_month"], line["line"]], steps.get(line["series"], 1))
        for line in of_cards.iter_rows(named=True)
    ]
    targets = [_target(line["target"], line, *of_line) for line, *of_line in rows]
    ends = [_target(line.get("target_to"), line, *of_line)[0] for line, *of_line in rows]
    return of_cards.with_columns(
        target=pl.Series([target for target, _ in targets], dtype=pl.Float64),
        target_to=pl.Series(ends, dtype=pl.Float64),
        no_target=pl.Series([reason for _, reason in targets], dtype=pl.String),
    )


def _target(target: float | None, line: dict, before: years.Years, step: int) -> tuple[float | None, str | None]:
    kind, basis = line["kind"], line["basis"]
    if target is None:
        return None, "no target is set"
    if kind in CHANGES:
        last_year = years.last_year(before)
        whole = before.get(1, years.NO_YEAR)["total_months"] == 12
        required = required_of_a_year(kind, target, last_year) if whole else None
        if required is None:
            year = years.name(line["year_from"], 1)
            by = years.by_the_rules(line)
            return None, f"the target is a change on a year, and {year} is not known in full{', as' * bool(by)}{by}"
        return required if last_year[1] is not None else required * (step / 12), None
    if reason := _no_fixed_target(line):
        return None, reason
    if kind == "total" and basis != "latest" and line.get("averaged") is None:
        return target * step / MONTHS_OF[basis], None
    return target * step if kind == "monthly_average" else target, None


def _no_fixed_target(line: dict) -> str | None:
    """Why the target of a window requires nothing fixed of a month; None where it does."""
    averaged = line.get("averaged")
    if averaged == "denominator" and line["basis"] != "latest":
        return "a rate of a stock grows with its window, so that its target requires no fixed rate of a month"
    if averaged is None and line["kind"] == "total" and line["basis"] not in ("latest", *MONTHS_OF):
        return "a target for a year to date requires no fixed number of a month"
    return None

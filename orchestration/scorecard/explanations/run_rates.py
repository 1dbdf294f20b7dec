"""The run rate: what the months left of the financial year must bring so that its end meets the target."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandera.polars as pa
import polars as pl

from orchestration import months
from orchestration.scorecard import display
from orchestration.scorecard.columns import column
from orchestration.scorecard.explanations import years

SCHEMA = pa.DataFrameSchema(
    {
        "report_month": column(pl.Date, "The month on the title of the card; all is as known then.", nullable=False),
        "financial_year": column(pl.String, "The financial year of the card, as 2008/09.", nullable=False),
        "line": column(pl.String, "The line of the card.", nullable=False),
        "months_from": column(pl.Date, "First month left: the one after the last that is known."),
        "months_to": column(pl.Date, "Last month left: the year's March."),
        "months_left": column(pl.Int32, "How many months are left.", pa.Check.in_range(1, 12)),
        "so_far_numerator": column(pl.Decimal(18, 2), "What came in the year's months that are known."),
        "so_far_denominator": column(pl.Decimal(18, 2), "What that is divided by, for a rate."),
        "year_target": column(pl.Float64, "What the target asks of the whole year: its total, or its rate."),
        "required": column(pl.Float64, "What each month left must bring, or the rate over them, to meet that exactly."),
        "unit": column(pl.String, "How it prints.", pa.Check.isin(list(display.UNITS))),
        "required_text": column(pl.String, "It as printed, to the line's places and at least three digits."),
        "never_possible": column(pl.Boolean, "Whether nothing that can come would meet the target."),
        "already_met": column(pl.Boolean, "Whether the target is met whatever comes."),
        "months_in_history": column(pl.Int32, "Months of the measure that are known, of this year and before."),
        "times_reached": column(pl.Int32, "In how many of them the month's own value, as printed, was as good."),
        "last_reached": column(pl.Date, "The last of these."),
        "best_value": column(pl.Float64, "The best month's value."),
        "best_month": column(pl.Date, "That month, the latest of equals."),
        "says": column(pl.String, "All this in a sentence."),
        "missing_reason": column(pl.String, "Why there is no run rate, in words."),
    },
    checks=[
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("required").is_null() == pl.col("missing_reason").is_not_null()),
            name="a run rate or a reason why there is none",
        ),
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("times_reached") <= pl.col("months_in_history")),
            name="no more months reached it than are known",
        ),
    ],
    unique=["report_month", "line"],
    strict=True,
    ordered=True,
    description="One row per report month and line: what the months left of the year must bring to meet the target.",
)

DIGITS = 3  # a required figure is printed to at least as many, so that £4.62m is not asked for as £4.6m
MOST_PLACES = 6


def run_rates(indicators: pl.DataFrame, monthly: pl.DataFrame, report_months: list[tuple[date, str]]) -> pl.DataFrame:
    """The run rate of each line of each report month's card, or the reason why it has none.

    `report_months` pairs each report month with its financial year, as for the scorecard.
    """
    known = years.known(years.lines(indicators, report_months), monthly)
    before = years.earlier(known, monthly)
    rows = [
        _asked(line, before.get((line["report_month"], line["measure"]), {})) for line in known.iter_rows(named=True)
    ]
    if not rows:
        return pl.DataFrame(schema=_types())
    asked = pl.DataFrame(rows, schema=_types(without=("says",)) | WORKING)
    history = _history(asked, monthly)
    rows = [row | {"says": _says(row)} for row in history.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=_types())


# what the sentence and the history need of a line and the table does not show
WORKING: dict[str, Any] = {
    "measure": pl.String,
    "direction": pl.String,
    "rated": pl.Boolean,
    "places": pl.Int32,
    "enough": pl.Float64,  # the least, or the most, that prints as good as what is asked
}


def _types(without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: it.dtype.type for name, it in SCHEMA.columns.items() if name not in without}


def _asked(line: dict, before: dict[int, dict]) -> dict:
    """The row of a line without its history: what is asked of the months left, or why nothing can be."""
    row = dict.fromkeys(_types(without=("says",)) | WORKING)
    row |= {name: line[name] for name in ("report_month", "financial_year", "line", "measure", "direction")}
    left = 12 - line["months_gone"]
    if line["target"] is None:
        return row | {"missing_reason": "no target is set"}
    if reason := years.why_not(line):
        return row | {"missing_reason": reason}
    if left == 0:
        return row | {"missing_reason": "the year is over"}
    row |= {
        "months_from": months.shift(line["year_from"], line["months_gone"]),
        "months_to": years.year_end(line["year_from"]),
        "months_left": left,
        "so_far_numerator": line["so_far"] or Decimal(0),
        "so_far_denominator": line["so_far_of"],
    }
    wanted, rated, reason = _year_target(line, before)
    if reason:
        return row | {"missing_reason": reason}
    required = _required(row, wanted, rated, line["months_gone"])
    if required is None:
        return row | {"missing_reason": "it cannot be computed: the denominator so far is zero"}
    return row | _as_printed(line, wanted, required, rated)


def _year_target(line: dict, before: dict[int, dict]) -> tuple[float, bool, str | None]:
    """What the target asks of the whole year, whether that is a rate, and why it cannot be told."""
    target, kind = line["target"], line["kind"]
    if kind == "total":
        return target, False, None
    if kind == "monthly_average":
        return 12 * target, False, None
    if kind == "percentage":
        return target, True, None
    last = before.get(1, {"total_months": 0})
    if last["total_months"] < 12:
        year = years.name(line["year_from"], 1)
        return 0, False, f"nothing to compare with: {year} holds {last['total_months']} of 12 months"
    rated = last["total_of"] is not None
    if rated and last["total_of"] == 0:
        return 0, False, "nothing to compare with: the denominator of last year is zero"
    level = float(last["total"]) / (float(last["total_of"]) if rated else 1)
    return (level + target if kind == "change_in_points" else (1 + target) * level), rated, None


def _required(row: dict, wanted: float, rated: bool, gone: int) -> float | None:
    """What each month left must bring; as a rate, if as much comes in each of them as in each month so far."""
    so_far, left = float(row["so_far_numerator"]), row["months_left"]
    if not rated:
        return (wanted - so_far) / left
    if gone == 0:
        return wanted
    of = float(row["so_far_denominator"])
    return (wanted * (of * 12 / gone) - so_far) / (of * left / gone) if of else None


def _as_printed(line: dict, wanted: float, required: float, rated: bool) -> dict:
    of_a_change = line["kind"] in ("percentage_change", "change_in_points")
    unit = line["unit"] if not of_a_change else "percent" if rated else "number"
    places = line["decimals"] if not of_a_change else 1 if rated else 0
    while places < MOST_PLACES and abs(display.scaled(required, unit, places)).scaleb(places) < 10 ** (DIGITS - 1):
        if required == 0:
            break
        places += 1
    higher = line["direction"] == "higher_is_better"
    share = line["kind"] in ("percentage", "change_in_points")
    below, above = required < 0, share and required > 1
    met = required <= 0 if higher else share and required >= 1
    shown = display.printed_value(required, unit, places)
    # a value rounds to what is printed, half away from zero, from half a step below it to half a step above it
    half = Decimal(1).scaleb(-places) / 2 / display.UNITS[unit].scale
    return {
        "year_target": wanted,
        "required": required,
        "unit": unit,
        "required_text": display.printed(required, unit, None, places),
        "never_possible": bool(above if higher else below),
        "already_met": bool(met),
        "rated": rated,
        "places": places,
        "enough": float(shown - half if higher else shown + half),
    }


def _history(asked: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """The rows with how often, and when, a month's own value was as good as what is now asked."""
    value = (
        pl.when("rated")
        .then(pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64))
        .otherwise(pl.col("numerator").cast(pl.Float64) / pl.col("months_covered"))
    )
    higher = pl.col("direction") == "higher_is_better"
    noise = pl.max_horizontal(pl.col("enough").abs(), 1) * float(display.NOISE)
    reached = (
        pl.when(higher)
        .then(pl.col("value") >= pl.col("enough") - noise)
        .otherwise(pl.col("value") < pl.col("enough") - noise)
    )
    better = pl.when(higher).then(pl.col("value")).otherwise(-pl.col("value"))
    of_lines = asked.filter(pl.col("required").is_not_null())
    found = (
        of_lines.select("report_month", "line", *WORKING)
        .join(monthly.filter("complete"), on=["report_month", "measure"])
        .with_columns(value=value)
        .filter(pl.col("value").is_finite())
        .with_columns(reached=reached, better=better)
        .sort("better", "month")
        .group_by("report_month", "line", maintain_order=True)
        .agg(
            months_in_history=pl.col("months_covered").sum(),
            times_reached=pl.col("months_covered").filter("reached").sum(),
            last_reached=pl.col("month").filter("reached").max(),
            best_value=pl.col("value").last(),
            best_month=pl.col("month").last(),
        )
    )
    told = ["months_in_history", "times_reached"]
    rows = asked.drop(*told, "last_reached", "best_value", "best_month")
    rows = rows.join(found, on=["report_month", "line"], how="left", maintain_order="left")
    return rows.with_columns(
        pl.when(pl.col("required").is_not_null()).then(pl.col(name).fill_null(0)).alias(name) for name in told
    )


def _says(row: dict) -> str | None:
    """The run rate in a sentence; None where there is none."""
    if row["required"] is None:
        return None
    when = years.span(row["months_from"], row["months_to"])
    if row["already_met"]:
        return f"the target is already met, whatever comes {when}"
    each = "" if row["rated"] else " a month"
    asked = f"{row['required_text']}{each}"
    if row["never_possible"]:
        return f"the target is already out of reach: it would take {asked} {when}"
    higher = row["direction"] == "higher_is_better"
    most = f"a rate of no more than {asked} is needed" if row["rated"] else f"no more than {asked} may come"
    needed = f"{asked} is needed {when}" if higher else f"{most} {when}"
    if not row["months_in_history"]:
        return f"{needed}; no month is known to hold it against"
    of = f"of the {row['months_in_history']} months known"
    label = display.month_label
    if row["times_reached"]:
        held = f"reached in {row['times_reached']} {of}, last in {label(row['last_reached'])}"
    else:
        held = f"{'a rate' if row['rated'] else 'a figure'} not reached in any {of}"
    best = display.printed(row["best_value"], row["unit"], None, row["places"])
    return f"{needed}, {held}; the best was {best} in {label(row['best_month'])}"

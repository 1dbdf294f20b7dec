"""The run rate: what the months left of the financial year must bring so that its end meets the target."""

from datetime import date
from decimal import Decimal

import pandera.polars as pa
import polars as pl

from orchestration.scorecard import display
from orchestration.scorecard.columns import LINE, column, contract, either, rule, types
from orchestration.scorecard.explanations import years
from orchestration.scorecard.kinds import CHANGES, KINDS, required_of_a_year

SCHEMA = contract(
    "One row per report month and line: what the months left of the year must bring to meet the target.",
    LINE
    | {
        "months_from": column(pl.Date, "First month left: the one after the last that is known."),
        "months_to": column(pl.Date, "Last month left: the year's March."),
        "months_left": column(pl.Int32, "How many months are left.", pa.Check.in_range(1, 12)),
        "so_far_numerator": column(pl.Decimal(18, 2), "The sum over the year's months that are known."),
        "so_far_denominator": column(pl.Decimal(18, 2), "What that is divided by, for a rate."),
        "year_target": column(pl.Float64, "What the target requires of the whole year: its total, or its rate."),
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
        "explanation": column(pl.String, "All this in a sentence."),
        "missing_reason": column(pl.String, "Why there is no run rate, in words."),
    },
    either("required", "missing_reason", "a run rate or a reason why there is none"),
    rule("no more months reached it than are known", pl.col("times_reached") <= pl.col("months_in_history")),
)

DIGITS = 3  # a required figure is printed to at least as many: £4.62m, not £4.6m
MOST_PLACES = 6
# what the sentence and the history need of a line and the table does not show
WORKING = {
    "measure": pl.String,
    "direction": pl.String,
    "rated": pl.Boolean,
    "places": pl.Int32,
    "enough": pl.Float64,  # the least, or the most, that prints as good as what is required
}


def run_rates(indicators: pl.DataFrame, monthly: pl.DataFrame, report_months: list[tuple[date, str]]) -> pl.DataFrame:
    """The run rate of each line of each report month's card, or the reason why it has none.

    `report_months` pairs each report month with its financial year, as for the scorecard.
    """
    known = years.known(years.lines(indicators, report_months), monthly)
    before = years.earlier(known, monthly)
    rows = [
        _required(line, before.get((line["report_month"], line["measure"]), {})) for line in known.iter_rows(named=True)
    ]
    required = pl.DataFrame(rows, schema=types(SCHEMA, without=("explanation",)) | WORKING)
    history = _history(required, monthly)
    rows = [row | {"explanation": _sentence(row)} for row in history.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=types(SCHEMA))


def _required(line: dict, before: dict[int, dict]) -> dict:
    """The row of a line without its history: what is required of the months left, or why that is not known."""
    row = dict.fromkeys(types(SCHEMA, without=("explanation",)) | WORKING)
    row |= {name: line[name] for name in ("report_month", "financial_year", "line", "measure", "direction")}
    over = "the year is over" if line["months_gone"] == 12 else None
    if reason := "no target is set" if line["target"] is None else years.no_year_end(line) or over:
        return row | {"missing_reason": reason}
    first, last = years.left(line)
    row |= {
        "months_from": first,
        "months_to": last,
        "months_left": 12 - line["months_gone"],
        "so_far_numerator": line["so_far"] or Decimal(0),
        "so_far_denominator": line["so_far_of"],
    }
    if reason := years.no_year_before(line, before):
        return row | {"missing_reason": reason}
    last_year = years.sums(before.get(1, years.NO_YEAR))
    year_target = required_of_a_year(line["kind"], line["target"], last_year)
    if year_target is None:
        return row | {"missing_reason": "nothing to compare with: the denominator of last year is zero"}
    rated = line["kind"] == "percentage" or (line["kind"] in CHANGES and last_year[1] is not None)
    required = _of_each_month(row, year_target, rated, line["months_gone"])
    if required is None:
        return row | {"missing_reason": "it cannot be computed: the denominator so far is zero"}
    return row | {"year_target": year_target} | _as_printed(line, required, rated)


def _of_each_month(row: dict, year_target: float, rated: bool, gone: int) -> float | None:
    """What each month left must bring; as a rate, if as much comes in each of them as in each month so far."""
    so_far, left = float(row["so_far_numerator"]), row["months_left"]
    if not rated:
        return (year_target - so_far) / left
    if gone == 0:
        return year_target
    of = float(row["so_far_denominator"])
    return (year_target * (of * 12 / gone) - so_far) / (of * left / gone) if of else None


def _as_printed(line: dict, required: float, rated: bool) -> dict:
    change, share = line["kind"] in CHANGES, KINDS[line["kind"]].shares
    unit = line["unit"] if not change else "percent" if rated else "number"
    places = line["decimals"] if not change else 1 if rated else 0
    smallest = 10 ** (DIGITS - 1)
    while required and places < MOST_PLACES and abs(display.scaled(required, unit, places)).scaleb(places) < smallest:
        places += 1
    higher = line["direction"] == "higher_is_better"
    shown = display.printed_value(required, unit, places)
    # a value rounds to what is printed, half away from zero, from half a step below it to half a step above it
    half = Decimal(1).scaleb(-places) / 2 / display.UNITS[unit].scale
    return {
        "required": required,
        "unit": unit,
        "required_text": display.printed(required, unit, None, places),
        "never_possible": (share and required > 1) if higher else required < 0,
        "already_met": required <= 0 if higher else share and required >= 1,
        "rated": rated,
        "places": places,
        "enough": float(shown - half if higher else shown + half),
    }


def _history(required: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """The rows with how often, and when, a month's own value was as good as what is now required."""
    numerator, denominator = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    value = pl.when("rated").then(numerator / denominator).otherwise(numerator / pl.col("months_covered"))
    higher = pl.col("direction") == "higher_is_better"
    noise = pl.max_horizontal(pl.col("enough").abs(), 1) * float(display.NOISE)
    reached = (
        pl.when(higher)
        .then(pl.col("value") >= pl.col("enough") - noise)
        .otherwise(pl.col("value") < pl.col("enough") - noise)
    )
    found = (
        required.filter(pl.col("required").is_not_null())
        .select("report_month", "line", *WORKING)
        .join(monthly.filter("complete"), on=["report_month", "measure"])
        .with_columns(value=value)
        .filter(pl.col("value").is_finite())
        .with_columns(reached=reached, better=pl.when(higher).then("value").otherwise(-pl.col("value")))
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
    counted = ["months_in_history", "times_reached"]
    rows = required.drop(*counted, "last_reached", "best_value", "best_month")
    rows = rows.join(found, on=["report_month", "line"], how="left", maintain_order="left")
    return rows.with_columns(
        pl.when(pl.col("required").is_not_null()).then(pl.col(name).fill_null(0)).alias(name) for name in counted
    )


def _sentence(row: dict) -> str | None:
    """The run rate in a sentence; None where there is none."""
    if row["required"] is None:
        return None
    when = years.span(row["months_from"], row["months_to"])
    if row["already_met"]:
        return f"the target is already met, whatever comes {when}"
    rated = row["rated"]
    required = row["required_text"] + ("" if rated else " a month")
    if row["never_possible"]:
        return f"the target is already out of reach: it would take {required} {when}"
    if row["direction"] == "higher_is_better":
        needed = f"{required} is needed {when}"
    else:
        needed = f"a rate of no more than {required} is needed" if rated else f"no more than {required} may come"
        needed += f" {when}"
    if not row["months_in_history"]:
        return f"{needed}; no month is known to compare it with"
    of = f"of the {row['months_in_history']} months known"
    if row["times_reached"]:
        held = f"reached in {row['times_reached']} {of}, last in {display.month_label(row['last_reached'])}"
    else:
        held = f"{'a rate' if rated else 'a figure'} not reached in any {of}"
    best = display.printed(row["best_value"], row["unit"], None, row["places"])
    return f"{needed}, {held}; the best was {best} in {display.month_label(row['best_month'])}"

"""The run rate: what the months left of the financial year must bring so that its end meets the target."""

from datetime import date
from decimal import Decimal

import polars as pl

from orchestration.scorecard import contracts, display
from orchestration.scorecard.explanations import years
from orchestration.scorecard.kinds import CHANGES, KINDS, required_of_a_year
from orchestration.scorecard.shortfall import is_range, least_that_meets

DIGITS = 3  # a required figure is printed to at least as many: £4.62m, not £4.6m
MOST_PLACES = 6


def run_rates(indicators: pl.DataFrame, monthly: pl.DataFrame, report_months: list[tuple[date, str]]) -> pl.DataFrame:
    """The run rate of each line of each report month's card, or the reason why it has none.

    `report_months` pairs each report month with its financial year, as for the scorecard.
    """
    known: dict[tuple, list[dict]] = {}
    for month in monthly.filter(years.comparable()).iter_rows(named=True):
        known.setdefault((month["report_month"], month["measure"]), []).append(month)
    rows = [
        _row(line, before, known.get((line["report_month"], line["measure"]), []))
        for line, before in years.of_lines(indicators, monthly, report_months)
    ]
    return pl.DataFrame(rows, schema=contracts.types("run_rates"))


def _row(line: dict, before: years.Years, known: list[dict]) -> dict:
    row = {name: line[name] for name in contracts.LINE}
    if reason := _no_run_rate(line):
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
    last_year = years.last_year(before)
    year_target = required_of_a_year(line["kind"], least_that_meets(line), last_year)
    if year_target is None:
        return row | {"missing_reason": "nothing to compare with: the denominator of last year is zero"}
    rated = line["kind"] == "percentage" or (line["kind"] in CHANGES and last_year[1] is not None)
    required = _of_each_month(row, year_target, rated, line["months_gone"])
    if required is None:
        return row | {"missing_reason": "it cannot be computed: the denominator so far is zero"}
    unit, places = _how_it_prints(line, required, rated)
    higher, share = line["direction"] == "higher_is_better", KINDS[line["kind"]].shares
    row |= {
        "year_target": year_target,
        "required": required,
        "unit": unit,
        "required_text": display.printed(required, unit, None, places),
        "never_possible": (share and required > 1) if higher else required < 0,
        "already_met": required <= 0 if higher else share and required >= 1,
    }
    row |= _history(known, row, rated, higher, places)
    return row | {"explanation": _sentence(line, row, rated, higher, places)}


def _no_run_rate(line: dict) -> str | None:
    if line["target"] is None:
        return "no target is set"
    if is_range(line):
        return "a target between two values requires no one rate"
    return years.no_year_end(line) or ("the year is over" if line["months_gone"] == 12 else None)


def _of_each_month(row: dict, year_target: float, rated: bool, gone: int) -> float | None:
    """What each month left must bring; as a rate, if as much comes in each of them as in each month so far."""
    so_far, left = float(row["so_far_numerator"]), row["months_left"]
    if not rated:
        return (year_target - so_far) / left
    if gone == 0:
        return year_target
    of = float(row["so_far_denominator"])
    return (year_target * (of * 12 / gone) - so_far) / (of * left / gone) if of else None


def _how_it_prints(line: dict, required: float, rated: bool) -> tuple[str, int]:
    """Unit and places of the required figure."""
    unit, places = line["unit"], line["decimals"]
    if line["kind"] in CHANGES:
        unit, places = (line.get("rate_unit") or "percent", 1) if rated else ("number", 0)
    smallest = 10 ** (DIGITS - 1)
    while required and places < MOST_PLACES and abs(display.scaled(required, unit, places)).scaleb(places) < smallest:
        places += 1
    return unit, places


def _history(known: list[dict], row: dict, rated: bool, higher: bool, places: int) -> dict:
    """How often, and when, a month's own value was as good as what is required, as printed, and the best of them."""
    values = []
    for month in known:
        divisor = float(month["denominator"] or 0) if rated else month["months_covered"]
        if divisor:
            values.append((float(month["numerator"]) / divisor, month))
    # a value rounds to what is printed, half away from zero, from half a step below it to half a step above it
    half = Decimal(1).scaleb(-places) / 2 / display.UNITS[row["unit"]].scale
    shown = display.printed_value(row["required"], row["unit"], places)
    enough = float(shown - half if higher else shown + half)
    enough -= max(abs(enough), 1) * float(display.NOISE)
    reached = [month for value, month in values if (value >= enough if higher else value < enough)]
    best, of = max(values, key=lambda it: (it[0] if higher else -it[0], it[1]["month"]), default=(None, {}))
    return {
        "months_in_history": sum(month["months_covered"] for _, month in values),
        "times_reached": sum(month["months_covered"] for month in reached),
        "last_reached": max((month["month"] for month in reached), default=None),
        "best_value": best,
        "best_month": of.get("month"),
    }


def _sentence(line: dict, row: dict, rated: bool, higher: bool, places: int) -> str:
    """The run rate in a sentence."""
    when = years.span(row["months_from"], row["months_to"])
    if row["already_met"]:
        return f"the target is already met, whatever comes {when}"
    required = row["required_text"] + ("" if rated else " a month")
    if row["never_possible"]:
        return f"the target is already out of reach: it would take {required} {when}"
    if higher:
        needed = f"{required} is needed {when}"
    else:
        needed = f"a rate of no more than {required} is needed" if rated else f"no more than {required} may come"
        needed += f" {when}"
    if not row["months_in_history"]:
        return f"{needed}; no month{years.by_the_rules(line)} is known to compare it with"
    of = f"of the {row['months_in_history']} months known{years.by_the_rules(line).replace(' counted', ', counted')}"
    if row["times_reached"]:
        held = f"reached in {row['times_reached']} {of}, last in {display.month_label(row['last_reached'])}"
    else:
        held = f"{'a rate' if rated else 'a figure'} not reached in any {of}"
    best = display.printed(row["best_value"], row["unit"], None, places)
    return f"{needed}, {held}; the best was {best} in {display.month_label(row['best_month'])}"

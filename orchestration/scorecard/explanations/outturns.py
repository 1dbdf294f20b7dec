"""The outturn: where the year would end if its months left bring what the same months of earlier years brought.

Of two ways to fill the months left, this one takes them as they were; the other first scales them by how the year so
far compares with the same months then. On a large city's true totals (four offences, January to August 2009 from 2008,
after each month) the first missed the whole by 2.3% on average, the second by 3.4%; with five offences to December by
2.4% and 3.1%, 10% and 27% at most. Early in a year, and where single months are large, the scale is mostly noise. Where
a level has moved for good the second is nearer: what the first does not see is a trend.
"""

from datetime import date

import polars as pl

from orchestration.scorecard import contracts, display
from orchestration.scorecard.explanations import evidence, years
from orchestration.scorecard.kinds import over_window
from orchestration.scorecard.shortfall import side, the_target

A_RANGE_NEEDS = 2  # earlier years
TRIALS = ("trials", "trials_held")
Record = dict[tuple[date, str], tuple[int, int]]  # by report month and line, trials of the method, and how many held


def outturns(
    indicators: pl.DataFrame,
    monthly: pl.DataFrame,
    figures: pl.DataFrame,
    report_months: list[tuple[date, str]],
    record: Record | None = None,
) -> pl.DataFrame:
    """The outturn of each line of each report month's card, or the reason why it has none; with the method's record."""
    forecasts = evidence.supplied_forecasts(figures)
    rows = [
        _row(line, before, forecasts.get((line["report_month"], line["line"])))
        | dict(zip(TRIALS, (record or {}).get((line["report_month"], line["line"]), (0, 0)), strict=True))
        for line, before in years.of_lines(indicators, monthly, report_months)
    ]
    return pl.DataFrame(rows, schema=contracts.types("outturns"))


def _row(line: dict, before: years.Years, forecast: dict | None) -> dict:
    row = {name: line[name] for name in (*contracts.LINE, "unit")}
    row["supplied"] = forecast and forecast["value"]
    found = year_ends(line, before)
    if isinstance(found, str):
        return row | {"missing_reason": found}
    left, ends = 12 - line["months_gone"], [*found.values()]
    row |= {"lower": min(ends), "central": sum(ends) / len(ends), "upper": max(ends)}
    names = [years.name(line["year_from"], back) for back in sorted(found, reverse=True) if left]
    row |= {
        f"{end}_text": display.printed(row[end], line["unit"], line["sign"], line["decimals"])
        for end in ("lower", "central", "upper")
    }
    row |= {
        "method": f"seasonal naive: the months left as the same months of {display.listed(names)}"
        if left
        else "none: every month of the year is known",
        "earlier_years": len(names),
        "meets_target": _meets_target(line, row["lower"], row["upper"]),
    }
    return row | {"explanation": _sentence(line, row, names, forecast)}


def year_ends(line: dict, before: years.Years) -> dict[int, float] | str:
    """Where the year would end if the months left brought what each earlier year brought, by how many years back.

    Of a year that is over, where it ended; or the reason why that is not known.
    """
    if reason := years.no_year_end(line) or years.no_year_before(line, before):
        return reason
    left = 12 - line["months_gone"]
    enough = {back: then for back, then in before.items() if left and then["rest_months"] == left}
    if left and len(enough) < A_RANGE_NEEDS:
        return _too_short(line, before)
    rests = {back: (then["rest"], then["rest_of"]) for back, then in enough.items()} or {0: (0, 0)}
    last_year = years.last_year(before)
    found = {back: _year_end(line, float(rest), float(of or 0), last_year) for back, (rest, of) in rests.items()}
    ends = {back: end for back, end in found.items() if end is not None}
    return ends if len(ends) == len(found) else "it cannot be computed: a denominator is zero"


def _too_short(line: dict, before: years.Years) -> str:
    left = 12 - line["months_gone"]
    held = [
        f"{years.name(line['year_from'], back)} holds {before.get(back, years.NO_YEAR)['rest_months']} of {left}"
        for back in range(1, max([A_RANGE_NEEDS, *before]) + 1)
    ]
    when = " to ".join(dict.fromkeys(f"{month:%b}" for month in years.left(line)))
    needs = f"a range needs {when} of two earlier years"
    return f"history is too short: {needs}, but {display.listed(held)}{years.by_the_rules(line)}"


def _year_end(line: dict, rest: float, rest_of: float, last_year: tuple[float, float | None]) -> float | None:
    """The line's figure at the year end if the months left bring this; None where a denominator is zero."""
    rated = line["kind"] == "percentage" or last_year[1] is not None
    whole = float(line["so_far_of"] or 0) + rest_of if rated else None
    return over_window(line["kind"], float(line["so_far"] or 0) + rest, whole, last_year)


def _meets_target(line: dict, lower: float, upper: float) -> str | None:
    if line["target"] is None:
        return None
    sides = {side(line, line | {"value": end}) for end in (lower, upper)}
    return "depends" if len(sides) == 2 else "no" if sides.pop() else "yes"


def _sentence(line: dict, row: dict, names: list[str], forecast: dict | None) -> str:
    if not names:
        sentence = f"the year ended at {row['central_text']}"
    else:
        one = row["lower_text"] == row["upper_text"]
        ends = row["central_text"] if one else f"{row['lower_text']} to {row['upper_text']}"
        first, last = years.left(line)
        bring = "brings what it" if first == last else "bring what they"
        left = years.span(first, last).removeprefix("in ").removeprefix("from ")
        sentence = f"the year would end at {ends} if {left} {bring} brought in {display.listed(names)}"
    if row["meets_target"]:
        judged = {
            "yes": f"{'would be' if names else 'is'} met",
            "no": f"{'would be' if names else 'is'} missed",
            "depends": "lies within",
        }
        sentence += f": {the_target(line)} {judged[row['meets_target']]}"
    return f"{sentence}; the source forecasts {forecast['printed']}" if forecast else sentence

"""The outturn: where the year would end if its months left bring what the same months of earlier years brought.

Of two ways to fill the months left, this one takes them as they were; the other first scales them by how the year so
far compares with the same months then. On London's true totals of four offences (January to August 2009 from 2008,
after each month) the first missed the whole by 2.3% on average, the second by 3.4%; with five offences to December by
2.4% and 3.1%, 10% and 27% at most. Early in a year, and where single months are large, the scale is mostly noise. Where
a level has moved for good the second is nearer: what the first does not see is a trend.
"""

from datetime import date

import pandera.polars as pa
import polars as pl

from orchestration import months
from orchestration.scorecard import display
from orchestration.scorecard.columns import column
from orchestration.scorecard.explanations import evidence, years
from orchestration.scorecard.shortfall import of_figure

A_RANGE_NEEDS = 2  # earlier years
SCHEMA = pa.DataFrameSchema(
    {
        "report_month": column(pl.Date, "The month on the title of the card; all is as known then.", nullable=False),
        "financial_year": column(pl.String, "The financial year of the card, as 2008/09.", nullable=False),
        "line": column(pl.String, "The line of the card.", nullable=False),
        "method": column(pl.String, "How the months left are filled in, with the years they are taken from."),
        "earlier_years": column(pl.Int32, "How many earlier years that is: 0 where the year is complete."),
        "lower": column(
            pl.Float64,
            "The year end after the earlier year that gives the least; in the line's own terms. "
            "Two years are no interval of confidence: one year in three falls between two others.",
        ),
        "central": column(pl.Float64, "The mean of the year ends after each earlier year."),
        "upper": column(pl.Float64, "The year end after the earlier year that gives the most."),
        "unit": column(pl.String, "How they print.", pa.Check.isin(list(display.UNITS))),
        "lower_text": column(pl.String, "As printed, to the line's places."),
        "central_text": column(pl.String, "As printed, to the line's places."),
        "upper_text": column(pl.String, "As printed, to the line's places."),
        "supplied": column(pl.Float64, "The forecast of the year that the line's source supplies, if any."),
        "meets_target": column(
            pl.String,
            "Whether the whole range, as printed, meets the target; null without a target.",
            pa.Check.isin(["yes", "no", "depends"]),
        ),
        "says": column(pl.String, "All this in a sentence."),
        "missing_reason": column(pl.String, "Why there is no outturn, in words."),
    },
    checks=[
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("central").is_null() == pl.col("missing_reason").is_not_null()),
            name="an outturn or a reason why there is none",
        ),
        pa.Check(
            lambda data: data.lazyframe.select(
                pl.col("central").is_null()
                # a mean of two doubles may fall outside them by the last bit
                | pl.col("central").is_between(pl.col("lower") - 1e-9, pl.col("upper") * (1 + 1e-12) + 1e-9)
            ),
            name="the centre lies in the range",
        ),
    ],
    unique=["report_month", "line"],
    strict=True,
    ordered=True,
    description="One row per report month and line: the year end as a range, from the same months of earlier years.",
)


def outturns(
    indicators: pl.DataFrame, monthly: pl.DataFrame, figures: pl.DataFrame, report_months: list[tuple[date, str]]
) -> pl.DataFrame:
    """The outturn of each line of each report month's card, or the reason why it has none."""
    known = years.known(years.lines(indicators, report_months), monthly)
    before = years.earlier(known, monthly)
    forecast = evidence.supplied_forecasts(figures)
    rows = [
        _row(line, before.get((line["report_month"], line["measure"]), {}), forecast)
        for line in known.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema={name: it.dtype.type for name, it in SCHEMA.columns.items()})


def _row(line: dict, before: dict[int, dict], forecasts: dict[tuple[date, str], dict]) -> dict:
    forecast = forecasts.get((line["report_month"], line["line"]))
    row = {name: line[name] for name in ("report_month", "financial_year", "line")}
    row |= {"supplied": forecast["value"] if forecast else None, "unit": line["unit"]}
    if reason := years.why_not(line) or _nothing_to_compare_with(line, before):
        return row | {"missing_reason": reason}
    left = 12 - line["months_gone"]
    enough = {back: then for back, then in before.items() if left and then["rest_months"] == left}
    if left and len(enough) < A_RANGE_NEEDS:
        return row | {"missing_reason": _too_short(line, before)}
    rests = [(then["rest"], then["rest_of"]) for then in enough.values()] or [(0, 0)]
    computed = [_year_end(line, float(rest), float(of or 0), before.get(1)) for rest, of in rests]
    ends = [end for end in computed if end is not None]
    if len(ends) < len(computed):
        return row | {"missing_reason": "it cannot be computed: a denominator is zero"}
    lower, upper = min(ends), max(ends)
    names = [years.name(line["year_from"], back) for back in sorted(enough, reverse=True)]
    texts = {
        f"{name}_text": display.printed(value, line["unit"], line["sign"], line["decimals"])
        for name, value in (("lower", lower), ("central", sum(ends) / len(ends)), ("upper", upper))
    }
    row |= texts | {
        "method": f"seasonal naive: the months left as the same months of {_listed(names)}"
        if left
        else "none: every month of the year is known",
        "earlier_years": len(enough),
        "lower": lower,
        "central": sum(ends) / len(ends),
        "upper": upper,
        "meets_target": _meets_target(line, lower, upper),
    }
    return row | {"says": _says(line, row, names, forecast)}


def _nothing_to_compare_with(line: dict, before: dict[int, dict]) -> str | None:
    """Why a change on last year cannot be told; None where it can, or where the figure is no change."""
    if line["kind"] not in ("percentage_change", "change_in_points"):
        return None
    holds = before.get(1, {"total_months": 0})["total_months"]
    year = years.name(line["year_from"], 1)
    return f"nothing to compare with: {year} holds {holds} of 12 months" if holds < 12 else None


def _too_short(line: dict, before: dict[int, dict]) -> str:
    left = 12 - line["months_gone"]
    first = months.shift(line["year_from"], line["months_gone"])
    held = [
        f"{years.name(line['year_from'], back)} holds {before.get(back, {'rest_months': 0})['rest_months']} of {left}"
        for back in range(1, max([A_RANGE_NEEDS, *before]) + 1)
    ]
    when = f"{first:%b} to {years.year_end(line['year_from']):%b}" if left > 1 else f"{first:%b}"
    return f"history is too short: a range needs {when} of two earlier years, but {_listed(held)}"


def _year_end(line: dict, rest: float, rest_of: float, last: dict | None) -> float | None:
    """The line's figure at the year end if the months left bring this; None where a denominator is zero."""
    total, of = float(line["so_far"] or 0) + rest, float(line["so_far_of"] or 0) + rest_of
    kind = line["kind"]
    if kind == "total":
        return total
    if kind == "monthly_average":
        return total / 12
    if kind == "percentage":
        return total / of if of else None
    rated = last is not None and last["total_of"] is not None
    if last is None or (rated and not (of and last["total_of"])):
        return None
    level = total / of if rated else total
    level_then = float(last["total"]) / (float(last["total_of"]) if rated else 1)
    if kind == "change_in_points":
        return level - level_then
    return level / level_then - 1 if level_then else None


def _meets_target(line: dict, lower: float, upper: float) -> str | None:
    if line["target"] is None:
        return None
    met = {of_figure(line, line | {"value": end}) <= 0 for end in (lower, upper)}
    return "depends" if len(met) == 2 else "yes" if met.pop() else "no"


def _says(line: dict, row: dict, names: list[str], forecast: dict | None) -> str:
    if not names:
        says = f"the year ended at {row['central_text']}"
    else:
        one = row["lower_text"] == row["upper_text"]
        ends = row["central_text"] if one else f"{row['lower_text']} to {row['upper_text']}"
        first = months.shift(line["year_from"], line["months_gone"])
        last = years.year_end(line["year_from"])
        bring = "brings what it" if first == last else "bring what they"
        left = years.span(first, last).removeprefix("in ").removeprefix("from ")
        says = f"the year would end at {ends} if {left} {bring} brought in {_listed(names)}"
    if row["meets_target"]:
        asked = display.printed(line["target"], line["unit"])
        judged = {
            "yes": f"the target of {asked} {'would be' if names else 'is'} met",
            "no": f"the target of {asked} {'would be' if names else 'is'} missed",
            "depends": f"the target of {asked} lies within",
        }
        says += f": {judged[row['meets_target']]}"
    if forecast:
        says += f"; the source forecasts {forecast['printed']}"
    return says


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

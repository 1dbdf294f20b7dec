"""The chart of a line's financial year beside the one before, month by month from April."""

from datetime import date

import polars as pl

from orchestration import months
from orchestration.editions import charts
from orchestration.editions.content import Card
from orchestration.editions.site.picture import Picture
from orchestration.scorecard import display


def of_the_year(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The financial year so far beside the one before, month by month from April."""
    sums = _year_to_date(card, row, indicator)
    start = months.parse(f"{row['financial_year'][:4]}-04")
    names = [months.shift(start, number) for number in range(12)]
    now = [(month, sums.get(month)) for month in names]
    before = [(month, sums.get(months.shift(month, -12))) for month in names]
    if all(value is None for _, value in now):
        return None
    unit, places = _unit_of_a_year(row, indicator)

    def show(value: float | None) -> str:
        return "not known" if value is None else display.printed(value, unit, None, places)

    def drawn(values: list[tuple[date, float | None]]) -> list[dict]:
        return [{"name": f"{month:%b}", "value": value} for month, value in values if value is not None]

    last, reached = next((month, value) for month, value in reversed(now) if value is not None)
    then = dict(before)[last]
    this_year, last_year = row["financial_year"], f"{start.year - 1}/{start.year % 100:02}"
    return Picture(
        "The year to date, beside the year before",
        charts.svg(
            "years",
            {"now": drawn(now), "before": drawn(before)},
            **charts.values(unit, places, max(abs(value) for _, value in now + before if value is not None)),
        ),
        f"From April to {last:%B}: {show(reached)} in {this_year}, {show(then)} in {last_year}.",
        (("line", this_year), ("before", last_year)),
        ("April to", this_year, last_year),
        tuple((f"{month:%B}", show(value), show(dict(before)[month])) for month, value in now),
    )


def _year_to_date(card: Card, row: dict, indicator: dict) -> dict[date, float]:
    """April to each month, as far as every month is known: the ratio where the line is of ratios, else the sum."""
    force = card.tables["areas"].filter(kind="force")["area"][0]

    def of(measure: str) -> dict[date, dict]:
        rows = card.tables["year_to_date"].filter(
            (pl.col("measure") == measure)
            & (pl.col("area") == force)
            & (pl.col("months_present") == pl.col("months_expected"))
            & pl.col("numerator").is_not_null()
        )
        return {it["month"]: it for it in rows.iter_rows(named=True)}

    own = of(row["measure"])
    if indicator["kind"] in ("percentage", "change_in_points"):
        return {month: float(it["numerator"] / it["denominator"]) for month, it in own.items() if it["denominator"]}
    if indicator["compare_measure"] is None:
        return {month: float(it["numerator"]) for month, it in own.items()}
    other = of(indicator["compare_measure"])
    found = {}
    for month in own.keys() & other.keys():
        shares = [it["numerator"] / it["denominator"] for it in (own[month], other[month]) if it["denominator"]]
        if len(shares) == 2:
            found[month] = float(shares[0] - shares[1] if indicator["kind"] == "gap" else shares[0] / shares[1])
    return found


def _unit_of_a_year(row: dict, indicator: dict) -> tuple[str, int]:
    places = indicator["decimals"] or 0
    if indicator["kind"] == "change_in_points":
        return "percent", places
    if indicator["kind"] in ("percentage_change", "k_of_n", "monthly_average"):
        return "number", 0
    return row["unit"], places

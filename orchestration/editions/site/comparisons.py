"""The charts of a line that compare: its financial year with the one before, and the organisation with its peers."""

from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from statistics import quantiles

import polars as pl

from orchestration import months, organisation, years
from orchestration.editions import charts
from orchestration.editions.content import Card
from orchestration.editions.site.pictures import Picture, columns
from orchestration.explain import numbers, words
from orchestration.scorecard import display
from orchestration.scorecard.kinds import KINDS, from_sums, unit_of_sums
from orchestration.scorecard.units import RATES_PER, UNITS

MOST_NAMED = 12  # peers that a chart can name
WHOLE_NUMBERS = ("percentage_change", "k_of_n", "monthly_average")  # of which a year to date is a sum of counts
COUNTED = tuple(name for name, kind in KINDS.items() if not kind.shares)


def of_the_year(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The year so far next to the one before, month by month."""
    values = _year_to_date(card, row, indicator)
    start = years.start(row["financial_year"])
    now = {month: values.get(month) for month in (months.shift(start, number) for number in range(12))}
    before = {month: values.get(months.shift(month, -12)) for month in now}
    reached = [month for month, value in now.items() if value is not None]
    if not reached:
        return None
    last = reached[-1]
    unit = unit_of_sums(indicator["kind"], row["unit"], indicator["rate_unit"])
    size = max(abs(value) for value in now.values() if value is not None)
    places = 0 if unit == "number" and indicator["kind"] in WHOLE_NUMBERS else indicator["decimals"] or 0
    places = display.places(size, unit, places) if unit in RATES_PER else places

    def show(value: float | None) -> str:
        return "not known" if value is None else display.with_unit(value, unit, None, places)

    def points(year: dict[date, float | None]) -> list[dict]:
        return [{"name": f"{month:%b}", "value": value} for month, value in year.items() if value is not None]

    largest = max(abs(value) for value in (*now.values(), *before.values()) if value is not None)
    this_year, last_year = row["financial_year"], years.of_month(months.shift(start, -12))
    return Picture(
        "Year to date, compared with the year before",
        card.axis(unit, row["measure"]),
        charts.svg(
            "years",
            {"now": points(now), "before": points(before), "zero": charts.zero(unit)},
            **charts.values(unit, places, largest),
            months=[f"{month:%b}" for month in now],
        ),
        f"From {start:%B} to {last:%B}: {show(now[last])} in {this_year}, {show(before[last])} in {last_year}.",
        (("line", this_year), ("before", last_year)),
        (f"{start:%B} to", this_year, last_year),
        tuple((f"{month:%B}", show(now[month]), show(before[month])) for month in now),
        [{"month": month, this_year: now[month], last_year: before[month]} for month in now],
    )


def _year_to_date(card: Card, row: dict, indicator: dict) -> dict[date, float]:
    """The year to each month, as far as every month is known: the rate where the line is of shares, else the sum."""
    complete = _known_to_date(card)
    own, other = (
        complete.filter(measure=measure).with_columns(pl.col(card.averaged(measure)) / pl.col("months_expected"))
        for measure in (indicator[name] or "" for name in ("measure", "compare_measure"))
    )
    # a change of a rate is one of rates: its year to date is one too
    value = from_sums(indicator["kind"], counted=() if indicator["rate_unit"] else COUNTED)
    both = own.join(other, on="month", how="left", suffix="_other").select("month", value=value).drop_nulls()
    return dict(both.iter_rows())


@lru_cache(maxsize=1)
def _known_to_date(card: Card) -> pl.DataFrame:
    """The sums of the whole over each year to date of which every month is known."""
    return (
        card.tables["year_to_date"]
        .join(card.tables["areas"].filter(kind="whole").select("area"), on="area")
        .filter((pl.col("months_present") == pl.col("months_expected")) & pl.col("numerator").is_not_null())
        .select("measure", "month", "months_expected", pl.col("numerator", "denominator").cast(pl.Float64))
    )


def of_rankings(card: Card, row: dict) -> list[Picture]:
    """The organisation among its peers, best first: one chart a ranking."""
    own = set(card.tables["areas"].filter(kind="whole")["area"])
    found = []
    of_rankings = sorted(card.of_line("peers", row["line"]), key=itemgetter("name", "peer_group"))
    for (_, group), ranking in groupby(of_rankings, key=itemgetter("name", "peer_group")):
        ranked = sorted((it for it in ranking if it["value"] is not None), key=itemgetter("rank", "peer"))
        if len(ranked) > 1:
            unit = numbers.unit_of_peers(card.indicators[row["line"]], card.defined.get(ranked[0]["measure"]))
            axis = card.axis(unit, row["measure"]) if UNITS[unit].axis else ""
            found.append(_of_ranking(words.name(group), ranked, own, unit, axis))
    return found


def _of_ranking(group: str, ranked: list[dict], own: set[str], unit: str, axis: str) -> Picture:
    largest = max(abs(it["value"]) for it in ranked)
    scaled = "number" if unit in RATES_PER else unit  # a rate is supplied per so many already

    def show(value: float) -> str:
        return numbers.of_peers(value, unit)

    compared = [
        {"rank": rank, "peer": it["peer"], "value": it["value"], "own": "own" if it["peer"] in own else "other"}
        for rank, it in enumerate(ranked, start=1)
    ]
    quartiles = quantiles([it["value"] for it in ranked], method="inclusive")
    peer = organisation.declared().peer
    return Picture(
        f"Comparison with peers: {group}",
        axis,
        charts.svg(
            "peers" if len(ranked) <= MOST_NAMED else "ranking",
            {"peers": compared, "median": [{"value": it} for it in quartiles]},
            **charts.values(scaled, numbers.PEER_PLACES.get(scaled, 2), largest),
            extent=charts.room_for([it["peer"] for it in compared]),
        ),
        f"{len(ranked)} {peer.many}, best first; the median is {show(quartiles[1])}, and half of them lie from "
        f"{show(quartiles[0])} to {show(quartiles[2])}.",
        (("own", f"this {peer.one}"), ("other", f"another {peer.one}"), ("limits", "median and quartiles")),
        ("Place", peer.one.capitalize(), "Value"),
        tuple((str(it["rank"]), it["peer"], show(it["value"])) for it in ranked),
        columns(ranked, "rank", "peer", "value"),
    )

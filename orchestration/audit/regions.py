"""Regions: the sums of their areas in the windows of a card's lines, none where they would tell a suppressed one."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from orchestration.audit import months, series
from orchestration.audit.catalogue import Catalogue
from orchestration.audit.figures import Recomputed
from orchestration.audit.known import Read, as_of, measure_months, spine
from orchestration.audit.suppression import Suppressed
from orchestration.audit.windows import Window, window

BASES = ("rolling_year", "year_to_date")


class RegionWindow(NamedTuple):
    """A window of a measure, of a region: its last month is the last of it."""

    report_month: date
    basis: str
    measure: str
    region: str
    month: date


# numerator and denominator; the first is None where the region is not shown
Sums = tuple[float | None, float | None]


def regions(
    catalogue: Catalogue,
    deliveries: list[Read],
    report_month: date,
    suppressed: Suppressed,
    figures: dict[tuple[str, str], Recomputed],
) -> dict[RegionWindow, Sums]:
    """The sums of each region in the window of every line's latest figure, and in the one a year before."""
    within = spine(catalogue, report_month)
    ends = {
        (each.basis, each.measure, months.number(data_to) - back)
        for each in catalogue.figures.get(months.number(report_month), [])
        if each.name == "latest" and each.basis in BASES and each.measure
        if all(catalogue.series[part.series].level == "area" for part in catalogue.measures[each.measure])
        if (data_to := figures[each.line, each.name].data_to)
        for back in (0, 12)
    }
    found = {}
    for region, areas in catalogue.regions.items():
        # as if the region were all there is, and nothing suppressed
        alone = catalogue._replace(own_areas=areas)
        of_region = [each._replace(content=series.of_the_whole(each.areas, alone)) for each in deliveries if each.areas]
        known = measure_months(alone, as_of(of_region, report_month), within, frozenset())
        for basis, measure, last in ends:
            if last in within:
                its = window(known[measure], basis, last, catalogue.organisation)
                shown = its.complete and _is_shown(catalogue, areas, measure, its, suppressed)
                key = RegionWindow(report_month, basis, measure, region, _day(last))
                found[key] = (_sum("numerator", its), _sum("denominator", its)) if shown else (None, None)
    return found


def _is_shown(catalogue: Catalogue, areas: frozenset[str], measure: str, of: Window, suppressed: Suppressed) -> bool:
    """Whether the region is what can be added up: all its areas are shown, or the whole and all the other areas."""
    months_of = range(of.first, of.last + 1)
    hit = {
        area
        for area in (*catalogue.own_areas, catalogue.whole)
        if any((measure, area, month) in suppressed for month in months_of)
    }
    return not hit & areas or hit <= areas


def _sum(part: str, of: Window) -> float | None:
    values = [Fraction(value) for month in of.values if (value := getattr(month, part)) is not None]
    return float(sum(values)) if values else None


def _day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)

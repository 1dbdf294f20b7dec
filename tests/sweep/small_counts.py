"""Which months of which areas a measure does not show, by definition of disclosure control.

A count under its threshold is suppressed, with those of all areas of its group, and so is what gives it away.
"""

from decimal import Decimal

from tests.sweep.case import Case

Suppressed = tuple[str, str, int]  # measure, area, month


def suppressed(case: Case) -> set[Suppressed]:
    """Every measure, area and month that is suppressed, whichever delivery has the small count."""
    series = {row["series"]: row for row in case.tables["series"]}
    groups = {row["area"]: row["suppressed_with"] for row in case.tables["areas"] if row["kind"] == "area"}
    whole = next(row["area"] for row in case.tables["areas"] if row["kind"] == "whole")
    # by month and series, the counts by area of each delivery
    counts: dict[int, dict[str, dict[int, dict[str, Decimal]]]] = {}
    for row in case.rows:
        if not isinstance(row.value, str):
            of_series = counts.setdefault(row.month, {}).setdefault(row.series, {})
            of_series.setdefault(row.delivery, {})[row.area] = row.value
    hidden = set()
    for month, its in counts.items():
        for name, deliveries in its.items():
            if any(_small(sum(each.values()), series[name].get("whole_threshold")) for each in deliveries.values()):
                hidden.add((name, whole, month))
                hidden |= {(name, area, month) for area in groups if series[name]["level"] == "area"}
        for group in set(groups.values()):
            areas = {area for area, its_group in groups.items() if its_group == group}
            hidden |= {(name, area, month) for name in _hidden_together(case, series, its, areas) for area in areas}
    measures: dict[str, set[str]] = {}
    for row in case.tables["measures"]:
        measures.setdefault(row["series"], set()).add(row["measure"])
    return {(measure, area, month) for name, area, month in hidden for measure in measures.get(name, ())}


def _small(count: Decimal | int, threshold: str | None) -> bool:
    return bool(threshold) and 0 < abs(count) < int(threshold or 0)


def _hidden_together(case: Case, series: dict, of_month: dict, areas: set[str]) -> set[str]:
    """The series of which areas of a group are suppressed in a month."""
    within: dict[str, list[dict[str, Decimal]]] = {}  # the counts of each delivery that has any of the group
    for name, deliveries in of_month.items():
        found = [{area: each[area] for area in areas if area in each} for each in deliveries.values()]
        within[name] = [each for each in found if each]
    small = {
        name
        for name, deliveries in within.items()
        if any(_small(count, series[name].get("area_threshold")) for each in deliveries for count in each.values())
    }
    parts: dict[str, list[dict]] = {}
    for row in case.tables["measures"]:
        parts.setdefault(row["measure"], []).append(row)
    return small.union(*(_giving_away(its, series, within, small) for its in parts.values()))


def _giving_away(parts: list[dict], series: dict, within: dict, small: set[str]) -> set[str]:
    """The wholes of a measure that tell too much of a small part: small themselves, or hardly more than the part."""
    tops = {row["series"] for row in parts if row["part"] == "numerator"} & small
    if not tops:
        return set()
    threshold = max(int(series[name]["area_threshold"]) for name in tops)
    # the least that the wholes may hold besides the parts, in any two deliveries: counted, and by their weights
    rest, weighted = Decimal(0), Decimal(0)
    for row in parts:
        totals = [sum(each.values()) for each in within.get(row["series"], ())]
        if totals:
            least = min(totals) if row["part"] == "denominator" else -max(totals)
            rest, weighted = rest + least, weighted + Decimal(row["weight"]) * least
    rest = min(rest, weighted / max(Decimal(row["weight"]) for row in parts))
    wholes = {row["series"] for row in parts if row["part"] == "denominator" and within.get(row["series"])}
    return {
        name
        for name in wholes
        if rest < threshold or min(count for each in within[name] for count in each.values()) < threshold
    }

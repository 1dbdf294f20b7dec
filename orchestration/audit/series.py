"""How the rows of each extract become series: the pattern of their names, and the column that is counted.

A figure that its source suppresses or does not have is None, and so is every sum with it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from orchestration.audit import months
from orchestration.audit.catalogue import Catalogue
from orchestration.audit.files import Row

PLACES = 6  # no figure has more decimals: further digits are the noise of a formula


def _figure(row: Row, column: str) -> Decimal | None:
    return None if row[column] is None else round(Decimal(row[column]), PLACES)


def _on_target(row: Row) -> int | None:
    available, target = _figure(row, "availability_percent"), _figure(row, "target_percent")
    return None if available is None or target is None else int(available >= target)


# An extract's series by the pattern of their names, and what a row adds to them: a column, or what is computed from it.
COUNTED: dict[str, dict[str, str | Callable[[Row], int | None]]] = {
    "recorded_crime": {"{offence_group}_offences": "offences", "{offence_group}_detections": "sanction_detections"},
    "weapon_enabled_crime": {"{weapon}_offences": "offences"},
    "domestic_violence": {"domestic_violence_offences": "offences", "domestic_violence_arrests": "arrests"},
    "youth_violence": {"youth_victims_of_{offence_class}": "victims_under_20"},
    "class_a_trafficking": {"{drug}_trafficking_detections": "sanction_detections"},
    "criminal_networks": {"networks_disrupted": "networks_disrupted"},
    "asset_recovery": {"{step}_cases": "cases", "{step}_value": "value_gbp"},
    "road_casualties": {"{severity}_casualties": "casualties"},  # provisional or final: both count
    "user_satisfaction": {
        "{victim_group}_victims_satisfied": "satisfied",
        "{victim_group}_victims_respondents": "respondents",
    },
    "public_attitude_survey": {"{question}_agreed": "agreed", "{question}_respondents": "respondents"},
    "british_crime_survey": {"{question}_agreed": "agreed", "{question}_respondents": "respondents"},
    "officer_recruitment": {"recruits": "recruits", "minority_ethnic_recruits": "minority_ethnic_recruits"},
    "financial_forecasts": {"{forecast}_forecast": "value_gbp"},
    "ict_availability": {"systems_on_target": _on_target, "systems_reporting": lambda _: 1},
    "population": {
        "population": "population",
        "economically_active": "economically_active",
        "economically_active_minority_ethnic": "economically_active_minority_ethnic",
    },
}
PEERS = "peer_forces"

# by month: the force's value of each complete series, None where its source suppresses a part of it
Months = dict[int, dict[str, Decimal | None]]
# a measure, and the first and last month that its values are of
Period = tuple[str, int, int]
# the value of each force
Periods = dict[Period, dict[str, Decimal]]


def by_month(extract: str, rows: Iterable[Row], catalogue: Catalogue, first: int) -> Months:
    """The series of every month from the first on that has rows; by borough only if complete, as the sum."""
    areas: dict[tuple[int, str], dict[str, Decimal | None]] = defaultdict(dict)
    found: Months = {}
    for row in rows:
        month = months.parsed(row["month"])
        if month < first:
            continue
        found.setdefault(month, {})
        area = catalogue.area(row["borough"], month) if "borough" in row else catalogue.force
        for pattern, counted in COUNTED[extract].items():
            values = areas[month, pattern.format_map(row)]
            before, added = values.get(area, Decimal(0)), counted(row) if callable(counted) else _figure(row, counted)
            values[area] = None if before is None or added is None else before + added
    for (month, series), values in areas.items():
        if series in catalogue.series:
            expected = catalogue.boroughs if catalogue.series[series].level == "borough" else {catalogue.force}
            if expected <= values.keys():
                its = [value for area in expected if (value := values[area]) is not None]
                found[month][series] = sum(its, Decimal(0)) if len(its) == len(expected) else None
    return found


def by_period(rows: Iterable[Row], catalogue: Catalogue, first: int) -> Periods:
    """The values of the peers, by measure and period that ends in the month `first` or later."""
    found: Periods = {}
    for row in rows:
        period = months.parsed(row["from_month"]), months.parsed(row["to_month"])
        if period[1] < first:
            continue
        value = _figure(row, "value")
        if value is not None:  # a force whose value is suppressed published none
            found.setdefault((row["measure"], *period), {})[catalogue.area(row["force"], period[1])] = value
    return found

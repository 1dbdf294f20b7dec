"""How the rows of each extract become series: which column is counted, and what the series is called after."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from orchestration.audit import months
from orchestration.audit.catalogue import Catalogue
from orchestration.audit.files import Row


def _on_target(row: Row) -> int:
    return int(Decimal(row["availability_percent"]) >= Decimal(row["target_percent"]))


# An extract's series by the pattern of their names, and what a row adds to them: a column, or what is reckoned from it.
COUNTED: dict[str, dict[str, str | Callable[[Row], int]]] = {
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

# by month: the force's value of each series that is whole
Months = dict[int, dict[str, Decimal]]
# by measure, first and last month: the value of each force
Periods = dict[tuple[str, int, int], dict[str, Decimal]]


def by_month(extract: str, rows: Iterable[Row], catalogue: Catalogue) -> Months:
    """Every month that has rows, with its series; a series by borough is there where every borough is, added up."""
    areas: dict[tuple[int, str], dict[str, Decimal]] = defaultdict(dict)
    found: Months = {}
    for row in rows:
        month = months.parsed(row["month"])
        found.setdefault(month, {})
        area = row.get("borough", catalogue.force)
        for pattern, counted in COUNTED[extract].items():
            values = areas[month, pattern.format_map(row)]
            value = counted(row) if callable(counted) else Decimal(row[counted])
            values[area] = values.get(area, 0) + value
    for (month, series), values in areas.items():
        if series in catalogue.series:
            expected = catalogue.boroughs if catalogue.series[series].level == "borough" else {catalogue.force}
            if expected <= values.keys():
                found[month][series] = sum(values[area] for area in expected)
    return found


def by_period(rows: Iterable[Row]) -> Periods:
    """What the forces of England and Wales are compared by, by measure and period."""
    found: Periods = {}
    for row in rows:
        period = row["measure"], months.parsed(row["from_month"]), months.parsed(row["to_month"])
        found.setdefault(period, {})[row["force"]] = Decimal(row["value"])
    return found

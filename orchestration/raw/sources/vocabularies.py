"""The closed lists of words a delivery may use; places come from the catalogue, so that both say the same."""

import csv
from contextlib import suppress
from datetime import date
from functools import cache
from typing import NamedTuple

from orchestration import settings

AREA_NAMES = "area_names.csv"


class Name(NamedTuple):
    """A name that a place has besides the catalogue's word for it; dated where it meant another at other times."""

    name: str
    word: str
    first: date | None
    last: date | None


def _rows(file: str) -> list[dict[str, str]]:
    with (settings.CATALOGUE / file).open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


@cache
def _by_financial_year(file: str, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(file):
        found.setdefault(row["financial_year"], []).append(row[column])
    return found


@cache
def financial_years() -> dict[str, tuple[date, ...]]:
    """The months of each financial year of the catalogue's calendar."""
    by_year = _by_financial_year("calendar.csv", "month")
    return {year: tuple(date.fromisoformat(month) for month in its) for year, its in by_year.items()}


def lines(financial_year: str) -> tuple[str, ...]:
    """The lines of the card of a financial year, as they are printed one below the other."""
    return tuple(_by_financial_year("indicators.csv", "line").get(financial_year, ()))


def names_of(areas: tuple[str, ...]) -> tuple[Name, ...]:
    """The other names of these places. What is wrong with a row of theirs the catalogue's own rules say."""
    found = []
    for row in _rows(AREA_NAMES) if (settings.CATALOGUE / AREA_NAMES).is_file() else []:
        with suppress(KeyError, ValueError):
            first, last = (date.fromisoformat(row[end]) if row[end] else None for end in ("from_month", "to_month"))
            found += [Name(row["name"], row["area"], first, last)] if row["area"] in areas else []
    return tuple(found)


BOROUGHS = tuple(row["area"] for row in _rows("areas.csv") if row["kind"] == "borough")
FORCES = tuple(row["force"] for row in _rows("forces.csv"))
# the surveys leave the City of London out, and some figures come with that of all forces together
SOME_FORCES = ("City of London", "England and Wales")

OFFENCE_GROUPS = (
    "residential_burglary",
    "personal_robbery",
    "business_robbery",
    "theft_from_vehicle",
    "theft_or_taking_of_vehicle",
    "most_serious_violence",
    "assault_with_injury",
    "serious_sexual_offences",
)
WEAPONS = (
    "handgun",
    "shotgun",
    "imitation_firearm",
    "air_weapon",
    "other_firearm",
    "cs_gas_or_pepper_spray",
    "knife",
)
OFFENCE_CLASSES = ("most_serious_violence", "weapon_enabled_crime", "actual_bodily_harm")
DRUGS = ("cocaine", "crack", "heroin", "ecstasy", "other_class_a")
STEPS = ("restraint", "cash_seizure", "cash_forfeiture_order", "confiscation_order")
SEVERITIES = ("killed", "serious")
STATUSES = ("provisional", "final")
VICTIM_GROUPS = ("white", "bme", "not_stated")
ATTITUDE_QUESTIONS = ("treat_with_respect",)
CRIME_SURVEY_QUESTIONS = ("local_police_do_a_good_job", "police_and_council_deal_with_asb")
ICT_SYSTEMS = (
    "Command and control",
    "Crime reporting",
    "Criminal intelligence",
    "Custody",
    "Email",
    "Human resources",
    "Radio",
    "Stop and search",
)
FORECASTS = (
    "efficiency_gains_one_year",
    "efficiency_gains_two_years",
    "efficiency_gains_three_years",
    "assets_recovered_outturn",
)
PEER_MEASURES = (
    "police_and_council_deal_with_asb",
    "local_police_do_a_good_job",
    "satisfaction_overall",
    "satisfaction_gap",
    "treat_with_respect",
    "most_serious_violence_rate",
    "most_serious_violence_and_assault_rate",
    "knife_crime_rate",
    "most_serious_violence_detection_rate",
    "serious_sexual_offence_detection_rate",
    "serious_acquisitive_crime_rate",
    "minority_ethnic_recruits_ratio",
)

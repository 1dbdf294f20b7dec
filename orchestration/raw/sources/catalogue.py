"""What deliveries share with the catalogue: places and their other names, lines of the card, months of its years."""

import csv
from contextlib import suppress
from datetime import date
from functools import cache

from orchestration import settings
from orchestration.raw.sources.declarations import Name

AREA_NAMES = "area_names.csv"


def _rows(file: str) -> list[dict[str, str]]:
    with (settings.CATALOGUE / file).open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


@cache
def _by_financial_year(file: str, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(file):
        found.setdefault(row["financial_year"], []).append(row[column])
    return found


def lines(financial_year: str) -> tuple[str, ...]:
    """The lines of the card of a financial year, as they are printed one below the other."""
    return tuple(dict.fromkeys(_by_financial_year("indicators.csv", "line").get(financial_year, ())))


def names_of(areas: tuple[str, ...]) -> tuple[Name, ...]:
    """The other names of these places. What is wrong with a row of theirs the catalogue's own rules say."""
    found = []
    for row in _rows(AREA_NAMES) if (settings.CATALOGUE / AREA_NAMES).is_file() else []:
        with suppress(KeyError, ValueError):
            first, last = (date.fromisoformat(row[end]) if row[end] else None for end in ("from_month", "to_month"))
            found += [Name(row["name"], row["area"], first, last)] if row["area"] in areas else []
    return tuple(found)


def places(kind: str) -> tuple[str, ...]:
    """The areas that add up to the whole, or the peers that it is compared with."""
    if kind == "peer":
        return tuple(row["peer"] for row in _rows("peer_organisations.csv"))
    return tuple(row["area"] for row in _rows("areas.csv") if row["kind"] == "area")

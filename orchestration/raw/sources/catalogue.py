"""What deliveries share with the catalogue: places and their other names, lines of the card, months of its years."""

from contextlib import suppress
from datetime import date
from functools import cache

from orchestration import csv_files, settings
from orchestration.raw.sources.columns import Name

AREA_NAMES = "area_names.csv"


def _rows(file: str, *columns: str) -> list[dict[str, str]]:
    return csv_files.rows(settings.CATALOGUE / file, *columns)


@cache
def _by_financial_year(file: str, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(file, "financial_year", column):
        found.setdefault(row["financial_year"], []).append(row[column])
    return found


def lines(financial_year: str) -> tuple[str, ...]:
    """The lines of the card of a financial year, as they are printed one below the other."""
    return tuple(dict.fromkeys(_by_financial_year("indicators.csv", "line").get(financial_year, ())))


def names_of(areas: tuple[str, ...]) -> tuple[Name, ...]:
    """The other names of these places. What is wrong with a row of theirs the catalogue's own rules say."""
    found = []
    for row in _rows(AREA_NAMES, "name", "area", "from_month", "to_month"):
        with suppress(ValueError):
            first, last = (date.fromisoformat(row[end]) if row[end] else None for end in ("from_month", "to_month"))
            found += [Name(row["name"], row["area"], first, last)] if row["area"] in areas else []
    return tuple(found)


def places(kind: str) -> tuple[str, ...]:
    """The areas that a whole delivery has rows of, or the peers that the whole is compared with."""
    if kind == "peer":
        return tuple(row["peer"] for row in _rows("peer_organisations.csv", "peer"))
    return _areas("area")


def unallocated() -> tuple[str, ...]:
    """The areas that count in the whole and are no part of it: what is not delivered of them is 0."""
    return _areas("unallocated")


def _areas(kind: str) -> tuple[str, ...]:
    return tuple(row["area"] for row in _rows("areas.csv", "area", "kind") if row["kind"] == kind)

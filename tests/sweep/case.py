"""A case of the sweep: a catalogue as its tables' text, the rows that were delivered, the report months to be built."""

import csv
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from orchestration.catalogue import TABLES

Cells = dict[str, Any]  # text by column; what a table does not declare is not written, what is left out is empty


class Delivered(NamedTuple):
    """A value in a delivery, or the word that its source marks it with."""

    extract: str
    delivery: int  # months are whole numbers, so that a year before is 12 less
    series: str
    area: str
    month: int
    value: Decimal | str


class Peer(NamedTuple):
    """A peer's value in a delivery."""

    delivery: int
    measure: str
    first: int
    last: int
    name: str
    value: Decimal


class Case(NamedTuple):
    """What the three voices compute figures from."""

    seed: int
    tables: Mapping[str, list[Cells]]
    rows: list[Delivered]
    peers: list[Peer]
    report_months: list[int]


def text(month: int) -> str:
    """The first day of a month, as the catalogue writes it."""
    return f"{month // 12}-{month % 12 + 1:02}-01"


def number(month: str) -> int:
    """The number of a month that the catalogue writes."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def write(case: Case, folder: Path) -> None:
    """The catalogue of a case as files."""
    for table, columns in TABLES.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns), restval="", extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(case.tables.get(table, []))

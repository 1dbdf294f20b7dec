"""Units: how values print. Those of every card are declared here, others by the rows of units.csv."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestration import csv_files, settings

FILE = "units.csv"


@dataclass(frozen=True)
class Unit:
    """How a unit prints: what a value is multiplied by, what stands before and behind it, and how it is called.

    `values` are what it is of (Statistic.value, MeasureType.prints_as). `noun` follows a number in a sentence,
    `difference` is the unit of the distance between two values; `axis` names the unit of a chart, of counts behind what
    is counted.
    """

    values: tuple[str, ...]
    scale: Decimal = Decimal(1)
    before: str = ""
    behind: str = ""
    noun: str = ""
    difference: str = ""
    axis: str = ""


_RATIO = ("ratio", "points", "quotient", "any")
OF_EVERY_CARD = {
    "percent": Unit(("share", "relative", *_RATIO), Decimal(100), behind="%", difference="points", axis="per cent"),
    "points": Unit(
        ("ratio", "share", "points", "any"),
        Decimal(100),
        noun=" percentage points",
        difference="points",
        axis="percentage points",
    ),
    "of": Unit(("of", "rank", "any")),
    "number": Unit(("count", "money", "ratio", "share", "amount", "quotient", "of", "rank", "any")),
    **{
        f"per_{number}": Unit(_RATIO, Decimal(number), behind=f" per {number:,}", axis=f"per {number:,}")
        for number in (1_000, 10_000, 100_000)
    },
    "ordinal": Unit(("rank",)),
}
RATES_PER = tuple(name for name in OF_EVERY_CARD if name.startswith("per_"))
# what a row of units.csv may be of, and the values that are printed in it
VALUES = {
    "count": ("count", "any"),
    "money": ("money", "amount", "any"),
    "ratio": _RATIO,
}


def _declared(path: Path) -> Iterator[tuple[str, Unit]]:
    """The units of a file. What is wrong with a row of it the rules of the catalogue report."""
    for row in csv_files.rows(path, "unit", "of", "scale", "before", "behind", "axis"):
        with suppress(KeyError, InvalidOperation):
            values = dict.fromkeys(value for each in row["of"].split() for value in VALUES[each])
            yield row["unit"], Unit((*values,), Decimal(row["scale"]), row["before"], row["behind"], axis=row["axis"])


UNITS = dict(_declared(settings.CATALOGUE / FILE)) | OF_EVERY_CARD
MONEY = tuple(name for name, unit in UNITS.items() if "money" in unit.values and name not in OF_EVERY_CARD)


def of_values(value: str) -> tuple[str, ...]:
    """The units in which values of a kind print."""
    return tuple(name for name, unit in UNITS.items() if value in unit.values)

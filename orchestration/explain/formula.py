"""How a figure is computed, in words made from the definitions of its measures."""

from collections.abc import Mapping
from typing import NamedTuple

from orchestration import organisation
from orchestration.scorecard.kinds import KINDS

WINDOWS = {
    "rolling_year": "the 12 months that end with the last complete month",
    "year_to_date": "the year up to the last complete month",
    "quarter": "the last complete quarter",
    "financial_year": f"the {organisation.declared().year.called}",
    "latest": "the last complete month",
}

# before what a weight is of; of others the number
OF_WEIGHTS = {0.25: "a quarter of ", 0.5: "half of ", 0.75: "three quarters of ", 1: ""}


class Parts(NamedTuple):
    """What a measure counts and what that is divided by, in words."""

    numerator: str
    denominator: str | None

    def __str__(self) -> str:
        return f"{self.numerator}, divided by {self.denominator}" if self.denominator else self.numerator


def parts(definition: Mapping | None, rows: list[dict]) -> Parts:
    """The parts of a measure as its definition words them; without one, by the names of the series in `rows`.

    `rows` are the catalogue's rows of the measure: part, series, weight.
    """
    if definition is not None:
        return Parts(definition["numerator"], definition["denominator"])
    return Parts(_sum(rows, "numerator"), _sum(rows, "denominator") or None)


def text(kind: str, basis: str, measure: Parts, other: Parts) -> str:
    """The formula of a line from its measure and, of two, the other one."""
    words = KINDS[kind].formula.format(
        measure=measure, other=other, numerators=measure.numerator, denominators=measure.denominator
    )
    return f"{words[0].upper()}{words[1:]}; over {WINDOWS[basis]}."


def _sum(rows: list[dict], part: str) -> str:
    return " + ".join(
        OF_WEIGHTS.get(row["weight"], f"{row['weight']:g} x ") + row["series"].replace("_", " ")
        # what is halved last: half of one and the other would be half of both
        for row in sorted(rows, key=lambda it: -it["weight"])
        if row["part"] == part
    )

"""How a figure is computed, in words made from the rows of the catalogue."""

from orchestration import organisation
from orchestration.scorecard.kinds import KINDS

WINDOWS = {
    "rolling_year": "the 12 months that end with the last complete month",
    "year_to_date": "the year up to the last complete month",
    "quarter": "the last complete quarter",
    "financial_year": f"the {organisation.declared().year.called}",
    "latest": "the last complete month",
}


def text(kind: str, basis: str, measure: list[dict], other: list[dict]) -> str:
    """The formula of a line. `measure` and `other` are the catalogue's rows of its measures: part, series, weight."""
    words = KINDS[kind].formula.format(
        measure=_measure(measure),
        other=_measure(other),
        numerators=_sum(measure, "numerator"),
        denominators=_sum(measure, "denominator"),
    )
    return f"{words[0].upper()}{words[1:]}; over {WINDOWS[basis]}."


def _measure(rows: list[dict]) -> str:
    """The series that a measure adds up, and those that it is divided by."""
    numerators, denominators = _sum(rows, "numerator"), _sum(rows, "denominator")
    return f"{numerators}, divided by {denominators}" if denominators else numerators


def _sum(rows: list[dict], part: str) -> str:
    return " + ".join(
        ("" if row["weight"] == 1 else f"{row['weight']} x ") + row["series"].replace("_", " ")
        for row in rows
        if row["part"] == part
    )

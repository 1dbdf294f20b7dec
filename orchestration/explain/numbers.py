"""Numbers of a story as text: counts, parts of wholes, and values in the unit of their line."""

from decimal import Decimal
from math import isfinite

from orchestration.scorecard import display
from orchestration.scorecard.kinds import CHANGES
from orchestration.scorecard.units import RATES_PER, UNITS

PEER_PLACES = {"percent": 1}  # of the values of peers; of any other unit 2


def json_value(value: object) -> object:
    """A value as JSON has it: a sum is a number, one without bounds nothing; a month stays a date."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if isinstance(value, float) and not isfinite(value) else value


def number(value: float | None) -> str:
    """A count, or an amount to the penny; empty where there is none."""
    return "" if value is None else f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def ratio(row: dict, prefix: str = "", suffix: str = "") -> str:
    """The numerator of a row, with the denominator that it is a part of where there is one."""
    numerator, denominator = (row[f"{prefix}{part}{suffix}"] for part in ("numerator", "denominator"))
    if numerator is None:
        return "not known"
    if denominator is None:
        return number(numerator)
    # the mean of a population is no whole number, but no half person is meant
    whole = round(denominator) if denominator >= display.HUNDRED else denominator
    return f"{number(numerator)} of {number(whole)}"


def rate(row: dict, unit: str | None, prefix: str = "") -> str:
    """What the sums of a row make, per so many, in brackets; empty where the measure is no such rate."""
    numerator, denominator = (row[f"{prefix}{part}"] for part in ("numerator", "denominator"))
    if unit is None or numerator is None or not denominator:
        return ""
    value = numerator / denominator
    return f" ({display.printed(value, unit, None, display.places(value, unit, None))})"


def unit_of_peers(line: dict, defined: dict | None) -> str:
    """What the values of peers are in: as their measure is defined, else as the line, if that is a share itself."""
    if defined and defined["unit"]:
        unit: str = defined["unit"]
        return unit
    is_share = line["unit"] in ("percent", "points") and line["kind"] not in CHANGES
    return "percent" if is_share else "number"


def of_peers(value: float, unit: str) -> str:
    """The value of a peer: a rate is supplied per so many already."""
    places = PEER_PLACES.get(unit, 2)
    if unit in RATES_PER:
        return display.printed(value, "number", None, places) + UNITS[unit].behind
    return display.printed(value, unit, None, places)


def printed(value: float, story: dict, more_places: int = 0) -> str:
    """A value as the line prints it, with so many places more."""
    return display.printed(value, story["latest"]["unit"], None, (story["formula"]["decimals"] or 0) + more_places)


def effect(value: float | None, story: dict) -> str:
    """An effect on the figure, with its sign and a place more than the figure is printed with; empty if not known."""
    if value is None:
        return ""
    return display.difference(value, story["latest"]["unit"], (story["formula"]["decimals"] or 0) + 1, "signed")

"""Numbers of a story as text: counts, parts of wholes, and values in the unit of their line."""

from decimal import Decimal
from math import isfinite

from orchestration.scorecard import display


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
    return number(numerator) if denominator is None else f"{number(numerator)} of {number(denominator)}"


def printed(value: float, story: dict, more_places: int = 0) -> str:
    """A value as the line prints it, with so many places more."""
    return display.printed(value, story["latest"]["unit"], None, (story["formula"]["decimals"] or 0) + more_places)


def effect(value: float | None, story: dict) -> str:
    """An effect on the figure, with its sign and a place more than the figure is printed with; empty if not known."""
    if value is None:
        return ""
    return display.difference(value, story["latest"]["unit"], (story["formula"]["decimals"] or 0) + 1, "signed")

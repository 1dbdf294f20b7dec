"""Numbers of a story as text: counts, parts of wholes, and values in the unit of their line."""

from decimal import Decimal
from math import isfinite

from orchestration.scorecard import display


def plain(value: object) -> object:
    """A value as JSON has it: a sum is a number, one without bounds nothing; a month is written when it is printed."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if isinstance(value, float) and not isfinite(value) else value


def number(value: float | None) -> str:
    """A count, or an amount to the penny; nothing where there is none."""
    return "" if value is None else f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def ratio(numerator: float | None, denominator: float | None) -> str:
    """A sum, with what it is a part of where it is one."""
    if numerator is None:
        return "not known"
    return number(numerator) if denominator is None else f"{number(numerator)} of {number(denominator)}"


def printed(value: float, story: dict, more: int = 0, sign: str | None = None) -> str:
    """A value as the line prints it, with so many places more."""
    places = (story["formula"]["decimals"] or 0) + more
    return display.printed(value, story["latest"]["unit"], sign, places)


def moved(value: float, story: dict) -> str:
    """What something did to the figure, with its sign and a place more than the figure is printed with."""
    shown = printed(value, story, more=1, sign="signed")
    # a share moves by points: a per cent of a per cent is another thing
    return shown.replace("%", " pts") if story["latest"]["unit"] in ("percent", "points") else shown

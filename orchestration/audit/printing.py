"""A value as a card prints it, from its exact fraction by whole numbers: rounded once, half away from zero."""

from fractions import Fraction
from typing import NamedTuple

NOT_AVAILABLE = "not available"
MOST_PLACES = 12  # of a number that prints as it is in the catalogue


class Sign(NamedTuple):
    """The prefix of a value above and below zero, the text for zero; whether the number follows."""

    above: str
    below: str
    zero: str | None = None
    number: bool = True


# what a value is multiplied by, its prefix, its suffix
UNITS = {
    "percent": (Fraction(100), "", "%"),
    "points": (Fraction(100), "", ""),
    "number": (Fraction(1), "", ""),
    "per_1000": (Fraction(1_000), "", " per 1,000"),
    "per_10000": (Fraction(10_000), "", " per 10,000"),
    "per_100000": (Fraction(100_000), "", " per 100,000"),
    "pounds_millions": (Fraction(1, 1_000_000), "£", "m"),
    "of": (Fraction(1), "", ""),
    "ordinal": (Fraction(1), "", ""),
}
SIGNS = {
    None: Sign("", "-"),
    "signed": Sign("+", "-"),
    "magnitude": Sign("", ""),
    "up_or_down": Sign("up ", "down ", "unchanged"),
    "up_or_down_by": Sign("up by ", "down by ", "unchanged"),
    "reduced_or_increased_by": Sign("increased by ", "reduced by ", "not changed"),
    "increased_or_reduced": Sign("increased", "reduced", "not changed", number=False),
}


def printed(value: Fraction | None, unit: str, sign: str | None, decimals: int | None, out_of: int | None) -> str:
    """The text on the card."""
    if value is None:
        return NOT_AVAILABLE
    scale, before, behind = UNITS[unit]
    size = abs(value) * scale
    places = _places(size) if decimals is None else decimals
    units = int(size * 10**places + Fraction(1, 2))  # int() cuts: of a positive number and a half, half goes up
    style = SIGNS[sign]
    if units == 0 and style.zero is not None:
        return style.zero
    prefix = "" if units == 0 else style.above if value > 0 else style.below
    if not style.number:
        return prefix
    whole, part = divmod(units, 10**places)
    number = f"{whole:,}" + (f".{part:0{places}}" if places else "")
    if unit == "ordinal":
        number += _ending(whole)
    return prefix + before + number + behind + (f"/{out_of}" if out_of is not None else "")


def rounded(value: Fraction, unit: str, decimals: int) -> Fraction:
    """The value that the card shows, in the unit of the tables."""
    scale = UNITS[unit][0] * 10**decimals
    size = Fraction(int(abs(value) * scale + Fraction(1, 2))) / scale
    return -size if value < 0 else size


def _places(size: Fraction) -> int:
    """As many places as the number needs."""
    return next((places for places in range(MOST_PLACES) if (size * 10**places).denominator == 1), MOST_PLACES)


def _ending(number: int) -> str:
    if number // 10 % 10 == 1:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")

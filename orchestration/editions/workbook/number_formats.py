"""A value as a number cell that shows what the page prints: `display.printed` as a spreadsheet's number format."""

from decimal import Decimal
from typing import NamedTuple

from orchestration.scorecard import display
from orchestration.scorecard.units import UNITS

THOUSANDS = "#,##0"
# What a format has behind its digits for the spreadsheet itself to scale the value; others are scaled before.
SCALES = {Decimal("0.001"): ",", Decimal("0.000001"): ",,"}


class Shown(NamedTuple):
    """The number of a cell, and the format that shows it as printed."""

    number: float
    format: str


def shown(value: float, unit: str, sign: str | None, decimals: int | None, out_of: int | None = None) -> Shown:
    """A value, unrounded, with the format under which it reads as `display.printed` prints it.

    Points are in points (5.5), not in fractions as in the tables, because no format multiplies by a hundred without
    a % sign. A value that rounds to zero gets a format without a sign.
    """
    rounded = display.scaled(value, unit, decimals)
    style = display.SIGNS[sign]
    digits = _digits(rounded, unit, out_of)
    zero = digits if style.zero is None else _literal(style.zero)
    positive, negative = (
        _literal(word) + (digits if style.number else "") for word in (style.positive, style.negative)
    )
    number = value if _scale(unit) else float(Decimal(str(value)) * UNITS[unit].scale)
    return Shown(number, ";".join((positive, negative, zero) if rounded else (zero, zero, zero)))


def _digits(rounded: Decimal, unit: str, out_of: int | None) -> str:
    """The digits of a format with what stands around them."""
    places = max(-int(rounded.as_tuple().exponent), 0)
    digits = THOUSANDS + ("." + "0" * places if places else "")
    by_format = _scale(unit)
    behind = UNITS[unit].behind.removeprefix(by_format)
    if unit == "ordinal":
        behind += display.ordinal_ending(int(abs(rounded)))
    if out_of is not None:
        behind += f"/{out_of}"
    return _literal(UNITS[unit].before) + digits + by_format + _literal(behind)


def _scale(unit: str) -> str:
    """What scales a value of the unit in its format; empty where the number is scaled before."""
    per_cent = UNITS[unit].scale == 100 and UNITS[unit].behind.startswith("%")
    return "%" if per_cent else SCALES.get(UNITS[unit].scale, "")


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""

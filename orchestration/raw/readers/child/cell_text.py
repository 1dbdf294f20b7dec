"""A cell of a sheet as the text a person reads there: numbers without the noise of floats, dates, percentages."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# what a format only prints: quoted or escaped text, colours and conditions, padding
PRINTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')

Value = str | bool | int | float | datetime | date | time | timedelta


def shown(value: Value, number_format: str) -> str:
    """What a person reads of a value in that format."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value, is_percent(number_format))
    return day(value) if isinstance(value, date) else str(value)


def formula(value: str | ArrayFormula | DataTableFormula) -> str:
    """A formula with its sign before it; one that is written elsewhere is not looked for."""
    text = getattr(value, "text", value)
    return text if isinstance(text, str) and text != "=" else "={...}"


@cache
def is_percent(number_format: str) -> bool:
    """Whether the format shows a fraction in percent."""
    return "%" in PRINTED.sub("", number_format)


def number(value: float, percent: bool = False) -> str:
    """Plain digits without exponent: of a double the fewest that mean it, which are those that were typed."""
    if isinstance(value, int) and not percent:
        return str(value)
    typed = Decimal(repr(value))
    if not typed.is_finite():
        return str(value)
    if percent:
        typed = typed.scaleb(2)
    text = format(typed, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text) + "%" * percent


def day(moment: date) -> str:
    """A month where it is the first moment of one, the moment in full where it is not."""
    moment = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    at_first = moment == datetime(moment.year, moment.month, 1)
    return f"{moment.year:04}-{moment.month:02}" if at_first else moment.isoformat(" ")


def unescaped(text: str) -> str:
    """Text with the characters that XML cannot hold put back (_x000D_); half a character stays as it is written."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: found[0] if 0xD800 <= int(found[1], 16) < 0xE000 else chr(int(found[1], 16)), text)

"""A cell of a sheet as the text a person reads there: numbers without the noise of floats, dates, percentages."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
PLAIN = re.compile(r"0|[1-9][0-9]{0,14}")
LONGEST_NUMBER = 400  # characters; a double has no more than 309 digits before the point
LAST_DAY = 2_958_465  # 9999-12-31
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DATES = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}  # formats that every spreadsheet knows by number
PERCENTS = {9, 10}
# what a format only prints: quoted or escaped text, colours and conditions, padding
PRINTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)


def shows(number: int, code: str | None) -> str:
    """What a number format makes of a number: date, percent or number."""
    if code is None:
        return "date" if number in DATES else "percent" if number in PERCENTS else "number"
    code = PRINTED.sub("", code)
    if "%" in code:
        return "percent"
    return "date" if re.search(r"[dmyhs]", code.replace("General", ""), re.IGNORECASE) else "number"


def number(raw: str, shown: str = "number", since_1904: bool = False) -> str:
    """The number as plain digits, without exponent; as a date or percentage where the sheet shows one."""
    if shown == "number" and PLAIN.fullmatch(raw):  # most are, and nothing is to be done to them
        return raw
    raw = raw.strip()
    if len(raw) > LONGEST_NUMBER or not NUMBER.fullmatch(raw):
        return raw
    value = _as_typed(Decimal(raw), float(raw))
    if shown == "date":
        return _date(value, since_1904) or _plain(value)
    if shown == "percent":
        sign, digits, exponent = value.as_tuple()
        return _plain(Decimal((sign, digits, exponent + 2))) + "%"
    return _plain(value)


def _as_typed(value: Decimal, double: float) -> Decimal:
    """Spreadsheets write a double in 17 digits (1.1 as 1.1000000000000001): the shortest that means it was typed.

    Whatever is not such a rendering, an account number of 20 digits, say, stays as it stands in the file.
    """
    if value in (Decimal(f"{double:.16g}"), Decimal(f"{double:.17g}")):
        return Decimal(repr(double))
    return value


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _date(value: Decimal, since_1904: bool) -> str | None:
    """The day a serial number stands for; None where it stands for none."""
    if since_1904:
        first = datetime(1904, 1, 1)
    elif value < 1 or 60 <= value < 61:  # times of no day, and the 29 February that 1900 did not have
        return None
    else:
        first = datetime(1899, 12, 31) if value < 60 else datetime(1899, 12, 30)
    if not 0 <= value <= LAST_DAY - (1462 if since_1904 else 0):
        return None
    return day(first + timedelta(milliseconds=round(value * 86_400_000)))


def day(moment: datetime) -> str:
    """A month where it is the first moment of one, the moment in full where it is not."""
    at_first = moment == datetime(moment.year, moment.month, 1)
    return f"{moment.year:04}-{moment.month:02}" if at_first else moment.isoformat(" ")


def written_day(raw: str) -> str:
    """A date that the file writes out."""
    try:
        return day(datetime.fromisoformat(raw).replace(tzinfo=None))
    except ValueError:
        return raw


def unescaped(text: str) -> str:
    """Text with the characters that XML cannot hold put back (_x000D_); half a character stays as it is written."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: found[0] if 0xD800 <= int(found[1], 16) < 0xE000 else chr(int(found[1], 16)), text)

"""Months in the ways that systems, spreadsheets and publishers write them, read as YYYY-MM where there is no doubt.

A month is read from whatever denotes it or its first day; where a source declares so, from any day in it, and the last
of a quarter from that. Of day and month in `01/08/2009`
the order is that of the whole column: the one in which each of its cells is the first day of a month, or the only one
in which each is a day.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from orchestration import months, organisation, years
from orchestration.raw.sources.kinds import KINDS

MOST = 10_000  # different ways of writing in a column of months: more are no months at all
NAMES = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
NAMED = {text: number for number, name in enumerate(NAMES, start=1) for text in (name, name[:3])} | {"sept": 9}
DAY_0 = date(1899, 12, 30)  # of a spreadsheet's serial numbers

_YEAR = r"(?P<year>[12][0-9]{3})"
_EITHER_YEAR = rf"(?:{_YEAR}|'?(?P<short>[0-9]{{2}}))"
_MONTH, _DAY = r"(?P<month>0?[1-9]|1[0-2])", r"(?P<day>0?[1-9]|[12][0-9]|3[01])"
_NAME = r"(?P<name>[a-z]{3,9})\.?"
_WEEKDAY = r"(?:[a-z]{3,6}day,? |(?:mon|tue|wed|thu|fri|sat|sun),? )?"
_TIME = r"(?P<time>[T ].*)?"
_MIDNIGHT = re.compile(
    r"[T ]+(?:00:00(?::00(?:\.0+)?)?|12:00(?::00(?:\.0+)?)? ?am)(?: ?(?:z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?))?",
    re.IGNORECASE,
)


def _patterns(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in patterns]


_OF_A_MONTH = _patterns(
    rf"{_YEAR}(?:[-/ ]|[-/ ]?M){_MONTH}",  # 2009-8, 2009/08, 2009M08
    rf"{_YEAR}(?P<month>0[1-9]|1[0-2])",  # 200908
    rf"{_MONTH}[-/. ]{_YEAR}",  # 08/2009
    rf"{_NAME}[-/ ,]*{_EITHER_YEAR}",  # Aug-09, August 2009, Aug '09
    rf"{_YEAR}[-/ ]*{_NAME}",  # 2009 AUG
)
_OF_A_DAY = _patterns(
    rf"{_YEAR}(?P<sign>[-/.]){_MONTH}(?P=sign){_DAY}{_TIME}",  # 2009-08-01T00:00:00Z
    rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01]){_TIME}",  # 20090801
    rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th)?[-/ ]?{_NAME}[-/ ,]*{_EITHER_YEAR}{_TIME}",  # 1-Aug-2009
    rf"{_WEEKDAY}{_NAME} +{_DAY}(?:st|nd|rd|th)?,? +{_YEAR}{_TIME}",  # Aug 1, 2009
)
(_IN_SOME_ORDER,) = _patterns(
    rf"(?P<one>[0-9]{{1,2}})(?P<sign>[-/.])(?P<two>[0-9]{{1,2}})(?P=sign){_EITHER_YEAR}{_TIME}"  # 01/08/2009
)
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.0+)?", re.ASCII)  # 40026
# a year of two digits that may as well be a day, or a day without a year
_WITHOUT_A_YEAR = _patterns(
    r"[0-9]{1,2}[-/. ][0-9]{1,2}", rf"[0-9]{{1,2}}[-/ ]?{_NAME}", rf"{_NAME}[-/ ]?'?[0-9]{{0,2}}"
)
# what only a source that declares it may write: a month of a financial year, and a quarter of either kind of year
_YEARS = rf"{_YEAR}[-/](?P<next>[0-9]{{2}})"
_OF_TWO_YEARS = _patterns(rf"{_YEARS}[-/ _]*{_NAME}", rf"{_NAME}[-/ ,_]*{_YEARS}")
_OF_A_QUARTER = _patterns(
    rf"(?:{_YEARS}|{_YEAR.replace('year', 'alone')})[-/ _]*Q(?:uarter|tr)? ?(?P<quarter>[1-4])",
    rf"Q(?:uarter|tr)? ?(?P<quarter>[1-4])[-/ ,_]*(?:{_YEARS}|{_YEAR.replace('year', 'alone')})",
)


class Reading(NamedTuple):
    """How the cells of one column of one file are read, each by what is written; others are no months."""

    months: dict[str, str]  # as YYYY-MM
    days: list[str]  # within a month
    ambiguous: list[str]
    order: str = ""  # of day and month, in words, where it is in question


def read(written: Iterable[str | None]) -> Reading:
    """What each way of writing means that stands in a column, its cells being all those of a file."""
    different = [text for text in dict.fromkeys(written) if text and not re.match(KINDS["month"].pattern, text)]
    reading = Reading({}, [], [])
    if len(different) > MOST:
        return reading
    in_some_order = {text: found for text in different if (found := _IN_SOME_ORDER.fullmatch(text))}
    order = _order([(int(found["one"]), int(found["two"])) for found in in_some_order.values()])
    for text in different:
        meaning = _meaning_in_order(in_some_order[text], order) if text in in_some_order else _meaning(text)
        if meaning == "day":
            reading.days.append(text)
        elif meaning == "ambiguous":
            reading.ambiguous.append(text)
        elif meaning:
            reading.months[text] = meaning
    return reading._replace(order=f"{order} first" if order and in_some_order.keys() & reading.months.keys() else "")


def _order(pairs: list[tuple[int, int]]) -> str | None:
    """Whether the day or the month comes first in all of these pairs; None where that is undecided."""
    by_order = {"day": pairs, "month": [(day, month) for month, day in pairs]}
    possible = [order for order, dates in by_order.items() if all(1 <= month <= 12 for _, month in dates)]
    firsts = [order for order in possible if all(day == 1 for day, _ in by_order[order])]
    if firsts:  # both where all are the first of January
        return firsts[0]
    return possible[0] if len(possible) == 1 else None


def _meaning_in_order(found: re.Match[str], order: str | None) -> str:
    if order is None:
        return "ambiguous"
    day, month = (found["one"], found["two"]) if order == "day" else (found["two"], found["one"])
    return _first_day(found, int(month), int(day))


def _meaning(text: str) -> str | None:
    """What a cell means by itself: a month, `day`, `ambiguous`, or None for what is no month."""
    for pattern in _OF_A_MONTH:
        if (found := pattern.fullmatch(text)) and (month := _month(found)):
            return _first_day(found, month)
    for pattern in _OF_A_DAY:
        if (found := pattern.fullmatch(text)) and (month := _month(found)):
            return _first_day(found, month, int(found["day"]))
    if found := _SERIAL.fullmatch(text):
        day = DAY_0 + timedelta(days=int(found[1]))
        return (f"{day:%Y-%m}" if day.day == 1 else "day") if _in_calendar(day.year, day.month) else None
    for pattern in _WITHOUT_A_YEAR:
        if (found := pattern.fullmatch(text)) and ("name" not in found.re.groupindex or _month(found)):
            return "ambiguous"
    return None


def _first_day(found: re.Match[str], month: int, day: int = 1) -> str:
    """The month, if it is the first moment of its first day that was found."""
    parts = found.groupdict()
    year = int(parts["year"] or f"20{parts['short']}")
    if parts["year"] is None and not _in_calendar(year, month):
        return "ambiguous"
    midnight = not parts.get("time") or _MIDNIGHT.fullmatch(parts["time"])
    return f"{year}-{month:02}" if day == 1 and midnight else "day"


def _month(found: re.Match[str]) -> int | None:
    parts = found.groupdict()
    return int(parts["month"]) if parts.get("month") else NAMED.get(parts["name"].lower())


def _in_calendar(year: int, month: int) -> bool:
    return years.calendar()[0] <= date(year, month, 1) <= years.calendar()[-1]


def month_of(text: str, order: str = "") -> str | None:
    """The month of a text in a place that is declared to name months: one, a day in it, or a quarter that it ends.

    `order` is whether `day` or `month` comes first where both are numbers. None is what names no month for sure, as
    2008/09, which may be September or a year.
    """
    text = text.strip()
    if (found := _first(_OF_A_QUARTER, text)) and (found["alone"] or _follows(found)):
        start = date(int(found["alone"]), 1, 1) if found["alone"] else _start(found)
        return months.key(months.shift(start, 3 * int(found["quarter"]) - 1))
    if (found := _first(_OF_TWO_YEARS, text)) and _follows(found) and (month := _month(found)):
        start = _start(found)
        return months.key(months.shift(start, (month - start.month) % 12))
    if found := _IN_SOME_ORDER.fullmatch(text):
        month = int(found["two" if order == "day" else "one"]) if order else None
    elif found := _first((*_OF_A_MONTH, *_OF_A_DAY), text):
        month = None if _may_be_a_year(text) else _month(found)
    return f"{found['year'] or '20' + found['short']}-{month:02}" if found and month and month <= 12 else None


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.fullmatch(text))), None)


def _follows(found: re.Match[str]) -> bool:
    """Whether the second of two years is the one after the first, and years begin in one and end in the other."""
    of_two = organisation.declared().year.first_month > 1
    return of_two and (int(found["year"]) + 1) % 100 == int(found["next"])


def _start(found: re.Match[str]) -> date:
    return date(int(found["year"]), organisation.declared().year.first_month, 1)


def _may_be_a_year(text: str) -> bool:
    found = re.fullmatch(r"(?P<year>[0-9]{4})/(?P<next>[0-9]{2})", text)
    return found is not None and (int(found["year"]) + 1) % 100 == int(found["next"])

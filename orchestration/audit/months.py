"""Months as whole numbers, so that a year before is 12 less. Dates are used at the borders of the audit only."""

import re
from datetime import date, timedelta

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_0 = date(1899, 12, 30)  # from which spreadsheets count days


def number(month: date) -> int:
    """The number of a month."""
    return month.year * 12 + month.month - 1


def parsed(text: str) -> int:
    """The number of a month, written in any way that validation lets in, as a month or its first day."""
    if len(text) == 7 and text[4] == "-":  # as nearly all are, 2009-08
        return int(text[:4]) * 12 + int(text[5:]) - 1
    named = next((place for word in re.findall("[a-z]{3,}", text.lower()) for place in _place(word)), None)
    numbers = re.findall("[0-9]+", re.split("[T ]+[0-9]{1,2}:", text)[0])  # without a time of day
    if named is not None:  # 1-Aug-09: the year stands last, or is the long one
        year = next((number for number in numbers if len(number) == 4), numbers[-1])
        return number_of(year, named + 1)
    if len(numbers[0]) == 5:  # 40026, or 40026.0
        return number(DAY_0 + timedelta(days=int(numbers[0])))
    if len(numbers[0]) in (6, 8):  # 200908, or 20090801
        return number_of(numbers[0][:4], numbers[0][4:6])
    if len(numbers[0]) == 4:  # 2009/08, or 2009-08-01
        return number_of(numbers[0], numbers[1])
    # 08/2009, or 01/08/2009: of day and month the day is the one that is 1
    *days_and_month, year = numbers
    return number_of(year, max(map(int, days_and_month)))


def number_of(year: str, month: str | int) -> int:
    """The number of a month of a year that may be written short."""
    return (int(year) + (2000 if len(year) < 4 else 0)) * 12 + int(month) - 1


def _place(word: str) -> list[int]:
    """Which month of the year a word names, if it names one."""
    return [NAMES.index(word[:3])] if word[:3] in NAMES else []


def first_day(month: int | None) -> date | None:
    """The first day of a month; None of none."""
    return None if month is None else date(month // 12, month % 12 + 1, 1)

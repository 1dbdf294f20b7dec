"""Months as whole numbers, so that a year before is 12 less. Dates are used at the borders of the audit only."""

import re
from datetime import date, timedelta

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_0 = date(1899, 12, 30)  # from which spreadsheets count days


def number(month: date) -> int:
    """The number of a month."""
    return month.year * 12 + month.month - 1


def written(month: int) -> str:
    """The month as 2009-08."""
    return f"{month // 12}-{month % 12 + 1:02}"


def parsed(text: str, *, month_first: bool | None = None, january: int = 0) -> int:
    """The number of a month, written in any way that validation lets in: as a month, a day of it, or the quarter's end.

    `month_first` says whether the month comes before the day, where any day of it may stand; `january` where years that
    are written as two begin, 3 for April.
    """
    if len(text) == 7 and text[4] == "-" and text[5:].isdigit():  # as nearly all are, 2009-08
        return int(text[:4]) * 12 + int(text[5:]) - 1
    of_two_years = _in_two_years(text.lower(), january)
    return _of_one_year(text, month_first=month_first) if of_two_years is None else of_two_years


def _of_one_year(text: str, *, month_first: bool | None) -> int:
    named = next((place for word in re.findall("[a-z]{3,}", text.lower()) for place in _place(word)), None)
    numbers = re.findall("[0-9]+", re.split("[T ]+[0-9]{1,2}:", text)[0])  # without a time of day
    if named is not None:  # 1-Aug-09: the year stands last, or is the long one
        year = next((number for number in numbers if len(number) == 4), numbers[-1])
        return number_of(year, named + 1)
    if len(numbers[0]) == 5:  # 40026, or 40026.0
        return number(DAY_0 + timedelta(days=int(numbers[0])))
    if len(numbers[0]) in (4, 6, 8):  # 2009/08, or 2009-08-01, 200908, 20090801
        return number_of(numbers[0][:4], numbers[0][4:6] or numbers[1])
    # 08/2009, or 01/08/2009: of day and month the day is the one that is 1
    *days_and_month, year = numbers
    if month_first is None:
        return number_of(year, max(map(int, days_and_month)))
    return number_of(year, days_and_month[0 if month_first else -1])


def _in_two_years(text: str, january: int) -> int | None:
    """The last month of a quarter, or the month of a financial year: 2008 Q1, 2008/09 Q1, April 2008/09."""
    years = re.search(r"([12][0-9]{3})(?:[/_-]([0-9]{2})(?![0-9]))?", text)
    start = int(years[1]) * 12 + january if years and years[2] else 0
    if years and (quarter := re.search("q(?:uarter|tr)?[ _]?([1-4])", text)):
        return (start or int(years[1]) * 12) + 3 * int(quarter[1]) - 1
    named = [place for word in re.findall("[a-z]{3,}", text) for place in _place(word)]
    alone = start and named and len(re.findall("[0-9]+", text)) == 2
    return start + (named[0] - start) % 12 if alone else None


def number_of(year: str, month: str | int) -> int:
    """The number of a month of a year that may be written short."""
    return (int(year) + (2000 if len(year) < 4 else 0)) * 12 + int(month) - 1


def _place(word: str) -> list[int]:
    """Which month of the year a word names, if it names one."""
    return [NAMES.index(word[:3])] if word[:3] in NAMES else []


def first_day(month: int | None) -> date | None:
    """The first day of a month; None of none."""
    return None if month is None else date(month // 12, month % 12 + 1, 1)

"""Working days: Monday to Friday, the bank holidays of the organisation's country excepted."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import holidays

from orchestration import months, organisation


@cache
def _bank_holidays(year: int) -> holidays.HolidayBase:
    country, _, part = organisation.declared().bank_holidays.partition("/")
    return holidays.country_holidays(country, subdiv=part or None, years=year)


def is_working_day(day: date) -> bool:
    """Whether offices are open on that day."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_day(month: date, number: int) -> date:
    """The `number`-th working day of a month, counted from 1."""
    found = [day for day in _days(month) if is_working_day(day)]
    if not 1 <= number <= len(found):
        raise ValueError(f"{months.key(month)} has {len(found)} working days, and so none with the number {number}")
    return found[number - 1]


def due_on(report_month: date) -> date:
    """The working day of the month after on which the card of a report month is due, with what it is made from."""
    return working_day(months.shift(report_month, 1), organisation.declared().working_day)


def _days(month: date) -> Iterator[date]:
    day = month.replace(day=1)
    while day < months.shift(month.replace(day=1), 1):
        yield day
        day += timedelta(days=1)

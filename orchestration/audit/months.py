"""Months as the audit counts them: whole numbers, so that a year before is 12 less. Dates stand at its borders only."""

from datetime import date


def number(month: date) -> int:
    """The number of a month."""
    return month.year * 12 + month.month - 1


def parsed(text: str) -> int:
    """The number of a month written as `2009-08` or `2009-08-01`."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def first_day(month: int | None) -> date | None:
    """The first day of a month; None of none."""
    return None if month is None else date(month // 12, month % 12 + 1, 1)


def year_start(month: int) -> int:
    """April of the month's financial year."""
    return month - (month - 3) % 12


def quarter_start(month: int) -> int:
    """The first month of the month's quarter."""
    return month - month % 3

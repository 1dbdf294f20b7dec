"""Months as text, reckoned without the project's own code."""

from datetime import date


def shift(month: str, by: int) -> str:
    """The month so many later: `2009-08`."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{number // 12}-{number % 12 + 1:02}"


def between(first: str, last: str) -> list[str]:
    """Every month from the first to the last."""
    found = [first] if first <= last else []
    while found and found[-1] < last:
        found.append(shift(found[-1], 1))
    return found


def month_of(month: str) -> date:
    """Its first day."""
    return date(int(month[:4]), int(month[5:]), 1)


def financial_year(month: str) -> str:
    """April to March: `2008/09`."""
    year = int(shift(month, -3)[:4])
    return f"{year}/{(year + 1) % 100:02}"

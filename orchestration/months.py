"""Months: `2009-08` outside, the first day of the month inside."""

from collections.abc import Iterator
from datetime import date

import polars as pl


def parse(text: str) -> date:
    """`2009-08` as its first day. Raises ValueError with a sentence for anything else."""
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
        raise ValueError(f"'{text}' is not a month: write it as YYYY-MM, for example 2009-08")
    if not 1 <= int(month) <= 12 or int(year) < 1:
        raise ValueError(f"'{text}' is not a month: there is no month {month} in a year")
    return date(int(year), int(month), 1)


def key(month: date) -> str:
    """The partition key and file name of a month: `2009-08`."""
    return f"{month:%Y-%m}"


def shift(month: date, by: int) -> date:
    """The first day of the month `by` months later (earlier where negative)."""
    years, months = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(years, months + 1, 1)


def difference(first: date, last: date) -> int:
    """How many months `last` lies after `first` (negative where before)."""
    return (last.year - first.year) * 12 + last.month - first.month


def column_difference(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """The same of two columns of months."""
    return 12 * (last.dt.year() - first.dt.year()) + last.dt.month() - first.dt.month()


def between(first: date, last: date) -> Iterator[date]:
    """Every month from the first to the last, both included."""
    while first <= last:
        yield first
        first = shift(first, 1)

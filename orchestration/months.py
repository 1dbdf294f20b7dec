"""Months and financial years: `2009-08` and `2008/09` outside, the first day of the month inside."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache

import polars as pl

from orchestration import settings


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


def year_start(financial_year: str) -> date:
    """The April that a financial year, written as 2008/09, begins with."""
    return date(int(financial_year[:4]), 4, 1)


def year_start_column() -> pl.Expr:
    """The same of the column financial_year."""
    return pl.date(pl.col("financial_year").str.slice(0, 4).cast(pl.Int32), 4, 1)


def financial_year(month: date) -> str:
    """The financial year of a month: `2008/09` for January 2009."""
    year = shift(month, -3).year
    return f"{year}/{(year + 1) % 100:02}"


def quarter(month: date) -> int:
    """The quarter of the financial year that a month is in: 1 for April to June."""
    return (shift(month, -3).month + 2) // 3


@cache
def calendar() -> tuple[date, ...]:
    """The months the pipeline knows: the rows of the catalogue's calendar, in order."""
    with (settings.CATALOGUE / "calendar.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(date.fromisoformat(row["month"]) for row in csv.DictReader(file))

"""The organisation's years, as `2008/09`, and the months that its catalogue has cards for."""

import re
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import groupby

import polars as pl

from orchestration import csv_files, months, organisation, settings
from orchestration.organisation import CENTURY, PARTS


def start(year: str) -> date:
    """The month that a year begins with. Raises ValueError with a sentence where it is not written as years are."""
    of = organisation.declared().year
    pattern = re.sub(r"\\\{(\w+)\\\}", lambda part: PARTS[part[1]], re.escape(of.written))
    found = re.fullmatch(pattern, year)
    here = _first_year(found.groupdict(), of.first_month) if found else 0
    if not here or of_month(date(here, of.first_month, 1)) != year:
        example = of_month(organisation.declared().first_month)
        raise ValueError(f"'{year}' is not a {of.called}: write it as {example}")
    return date(here, of.first_month, 1)


def _first_year(parts: dict[str, str | None], first_month: int) -> int:
    if begins := parts.get("start"):
        return int(begins)
    ends = parts.get("end") or parts.get("end_2")
    ended = int(ends or 0) + (0 if parts.get("end") else CENTURY)
    return ended - (first_month > 1)


def of_month(month: date) -> str:
    """The year of a month: `2008/09` for January 2009 where years begin in April."""
    of = organisation.declared().year
    begins = months.shift(month, 1 - of.first_month).year
    ends = begins + (of.first_month > 1)
    return of.written.format(start=begins, end=ends, start_2=f"{begins % 100:02}", end_2=f"{ends % 100:02}")


def month_of_year(month: date) -> int:
    """1 for the first month of its year to 12 for the last."""
    return (month.month - organisation.declared().year.first_month) % 12 + 1


def quarter(month: date) -> int:
    """The quarter of its year that a month is in: 1 for the first three months."""
    return (month_of_year(month) + 2) // 3


@cache
def calendar() -> tuple[date, ...]:
    """The months the pipeline knows: from the first that is held to the end of the last year that has a card."""
    first = organisation.declared().first_month
    return tuple(months.between(first, last_card() or months.shift(first, 11)))


def last_card() -> date | None:
    """The last month for which the catalogue has a card; None where it has none."""
    starts = []
    for row in csv_files.rows(settings.CATALOGUE / "cards.csv", "financial_year"):
        with suppress(ValueError):  # what is written otherwise the catalogue's rules report
            starts.append(start(row["financial_year"]))
    return months.shift(max(starts), 11) if starts else None


def months_by_year() -> dict[str, tuple[date, ...]]:
    """The months of the calendar by year."""
    return {year: tuple(its) for year, its in groupby(calendar(), of_month)}


def row(month: date) -> dict[str, date | int | str]:
    """A row of the table `calendar`, as the dbt project describes it."""
    of_year = month_of_year(month)
    return {
        "month": month,
        "month_number": months.difference(organisation.declared().first_month, month) + 1,
        "financial_year": of_month(month),
        "financial_year_start": months.shift(month, 1 - of_year),
        "month_of_financial_year": of_year,
        "quarter_of_financial_year": quarter(month),
        "quarter_start": months.shift(month, -((of_year - 1) % 3)),
    }


def start_column() -> pl.Expr:
    """The month that the year in the column `financial_year` begins with."""
    starts = {year: start(year) for year in months_by_year()}
    return pl.col("financial_year").replace_strict(starts, return_dtype=pl.Date)

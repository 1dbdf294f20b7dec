"""A project with as many months as asked: after March 2009 every year is the sample's 2008/09 again, moved by years."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import openpyxl

from orchestration import months
from orchestration.raw.files import folder
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import EXTRACTS
from raw._sample import write
from tests.conftest import Built, edit

FIRST = date(2007, 2, 1)
YEAR, YEAR_STARTS, YEAR_ENDS = "2008/09", date(2008, 4, 1), date(2009, 3, 1)
OF_A_YEAR = ("cards.csv", "indicators.csv", "figures.csv")
A_DATE = re.compile(r"\d{4}-\d{2}-01")


def lengthen(built: Built, last: date) -> None:
    """Deliveries up to that month, and a catalogue with a card for each of their years."""
    years = range(1, last.year - YEAR_STARTS.year + 1)
    for extract in EXTRACTS:
        files, _ = folder.deliveries(extract, built.raw)
        of_the_year = {month: path for month, path in files.items() if YEAR_STARTS <= month <= YEAR_ENDS}
        for month, path in files.items():
            if month > min(YEAR_ENDS, last):
                path.unlink()
        for month, path in of_the_year.items():
            for by in years:
                if months.shift(month, 12 * by) <= last:
                    _move(extract, path, months.shift(month, 12 * by), by)
    for name in OF_A_YEAR:
        edit(built.catalogue / name, lambda rows: _repeated(rows, years))


def calendar(first: date, last: date) -> list[dict[str, object]]:
    """The rows of a calendar from the first month to the last."""
    rows = []
    for number, month in enumerate(months.between(first, last), start=1):
        of_year = (month.month - 4) % 12 + 1
        start, quarter = months.shift(month, 1 - of_year), (of_year - 1) // 3 + 1
        rows.append(
            {
                "month": month,
                "month_number": number,
                "financial_year": _year(start),
                "financial_year_start": start,
                "month_of_financial_year": of_year,
                "quarter_of_financial_year": quarter,
                "quarter_start": months.shift(start, 3 * (quarter - 1)),
            }
        )
    return rows


def _year(start: date) -> str:
    return f"{start.year}/{(start.year + 1) % 100:02}"


def _repeated(rows: list[dict[str, str]], years: range) -> list[dict[str, str]]:
    """The rows of the year, and the same of each later one: its name and every date in them moved."""
    its = [row for row in rows if row["financial_year"] == YEAR]
    moved = [
        {name: _later(text, by).replace(YEAR, _year(months.shift(YEAR_STARTS, 12 * by))) for name, text in row.items()}
        for by in years
        for row in its
    ]
    return its + moved


def _later(text: str, by: int) -> str:
    return A_DATE.sub(lambda found: f"{int(found[0][:4]) + by}{found[0][4:]}", text)


def _move(extract: Extract, path: Path, month: date, by: int) -> None:
    header, *rows = _rows(path)
    moves = [extract.column(name).kind == "month" for name in header]
    moved = [
        tuple(f"{int(cell[:4]) + by}{cell[4:]}" if move else cell for cell, move in zip(row, moves, strict=True))
        for row in rows
    ]
    write.delivery(path.with_stem(months.key(month)), tuple(header), moved)


def _rows(path: Path) -> list[tuple]:
    if path.suffix == ".xlsx":
        return list(openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))
    return [tuple(row) for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))]

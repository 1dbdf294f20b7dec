"""Beginning a financial year: its rows of the catalogue, copied from the last year's for a person to edit."""

import csv
import io
from datetime import date
from pathlib import Path

from orchestration import catalogue, months, settings, years
from orchestration.catalogue.dated import WHO_AND_WHY
from orchestration.catalogue.tables import TABLES, Cell
from orchestration.warehouse import files

MONTHS_AHEAD = 3  # how long before the catalogue's last card a run says that the next year is to be begun


def begin() -> str:
    """Add the cards, indicators, figures and judging rules of the next financial year.

    Every row of the last year, of a line the last one, is copied with its months a year later and the year's name in
    its texts replaced. What
    was agreed for the new year (targets, tolerances, titles, lines) is then edited by a person. Raises CatalogueError
    where the catalogue did not hold together before.
    """
    catalogue.check(settings.CATALOGUE)
    last = _rows("cards")[-1]["financial_year"]
    year = years.of_month(months.shift(years.start(last), 12))
    counted = {}
    for table, columns in TABLES.items():
        if "financial_year" in columns:
            rows = _to_copy([row for row in _rows(table) if row["financial_year"] == last])
            _append(table, [_a_year_later(row, columns, last, year) for row in rows])
            counted[table] = len(rows)
    added = ", ".join(f"{rows} of {table}.csv" for table, rows in counted.items() if rows)
    return (
        f"{year} is begun in {settings.CATALOGUE}: {added}, copied from {last}. Edit targets, tolerances and lines for "
        "the new year, look at them with `make whatif`, then reload Dagster's code location: it knows the old months."
    )


def ends_soon(report_month: date) -> str | None:
    """A sentence where the catalogue has cards for at most three months after this one; None before."""
    last = years.last_card()
    if last is None or months.shift(report_month, MONTHS_AHEAD) < last:
        return None
    return (
        f"The catalogue has cards up to {months.key(last)} only: begin the next financial year with `make year` and "
        "edit its rows, or no card is published after that."
    )


def _to_copy(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows that hold at the year's end; of a line that changed within the year, its last one, from the start on."""
    if not rows or "decided_by" not in rows[0]:
        return rows
    last = {row["line"]: row for row in sorted(rows, key=lambda row: row["from_month"])}
    return [last[line] | dict.fromkeys(("from_month", *WHO_AND_WHY), "") for line in {row["line"]: 0 for row in rows}]


def _a_year_later(row: dict[str, str], columns: dict[str, Cell], last: str, year: str) -> dict[str, str]:
    later = {}
    for column, cell in row.items():
        is_month = cell and columns[column].kind == "month"
        later[column] = str(months.shift(date.fromisoformat(cell), 12)) if is_month else cell.replace(last, year)
    return later


def _path(table: str) -> Path:
    return settings.CATALOGUE / f"{table}.csv"


def _rows(table: str) -> list[dict[str, str]]:
    with _path(table).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _append(table: str, rows: list[dict[str, str]]) -> None:
    text = _path(table).read_bytes().decode()  # with its line ends as they are
    header = next(csv.reader([text.removeprefix("\ufeff").partition("\n")[0]]))
    added = io.StringIO(newline="")
    csv.DictWriter(added, header, lineterminator="\n").writerows(rows)
    files.write(_path(table), text + ("" if text.endswith("\n") else "\n") + added.getvalue())

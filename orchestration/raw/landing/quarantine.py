"""The problems of a delivery as a file to send back to its sender: one line a problem, for any spreadsheet.

The files hold the rows of raw.quarantine about deliveries that do not count, and can be written again from it.
"""

import csv
import io
from collections.abc import Collection
from datetime import date
from pathlib import Path

import duckdb

from orchestration import months, settings
from orchestration.raw.findings import findings
from orchestration.raw.findings.spreadsheet_text import neutralised
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.warehouse import files

HEADER = ("file", "line", "column", "value", "code", "what is wrong", "row as delivered")
# statuses of a delivery with nothing left to correct
WHOLE = ("loaded", "accepted")
_WAITING = """
    from raw.quarantine as quarantine
    join raw.deliveries as deliveries using (extract, delivery_month)
    where extract = $extract
        and not (list_contains($whole, status) and quarantine.sha256 is not distinct from deliveries.sha256)
"""
_PROBLEMS = f"""
    select quarantine.file, line, column_name, value, quarantine.code, sentence, cells
    {_WAITING} and delivery_month = $month and quarantine.code <> '{findings.REPEATED}'
    order by line nulls first, column_name nulls first, quarantine.code, value, sentence
"""


def folder() -> Path:
    """Where the files are."""
    return settings.warehouse() / "quarantine"


def path(extract: Extract, month: date) -> Path:
    """Where the problems of a delivery are written."""
    return folder() / f"{extract.name}-{months.key(month)}.csv"


def write(connection: duckdb.DuckDBPyConnection, extract: Extract, changed: Collection[date] = ()) -> None:
    """Write the problems of the deliveries that do not count, where they changed or the file is missing; no others."""
    waiting = _months(connection, extract)
    for month in waiting:
        if month in changed or not path(extract, month).exists():
            files.write(path(extract, month), _text(connection, extract, month))
    there = folder().glob(f"{extract.name}-[0-9][0-9][0-9][0-9]-[0-9][0-9].csv")
    for left in set(there) - {path(extract, month) for month in waiting}:
        left.unlink(missing_ok=True)


def damage(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Where the files differ from the table: messages with what to do; none where they agree."""
    found, known = [], set()
    for extract in EXTRACTS:
        for month in _months(connection, extract):
            place = path(extract, month)
            known.add(place)
            if not place.is_file() or place.is_symlink():
                found.append(f"quarantine/{place.name} is missing: the next run writes it again")
            elif sorted(place.read_bytes().splitlines()) != sorted(_text(connection, extract, month).splitlines()):
                found.append(f"quarantine/{place.name} was changed: take it away, the next run writes it again")
    others = sorted(set(folder().glob("[!.]*")) - known) if folder().is_dir() else []
    return found + [f"quarantine/{place.name} belongs to no delivery that waits: take it away" for place in others]


def _months(connection: duckdb.DuckDBPyConnection, extract: Extract) -> list[date]:
    """The delivery months with a delivery that does not count."""
    of_extract = {"extract": extract.name, "whole": list(WHOLE)}
    found = connection.execute(f"select distinct delivery_month {_WAITING} order by all", of_extract)
    return [month for (month,) in found.fetchall()]


def _text(connection: duckdb.DuckDBPyConnection, extract: Extract, month: date) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    of_month = {"extract": extract.name, "whole": list(WHOLE), "month": month}
    for row in connection.execute(_PROBLEMS, of_month).fetchall():
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
    return ("\ufeff" + text.getvalue()).encode()

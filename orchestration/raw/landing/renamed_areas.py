"""Renamed areas: effective deliveries are read again with the current names, so that all rows agree."""

from collections.abc import Iterator
from datetime import date

import duckdb
import polars as pl

from orchestration import months
from orchestration.errors import UserError
from orchestration.raw.checks import area_names, validation
from orchestration.raw.findings import findings
from orchestration.raw.landing import raw_tables
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.landing.selection import from_vault
from orchestration.raw.sources.catalogue import AREA_NAMES
from orchestration.raw.sources.declarations import Extract


class NamesChanged(UserError):
    """The catalogue lacks a place that effective deliveries name; the message has what to declare."""


def reread(connection: duckdb.DuckDBPyConnection, extract: Extract, first: date) -> None:
    """Have the deliveries before `first`, which this run does not validate, use the catalogue's current names.

    Where names changed since they were read, they are read again from the vault. Raises NamesChanged, VaultBroken.
    """
    listed = raw_tables.listed(connection, extract)
    current = area_names.version(extract)
    others = {month for month, line in listed.items() if line["status"] in EFFECTIVE and line["names"] != current}
    if not others:
        return
    renamed = _renamed(connection, extract)
    # of an earlier version, which knew no other names: nothing is read otherwise
    as_they_are = {month for month in others if listed[month]["names"] is None} - renamed
    again = {month: listed[month] for month in sorted(others - as_they_are) if month < first}
    rows = _rows(extract, again, _kept_out(connection, extract))
    raw_tables.replace_rows(connection, extract, rows, sorted(as_they_are))


def _renamed(connection: duckdb.DuckDBPyConnection, extract: Extract) -> set[date]:
    """The deliveries whose rows name a place otherwise than the catalogue. Raises NamesChanged where it has no such."""
    found: set[date] = set()
    for column in area_names.columns(extract):
        for word, in_months in _words(connection, extract, column.name):
            if not area_names.is_known(column, word):
                several = f"{len(in_months)} deliveries" if len(in_months) > 1 else "the delivery"
                raise NamesChanged(
                    f"The catalogue no longer has the {column.name} '{word}', which {several} of {extract.name} up to "
                    f"{months.key(in_months[-1])} name: if it has a new name, add '{word}' to {AREA_NAMES} as a name "
                    "of that area, so that they stay readable. Nothing was changed."
                )
            if word not in column.all_words:
                found |= set(in_months)
    return found


def _words(connection: duckdb.DuckDBPyConnection, extract: Extract, column: str) -> list[tuple[str, list[date]]]:
    """The words in a column that names places, each with the deliveries that count and have it."""
    return connection.execute(
        f'select {column}, list_sort(list(distinct delivery_month)) from raw."{extract.name}" '
        "join (from raw.deliveries where extract = ? and list_contains(?, status)) using (delivery_month) "
        f"group by {column} order by {column}",
        [extract.name, list(EFFECTIVE)],
    ).fetchall()


def _kept_out(connection: duckdb.DuckDBPyConnection, extract: Extract) -> dict[date, list[int]]:
    """The lines of each delivery that are in the quarantine."""
    found = connection.execute(
        "select delivery_month, list(distinct line) from raw.quarantine where extract = ? and cells is not null "
        "group by delivery_month",
        [extract.name],
    )
    return dict(found.fetchall())


def _rows(
    extract: Extract, listed: dict[date, dict], kept_out: dict[date, list[int]]
) -> Iterator[tuple[date, pl.DataFrame]]:
    """The rows of these deliveries that count, by month. Raises NamesChanged where one that counts would not."""
    deliveries = (from_vault(extract, month, line) for month, line in listed.items())
    for batch in validation.batches(deliveries):
        for verdict in validation.check(extract, batch):
            month = verdict.delivery.month
            accepted = listed[month]["status"] == "accepted"
            rows = pl.concat([verdict.rows, verdict.doubtful]) if accepted else verdict.rows
            rows = rows.filter(~pl.col("file_line").is_in(kept_out.get(month, [])))
            # an area that need not be delivered may have come to the catalogue, and has rows of 0 then
            if rows.height < listed[month]["rows_loaded"]:
                raise NamesChanged(
                    "With the names of places that the catalogue has now, a delivery that counts is no longer valid: "
                    f"{findings.sentences(verdict.problems.head(1))[0]}. Correct {AREA_NAMES}, or have it validated "
                    f"again: make scorecard FROM={months.key(month)}. Nothing was changed."
                )
            yield month, rows

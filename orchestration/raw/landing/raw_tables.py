"""The tables of schema `raw`: one an extract, the list of deliveries, and the quarantine.

What is known of a delivery comes and goes whole: its rows, its line in the list, what was kept out of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from orchestration import warehouse
from orchestration.raw.checks import area_names
from orchestration.raw.findings import findings
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.declarations import Extract, due

EFFECTIVE = ("loaded", "partly loaded", "accepted")
BATCH_ROWS = 500_000
NO_CELLS = pl.DataFrame(schema={"line": pl.Int64, "cells": pl.String})


class DoesNotAddUp(Exception):
    """Rows of a delivery are neither loaded nor quarantined, or both; nothing of it is kept."""


@dataclass(frozen=True)
class Landing:
    """All that is known of one extract's delivery month; `waiting` is what is to replace it, and does not count."""

    month: date
    status: str
    file: str | None = None
    sha256: str | None = None
    rows_in: int | None = 0
    reason: str | None = None
    rows: pl.DataFrame = field(default_factory=pl.DataFrame)
    left_out: int = 0
    notes: str | None = None
    labels: str | None = None
    problems: pl.DataFrame = field(default_factory=lambda: findings.NONE)
    cells: pl.DataFrame = field(default_factory=lambda: NO_CELLS)
    code: str | None = None
    compared_with: str | None = None
    waiting: "Landing | None" = None
    file_state: str | None = None
    cause: str | None = None  # the trace of a check that failed; for Dagster's log, not for the tables

    @property
    def with_waiting(self) -> list["Landing"]:
        """This one, and the one that waits to replace it."""
        return [self, self.waiting] if self.waiting else [self]


def listed(connection: duckdb.DuckDBPyConnection, extract: Extract) -> dict[date, dict]:
    """The rows of raw.deliveries of an extract, by delivery month."""
    found = connection.execute("select * exclude (extract) from raw.deliveries where extract = ?", [extract.name])
    names = [column[0] for column in found.description]
    lines = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {line["delivery_month"]: line for line in lines}


def last_between(
    connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, month: date, without: list[date]
) -> Landing | None:
    """The last effective delivery from `first` on and before that month, with its rows; of no month `without`."""
    found = connection.execute(
        "select delivery_month, status, file, sha256, labels from raw.deliveries "
        "where extract = ? and delivery_month >= ? and delivery_month < ? "
        "and list_contains(?, status) and not list_contains(?::date[], delivery_month) "
        "order by delivery_month desc limit 1",
        [extract.name, first, month, list(EFFECTIVE), without],
    ).fetchall()
    if not found:
        return None
    ((last, status, file, sha256, labels),) = found
    columns = types(extract)
    rows = connection.sql(
        f'select {", ".join(columns)} from raw."{extract.name}" where delivery_month = $1', params=[last]
    )
    return Landing(last, status, file, sha256, rows=typed(rows, columns), labels=labels)


def types(extract: Extract) -> pl.Schema:
    """The columns of an extract's table that a comparison reads."""
    return pl.Schema({"file_line": pl.Int64(), **{column.name: column.type for column in extract.columns}})


def typed(found: duckdb.DuckDBPyRelation, types: pl.Schema) -> pl.DataFrame:
    """Rows of a table in these types; words become numbers of words a batch at a time."""
    with found.to_arrow_reader(BATCH_ROWS) as batches:
        return pl.concat([pl.DataFrame(schema=types), *(pl.DataFrame(batch).cast(types) for batch in batches)])


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Have queries read a frame under that name, for a while."""
    connection.register(name, frame)
    try:
        yield
    finally:
        connection.unregister(name)


def replace(connection: duckdb.DuckDBPyConnection, extract: Extract, landings: list[Landing]) -> None:
    """Put these landings in the place of what was known of their months. To be called within a transaction.

    One for a batch: each waits 7 ms for the disk, which 31 of them make a quarter of a second. Raises DoesNotAddUp.
    """
    if not landings:
        return
    months = [landing.month for landing in landings]
    for table in (f'"{extract.name}"', "quarantine", "deliveries"):
        of_extract = "" if table.startswith('"') else f" and extract = {warehouse.literal(extract.name)}"
        gone = f"delete from raw.{table} where list_contains(?::date[], delivery_month){of_extract}"
        connection.execute(gone, [months])
    if rows := [_of_month(landing.rows, landing.month) for landing in landings if landing.rows.height]:
        # in one piece, which DuckDB takes in a sixth less time than in many
        _insert(connection, f'"{extract.name}"', pl.concat(rows, rechunk=True))
    both = [each for landing in landings for each in landing.with_waiting]
    kept_out = [_kept_out(extract, each.problems, each.cells, each.month, each.sha256) for each in both]
    _insert(connection, "quarantine", pl.concat(kept_out))
    _insert(connection, "deliveries", _lines(connection, extract, landings))


def update_files(
    connection: duckdb.DuckDBPyConnection, extract: Extract, found: dict[date, tuple[str | None, str | None]]
) -> None:
    """Keep what was found out about files of raw/ by delivery month, in the columns raw_schema.FILE_COLUMNS."""
    changed = [
        [month, *found[month]]
        for month, line in listed(connection, extract).items()
        if month in found and found[month] != tuple(line[name] for name in raw_schema.FILE_COLUMNS)
    ]
    if not changed:
        return
    schema = {"delivery_month": pl.Date, **dict.fromkeys(raw_schema.FILE_COLUMNS, pl.String)}
    values = ", ".join(f"{name} = looked_up.{name}" for name in raw_schema.FILE_COLUMNS)
    with registered(connection, "looked_up", pl.DataFrame(changed, schema=schema, orient="row")):
        connection.execute(
            f"update raw.deliveries set {values} from looked_up "
            "where deliveries.extract = ? and deliveries.delivery_month = looked_up.delivery_month",
            [extract.name],
        )


def replace_rows(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    rows_by_month: Iterable[tuple[date, pl.DataFrame]],
    as_they_are: list[date],
) -> None:
    """Put rows that were read with the names of now in the place of those of their months: all of them or none.

    What else is known of these deliveries stays; of those that stay `as_they_are` the rows, too.
    """
    with warehouse.transaction(connection):
        replaced = []
        for month, rows in rows_by_month:
            connection.execute(f'delete from raw."{extract.name}" where delivery_month = ?', [month])
            _insert(connection, f'"{extract.name}"', _of_month(rows, month))
            replaced.append(month)
        connection.execute(
            "update raw.deliveries set names = ? where extract = ? and list_contains(?::date[], delivery_month)",
            [area_names.version(extract), extract.name, [*replaced, *as_they_are]],
        )


def replace_unrecognised(connection: duckdb.DuckDBPyConnection, extract: Extract, problems: pl.DataFrame) -> None:
    """Keep what is wrong with names that are no deliveries."""
    with warehouse.transaction(connection):
        connection.execute("delete from raw.quarantine where extract = ? and delivery_month is null", [extract.name])
        _insert(connection, "quarantine", _kept_out(extract, problems, NO_CELLS))


def _lines(connection: duckdb.DuckDBPyConnection, extract: Extract, landings: list[Landing]) -> pl.DataFrame:
    """The lines of the list, with what was counted in the tables themselves."""
    counted = connection.execute(f'select delivery_month, count(*) from raw."{extract.name}" group by all')
    loaded = dict(counted.fetchall())
    counted = connection.execute(
        "select delivery_month, sha256, count(distinct line) from raw.quarantine "
        "where extract = ? and cells is not null group by all",
        [extract.name],
    )
    quarantined = {(month, sha256): rows for month, sha256, rows in counted.fetchall()}
    lines = []
    for landing in landings:
        into, out = loaded.get(landing.month, 0), quarantined.get((landing.month, landing.sha256), 0)
        if landing.rows_in is not None and landing.rows_in != into + out + landing.left_out:
            raise DoesNotAddUp(
                f"{landing.rows_in} rows came in, but {into} are loaded, {out} quarantined and "
                f"{landing.left_out} left out"
            )
        waits = landing.waiting
        line = {
            "extract": extract.name,
            "delivery_month": landing.month,
            "rows_loaded": into,
            "rows_quarantined": out,
            "rows_left_out": landing.left_out,
            "due": due(extract, landing.month),
            "code": landing.code if waits is None or waits.code else None,
            "names": area_names.version(extract),
        }
        same = ("file", "sha256", "rows_in", "status", "reason", "notes", "labels", "compared_with", "file_state")
        line |= {name: getattr(landing, name) for name in same}
        line |= {f"waiting_{name}": getattr(waits, name, None) for name in ("file", "sha256", "status", "reason")}
        lines.append(line)
    types = {"VARCHAR": pl.String, "DATE": pl.Date, "BIGINT": pl.Int64, "BOOLEAN": pl.Boolean}
    return pl.DataFrame(lines, schema={name: types[kind] for name, kind, _ in raw_schema.DELIVERIES})


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    with registered(connection, "rows_to_insert", rows):
        connection.execute(f"insert into raw.{table} by name select * from rows_to_insert")


def _of_month(rows: pl.DataFrame, month: date) -> pl.DataFrame:
    return rows.with_columns(pl.lit(month, pl.Date).alias("delivery_month"))


def _kept_out(
    extract: Extract, problems: pl.DataFrame, cells: pl.DataFrame, month: date | None = None, sha256: str | None = None
) -> pl.DataFrame:
    """The rows of raw.quarantine on these problems."""
    return (
        problems.with_columns(pl.Series("sentence", findings.sentences(problems), dtype=pl.String))
        .join(cells, on="line", how="left", maintain_order="left")
        .rename({"column": "column_name"})
        .drop("rule")
        .with_columns(
            pl.lit(extract.name).alias("extract"),
            pl.lit(month, pl.Date).alias("delivery_month"),
            pl.lit(sha256, pl.String).alias("sha256"),
        )
    )

"""Making a release: a folder that is written, synced, moved into place whole, and never changed again.

What each release holds is told in `mart.py`. Readers follow the link `current`, which one atomic rename moves.
"""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration import mart, months, settings, warehouse

DATABASE = "scorecard.duckdb"
MANIFEST = "release.json"
NOTHING_PUBLISHED = "':memory:' as published"
# What a line of the card says: where a card is printed again, a difference in any of these is listed.
PRINTED = (
    "section",
    "title",
    "codes",
    "target_text",
    "status",
    "status_reason",
    "latest",
    "period",
    "provisional",
    "comment",
)


@dataclass(frozen=True)
class Release:
    """A release: its name, where it is, what was published in words, and rows by table."""

    name: str
    folder: Path
    says: str
    rows: dict[str, int]


def current() -> Release | None:
    """The release that readers see; None before the first. Raises FileNotFoundError where it is gone."""
    if not settings.current().is_symlink():
        return None
    folder = settings.current().resolve()
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Release(
        manifest["release"], folder, manifest["says"], {name: it["rows"] for name, it in manifest["tables"].items()}
    )


def publish(report_months: list[date]) -> Release:
    """Publish the cards of these report months, as they stand in the warehouse, beside all cards published before.

    A card that is published already and came out the same stays as it is, release mark and all. Where nothing at
    all differs from the current release, there is nothing to publish and the current one is returned.
    """
    before = current()
    _clear_away()
    name = _next_name(max(report_months))
    making = settings.releases() / f".{name}.part"
    folder = settings.releases() / name
    making.mkdir(parents=True)
    try:
        tables, says = _write_database(making / DATABASE, name, report_months, before)
        if before and tables == json.loads((before.folder / MANIFEST).read_text(encoding="utf-8"))["tables"]:
            _clear_away()
            return Release(before.name, before.folder, f"{before.name} stays: nothing changed", before.rows)
        manifest = {
            "release": name,
            "report_months": [months.key(month) for month in report_months],
            "says": says,
            "tables": tables,
            "files": {DATABASE: _sha256(making / DATABASE)},
        }
        (making / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _seal(making)
        making.rename(folder)
        _sync(settings.releases())
        _point_current_to(folder)
    except BaseException:
        _clear_away()
        # a folder that `current` never came to name is no release: its number is free again
        if folder.exists() and settings.current().resolve() != folder.resolve():
            shutil.rmtree(folder)
        raise
    return Release(name, folder, says, {table: it["rows"] for table, it in tables.items()})


def _clear_away() -> None:
    """Remove what a stopped publication, this one or an earlier one, left half made."""
    for left in settings.releases().glob(".*.part"):
        shutil.rmtree(left, ignore_errors=True)
    for left in settings.warehouse().glob(".current.*.part"):
        left.unlink()


def _next_name(report_month: date) -> str:
    """`2009-08-r1` for the first release that ends with that report month, then r2 and so on."""
    start = f"{months.key(report_month)}-r"
    numbers = [folder.name.removeprefix(start) for folder in settings.releases().glob(f"{start}*")]
    return f"{start}{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"


def _write_database(
    path: Path, name: str, report_months: list[date], before: Release | None
) -> tuple[dict[str, dict], str]:
    """Write the mart. Returns rows and checksum by table, and in words what is new."""
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.4.0"}) as connection:
        connection.execute(f"attach {warehouse.literal(settings.database())} as warehouse (read_only)")
        # before the first release there is nothing published: an empty database says so to every query below
        attached = f"{warehouse.literal(before.folder / DATABASE)} as published (read_only)" if before else None
        connection.execute(f"attach {attached or NOTHING_PUBLISHED}")
        connection.execute("create temp table run as select unnest(?::date[]) as month", [report_months])
        connection.execute("create temp table published_months (month date)")
        if before:
            connection.execute("insert into published_months select distinct report_month from published.scorecard")
        for table, source in mart.TABLES.items():
            _copy(connection, table, source)
        _mark(connection, name)
        says = _say(connection, name)
        for table, source in mart.TABLES.items():
            _comment(connection, table, source)
        warehouse.explain(connection, "republished", mart.REPUBLISHED, mart.REPUBLISHED_COLUMNS)
        tables = {table: _checksum(connection, table) for table in (*mart.TABLES, "republished")}
        connection.execute("detach warehouse")
        connection.execute("detach published")
        connection.execute("checkpoint")
    return tables, says


def _columns_published(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns that the table has in the release before, none where it was not there."""
    return [
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where database_name = 'published' and table_name = ?", [table]
        ).fetchall()
    ]


def _copy(connection: duckdb.DuckDBPyConnection, table: str, source: mart.Published) -> None:
    """The run's report months from the warehouse, every other one as it was published."""
    query = f"select * from warehouse.{source.relation}"
    if source.by_report_month:
        query += " where report_month in (select month from run)"
        if columns := [column for column in _columns_published(connection, table) if column != "release"]:
            query += (
                f" union all by name select {', '.join(columns)} from published.{table}"
                " where report_month not in (select month from run)"
            )
    connection.execute(f"create table {table} as {query} order by {source.order_by}")


def _mark(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Mark each row of the card with the release that first printed it so, and list what is printed differently."""
    connection.execute("alter table scorecard add column release varchar")
    differences = "release varchar, report_month date, line varchar, printed varchar, was varchar, is_now varchar"
    connection.execute(f"create table republished ({differences})")
    if published := _columns_published(connection, "scorecard"):
        here = [row[0] for row in connection.execute("describe scorecard").fetchall()]
        same = " and ".join(
            f"now.{column} is not distinct from was.{column}"
            for column in here
            if column in published and column != "release"
        )
        connection.execute(
            f"update scorecard as now set release = was.release from published.scorecard as was where {same}"
        )
        connection.execute("insert into republished by name select * from published.republished")
        for printed in PRINTED:
            if printed in published:
                connection.execute(_DIFFERENCES.format(printed=printed), [name, printed])
    connection.execute("update scorecard set release = ? where release is null", [name])
    connection.execute("alter table scorecard alter release set not null")


# Of the months of the run that were published before: what a line says now, or that it has come or gone.
_DIFFERENCES = """
    insert into republished
    select ?, report_month, line, ?, was.{printed}::varchar, now.{printed}::varchar
    from scorecard as now
    full join published.scorecard as was using (report_month, line)
    where
        now.{printed} is distinct from was.{printed}
        and report_month in (select month from run)
        and report_month in (from published_months)
    order by report_month, line
"""


def _say(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """What this release brings, in a sentence."""
    (new,) = connection.execute(
        "select count(distinct report_month) from scorecard where report_month not in (from published_months)"
    ).fetchone()
    again = connection.execute(
        "select strftime(report_month, '%b-%y'), count(*) from republished where release = ? "
        "group by report_month order by report_month",
        [name],
    ).fetchall()
    parts = [f"{new} new card{'' if new == 1 else 's'}"] if new else []
    if again:
        changed = ", ".join(f"{month} ({cells} cell{'' if cells == 1 else 's'})" for month, cells in again)
        parts.append(f"printed differently from before: {changed}")
    return f"{name}: " + ("; ".join(parts) or "the cards are as before, the tables behind them changed")


def _comment(connection: duckdb.DuckDBPyConnection, table: str, source: mart.Published) -> None:
    """Every table and column explains itself: in the words of the mart's contract, or those of the warehouse."""
    if table in mart.MADE_HERE:
        schema = mart.MADE_HERE[table]
        of_table, of_columns = schema.description, {name: it.description for name, it in schema.columns.items()}
    else:
        where = [*source.relation.split("."), "warehouse"]
        (of_table,) = connection.execute(
            "select comment from duckdb_tables() where schema_name = ? and table_name = ? and database_name = ?", where
        ).fetchone()
        of_columns = dict(
            connection.execute(
                "select column_name, comment from duckdb_columns() "
                "where schema_name = ? and table_name = ? and database_name = ?",
                where,
            ).fetchall()
        )
    warehouse.explain(connection, table, of_table, of_columns)


def _checksum(connection: duckdb.DuckDBPyConnection, table: str) -> dict:
    """Rows, and a checksum of what they say that does not depend on their order."""
    rows, checksum = connection.execute(
        f"select count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from {table} as t"
    ).fetchone()
    return {"rows": rows, "checksum": checksum}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(folder: Path) -> None:
    """Sync every file, make it read-only, then sync the folder: from here on it does not change."""
    for path in folder.iterdir():
        _sync(path)
        path.chmod(0o444)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _point_current_to(folder: Path) -> None:
    """Move `current` in one atomic rename: a reader finds the old release or the new one, never neither."""
    link = settings.current().with_name(f".current.{os.getpid()}.part")
    link.unlink(missing_ok=True)
    link.symlink_to(folder.relative_to(settings.warehouse()))
    link.rename(settings.current())
    _sync(settings.warehouse())

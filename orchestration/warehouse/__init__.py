"""The working database: opening it, and what several rooms do in it. It has one writer, so nobody keeps it open."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import duckdb

from orchestration import settings
from orchestration.errors import is_locked

INTERVAL = 0.2  # seconds between two attempts to open what another program has open
_kept: list[duckdb.DuckDBPyConnection] = []


def limits() -> dict[str, str | bool | int | float | list[str]]:
    """The options of DuckDB: how much memory it may use, and where and how much it may spill."""
    return {
        "memory_limit": settings.memory(),
        "temp_directory": str(settings.spill()),
        "max_temp_directory_size": settings.spill_size(),
    }


def exists() -> bool:
    """Whether there is a working database."""
    return settings.database().exists()


def writing() -> duckdb.DuckDBPyConnection:
    """Open the working database for writing; create it, with its folder, where there is none."""
    return _open(read_only=False, patience=settings.patience())


def reading(patience: float | None = None) -> duckdb.DuckDBPyConnection:
    """Open the working database for reading; waits `patience` seconds at most, by default as for writing."""
    return _open(read_only=True, patience=settings.patience() if patience is None else patience)


def _open(read_only: bool, patience: float) -> duckdb.DuckDBPyConnection:
    """The database, once no other program has it open; after that many seconds the error is raised."""
    settings.database().parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + patience
    while True:
        try:
            return duckdb.connect(str(settings.database()), read_only=read_only, config=limits())
        except duckdb.IOException as error:
            if not is_locked(str(error)) or time.monotonic() > until:
                raise
        time.sleep(INTERVAL)


def keep_open() -> None:
    """Keep the database open until `close`: opening and closing it takes 50 ms, longer than many a step of a run."""
    if not _kept:
        _kept.append(writing())


def close() -> None:
    """Close what `keep_open` opened: dbt needs the database for itself."""
    while _kept:
        _kept.pop().close()


def set_report_months(connection: duckdb.DuckDBPyConnection, months: list[date]) -> None:
    """Write the report months of the run, which the models compute and replace."""
    with transaction(connection):
        connection.execute("create schema if not exists run")
        connection.execute("create or replace table run.report_months (month date not null)")
        connection.execute("insert into run.report_months select unnest(?::date[])", [months])
        columns = "measure varchar not null, area varchar not null, month date not null"
        connection.execute(f"create table if not exists run.suppressed_before ({columns})")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit everything that is done inside, or nothing of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def drop(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    """Drop the table or view of that name, if there is one."""
    for kind in ("table", "view"):
        found = f"select 1 from duckdb_{kind}s() where database_name = current_database() and schema_name = ? "
        if connection.execute(f"{found} and {kind}_name = ?", [schema, name]).fetchall():
            connection.execute(f'drop {kind} {schema}."{name}"')


def comment_on(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    comment: str | None,
    columns: Mapping[str, str | None],
    kind: str = "table",
) -> None:
    """Comment a table or view and its columns in the database, so that DESCRIBE and every tool shows what they are."""
    if comment:
        connection.execute(f"comment on {kind} {relation} is {literal(comment)}")
    for column, of_column in columns.items():
        if of_column:
            connection.execute(f"comment on column {relation}.{column} is {literal(of_column)}")


def comments(
    connection: duckdb.DuckDBPyConnection, attached: str | None = None
) -> tuple[dict[str, str | None], dict[str, dict[str, str | None]]]:
    """The comments of the tables of this or an attached database, and by column those of tables and views.

    Both by `schema.table`.
    """
    of_database = "where database_name = coalesce(?, current_database())"
    tables = f"select schema_name || '.' || table_name, comment from duckdb_tables() {of_database}"
    columns = f"select schema_name || '.' || table_name, column_name, comment from duckdb_columns() {of_database}"
    of_tables = dict(connection.execute(tables, [attached]).fetchall())
    of_columns: dict[str, dict[str, str | None]] = {}
    for relation, column, comment in connection.execute(columns, [attached]).fetchall():
        of_columns.setdefault(relation, {})[column] = comment
    return of_tables, of_columns


def columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> dict[str, str]:
    """The columns of a table of an attached database, in order, with their types; none where it does not exist."""
    try:
        # duckdb_columns(), of all tables of all databases, takes 30 times as long
        found = connection.sql(f"from {database}.{table} limit 0")
    except duckdb.CatalogException:
        return {}
    return dict(zip(found.columns, map(str, found.types), strict=True))


def literal(text: object) -> str:
    """The text as an SQL literal, for statements that take no parameters."""
    return "'" + str(text).replace("'", "''") + "'"

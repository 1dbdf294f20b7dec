"""Opening the working database, and what every reader of it needs. It has one writer: open it for as short as possible."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import duckdb

from orchestration import settings


@contextmanager
def writing() -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database, open for writing; made, with its folder, where there is none."""
    settings.database().parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.database())) as connection:
        yield connection


@contextmanager
def reading() -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database, open for reading."""
    with duckdb.connect(str(settings.database()), read_only=True) as connection:
        yield connection


def set_report_months(connection: duckdb.DuckDBPyConnection, months: list[date]) -> None:
    """Write the report months of the run under way: what the models compute, and replace."""
    with transaction(connection):
        connection.execute("create schema if not exists run")
        connection.execute("create or replace table run.report_months (month date not null)")
        connection.execute("insert into run.report_months select unnest(?::date[])", [months])


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All that is done inside, or nothing of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()

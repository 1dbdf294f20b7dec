"""What the tables of the working database were built with: code, models, catalogue and engine, as one digest.

A run that comes with the same keeps what is of no month: the catalogue's tables, the views, and what tables say of
themselves. dbt forgets the digest as it starts on anything else, whoever starts it.
"""

import duckdb

from orchestration import settings, warehouse
from orchestration.code_version import catalogue_version, code_version


def the_same(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the last run that came to its end built all of it with what would build it now."""
    known = "select 1 from duckdb_tables() where schema_name = 'run' and table_name = 'built_with'"
    if not connection.execute(known).fetchall():
        return False
    return connection.execute("from run.built_with").fetchall() == [(_digest(),)]


def keep(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the database remember it."""
    with warehouse.transaction(connection):
        connection.execute("create or replace table run.built_with (digest varchar not null)")
        connection.execute("insert into run.built_with values (?)", [_digest()])


def _digest() -> str:
    return f"{settings.engine()} {code_version()} {catalogue_version()}"

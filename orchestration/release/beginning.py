"""What the database of a release begins as: empty, or a copy of the one before if report months are only added to it.

Both end in the same rows. A copy keeps what was published, so one more month costs the same after twenty years as
after two.
"""

import shutil
from pathlib import Path

import duckdb

from orchestration import warehouse
from orchestration.release import renamed, suppression
from orchestration.scorecard import contracts, mart

# columns that a release has beside those of the warehouse
OF_A_RELEASE = {*contracts.OF_A_RELEASE, *suppression.COLUMNS}


def attach(connection: duckdb.DuckDBPyConnection, working: Path, before: Path | None) -> bool:
    """Attach the working database as `warehouse`, and what was published, if anything, as `published`.

    Returns whether it was published under other names.
    """
    connection.execute(f"attach {warehouse.literal(working)} as warehouse (read_only)")
    if before:
        return renamed.attach(connection, before)
    connection.execute("attach ':memory:' as published")
    return False


def copied(path: Path, working: Path, before: Path | None, report_months: list) -> bool:
    """Copy the database before to `path` if none of its rows has to change. Returns whether it did.

    Then it has none of these report months, the same columns, and nothing that is to be suppressed from now on: what
    was written to a database and deleted can still be found in its file.
    """
    if not before:
        return False
    with duckdb.connect(config=warehouse.limits()) as connection:
        if attach(connection, working, before) or not _only_added_to(connection, report_months):
            return False
    shutil.copyfile(before, path)
    return True


def _only_added_to(connection: duckdb.DuckDBPyConnection, report_months: list) -> bool:
    by_month = {table: source for table, source in mart.TABLES.items() if source.by_report_month}
    if any(not warehouse.columns(connection, "published", table) for table in (*by_month, *mart.OF_THE_RELEASE)):
        return False
    for table, source in by_month.items():
        was = warehouse.columns(connection, "published", table)
        now = warehouse.columns(connection, "warehouse", source.relation)
        for column in filter(None, (source.without or "").split(", ")):
            now.pop(column)
        if [it for it in was.items() if it[0] not in OF_A_RELEASE] != list(now.items()):
            return False
        again = f"select 1 from published.{table} where list_contains(?::date[], report_month) limit 1"
        if connection.execute(again, [report_months]).fetchall():
            return False
    return not suppression.newly_suppressed(connection)

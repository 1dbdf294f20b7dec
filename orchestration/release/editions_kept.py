"""Which cards keep their files: those whose rows, catalogue and makers are the same as in the release before."""

from datetime import date

import duckdb

from orchestration import warehouse
from orchestration.release import checksums
from orchestration.scorecard import mart
from orchestration.warehouse.versions import editions_version

# What comes with every month and says nothing of the cards before it.
PASSING = ("deliveries",)
OF_CARDS = [name for name in mart.OF_THE_RELEASE if name != "editions"]


def mark(connection: duckdb.DuckDBPyConnection, name: str, only_added: bool) -> None:
    """Make the table `editions`: the release before where a card keeps its files, this one where they are written.

    The other tables of the release are in place; what was published before is attached as `published`. Where report
    months were `only_added`, no row of the cards before can differ.
    """
    connection.execute("create or replace table editions (report_month date, release varchar, made_by varchar)")
    connection.execute(
        "insert into editions select distinct report_month, ?, ? from scorecard order by report_month",
        [name, editions_version()],
    )
    if warehouse.columns(connection, "published", "editions"):
        connection.execute(
            "update editions as now set release = was.release from published.editions as was "
            "where now.report_month = was.report_month and now.made_by = was.made_by "
            "and now.report_month in (select unnest(?::date[]))",
            [_as_before(connection, only_added)],
        )


def _as_before(connection: duckdb.DuckDBPyConnection, only_added: bool) -> list[date]:
    """The report months of the cards of which no row differs from what was published."""
    cards = {row[0] for row in connection.execute("select report_month from editions").fetchall()}
    for table in (*mart.TABLES, *OF_CARDS):
        columns = warehouse.columns(connection, "scorecard", table)
        if columns != warehouse.columns(connection, "published", table):
            return []
        if only_added and table in mart.TABLES and mart.TABLES[table].by_report_month:
            continue
        if "report_month" in columns:
            now, was = (checksums.of_cards(connection, it) for it in (table, f"published.{table}"))
            cards -= {report_month for report_month, *_ in now ^ was}
        elif table not in PASSING and checksums.of_table(connection, table) != checksums.of_table(
            connection, f"published.{table}"
        ):
            return []
    return sorted(cards)

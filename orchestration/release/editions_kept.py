"""Which cards keep their files: those whose rows and makers are the same as in the release before."""

from datetime import date

import duckdb

from orchestration import warehouse
from orchestration.release import checksums, made_from
from orchestration.scorecard import contracts, mart
from orchestration.warehouse.versions import editions_version

# Comes with every month: that of the cards before it is compared as what they were made from.
NOT_COMPARED = ("deliveries",)
OF_CARDS = [name for name in mart.OF_THE_RELEASE if name != "editions"]


def mark(connection: duckdb.DuckDBPyConnection, name: str, report_months: list[date], only_added: bool) -> None:
    """Make the table `editions`: the release before where a card keeps its files, this one where they are written.

    Cards of `report_months` are made from what is effective in the warehouse now.
    The other tables of the release are in place; what was published before is attached as `published`. Where report
    months were `only_added`, no row of the cards before can differ.
    """
    connection.execute(f"create or replace table editions ({contracts.definition('editions')})")
    effective = made_from.effective(made_from.listed(connection, "warehouse.raw"))
    before = made_from.of_cards(connection, "published")
    now = before | made_from.by_month(effective, report_months)
    cards = connection.execute("select distinct report_month from scorecard order by report_month").fetchall()
    rows = [(month, name, editions_version(), *now[month]) for (month,) in cards]
    if rows:
        connection.executemany("insert into editions values (?, ?, ?, ?, ?)", rows)
    if warehouse.columns(connection, "published", "editions"):
        unchanged = [month for month in _unchanged(connection, only_added) if before.get(month) == now[month]]
        connection.execute(
            "update editions as now set release = was.release from published.editions as was "
            "where now.report_month = was.report_month and now.editions_version = was.editions_version "
            "and now.report_month in (select unnest(?::date[]))",
            [unchanged],
        )


def _unchanged(connection: duckdb.DuckDBPyConnection, only_added: bool) -> list[date]:
    """The report months of the cards of which no row differs from what was published.

    A card depends on its own rows of a table, or those of its financial year; else on the whole table. Its pages show
    the letters of its year's cards before it as well.
    """
    years = dict(connection.execute("select distinct report_month, financial_year from scorecard").fetchall())
    cards = dict(years)
    for table in (*mart.TABLES, *OF_CARDS):
        columns = warehouse.columns(connection, "scorecard", table)
        if columns != warehouse.columns(connection, "published", table):
            return []
        is_added_to = only_added and table in mart.TABLES and mart.TABLES[table].by_report_month
        if table in NOT_COMPARED or (is_added_to and table != "scorecard"):
            continue
        key = next((it for it in ("report_month", "financial_year") if it in columns), None)
        before = f"published.{table}"
        if key:
            differing = {
                value for value, *_ in checksums.by(connection, table, key) ^ checksums.by(connection, before, key)
            }
            if table == "scorecard":
                first = {years[month]: month for month in sorted(years, reverse=True) if month in differing}
                differing = {month for month, year in years.items() if year in first and month >= first[year]}
            cards = {month: year for month, year in cards.items() if differing.isdisjoint((month, year))}
        elif checksums.of_table(connection, table) != checksums.of_table(connection, before):
            return []
    return sorted(cards)

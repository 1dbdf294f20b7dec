"""A release that is read card by card, for its editions."""

from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import duckdb
import polars as pl

from orchestration.editions.content import Card, next_card
from orchestration.editions.dictionary import BY_CARD, BY_YEAR, Table, of_release
from orchestration.scorecard import display


class Reading:
    """A release that is read card by card."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self._connection = connection
        self.dictionary = of_release(connection)
        ((self.release, published_at),) = connection.execute("select release, published_at from release").fetchall()
        self.published_on = display.day(published_at)

    @cached_property
    def next_card(self) -> str:
        """Which card comes after the newest, and when it is due; empty before the first."""
        ((newest,),) = self._connection.execute("select max(report_month) from scorecard").fetchall()
        return next_card(newest) if newest else ""

    @cached_property
    def glossary(self) -> dict[str, str]:
        """What each abbreviation stands for."""
        return dict(self._connection.execute("from glossary").fetchall())

    def cards(self) -> list[tuple[date, str]]:
        """The report months of the cards, oldest first, each with the release that its editions were written for."""
        return self._connection.execute("select report_month, release from editions order by report_month").fetchall()

    def card(self, report_month: date) -> Card:
        """One card with its rows of every table, or those of its year; of the deliveries, those up to its month."""
        query = "select any_value(financial_year) from scorecard where report_month = ?"
        ((year,),) = self._connection.execute(query, [report_month]).fetchall()
        tables = {table.name: self._of_card(table, report_month, year) for table in self.dictionary}
        rows = tuple(tables["scorecard"].sort("position").iter_rows(named=True))
        title, subtitle, key = tables["cards"].select("title", "subtitle", "key").row(0)
        subtitle = subtitle.format(to=display.month_label(report_month))
        so_far = self._year_so_far(report_month, year)
        return Card(self.release, report_month, title, subtitle, key, self.dictionary, rows, so_far, tables)

    def rows(self, query: str) -> list[dict]:
        """The result of a query over the whole release."""
        return self._table(query).to_dicts()

    def _year_so_far(self, report_month: date, year: str) -> dict[str, list[dict]]:
        query = "from scorecard where financial_year = $1 and report_month <= $2 order by line, report_month desc"
        rows = self._table(query, year, report_month).to_dicts()
        return {line: list(of_line) for line, of_line in groupby(rows, key=itemgetter("line"))}

    def _of_card(self, table: Table, report_month: date, year: str) -> pl.DataFrame:
        if table.by_card:
            return self._table(f"from {table.name} where {BY_CARD} = $1", report_month)
        if table.by_year:
            return self._table(f"from {table.name} where {BY_YEAR} = $1", year)
        if table.name == "deliveries":
            return self._table("from deliveries where delivery_month <= $1", report_month)
        return self._table(f"from {table.name}")

    def _table(self, query: str, *parameters: object) -> pl.DataFrame:
        return self._connection.sql(query, params=parameters).pl()

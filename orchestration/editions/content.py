"""What an edition of a card is written from: the card's rows in every table of its release, and what they mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import duckdb
import polars as pl

from orchestration import explain, months
from orchestration.scorecard import display

BY_CARD, BY_YEAR = "report_month", "financial_year"


@dataclass(frozen=True)
class Column:
    """A column of the release: its name, DuckDB type, whether it may be empty, and what it says."""

    name: str
    type: str
    says: str
    nullable: bool


@dataclass(frozen=True)
class Table:
    """A table or view of the release, and what it says."""

    name: str
    says: str
    columns: tuple[Column, ...]

    @property
    def by_card(self) -> bool:
        """Whether its rows belong to cards: they have a report month."""
        return any(column.name == BY_CARD for column in self.columns)

    @property
    def by_year(self) -> bool:
        """Whether its rows belong to the cards of a financial year: the catalogue's, for the most part."""
        return not self.by_card and any(column.name == BY_YEAR for column in self.columns)


class Tables(Mapping[str, pl.DataFrame]):
    """Tables by name, each read when it is first asked for: no edition but the data files asks for all."""

    def __init__(self, read: dict[str, Callable[[], pl.DataFrame]]):
        self._read, self._kept = read, {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._kept:
            self._kept[name] = self._read[name]()
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


@dataclass(frozen=True, eq=False)
class Card:
    """A card, with the release whose editions of it these are."""

    release: str
    report_month: date
    title: str
    subtitle: str
    key: str
    dictionary: tuple[Table, ...]  # every table of the release, in words
    rows: tuple[dict, ...]  # of the scorecard, in the order of the page
    tables: Mapping[str, pl.DataFrame]  # every table: the rows of this card, those of its year, or all

    @property
    def name(self) -> str:
        """Its month as folders and links name it: `2009-08`."""
        return months.key(self.report_month)

    @property
    def label(self) -> str:
        """Its month as the page names it: `Aug-09`."""
        return display.month_label(self.report_month)

    def indicator(self, line: str) -> dict:
        """The catalogue's row of a line."""
        return self._indicators[line]

    @cached_property
    def _indicators(self) -> dict[str, dict]:
        return {it["line"]: it for it in self.tables["indicators"].iter_rows(named=True)}

    @cached_property
    def stories(self) -> dict[str, dict]:
        """The story of every line, as `make explain` tells it, by line in the order of the page."""
        with duckdb.connect() as connection:
            for name in explain.TABLES:
                connection.register(name, self.tables[name])
            return explain.of_lines(connection, self.report_month)


class Reading:
    """A release that is read card by card; what belongs to no card is read once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self._connection = connection
        self.dictionary = _dictionary(connection)
        ((self.release,),) = connection.execute("select release from release").fetchall()

    def cards(self) -> list[tuple[date, str]]:
        """The report months of the cards, oldest first, each with the release that its editions were written for."""
        return self._connection.execute("select report_month, release from editions order by report_month").fetchall()

    def card(self, report_month: date) -> Card:
        """One card with its rows of every table, or those of its year; of the deliveries, those up to its month."""
        of_card = {
            table.name: partial(self._of_card, table.name, report_month) for table in self.dictionary if table.by_card
        }
        of_card["deliveries"] = lambda: self._of_no_card["deliveries"].filter(pl.col("delivery_month") <= report_month)
        of_no_card = {name: partial(self._of_no_card.__getitem__, name) for name in self._of_no_card}
        rows = tuple(of_card["scorecard"]().sort("position").iter_rows(named=True))
        of_year = {
            table.name: partial(self._of_year, table.name, rows[0][BY_YEAR])
            for table in self.dictionary
            if table.by_year
        }
        tables = Tables(of_no_card | of_card | of_year)
        title, subtitle, key = tables["cards"].select("title", "subtitle", "key").row(0)
        shown = subtitle.format(to=display.month_label(report_month))
        return Card(self.release, report_month, title, shown, key, self.dictionary, rows, tables)

    def rows(self, query: str) -> list[dict]:
        """What a query over the whole release gives."""
        return self._connection.sql(query).pl().to_dicts()

    @cached_property
    def _of_no_card(self) -> Tables:
        names = [table.name for table in self.dictionary if not table.by_card]
        return Tables({name: partial(self._whole, name) for name in names})

    def _whole(self, name: str) -> pl.DataFrame:
        return self._connection.sql(f"from {name}").pl()

    def _of_year(self, name: str, financial_year: str) -> pl.DataFrame:
        return self._of_no_card[name].filter(pl.col(BY_YEAR) == financial_year)

    def _of_card(self, name: str, report_month: date) -> pl.DataFrame:
        return self._connection.sql(f"from {name} where {BY_CARD} = $1", params=[report_month]).pl()


def _dictionary(connection: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Every table and view of a release with its columns, in alphabetical order, as their comments explain them."""
    says = dict(
        connection.execute(
            "select table_name, comment from duckdb_tables() where not internal "
            "union all select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
    )
    columns: dict[str, list[Column]] = {}
    for table, *column in connection.execute(
        "select table_name, column_name, data_type, coalesce(comment, ''), is_nullable from duckdb_columns() "
        "where not internal order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(Column(*column))
    return tuple(Table(name, says[name] or "", tuple(of_table)) for name, of_table in columns.items())

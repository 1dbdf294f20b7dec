"""The tables of a release and their columns, as the comments in its database describe them."""

from dataclasses import dataclass

import duckdb

BY_CARD, BY_YEAR = "report_month", "financial_year"


@dataclass(frozen=True)
class Column:
    """A column of the release: its name, DuckDB type, description, and whether it may be empty."""

    name: str
    type: str
    description: str
    nullable: bool


@dataclass(frozen=True)
class Table:
    """A table or view of the release, with its description."""

    name: str
    description: str
    columns: tuple[Column, ...]

    def has(self, *columns: str) -> bool:
        """Whether it has all of these columns."""
        return {*columns} <= {column.name for column in self.columns}

    @property
    def by_card(self) -> bool:
        """Whether its rows belong to cards: they have a report month."""
        return self.has(BY_CARD)

    @property
    def by_year(self) -> bool:
        """Whether its rows belong to the cards of a financial year: the catalogue's, for the most part."""
        return not self.by_card and self.has(BY_YEAR)


def of_release(connection: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Every table and view of a release with its columns, in alphabetical order, as their comments describe them."""
    tables = connection.execute(
        "select table_name, comment from duckdb_tables() where not internal "
        "union all select view_name, comment from duckdb_views() where not internal"
    ).fetchall()
    columns: dict[str, list[Column]] = {}
    for table, *column in connection.execute(
        "select table_name, column_name, data_type, coalesce(comment, ''), is_nullable from duckdb_columns() "
        "where not internal order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(Column(*column))
    descriptions = dict(tables)
    return tuple(Table(name, descriptions[name] or "", tuple(of_table)) for name, of_table in columns.items())

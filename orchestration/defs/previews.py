"""Metadata that lets a person see what a table holds without opening the warehouse."""

from typing import Any

import dagster as dg
import duckdb

from orchestration import warehouse

ROWS = 5


class Previews:
    """What the tables of a database hold, one after the other."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self._connection = connection
        self._tables, _ = warehouse.comments(connection)

    def of_table(self, relation: str) -> dict[str, dg.MetadataValue]:
        """The first rows of a table or view, given as `schema.table`; what its columns are is in its definition.

        Of a table its number of rows as well; a view would have to be worked out for it.
        """
        first = self._connection.sql(f"from {relation} limit {ROWS}")
        seen: dict[str, Any] = {"preview": markdown(first.columns, first.fetchall())}
        if relation in self._tables:
            seen["dagster/row_count"] = self._connection.sql(f"select count(*) from {relation}").fetchall()[0][0]
        return seen


def markdown(header: list[str], rows: list[tuple]) -> dg.MarkdownMetadataValue:
    """Rows as a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")

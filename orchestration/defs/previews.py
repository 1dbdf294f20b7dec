"""Metadata that lets a person see what a table holds without opening the warehouse."""

import dagster as dg
import duckdb

ROWS = 5


def of_table(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, dg.MetadataValue]:
    """Row count, column schema with comments, and the first rows of a table, given as `schema.table`."""
    schema, table = relation.split(".")
    columns = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() where schema_name = ? and table_name = ? "
        "order by column_index",
        [schema, table],
    ).fetchall()
    count = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
    first = connection.execute(f"select * from {relation} limit {ROWS}").fetchall()
    return {
        "dagster/row_count": count,
        "dagster/column_schema": dg.MetadataValue.table_schema(
            dg.TableSchema([dg.TableColumn(name, kind, comment) for name, kind, comment in columns])
        ),
        "preview": markdown([name for name, *_ in columns], first),
    }


def markdown(header: list[str], rows: list[tuple]) -> dg.MarkdownMetadataValue:
    """Rows as a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")

"""Checksums of the rows of tables, whatever their order."""

import duckdb

SUMS = "count(*) as rows, coalesce(sum(hash(t)::hugeint), 0)::varchar as checksum"


def of_table(connection: duckdb.DuckDBPyConnection, table: str) -> dict:
    """Rows and checksum of a table."""
    ((rows, checksum),) = connection.execute(f"select {SUMS} from {table} as t").fetchall()
    return {"rows": rows, "checksum": checksum}


def together(one: dict, other: dict) -> dict:
    """Rows and checksum of the rows of both: a checksum is a sum over the rows."""
    return {"rows": one["rows"] + other["rows"], "checksum": str(int(one["checksum"]) + int(other["checksum"]))}


def by(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> set[tuple[object, int, str]]:
    """For each value of the column: the value, rows and checksum."""
    return set(connection.execute(f"select {column}, {SUMS} from {table} as t group by {column}").fetchall())

"""Checksums of what tables say, whatever the order of their rows: equal where nothing differs."""

from datetime import date

import duckdb

SUMS = "count(*) as rows, coalesce(sum(hash(t)::hugeint), 0)::varchar as checksum"


def of_table(connection: duckdb.DuckDBPyConnection, table: str) -> dict:
    """Rows and checksum of a table."""
    ((rows, checksum),) = connection.execute(f"select {SUMS} from {table} as t").fetchall()
    return {"rows": rows, "checksum": checksum}


def together(one: dict, other: dict) -> dict:
    """Rows and checksum of the rows of both: a checksum is the sum over the rows."""
    return {"rows": one["rows"] + other["rows"], "checksum": str(int(one["checksum"]) + int(other["checksum"]))}


def of_cards(connection: duckdb.DuckDBPyConnection, table: str) -> set[tuple[date, int, str]]:
    """Report month, rows and checksum of each card's part of a table."""
    return set(connection.execute(f"select report_month, {SUMS} from {table} as t group by report_month").fetchall())

"""What tables and columns of releases that an earlier version published are called now."""

from pathlib import Path

import duckdb

from orchestration import warehouse

TABLES = {"reasons": "judgement_steps"}
_SENTENCE = {"says": "explanation"}
_SUPPRESSED = {"hidden": "suppressed"}
_VALUES = {"was": "value_before", "is_now": "value"}
# by table, as it is called now: a column's old name, and what it is called now
COLUMNS = {
    "scorecard": {"in_plain_words": "summary"},
    "changes": _SENTENCE,
    "judgements": _SENTENCE,
    "judgement_steps": _SENTENCE,
    "outturns": _SENTENCE,
    "run_rates": _SENTENCE,
    "trend_marks": _SENTENCE,
    "notices": {"says": "message"},
    "monthly_measures": _SUPPRESSED,
    "rolling_year": _SUPPRESSED,
    "year_to_date": _SUPPRESSED,
    "movements": _VALUES,
    "component_movements": _VALUES,
    "peers": {
        "place": "rank",
        "sharing_the_place": "peers_at_rank",
        "force": "peer",
        "forces": "peers_ranked",
        "forces_at_rank": "peers_at_rank",
        "from_median": "difference_from_median",
    },
    "republished": {"printed": "card_column", "was": "text_before", "is_now": "text"},
    "editions": {"made_by": "editions_version"},
}
BY_YEAR = "indicators"  # had one row per financial year and line, not one per report month
_CARDS = "select distinct report_month, financial_year from as_published.scorecard"


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Attach the database of a release as `published`, under the names of today; whether any of them is another."""
    connection.execute(f"attach {warehouse.literal(path)} as published (read_only)")
    tables = {table: old for table in (*COLUMNS, *TABLES) if (old := _old_columns(connection, table))}
    columns = warehouse.columns(connection, "published", BY_YEAR)
    by_year = bool(columns) and "report_month" not in columns
    if not tables and not by_year:
        return False
    connection.execute("detach published")
    connection.execute(f"attach {warehouse.literal(path)} as as_published (read_only)")
    connection.execute("attach ':memory:' as published (read_only false)")
    names = "select table_name from duckdb_tables() where database_name = 'as_published' and schema_name = 'main'"
    for (table,) in connection.execute(names).fetchall():
        renamed = ", ".join(f"{old} as {now}" for old, now in tables.get(table, {}).items())
        every = f"* rename ({renamed})" if renamed else "*"
        query = f"select {every} from as_published.{table}"
        if table == BY_YEAR and by_year:
            query = f"select report_month, its.* from ({query}) as its inner join ({_CARDS}) using (financial_year)"
        connection.execute(f"create view published.{TABLES.get(table, table)} as {query}")
    return True


def detach(connection: duckdb.DuckDBPyConnection) -> None:
    """Detach what `attach` attached."""
    connection.execute("detach published")
    connection.execute("detach database if exists as_published")


def _old_columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    here = warehouse.columns(connection, "published", table)
    return {old: now for old, now in COLUMNS.get(TABLES.get(table, table), {}).items() if old in here}

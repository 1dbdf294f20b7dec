"""Copies of the project whose runs are timed."""

import shutil
import sys
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.measuring import Failed, Took, process
from orchestration import dbt_manifest, months, warehouse
from tests.conftest import Built

# what a line says that does not depend on when it was printed first
CARD = "select * exclude (release) from scorecard where report_month = (select max(report_month) from scorecard)"
LAYERS = ("measures", "aggregates")


def scorecard(built: Built, first: date, last: date) -> Took:
    """One run of these report months, extracts to release; the answer is its newest card."""
    command = [sys.executable, "-m", "orchestration", "scorecard"]
    took = process([*command, "--from", months.key(first), "--to", months.key(last)], built.project)
    return took._replace(answer=str(built.query(f"{CARD} order by position").rows()))


def dbt_build(built: Built) -> Took:
    """What that run asks of dbt, on a copy of the warehouse it left: the same seeds, models and data tests."""
    there = built.project / "dbt_alone"
    there.mkdir()
    database = there / "performance.duckdb"
    shutil.copy(built.warehouse / "performance.duckdb", database)
    # the run does not parse either: it reads what dbt parsed when the project last changed
    shutil.copytree(built.warehouse / "dbt" / "parsed", there / "dbt")
    folders = ["--project-dir", built.project / "dbt_project", "--profiles-dir", built.project / "dbt_project"]
    own = {
        "SCORECARD_DATABASE": str(database),
        "SCORECARD_SPILL_FOLDER": str(there / "spill"),
        "DBT_TARGET_PATH": str(there / "dbt"),
        "DBT_LOG_PATH": str(there / "dbt" / "logs"),
    }
    command = [dbt_manifest.EXECUTABLE, "build", "--exclude-resource-type", "unit_test", *folders]
    took = process(command, built.project, **dbt_manifest.environment() | own)
    if differing := _differing(built.warehouse / "performance.duckdb", database):
        raise Failed(f"dbt alone makes other tables than the run did: {', '.join(differing)}")
    shutil.rmtree(there)
    return took._replace(answer=None)


def _differing(ours: Path, theirs: Path) -> list[str]:
    with duckdb.connect() as connection:
        for name, path in (("ours", ours), ("theirs", theirs)):
            connection.execute(f"attach {warehouse.literal(path)} as {name} (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'ours' and list_contains(?, schema_name)",
            [list(LAYERS)],
        ).fetchall()
        if not tables:
            raise Failed("the run left no table")
        rows = "select count(*), sum(hash(row)) from (select row from {}.{} as row)"
        return [
            table
            for (table,) in tables
            if connection.execute(rows.format("ours", table)).fetchall()
            != connection.execute(rows.format("theirs", table)).fetchall()
        ]

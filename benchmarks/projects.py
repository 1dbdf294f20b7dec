"""Copies of the project whose runs are timed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.measuring import Failed, Took, process
from orchestration import months, warehouse
from orchestration.dbt import project
from tests.conftest import Built, environment

# what a line says that does not depend on when it was printed first
CARD = "select * exclude (release) from scorecard where report_month = (select max(report_month) from scorecard)"
LAYERS = ("measures", "aggregates")


def scorecard(built: Built, first: date, last: date) -> Took:
    """One run of these report months, extracts to release; the answer is its newest card."""
    command = [sys.executable, "-m", "orchestration", "scorecard"]
    took = process([*command, "--from", months.key(first), "--to", months.key(last)], built.project)
    return took._replace(answer=str(built.query(f"{CARD} order by position").rows()))


@contextmanager
def then_as_before(built: Built) -> Iterator[None]:
    """What is done to the project is undone; it stays at its path, since dbt parses anew what lies elsewhere."""
    kept = built.project.with_name(f"{built.project.name}_kept")
    subprocess.run(["cp", "-a", built.project, kept], check=True)
    try:
        yield
    finally:
        shutil.rmtree(built.project)
        kept.rename(built.project)


def dbt_build(built: Built) -> Took:
    """What that run asks of dbt, once more, in the warehouse it left: the same seeds, models and data tests."""
    left = built.project / "left_by_the_run.duckdb"
    database = built.warehouse / "performance.duckdb"
    shutil.copy(database, left)
    folders = ["--project-dir", built.project / "dbt_project", "--profiles-dir", built.project / "dbt_project"]
    own = {
        "SCORECARD_DATABASE": str(database),
        "SCORECARD_SPILL_FOLDER": str(built.warehouse / "spill"),
        # the run does not parse either: it reads what dbt parsed when the project last changed
        "DBT_TARGET_PATH": str(built.warehouse / "dbt" / "parsed"),
        "DBT_LOG_PATH": str(built.warehouse / "dbt" / "logs"),
    }
    command = [project.EXECUTABLE, "build", "--exclude-resource-type", "unit_test", *folders]
    took = process(command, built.project, **_environment(built) | own)
    if differing := _differing(left, database):
        raise Failed(f"dbt alone makes other tables than the run did: {', '.join(differing)}")
    return took._replace(answer=None)


def _environment(built: Built) -> dict[str, str]:
    """What dbt is started with there: the copy has an organisation and a folder of declared sources of its own."""
    program = "import json; from orchestration.dbt import project; print(json.dumps(project.environment()))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=built.project,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


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

"""A row a record: the SQL of staging and measures on DuckDB, beside the same `group by` written by hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.measuring import Row, Took, by_turns, process, same, side
from orchestration import months, settings, warehouse
from orchestration.dbt import project
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from tests import landed_rows

RECORDS = 100_000_000
TIMES, MEMORY = 1.3, 2_000_000_000
# what DuckDB may use; Python, dbt and what it does not count come on top
GIVEN = "1200MB"
EXTRACT = BY_NAME["ict_availability"]
MEASURE = "ict_systems_on_target"
VIEWS = "select schema_name, view_name from duckdb_views() where not internal"
BY_HAND = """
create or replace table by_hand as
with

counted as (

    select
        month,
        delivery_month,
        count_if(availability_percent >= target_percent) as on_target,
        count(*) as reporting
    from raw.ict_availability
    where delivery_month <= date '2009-08-01'
    group by month, delivery_month

)

select month, arg_max(on_target, delivery_month) as on_target, arg_max(reporting, delivery_month) as reporting
from counted
group by month
"""


def run(records: int, tries: int) -> Iterator[Row]:
    """That many records in 20 deliveries; one report month is measured."""
    with TemporaryDirectory() as there:
        rooms = {"SCORECARD_WAREHOUSE": f"{there}/warehouse", "SCORECARD_MEMORY": GIVEN}
        side("many_records.land", records, **rooms)
        dbt(rooms, "build", "--resource-type", "seed")
        by_dbt, models, by_hand = by_turns(
            tries,
            lambda: _by_dbt(rooms),
            lambda: side("many_records.models", **rooms),
            lambda: side("many_records.group_by", **rooms),
        )
    same(by_dbt, models, by_hand)
    work = f"{records:,} records to monthly measures"
    yield Row(work, models, "the group by, by hand, in DuckDB", by_hand, TIMES, memory=MEMORY)
    yield Row("  the same by dbt, from its start to its end", by_dbt, memory=MEMORY)


def land(records: str):
    """The raw tables as they are once all deliveries are in force, with that many rows in one of them."""
    each = max(1, int(records) // len(landed_rows.DELIVERED))
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind, _ in raw_schema.columns(EXTRACT))
    with warehouse.writing() as connection:
        for extract in EXTRACTS:
            raw_schema.prepare(connection, extract)
        for month in landed_rows.DELIVERED:
            rows = landed_rows.A_RECORD.format(delivered=month, records=each)
            connection.execute(f"insert into raw.{EXTRACT.name} select {columns} from ({rows})")
        list_deliveries(connection, EXTRACT)
        warehouse.set_report_months(connection, [landed_rows.LAST])


def list_deliveries(connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """Say in the list of deliveries that every row of the extract's table came with one that is in force."""
    listed = landed_rows.LISTED.format(extract=extract.name, rows=f"raw.{extract.name}")
    connection.execute(f"insert into raw.deliveries by name {listed}")


def _by_dbt(rooms: dict[str, str]) -> Took:
    took = dbt(rooms, "run", "--exclude", "path:models/aggregates")
    return took._replace(answer=side("many_records.measured", **rooms).answer)


def models():
    """The SQL that dbt compiled and ran, in its order, but for the views, which are there."""
    results = json.loads((settings.warehouse() / "dbt" / "run_results.json").read_bytes())["results"]
    with warehouse.writing() as connection:
        views = {f'"{one}"."{two}"' for one, two in connection.execute(VIEWS).fetchall()}
        for result in results:
            if (relation := result["relation_name"]) and relation.split(".", 1)[1] not in views:
                connection.execute(f"create or replace table {relation} as {result['compiled_code']}")
    return measured


def measured() -> list[list]:
    """What the models made of the records: month, on target, reporting."""
    with warehouse.reading() as connection:
        return _months(
            connection,
            "select month, numerator, denominator from measures.monthly_measures where measure = $measure order by 1",
            {"measure": MEASURE},
        )


def group_by():
    """The same figures without a catalogue, other extracts, lineage, or what was known a month before."""
    with warehouse.writing() as connection:
        connection.execute(BY_HAND)
    return _by_hand


def _by_hand() -> list[list]:
    with warehouse.reading() as connection:
        return _months(connection, "select month, on_target, reporting from by_hand order by 1", {})


def _months(connection: duckdb.DuckDBPyConnection, query: str, values: dict) -> list[list]:
    return [
        [months.key(month), int(part), int(whole)]
        for month, part, whole in connection.execute(query, values).fetchall()
    ]


def dbt(rooms: dict[str, str], *arguments: str) -> Took:
    """A dbt command on the working database of that warehouse, with those settings."""
    there = Path(rooms["SCORECARD_WAREHOUSE"])
    folders = ["--project-dir", settings.DBT_PROJECT, "--profiles-dir", settings.DBT_PROJECT]
    own = {
        "SCORECARD_DATABASE": str(there / "performance.duckdb"),
        "SCORECARD_MEMORY_LIMIT": rooms["SCORECARD_MEMORY"],
        "SCORECARD_SPILL_FOLDER": str(there / "spill"),
        "DBT_TARGET_PATH": str(there / "dbt"),
        "DBT_LOG_PATH": str(there / "dbt" / "logs"),
    }
    return process([project.EXECUTABLE, *arguments, *folders], **project.environment() | rooms | own)

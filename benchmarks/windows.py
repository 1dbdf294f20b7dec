"""Rolling year and year to date by the project's own models, beside the other ways to compute them.

All start from the monthly measures with some months missing, and end with numerator and denominator of both windows
for every month of the spine: null where a month of the window is missing.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks import in_self_join
from benchmarks.measuring import Failed, Row, by_turns, process, side
from benchmarks.shifted_years import calendar
from orchestration import months, settings, warehouse
from orchestration.dbt import project

ROWS = 5_000_000
TIMES, TIMES_SELF_JOIN = 1.0, 0.2
AREAS, HISTORY = 104, 48
LAST = date(2009, 8, 1)
MODELS = ("measure_months", "rolling_year", "year_to_date")
MISSING = 20  # one row of so many
MEASURED = f"""
create table measures.monthly_measures as
select
    date '{LAST}' as report_month,
    measure,
    area,
    calendar.month,
    cast(100 + hash(measure, area, calendar.month) % 400 as decimal(18, 2)) as numerator,
    cast(500 + hash(area, measure, calendar.month) % 400 as decimal(18, 2)) as denominator,
    cast(100 + hash(measure, area, calendar.month) % 400 as decimal(18, 2)) as numerator_before,
    cast(500 + hash(area, measure, calendar.month) % 400 as decimal(18, 2)) as denominator_before,
    1 as months_covered,
    true as complete,
    true as complete_before,
    cast(null as varchar) as unknown_reason,
    cast(null as varchar) as unknown_reason_before,
    false as provisional,
    calendar.month as latest_delivery
from reference.calendar as calendar
cross join (select distinct measure from reference.measures)
cross join (select area from reference.areas)
where hash(calendar.month, measure, area) % {MISSING} <> 0
order by measure, area, month
"""

NOTHING_SUPPRESSED = """
create table measures.suppressed_months as
select measure, area, month from measures.monthly_measures limit 0
"""


def run(rows: int, tries: int) -> Iterator[Row]:
    """About that many rows, one for each series and month of the spine; of them one in 20 is missing."""
    measures = max(1, rows // (AREAS * HISTORY))
    with TemporaryDirectory() as there:
        room = Path(there)
        generate(room, measures)
        ours, *others = by_turns(
            tries,
            lambda: side("windows.models", room),
            lambda: side("in_self_join.windows", room),
            lambda: side("in_pandas.windows", room),
            lambda: side("in_polars.windows", room),
        )
        _all_the_same(room)
    names = ("self-join on a time spine", "pandas rolling", "polars rolling")
    for name, theirs in zip(names, others, strict=True):
        times = TIMES_SELF_JOIN if theirs is others[0] else TIMES
        yield Row(f"windows of {measures * AREAS * HISTORY:,} series months", ours, name, theirs, times)


def generate(room: Path, measures: int) -> None:
    """A catalogue and the monthly measures of one report month; as Parquet for those that read no DuckDB."""
    spine = calendar(months.shift(LAST, 1 - HISTORY), LAST)
    with duckdb.connect(str(room / "performance.duckdb")) as connection:
        for schema in ("reference", "measures", "aggregates"):
            connection.execute(f"create schema {schema}")
        warehouse.set_report_months(connection, [LAST])
        connection.execute(
            "create table reference.calendar as select unnest($rows, recursive := true)", {"rows": spine}
        )
        of = f"'Measure ' || number as measure, 'Series ' || number as series from range({measures}) as all_ (number)"
        connection.execute(f"create table reference.measures as select {of}")
        connection.execute(f"create table reference.series as select 'area' as level, series from (select {of})")
        connection.execute(
            "create table reference.areas as select 'Area ' || number as area, "
            f"case when number = 0 then 'whole' else 'area' end as kind from range({AREAS}) as all_ (number)"
        )
        connection.execute(MEASURED)
        connection.execute(NOTHING_SUPPRESSED)
        path = warehouse.literal(room / "monthly_measures.parquet")
        counts = "numerator::bigint as numerator, denominator::bigint as denominator"
        connection.execute(f"copy (select measure, area, month, {counts} from measures.monthly_measures) to {path}")
    _compile(room)


def _compile(room: Path) -> None:
    own = {
        "SCORECARD_DATABASE": str(room / "performance.duckdb"),
        "SCORECARD_SPILL_FOLDER": str(room / "spill"),
        "DBT_TARGET_PATH": str(room / "dbt"),
        "DBT_LOG_PATH": str(room / "dbt" / "logs"),
    }
    folders = ["--project-dir", settings.DBT_PROJECT, "--profiles-dir", settings.DBT_PROJECT]
    command = [project.EXECUTABLE, "compile", "--select", *MODELS, *folders]
    process(command, **project.environment() | own)


def models(room: str):
    """The SQL that dbt compiled, one table after the other."""
    compiled = Path(room) / "dbt" / "compiled" / "scorecard" / "models" / "aggregates"
    with duckdb.connect(f"{room}/performance.duckdb") as connection:
        for name in MODELS:
            (query,) = (path.read_text(encoding="utf-8") for path in compiled.rglob(f"{name}.sql"))
            connection.execute(f"create or replace table aggregates.{name} as {query}")
    return lambda: in_self_join.keep(room, "models", "aggregates.rolling_year", "aggregates.year_to_date")


def _all_the_same(room: Path) -> None:
    columns = ", ".join(f"{name}::bigint as {name}" for name in in_self_join.WINDOWS)
    ways = ("models", "in_self_join", "in_pandas", "in_polars")
    ours, *others = (
        f"select measure, area, month::date as month, {columns} from read_parquet('{room / name}.parquet')"
        for name in ways
    )
    with duckdb.connect() as connection:
        for name, theirs in zip(ways[1:], others, strict=True):
            for one, other in ((ours, theirs), (theirs, ours)):
                if row := connection.execute(f"{one} except all {other} limit 1").fetchone():
                    raise Failed(f"the models and {name} differ at {row}")

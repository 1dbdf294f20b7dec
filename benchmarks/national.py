"""What a country costs: 350 areas, 1,000 measures and 20 years, of which a tenth of the measures is made and run.

One force of so many areas, where there are 43: the models know one force. The deliveries are put into the raw tables
as validation would leave them, which has its own benchmark. No card is made: whatever the number of measures, it has
some twenty lines.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from benchmarks import many_records
from benchmarks.measuring import side
from benchmarks.shifted_years import calendar
from orchestration import months, settings, warehouse
from orchestration.dbt import project
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from orchestration.release import suppression
from orchestration.release.tables import STORAGE
from orchestration.scorecard import mart
from orchestration.warehouse import files
from tests.conftest import Built, edit

AREAS, MEASURES, MONTHS = 350, 1_000, 240
LAST = date(2009, 8, 1)
EXTRACT = BY_NAME["recorded_crime"]
DELIVERED = """
select
    month,
    'Area ' || area as borough,
    'group_' || groups.number as offence_group,
    (hash(area, groups.number, month) % 400)::bigint as offences,
    (hash(area, groups.number, month) % 100)::bigint as sanction_detections,
    month as delivery_month,
    row_number() over (partition by month) + 1 as file_line,
    null as markers
from reference.calendar
cross join range(1, {areas} + 1) as areas (area)
cross join range({groups}) as groups (number)
"""


class Cost(NamedTuple):
    """What was measured, and what the whole would come to by that many times."""

    what: str
    measured: float
    unit: str
    times: float
    because: str

    @property
    def whole(self) -> float:
        """The extrapolation."""
        return self.measured * self.times


def run(areas: int, measures: int, number: int) -> Iterator[Cost]:
    """So many areas, measures and months; the last two report months are run, and the second one is measured."""
    with TemporaryDirectory() as there:
        room = Path(there)
        rooms = {"SCORECARD_WAREHOUSE": str(room / "warehouse"), "SCORECARD_MEMORY": "4GB"}
        rooms["SCORECARD_SEEDS"] = str(_catalogue(room, areas, measures))
        rooms["SCORECARD_DECLARED"] = str(_declared(room, number))
        many_records.dbt(rooms, "build", "--resource-type", "seed")
        raw = side("national.land", areas, measures // 2, **rooms).answer
        sizes = []
        for month in (months.shift(LAST, -1), LAST):
            side("national.choose", months.key(month), **rooms)
            took = many_records.dbt(rooms, "run")
            sizes.append((room / "warehouse" / "performance.duckdb").stat().st_size)
        release = side("national.release", room / "release.duckdb", **rooms)
        copy = side("national.copy", room / "release.duckdb", room / "next.duckdb")
    more = MEASURES / measures * AREAS / areas
    wide, years = f"{more:g} times the measures and areas", f"{MONTHS} report months"
    yield Cost("raw tables, all months", raw / 1e9, "GB", more * MONTHS / number, f"{wide}, {MONTHS} months")
    yield Cost("warehouse, a report month", (sizes[1] - sizes[0]) / 1e9, "GB", more * MONTHS, f"{wide}, {years}")
    yield Cost("models of a report month", took.seconds, "s", more, wide)
    yield Cost("their peak memory", took.memory / 1e9, "GB", 1, "DuckDB is given 4 GB and spills")
    yield Cost("release database, a report month", release.answer / 1e9, "GB", more * MONTHS, f"{wide}, {years}")
    yield Cost("writing the report month that comes", release.seconds, "s", more, wide)
    yield Cost("copying a report month before it", copy.seconds, "s", more * MONTHS, f"{wide}, {years}")


def land(areas: str, groups: str) -> int:
    """The raw tables with all deliveries in force. Returns how many bytes they take on the disk."""
    before = settings.database().stat().st_size
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind, _ in raw_schema.columns(EXTRACT))
    with warehouse.writing() as connection:
        for extract in EXTRACTS:
            raw_schema.prepare(connection, extract)
        rows = DELIVERED.format(areas=areas, groups=groups)
        connection.execute(f"insert into raw.{EXTRACT.name} select {columns} from ({rows})")
        many_records.list_deliveries(connection, EXTRACT)
        connection.execute("checkpoint")
    return settings.database().stat().st_size - before


def choose(month: str) -> None:
    """The report month of the next run."""
    with warehouse.writing() as connection:
        warehouse.set_report_months(connection, [months.parse(month)])


def release(path: str) -> Callable[[], int]:
    """The tables of a release that come from measures and aggregates, for the last report month. Returns its bytes."""
    with duckdb.connect(path, config=warehouse.limits() | {"storage_compatibility_version": STORAGE}) as connection:
        connection.execute(f"attach {warehouse.literal(settings.database())} as warehouse (read_only)")
        for table, source in mart.TABLES.items():
            if source.relation.startswith(("measures.", "aggregates.")):
                rows = f"select * from warehouse.{source.relation} where report_month = date '{LAST}'"
                rows = suppression.without(table, rows)
                connection.execute(f"create table {table} as {rows} order by {source.order_by}")
    return lambda: Path(path).stat().st_size


def copy(path: str, to: str) -> None:
    """What a release that only adds a report month does with those before: the database as it is, put on the disk."""
    shutil.copyfile(path, to)
    files.sync(Path(to))


def _declared(room: Path, number: int) -> Path:
    """What is declared for dbt, with so many months."""
    declared = Path(shutil.copytree(project.target() / "declared", room / "declared"))
    edit(declared / "seeds" / "calendar.csv", lambda rows: calendar(months.shift(LAST, 1 - number), LAST))
    return declared


def _catalogue(room: Path, areas: int, measures: int) -> Path:
    """The project's, with these areas, and with measures of one series each in the place of its own."""
    catalogue = Built(room).catalogue
    shutil.copytree(settings.CATALOGUE, catalogue)
    boroughs = [{"area": f"Area {each}", "kind": "area", "suppressed_with": ""} for each in range(1, areas + 1)]
    edit(catalogue / "areas.csv", lambda rows: [row for row in rows if row["kind"] == "whole"] + boroughs)
    made = [f"group_{group}_{counted}" for group in range(measures // 2) for counted in ("offences", "detections")]
    one = {"extract": EXTRACT.name, "level": "area", "unit": "count", "counts": "offences"}
    one |= {"months_covered": "1", "over_time": "sum"}
    edit(catalogue / "series.csv", lambda rows: [dict.fromkeys(rows[0], "") | one | {"series": each} for each in made])
    edit(catalogue / "measures.csv", lambda rows: [dict.fromkeys(rows[0], "") | _of_one_series(each) for each in made])
    return catalogue


def _of_one_series(series: str) -> dict[str, object]:
    return {"measure": f"measure_{series}", "part": "numerator", "series": series, "weight": 1}

"""Deliveries validated and loaded into DuckDB, beside polars and pandas turning the same files into Parquet."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.measuring import Failed, Row, Took, by_turns, side
from orchestration import months, settings, warehouse, years
from orchestration.raw.landing import landing
from orchestration.raw.sources.extracts import BY_NAME
from tests.conftest import Built, edit

ROWS = 20_000_000
TIMES_POLARS, TIMES_PANDAS = 2.5, 0.5
EXTRACT = BY_NAME["recorded_crime"]
GROUPS = list(EXTRACT.column("offence_group").words)
AREAS = 350  # of England and Wales
HELD = EXTRACT.oldest + 1  # months in a delivery: all that its contract allows
FIRST = date(2009, 8, 1)  # the first delivery that can hold so many
# as different as places are, and moving from month to month no more than counts do
WRITTEN = """
copy (
    select
        strftime(months.month, '%Y-%m') as month,
        'Area ' || area as borough,
        groups.name as offence_group,
        200 + (area * 7919 + groups.number * 104729) % 97 + (area + months.number * 31) % 13 as offences,
        20 + (area * 31 + groups.number * 17 + months.number) % 29 as sanction_detections
    from range(1, $areas + 1) as areas (area)
    cross join (select unnest($groups) as name, generate_subscripts($groups, 1) as number) as groups
    cross join (
        select unnest($months::date[]) as month, generate_subscripts($months::date[], 1) + $delivery as number
    ) as months
) to {path} (header)
"""
READ = "select count(*), sum(offences)::bigint, sum(sanction_detections)::bigint from {}"


def run(rows: int, areas: int, tries: int) -> Iterator[Row]:
    """About that many rows: a delivery a month by so many areas, each with all the months that it may restate."""
    deliveries = max(1, rows // (areas * len(GROUPS) * HELD))
    last = months.shift(FIRST, deliveries - 1)
    with TemporaryDirectory() as there:
        room = Path(there)
        number = _deliver(room, areas, last)
        ours, polars, pandas = by_turns(
            tries,
            lambda: _validated_and_loaded(room, last),
            lambda: _unchecked("in_polars", room),
            lambda: _unchecked("in_pandas", room),
        )
    if not number == ours.answer[0] or not ours.answer == polars.answer == pandas.answer:
        raise Failed(f"{number} rows were written; read: {ours.answer}, {polars.answer}, {pandas.answer}")
    work = f"{number:,} CSV rows validated and loaded"
    yield Row(work, ours, "polars scan_csv, sink_parquet", polars, TIMES_POLARS)
    yield Row(work, ours, "pandas read_csv, to_parquet", pandas, TIMES_PANDAS)


def _deliver(room: Path, areas: int, last: date) -> int:
    """Write the deliveries, and a catalogue with these areas and months. Returns how many rows."""
    folder = room / "raw" / EXTRACT.name
    folder.mkdir(parents=True)
    catalogue = Built(room).catalogue
    shutil.copytree(settings.CATALOGUE, catalogue)
    year = {"financial_year": years.of_month(last)}  # the last that has a card, and so the end of the calendar
    edit(catalogue / "cards.csv", lambda rows: [*rows, rows[-1] | year])
    boroughs = [{"area": f"Area {each}", "kind": "area", "suppressed_with": ""} for each in range(1, areas + 1)]
    edit(catalogue / "areas.csv", lambda rows: [row for row in rows if row["kind"] == "whole"] + boroughs)
    written = 0
    with duckdb.connect() as connection:
        for delivery, month in enumerate(months.between(FIRST, last)):
            held = list(months.between(months.shift(month, 1 - HELD), month))
            query = WRITTEN.format(path=warehouse.literal(folder / f"{months.key(month)}.csv"))
            values = {"areas": areas, "groups": GROUPS, "months": held, "delivery": delivery}
            written += connection.execute(query, values).fetchall()[0][0]
    return written


def _validated_and_loaded(room: Path, last: date) -> Took:
    shutil.rmtree(room / "warehouse", ignore_errors=True)
    own = {
        "SCORECARD_RAW": str(room / "raw"),
        "SCORECARD_WAREHOUSE": str(room / "warehouse"),
        "SCORECARD_CATALOGUE": str(Built(room).catalogue),
    }
    return side("loading.validated", months.key(FIRST), months.key(last), **own)


def validated(first: str, last: str) -> Callable[[], list[int]]:
    """Taken, digested, kept in the vault, judged, compared with the one before, loaded, entered in the ledger."""
    with warehouse.writing() as connection:
        landed = landing.sync(connection, EXTRACT, months.parse(first), months.parse(last)).landed
    if kept_out := [each for each in landed if each.status != "loaded"]:
        raise Failed(f"not loaded: {kept_out[0]}")
    return _loaded


def _loaded() -> list[int]:
    with warehouse.reading() as connection:
        return list(connection.execute(READ.format(f"raw.{EXTRACT.name}")).fetchall()[0])


def _unchecked(module: str, room: Path) -> Took:
    took = side(f"{module}.load", room / "raw" / EXTRACT.name, room / module)
    with duckdb.connect() as connection:
        parquet = READ.format(f"read_parquet({warehouse.literal(took.answer)})")
        return took._replace(answer=list(connection.execute(parquet).fetchall()[0]))

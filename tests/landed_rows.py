"""Many deliveries landed as Parquet, their rows worked out from their place alone: the same on every machine.

Of two sorts: by borough, each delivery with the eleven months before it again; and a row a record, counted in staging.
"""

import csv
import shutil
from datetime import date
from pathlib import Path

import duckdb

from orchestration import months, settings, warehouse
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from orchestration.spark import landed

FIRST, LAST = date(2008, 1, 1), date(2009, 8, 1)
DELIVERED = list(months.between(FIRST, LAST))
RESTATED = 12  # months in a delivery, its own included
GROUPS = [
    word for column in BY_NAME["recorded_crime"].columns if column.name == "offence_group" for word in column.words
]

BY_BOROUGH = """
select
    months.month,
    'Borough ' || borough as borough,
    groups.name as offence_group,
    (borough * 7919 + groups.number * 104729 + months.number * 31 + {delivery} * 17) % 97 as offences,
    (borough * 7919 + groups.number * 104729 + months.number * 31 + {delivery} * 17) % 97 // 3 as sanction_detections,
    date '{delivered}' as delivery_month,
    row_number() over () + 1 as file_line,
    null as markers
from range(1, {boroughs} + 1) as boroughs (borough)
cross join (select unnest($groups) as name, generate_subscripts($groups, 1) as number) as groups
cross join (select unnest($months::date[]) as month, generate_subscripts($months::date[], 1) as number) as months
"""
A_RECORD = """
select
    date '{delivered}' as month,
    'System ' || record as system,
    cast(99 + record % 100 / 100 as decimal(18, 6)) as availability_percent,
    cast(99.5 as decimal(18, 6)) as target_percent,
    date '{delivered}' as delivery_month,
    record + 1 as file_line,
    null as markers
from range(1, {records} + 1) as records (record)
"""
# the list of deliveries, as all of these rows say it came about
LISTED = """
select
    '{extract}' as extract,
    delivery_month,
    strftime(delivery_month, '{extract}/%Y-%m.csv') as file,
    'digest ' || delivery_month as sha256,
    count(*) as rows_in,
    count(*) as rows_loaded,
    0 as rows_quarantined,
    true as due,
    'loaded' as status
from {rows}
group by delivery_month
"""


def land(rows: int, catalogue: Path) -> int:
    """Land about that many rows, and write the catalogue whose boroughs they are of. Returns how many it were."""
    by_month = {month: list(months.between(FIRST, month))[-RESTATED:] for month in DELIVERED}
    boroughs = max(2, rows * 6 // 10 // (len(GROUPS) * sum(map(len, by_month.values()))))
    records = rows * 4 // 10 // len(DELIVERED)
    _write_catalogue(catalogue, boroughs)
    for extract in EXTRACTS:
        landed.prepare(extract)
    landed_rows = 0
    with duckdb.connect() as connection:
        for number, month in enumerate(DELIVERED):
            by_borough = BY_BOROUGH.format(delivered=month, delivery=number, boroughs=boroughs)
            known = {"groups": GROUPS, "months": by_month[month]}
            landed_rows += _write(connection, "recorded_crime", month, by_borough, known)
            a_record = A_RECORD.format(delivered=month, records=records)
            landed_rows += _write(connection, "ict_availability", month, a_record, {})
        for extract in ("recorded_crime", "ict_availability"):
            _list(connection, extract)
    return landed_rows


def _write_catalogue(folder: Path, boroughs: int) -> None:
    shutil.copytree(settings.CATALOGUE, folder)
    with (folder / "areas.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["area", "kind", "suppressed_with"])
        writer.writerow(["Metropolitan Police", "whole", ""])
        writer.writerows([f"Borough {each}", "area", f"Boroughs {each // 3}"] for each in range(1, boroughs + 1))


def _write(connection, extract: str, month: date, rows: str, values: dict) -> int:
    """The rows in the columns and types of the extract's table, as a delivery that landed."""
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind, _ in raw_schema.columns(BY_NAME[extract]))
    path = landed.folder(extract) / f"{months.key(month)}.parquet"
    written = connection.execute(f"copy (select {columns} from ({rows})) to {warehouse.literal(path)}", values)
    return written.fetchall()[0][0]


def _list(connection, extract: str) -> None:
    path = landed.folder("deliveries") / f"{extract}.parquet"
    nothing = landed.folder("deliveries") / landed.NONE
    rows = f"read_parquet({warehouse.literal(landed.folder(extract) / '*.parquet')})"
    listed = LISTED.format(extract=extract, rows=rows)
    every_column = f"select * from read_parquet({warehouse.literal(nothing)}) union all by name {listed}"
    connection.execute(f"copy ({every_column}) to {warehouse.literal(path)}")

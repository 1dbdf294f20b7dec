"""Readers during many publications: no error, no mix of two releases, never backwards."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from tests.conftest import Built
from tests.torture.rooms import Outcome

READER = """
import json, sys, duckdb
from pathlib import Path

warehouse = Path(sys.argv[1])
seen, looks, wrong = [], 0, []
while not (warehouse / "stop").exists():
    try:
        folder = (warehouse / "current").resolve()
        with duckdb.connect(str(folder / "scorecard.duckdb"), read_only=True) as connection:
            name, told = connection.execute("select release from release").fetchone()[0], folder.name
            card = connection.execute("select distinct value from scorecard where line = '4a'").fetchall()
            table = connection.execute("select distinct numerator::double from rolling_year").fetchall()
    except Exception as error:
        wrong.append(repr(error))
        continue
    looks += 1
    if name != told or len(card) != 1 or card != table:
        wrong.append(f"{told}: {name}, {card}, {table}")
    number = int(name.rpartition("-r")[2])
    if seen and number < seen[-1]:
        wrong.append(f"backwards from r{seen[-1]} to r{number}")
    seen.append(number)
print(json.dumps([looks, wrong, len(set(seen))]))
"""
PUBLISHER = """
import sys
from datetime import date
import duckdb
from orchestration import editions, release, settings
from orchestration.scorecard import mart
from orchestration.editions import site
from orchestration.editions.reading import Reading
small = ("scorecard", "rolling_year", "changes", "measure_sources", "definitions", "deliveries")
mart.TABLES, mart.VIEWS = {name: mart.TABLES[name] for name in small}, {}
# one small edition, in a folder of its own as the real ones are
Reading.card = lambda reading, report_month: f"{report_month} of {reading.release}"
editions.EDITIONS = (lambda card, folder: (folder / "index.html").write_text(card),)
site.write_front = lambda reading, folder: (folder / "index.html").write_text(reading.release)
first = 1000 * int(sys.argv[2]) if len(sys.argv) > 2 else 0
for number in range(first, first + int(sys.argv[1])):
    with duckdb.connect(str(settings.database())) as connection:
        connection.execute("update scorecard.scorecard set value = ? where line = '4a'", [number])
        connection.execute("update aggregates.rolling_year set numerator = ?", [number])
    release.publish([date(2009, 8, 1)])
    print("published", flush=True)
"""

OF_AUGUST = "report_month = date '2009-08-01'"
SMALL = {
    "scorecard.scorecard": OF_AUGUST,
    "scorecard.changes": OF_AUGUST,
    "aggregates.indicators_as_of": OF_AUGUST,
    "aggregates.rolling_year": f"{OF_AUGUST} and measure = 'robbery'",
    "measures.measure_sources": OF_AUGUST,
    "measures.suppressed_months": "false",
    "raw.deliveries": "true",
    "reference.definitions": "true",
}


def run(times: int, sample: Built, readers: int = 2) -> Outcome:
    """Publish so many releases of one card, as fast as can be, while readers read as fast as they can."""
    with tempfile.TemporaryDirectory() as there:
        warehouse = Path(there)
        small_warehouse(sample, warehouse / "performance.duckdb")
        environment = {"SCORECARD_WAREHOUSE": there, "PATH": "", "PYTHONPATH": str(sample.project)}
        publish = [sys.executable, "-c", PUBLISHER]
        subprocess.run([*publish, "1"], env=environment, check=True, stdout=subprocess.DEVNULL)
        reading = [
            subprocess.Popen([sys.executable, "-c", READER, there], stdout=subprocess.PIPE, text=True)
            for _ in range(readers)
        ]
        began = time.monotonic()
        subprocess.run([*publish, str(times)], env=environment, check=True, stdout=subprocess.DEVNULL)
        took = time.monotonic() - began
        (warehouse / "stop").touch()
        told = [json.loads(reader.communicate(timeout=60)[0]) for reader in reading]
    looks, wrong = sum(looks for looks, *_ in told), [says for _, found, _ in told for says in found]
    measured = (
        f"{looks:,} looks of {readers} readers, who saw {max(seen for *_, seen in told)} releases in {took:.0f} s"
    )
    return Outcome("readers during publications", times, wrong, measured)


def small_warehouse(sample: Built, database: Path) -> None:
    """A working database with one card and one rolling year of the sample, and what notices are made of."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{sample.warehouse}/performance.duckdb' as whole (read_only)")
        for schema in ("scorecard", "aggregates", "measures", "raw", "reference"):
            connection.execute(f"create schema {schema}")
        for table, where in SMALL.items():
            connection.execute(f"create table {table} as from whole.{table} where {where}")

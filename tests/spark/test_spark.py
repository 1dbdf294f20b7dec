"""Staging and measures on a cluster: what comes back is what DuckDB makes, whatever happens to a worker meanwhile."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration import settings, warehouse
from orchestration.dbt import project
from orchestration.raw.landing import landing
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.spark import handover, landed
from orchestration.warehouse import ledger
from tests import cluster as clusters
from tests import landed_rows
from tests.conftest import PROJECT, Built, copy_of_the_project
from tests.deliveries import lines, month, own_folders, write

pytestmark = pytest.mark.slow

# how many rows are worked out, landed and measured by both engines
ROWS = int(os.environ.get("SCORECARD_SPARK_ROWS") or 200_000)
MEASURES = (
    "effective_deliveries",
    "series_as_of",
    "monthly_measures",
    "measure_sources",
    "suppressed_months",
    "peers_as_of",
)
PROGRAM = "orchestration.spark.dbt_on_a_cluster"
WEAPONS = BY_NAME["weapon_enabled_crime"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory):
    with clusters.running(tmp_path_factory.mktemp("cluster") / "here") as cluster:
        yield cluster


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_folders(tmp_path, monkeypatch)
    return tmp_path


def dbt(catalogue: Path, *arguments: str, program: str = "orchestration.dbt.child", **more: str) -> subprocess.Popen:
    """A dbt on the working database, or on the cluster, with that catalogue."""
    target = settings.warehouse() / "dbt" / program
    environment = project.environment() | {"SCORECARD_SEEDS": str(catalogue), "DBT_TARGET_PATH": str(target)}
    process = subprocess.Popen(
        [sys.executable, "-m", program, str(os.getpid())],
        cwd=PROJECT,
        env=os.environ | environment | more,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    process.stdin.write(json.dumps(arguments) + "\n")
    process.stdin.flush()
    return process


def ended_well(process: subprocess.Popen) -> None:
    says, _ = process.communicate(timeout=3600)
    assert process.returncode == 0, says


def differing(connection: duckdb.DuckDBPyConnection, ours: str, theirs: str) -> list[tuple]:
    """A few of the rows that one has and the other has not. A copied file has an inode of its own."""
    named = [name for name, *_ in connection.execute(f"describe select * from {theirs}").fetchall()]
    columns = ", ".join(f'"{name}"' for name in named if name != "file_state")
    return [
        row
        for one, other in ((ours, theirs), (theirs, ours))
        for row in connection.execute(
            f"select '{one}', * from (select {columns} from {one} except all select {columns} from {other}) limit 3"
        ).fetchall()
    ]


def test_the_sample_on_a_cluster_makes_every_table_and_the_release_that_duckdb_makes(cluster, sample, tmp_path):
    built = copy_of_the_project(tmp_path / "copy")
    on_a_cluster = {"SCORECARD_ENGINE": "spark", "SCORECARD_SPARK_MASTER": cluster.address}
    done = built.command("scorecard", **on_a_cluster, **cluster.settings)
    assert done.returncode == 0, done.stdout + done.stderr

    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.warehouse}/performance.duckdb' as spark (read_only)")
        connection.execute(f"attach '{sample.warehouse}/performance.duckdb' as duckdb (read_only)")
        compared = connection.execute(
            "select schema_name || '.' || table_name, estimated_size from duckdb_tables() "
            "where database_name = 'duckdb'"
        ).fetchall()
        assert {f"measures.{table}" for table in MEASURES} <= {table for table, rows in compared if rows}
        for table, _ in compared:
            assert not differing(connection, f"spark.{table}", f"duckdb.{table}"), table
    ours, theirs = (each.query("from scorecard order by all") for each in (built, sample))
    assert ours.equals(theirs)
    assert (built.warehouse / "landed" / "raw" / "recorded_crime" / "2009-08.parquet").exists()


def test_a_worker_that_is_lost_half_way_changes_nothing_of_what_many_rows_make(rooms):
    clusters.needed()
    catalogue = rooms / "catalogue"
    assert landed_rows.land(ROWS, catalogue) > ROWS * 0.8
    project.prepare()
    with warehouse.writing() as connection:
        warehouse.set_report_months(connection, landed_rows.DELIVERED[-2:])
        handover.show_deliveries(connection)
    ended_well(dbt(catalogue, "build", "--resource-type", "seed"))
    with warehouse.writing() as connection:
        handover.write_inputs(connection)
    not_there = ["--exclude", "path:models/aggregates", "resource_type:seed"]
    began = time.monotonic()
    ended_well(dbt(catalogue, "run", *not_there))
    duckdb_took, began = time.monotonic() - began, time.monotonic()

    # its own cluster, of which a worker goes once the widest table is being written
    with clusters.running(rooms / "cluster") as losing:
        at = handover.environment() | losing.settings | {"SCORECARD_SPARK_MASTER": losing.address}
        process = dbt(catalogue, "run", *not_there, "--target", "cluster", program=PROGRAM, **at)
        written = settings.cluster() / "made" / "measures.db" / "series_as_of"
        while process.poll() is None and not written.exists():
            time.sleep(0.05)
        assert process.poll() is None
        losing.kill_a_worker()
        ended_well(process)
    print(f"{ROWS} rows: DuckDB {duckdb_took:.0f} s, Spark with a lost worker {time.monotonic() - began:.0f} s")

    with warehouse.reading() as connection:
        for table in MEASURES[:-1]:  # peers are not among what is worked out
            connection.execute(f"create temp view spark_{table} as select * from {handover.rows_of(table)}")
            assert not differing(connection, f"spark_{table}", f"measures.{table}"), table
        counted = connection.execute("select count(*) from measures.monthly_measures where complete").fetchall()[0][0]
        assert counted


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"SCORECARD_ENGINE": "sparc"}, "SCORECARD_ENGINE is 'sparc': it can be duckdb or spark."),
        ({"SCORECARD_ENGINE": "spark"}, "SCORECARD_SPARK_MASTER is not set: give the cluster as spark://host:port."),
        (
            {"SCORECARD_ENGINE": "spark", "SCORECARD_SPARK_MASTER": "here:7077"},
            "SCORECARD_SPARK_MASTER 'here:7077' is no address of a master: give the cluster as spark://host:port.",
        ),
        (
            {"SCORECARD_ENGINE": "spark", "SCORECARD_SPARK_MASTER": "spark://127.0.0.1:1"},
            "No Spark master answers at spark://127.0.0.1:1: check SCORECARD_SPARK_MASTER, and that the cluster runs. "
            "Nothing was changed.",
        ),
    ],
)
def test_a_cluster_that_is_not_there_is_one_sentence_at_once(rooms, asked, says):
    if asked["SCORECARD_ENGINE"] == "spark":
        clusters.needed()
    began = time.monotonic()
    done = Built(PROJECT).command("scorecard", SCORECARD_WAREHOUSE=str(rooms / "warehouse"), **asked)
    assert (done.returncode, " ".join(done.stderr.split())) == (1, says)
    assert time.monotonic() - began < 30
    assert not (rooms / "warehouse" / "performance.duckdb").exists()


def test_extracts_land_at_the_same_time_without_the_working_database(rooms):
    """Two processes, each with an extract open until the other has one too."""
    names = ("weapon_enabled_crime", "criminal_networks")
    for name in names:
        write(rooms / "raw", name, "2009-08", lines(name, "2009-08"))
    program = """
import sys, time
from pathlib import Path
from orchestration import months
from orchestration.raw.landing import landing
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.spark import landed
mine, other = sys.argv[1:]
month = months.parse("2009-08")
with landed.opened(BY_NAME[mine], month) as connection:
    Path(mine).touch()
    while not Path(other).exists():
        time.sleep(0.01)
    (one,) = landing.sync(connection, BY_NAME[mine], month, month).landed
print(one.status, one.rows)
"""
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, *pair],
            cwd=rooms,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for pair in (names, reversed(names))
    ]
    said = [process.communicate(timeout=120)[0].split()[0] for process in both]
    assert said == ["loaded", "loaded"]
    assert not settings.database().exists()
    assert sorted(entry.body["extract"] for entry in ledger.entries("verdict")) == sorted(names)
    assert ledger.check().sequence == 4


def land(*held: str, delivered: str, offences: int = 10) -> str:
    write(settings.raw(), WEAPONS.name, delivered, lines(WEAPONS.name, *held, offences=offences))
    with landed.opened(WEAPONS, month(delivered)) as connection:
        return landing.sync(connection, WEAPONS, month(delivered), month(delivered)).landed[-1].status


def rows(table: str) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute(
            "select delivery_month, count(*), min(offences) "
            f"from read_parquet('{landed.folder(table)}/*.parquet') group by all order by all"
        ).fetchall()


def test_a_delivery_is_landed_once_replaced_whole_and_gone_with_its_file(rooms):
    months = ("2009-07", "2009-08")
    one_month = len(lines(WEAPONS.name, "2009-07")) - 1
    assert [land(each, delivered=each, offences=10 + n) for n, each in enumerate(months)] == ["loaded", "loaded"]
    before = {path: path.stat().st_mtime_ns for path in landed.folder(WEAPONS.name).iterdir()}
    assert land("2009-08", delivered="2009-08", offences=11) == "unchanged"
    assert {path: path.stat().st_mtime_ns for path in landed.folder(WEAPONS.name).iterdir()} == before
    assert land("2009-08", delivered="2009-08", offences=12) == "replaced"
    assert rows(WEAPONS.name) == [(month("2009-07"), one_month, 10), (month("2009-08"), one_month, 12)]

    (settings.raw() / WEAPONS.name / "2009-08.csv").unlink()
    with landed.opened(WEAPONS, month("2009-08")) as connection:
        landing.sync(connection, WEAPONS, month("2009-08"), month("2009-08"))
    assert rows(WEAPONS.name) == [(month("2009-07"), one_month, 10)]


def test_a_month_is_compared_with_what_is_known_of_it_although_its_rows_are_not_loaded(rooms):
    for offences, each in enumerate(("2009-05", "2009-06", "2009-07"), start=10):
        assert land(each, delivered=each, offences=offences) == "loaded"
    content = lines(WEAPONS.name, "2009-05", "2009-08", offences=11)
    restated = [row.rpartition(",")[0] + ",0" if row.startswith("2009-05") else row for row in content]
    write(settings.raw(), WEAPONS.name, "2009-08", restated)
    with landed.opened(WEAPONS, month("2009-08")) as connection:
        (one,) = landing.sync(connection, WEAPONS, month("2009-08"), month("2009-08")).landed
    assert one.status == "quarantined"
    assert "offences of 2009-05 are 0" in one.reason
    assert land("2009-05", "2009-08", delivered="2009-08", offences=11) == "loaded"


def test_a_warehouse_may_go_to_a_cluster_and_back(rooms):
    def in_the_database() -> list[tuple]:
        with warehouse.reading() as connection:
            return connection.execute(f"select count(*), max(offences) from raw.{WEAPONS.name}").fetchall()

    def loaded() -> list[tuple]:
        with warehouse.writing() as connection:
            landing.sync(connection, WEAPONS, month("2009-08"), month("2009-08"))
        return in_the_database()

    land("2009-08", delivered="2009-08")
    before = loaded()
    with landed.unchanged(), warehouse.writing() as connection:
        handover.show_deliveries(connection)
    assert in_the_database() == before
    assert loaded() == before


def test_nothing_is_landed_while_a_run_reads_it(rooms):
    program = """
from orchestration import months
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.warehouse.run_lock import InUse
from orchestration.spark import landed
try:
    with landed.opened(EXTRACTS[0], months.parse("2009-08")):
        print("opened")
except InUse as error:
    print(error)
"""

    def opened() -> str:
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    with landed.unchanged():
        assert "in use by a run on the cluster" in opened()
    assert opened() == "opened\n"

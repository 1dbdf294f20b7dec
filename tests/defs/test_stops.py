"""A run that stops for a known reason explains it once, without a trace, in the terminal and in Dagster."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration import catalogue, errors, release
from orchestration.dbt import project
from orchestration.defs import raw as raw_assets
from orchestration.defs.partitions import WAREHOUSE, range_tags
from orchestration.defs.resources import Warehouse
from orchestration.raw.files import vault
from orchestration.raw.landing import landing
from orchestration.warehouse import ledger, run_lock
from tests.conftest import PROJECT, Built, copied, edit
from tests.deliveries import lines, month, own_folders, write

NAME = "weapon_enabled_crime"
NO_TRACE = ("Traceback", "Stack Trace", "unexpectedly", "site-packages", "The above exception")


# what explains an error

EXPLAINED = {
    "the lock of a run": (run_lock.InUse("The warehouse is in use by a run"), "The warehouse is in use by a run"),
    "a changed ledger": (ledger.LedgerBroken("Entry 3 does not follow"), "Entry 3 does not follow"),
    "a lost delivery": (vault.VaultBroken("vault/ab/abc is missing"), "vault/ab/abc is missing"),
    "figures that differ": (release.AuditFailed("The cards are not"), "The cards are not"),
    "the catalogue": (catalogue.CatalogueError("areas.csv line 2"), "The catalogue does not hold together.\nareas.csv"),
    "the dbt project": (project.DoesNotParse("The dbt project does not parse"), "The dbt project does not parse"),
    "a full disk": (OSError(errno.ENOSPC, "No space left on device"), "The disk is full: make room where "),
    "a quota": (OSError(errno.EDQUOT, "Disk quota exceeded"), "The disk is full: make room where "),
    "a full disk under SQLite": (sqlite3.OperationalError("database or disk is full"), "The disk is full"),
    "a full disk under DuckDB": (duckdb.IOException("IO Error: No space left on device"), "The disk is full"),
    "no memory": (MemoryError(), "The run needs more than the 4GB of memory"),
    "no memory under DuckDB": (duckdb.OutOfMemoryException("failed to allocate"), "The run needs more than"),
    "a database that is open elsewhere": (
        duckdb.IOException('IO Error: Could not set lock on file "x.duckdb": held in duckdb (PID 7)'),
        "The warehouse is in use: duckdb (process 7) has it open. Wait for it, or close it there; then run again.",
    ),
    "a file of somebody else's": (
        PermissionError(errno.EACCES, "Permission denied", "/x"),
        "/x: Permission denied. Give the pipeline's user the right to it, then run again.",
    ),
}


@pytest.mark.parametrize("error, explained", EXPLAINED.values(), ids=EXPLAINED)
def test_each_known_reason_has_its_explanation_also_behind_other_errors(error, explained, tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    assert errors.explanation(error).startswith(explained)
    outer = RuntimeError("a step failed")
    outer.__cause__ = error
    assert errors.explanation(outer).startswith(explained)


@pytest.mark.parametrize("error", [KeyError("rows"), ValueError("no"), duckdb.BinderException("x"), OSError(5, "I/O")])
def test_a_mistake_of_the_pipeline_has_none(error, tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    assert errors.explanation(error) is None


# in Dagster


@pytest.fixture
def raw(tmp_path, monkeypatch) -> Path:
    own_folders(tmp_path, monkeypatch)
    write(tmp_path / "raw", NAME, "2009-08", lines(NAME, "2009-08"))
    return tmp_path / "raw"


def recorded() -> list[str]:
    """What Dagster records of the failures of a run of one extract, as its pages show it."""
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", NAME]))
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [asset],
            instance=instance,
            resources={WAREHOUSE: Warehouse()},
            raise_on_error=False,
            tags=range_tags(month("2009-08"), month("2009-08")),
        )
        found = [entry.dagster_event for entry in instance.all_logs(result.run_id) if entry.dagster_event]
    shown = [event.event_specific_data.error for event in found if event.is_failure]
    return [error.to_string() for error in shown if error]


@contextmanager
def held_by_another_run() -> Iterator[None]:
    program = "from orchestration.warehouse import run_lock\nwith run_lock.held('a run'): print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "\n"
        yield
        other.communicate("\n")


def take_the_folder_away(raw: Path) -> None:
    (raw / NAME / "2009-08.csv").unlink()
    (raw / NAME).rmdir()
    raw.rmdir()


def append_a_byte(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x")


def break_the_ledger(raw: Path) -> None:
    recorded()
    append_a_byte(ledger.path())
    (raw / NAME / "2009-08.csv").write_text("another")


STOPS = {
    "no folder of deliveries": (take_the_folder_away, "There is no folder of deliveries"),
    "a ledger that was changed": (break_the_ledger, "ledger.sqlite was changed by something else than this pipeline"),
}


@pytest.mark.parametrize("stop, sentence", STOPS.values(), ids=STOPS)
def test_dagster_records_the_explanation_of_a_stop_and_no_trace(raw, stop, sentence):
    stop(raw)
    found = recorded()
    assert found
    for shown in found:
        assert sentence in shown
        assert [sign for sign in NO_TRACE[1:4] if sign in shown] == []


def test_dagster_records_who_holds_the_warehouse_and_no_trace(raw):
    with held_by_another_run():
        found = recorded()
    assert found
    for shown in found:
        assert "The warehouse is in use by a run (process" in shown
        assert "Stack Trace" not in shown


def test_a_mistake_of_the_pipeline_keeps_its_trace_also_after_a_stop(raw, monkeypatch):
    with held_by_another_run():
        recorded()
    monkeypatch.setattr(landing, "sync", lambda *_, **__: {}["rows"])
    assert "KeyError: 'rows'" in recorded()[0]
    assert 'test_stops.py", line' in recorded()[0]


# by command


def stopped(built: Built, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A run that stops: with one explanation, no trace, and what stays."""
    done = built.command(*(arguments or ("scorecard", "--from", "2009-08", "--to", "2009-08")), **settings)
    assert done.returncode == 1
    assert [sign for sign in NO_TRACE if sign in done.stderr] == []
    assert done.stderr.count("Nothing was published") == 1
    assert done.stderr.rstrip().endswith("Nothing was published. 2009-08-r1 stays the release to read.")
    return done


def restate(built: Built) -> None:
    """A figure of the published card that comes out otherwise, under a sentence nobody changed."""

    def more(rows: list[dict]) -> list[dict]:
        for row in rows:
            if row["month"] == "2009-08" and row["offence_group"] == "residential_burglary":
                row["offences"] = str(int(row["offences"]) + 20)
        return rows

    edit(built.raw / "recorded_crime" / "2009-08.csv", more)


def damage_the_vault(built: Built) -> None:
    """A byte of a delivery that a run reads only for the audit."""
    (sha256,) = built.query(
        "select sha256 from deliveries where extract = 'recorded_crime' and delivery_month = date '2009-05-01'"
    ).row(0)
    kept = built.warehouse / "vault" / sha256[:2] / sha256
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes().replace(b"2009-05", b"2009-06", 1))


def contradict_the_catalogue(built: Built) -> None:
    path = built.catalogue / "areas.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",area,", ",aria,", 1), encoding="utf-8")


BY_COMMAND = {
    "sentences that fell behind their numbers": (restate, "The numbers in these sentences changed since they were"),
    "a damaged file of the vault": (damage_the_vault, "was changed"),
    "a catalogue that contradicts itself": (contradict_the_catalogue, "The catalogue does not hold together."),
    "a ledger that was changed": (
        lambda built: append_a_byte(built.warehouse / "ledger.sqlite"),
        "ledger.sqlite was changed by something else than this pipeline",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("stop, sentence", BY_COMMAND.values(), ids=BY_COMMAND)
def test_the_terminal_shows_the_explanation_of_a_stop_once_and_no_trace(sample, tmp_path, stop, sentence):
    copy = copied(sample, tmp_path)
    stop(copy)
    assert stopped(copy).stderr.count(sentence) == 1


OTHERS = {
    "accept": ("--file", "recorded_crime/2009-08.csv", "--reason", "it is right"),
    "confirm": ("--month", "2009-08", "--reason", "the words hold"),
    "whatif": (),
}
HELD = "import duckdb, sys\nwith duckdb.connect(sys.argv[1]): print(flush=True); input()"


@pytest.mark.slow
@pytest.mark.parametrize("command, arguments", OTHERS.items(), ids=OTHERS)
def test_the_other_commands_explain_a_database_that_is_open_elsewhere(sample, command, arguments):
    program = [sys.executable, "-c", HELD, sample.warehouse / "performance.duckdb"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "\n"
        done = sample.command(command, *arguments, SCORECARD_WAIT_SECONDS="0")
        other.communicate("\n")
    assert done.returncode == 1
    assert "The warehouse is in use: " in done.stderr
    assert [sign for sign in NO_TRACE if sign in done.stderr] == []


@pytest.mark.slow
def test_a_run_that_is_interrupted_says_so_and_what_stays(sample, tmp_path):
    copy = copied(sample, tmp_path)
    with copy.started("scorecard", "--from", "2009-08", "--to", "2009-08") as run:
        next(line for line in run.stderr if line.startswith("  raw "))
        time.sleep(1)
        os.kill(run.pid, signal.SIGINT)
        _, rest = run.communicate(timeout=60)
    assert run.returncode == 1
    assert rest.rstrip().endswith(
        "The run was interrupted.\nNothing was published. 2009-08-r1 stays the release to read."
    )
    assert "Traceback" not in rest


@pytest.mark.slow
def test_a_run_that_changes_nothing_says_that_nothing_was_published_why_and_what_stays(sample, tmp_path):
    done = copied(sample, tmp_path).command("scorecard", "--from", "2007-02", "--to", "2007-03")
    assert done.returncode == 0
    assert "new card" not in done.stdout
    assert (
        "\nNothing was published: no card and no table of 2009-08-r1 would change. It stays the release to read.\n"
    ) in done.stdout
    assert (
        "There is no card of 2007-02 to 2007-03: no financial year of the catalogue's cards.csv has it." in done.stdout
    )


@pytest.mark.slow
def test_a_first_run_of_months_without_a_card_says_so_and_is_no_mistake(sample, tmp_path):
    copy = copied(sample, tmp_path)
    subprocess.run(["rm", "-r", copy.warehouse], check=True)
    done = copy.command("scorecard", "--from", "2007-02", "--to", "2007-02")
    assert done.returncode == 0
    assert "2007-02-r1: no card yet\nThere is no card of 2007-02: no financial year of" in done.stdout

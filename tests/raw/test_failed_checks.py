"""An exception while one file is handled costs that file; what is wrong with the machine stops the run."""

import errno
import sqlite3
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from orchestration import settings, warehouse
from orchestration.defs import raw as raw_assets
from orchestration.defs.partitions import WAREHOUSE
from orchestration.defs.resources import Warehouse
from orchestration.raw.checks import contracts, validation
from orchestration.raw.comparison import plausibility
from orchestration.raw.files import intake
from orchestration.raw.landing import failures, landing, raw_tables
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import ledger
from tests.deliveries import lines, month, own_folders, write

NAME = "weapon_enabled_crime"
MONTHS = ("2009-06", "2009-07", "2009-08")
BAD = f"{NAME}/2009-07.csv"


@pytest.fixture(autouse=True)
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_folders(tmp_path, monkeypatch)
    for number, each in enumerate(MONTHS):
        write(tmp_path / "raw", NAME, each, lines(NAME, each, offences=10 + number))
    return tmp_path / "raw"


def sync() -> landing.Synced:
    with warehouse.writing() as connection:
        return landing.sync(connection, BY_NAME[NAME], month(MONTHS[0]), month(MONTHS[-1]))


def statuses(synced: landing.Synced) -> list[str]:
    return [each.status for each in synced.landed]


def verdicts() -> dict[str, tuple]:
    """The last verdict of the ledger on each file."""
    return {
        entry.body["file"]: (entry.body["status"], entry.body["rows_loaded"], entry.body["codes"])
        for entry in ledger.entries("verdict")
    }


# where a file is handled, and what an exception there has to do with the bad one


def in_intake(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    ingest = intake.ingest

    def failing(extract, path, *rest):
        if path.name == "2009-07.csv":
            raise error
        return ingest(extract, path, *rest)

    patch.setattr(intake, "ingest", failing)


def in_validation(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    typed = contracts.typed

    def failing(extract, text, **more):
        if (text["delivery_month"] == month("2009-07")).any():
            raise error
        return typed(extract, text, **more)

    patch.setattr(contracts, "typed", failing)


def in_comparison(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    compare = plausibility.compare

    def failing(extract, now, *rest, **more):
        if now.file == BAD:
            raise error
        return compare(extract, now, *rest, **more)

    patch.setattr(plausibility, "compare", failing)


def in_storing(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    store = raw_tables.replace

    def failing(connection, extract, landings):
        store(connection, extract, landings)
        if any(it.file == BAD and it.rows.height for it in landings):
            raise error

    patch.setattr(raw_tables, "replace", failing)


WHERE = {"taken": in_intake, "validated": in_validation, "compared": in_comparison, "stored": in_storing}
ERRORS = {
    "KeyError": KeyError("a column"),
    "polars": pl.exceptions.ComputeError("no such thing"),
    "a panic": pl.exceptions.PanicException("index out of bounds"),
    "pandera's kind": ValueError("x" * 10_000),
    "conversion": duckdb.ConversionException("Could not convert"),
    "of the file": OSError(errno.EIO, "Input/output error"),
}


@pytest.mark.parametrize("put", WHERE.values(), ids=WHERE)
@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_an_exception_costs_the_file_that_meets_it_and_the_others_are_loaded(monkeypatch, put, error):
    put(monkeypatch, error)
    synced = sync()
    assert statuses(synced) == ["loaded", "rejected", "loaded"]
    reason = synced.landed[1].reason
    assert reason.startswith(f"{BAD}: checking this file failed unexpectedly ({type(error).__name__}")
    assert reason.endswith("so nothing of it counts: report it with the file; the other deliveries are unaffected")
    assert len(reason) < 500
    ((sentence, cause),) = synced.failed.items()
    assert sentence == reason
    assert cause.startswith("Traceback") and "in failing" in cause
    said = verdicts()
    assert said[BAD] == ("rejected", 0, ["failed_check"])
    assert [said[f"{NAME}/{each}.csv"][:2] for each in (MONTHS[0], MONTHS[2])] == [("loaded", 224)] * 2
    # nowhere is it said that it was loaded
    assert not [it for it in ledger.entries("verdict") if it.body["file"] == BAD and it.body["status"] == "loaded"]


@pytest.mark.parametrize("put", WHERE.values(), ids=WHERE)
def test_the_next_run_tries_again(raw, monkeypatch, put):
    with monkeypatch.context() as patch:
        put(patch, KeyError("a column"))
        sync()
    synced = sync()
    assert statuses(synced) == ["unchanged", "loaded", "unchanged"]
    assert synced.failed == {}


def new_in_validation(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    typed = contracts.typed

    def failing(extract, text, **more):
        if (text["offences"] == NEW).any():
            raise error
        return typed(extract, text, **more)

    patch.setattr(contracts, "typed", failing)


def new_in_comparison(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    compare = plausibility.compare

    def failing(extract, now, *rest, **more):
        if now.rows["offences"].max() == int(NEW):
            raise error
        return compare(extract, now, *rest, **more)

    patch.setattr(plausibility, "compare", failing)


def new_in_storing(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    store = raw_tables.replace

    def failing(connection, extract, landings):
        if any(it.rows.height and it.rows["offences"].max() == int(NEW) for it in landings):
            raise error
        store(connection, extract, landings)

    patch.setattr(raw_tables, "replace", failing)


NEW = "38"  # the highest figure of the file that comes newly
ONLY_NEW = {in_validation: new_in_validation, in_comparison: new_in_comparison, in_storing: new_in_storing}


@pytest.mark.parametrize("put", WHERE.values(), ids=WHERE)
def test_a_replacement_whose_check_fails_waits_and_the_valid_one_stays(raw, monkeypatch, put):
    sync()
    with warehouse.reading() as connection:
        before = connection.sql(f"from raw.{NAME} order by all").pl()
    write(raw, NAME, "2009-07", lines(NAME, "2009-07", offences=14))
    ONLY_NEW.get(put, put)(monkeypatch, KeyError("a column"))
    synced = sync()
    assert [synced.landed[1].status, synced.landed[1].waiting] == ["unchanged", "rejected"]
    assert "failed unexpectedly (KeyError: 'a column')" in synced.landed[1].waiting_reason
    assert list(synced.failed) == [synced.landed[1].waiting_reason]
    with warehouse.reading() as connection:
        assert connection.sql(f"from raw.{NAME} order by all").pl().equals(before)


def test_rows_that_are_lost_on_the_way_cost_their_file(raw, monkeypatch):
    check = validation.check

    def losing(extract, batch):
        found = check(extract, batch)
        return [replace(it, rows=it.rows.head(-1)) if it.delivery.file == BAD else it for it in found]

    monkeypatch.setattr(validation, "check", losing)
    synced = sync()
    assert statuses(synced) == ["loaded", "rejected", "loaded"]
    assert "DoesNotAddUp: 224 rows came in, but 223 are loaded, 0 quarantined and 0 left out" in synced.landed[1].reason
    with warehouse.reading() as connection:
        found = connection.execute(f"select delivery_month, count(*) from raw.{NAME} group by all order by all")
        assert found.fetchall() == [(month(each), 224) for each in (MONTHS[0], MONTHS[2])]
    assert verdicts()[BAD] == ("rejected", 0, ["failed_check"])


OF_THE_RUN = {
    "the disk is full": OSError(errno.ENOSPC, "No space left on device"),
    "no memory": MemoryError(),
    "duckdb has no memory": duckdb.OutOfMemoryException("out of memory"),
    "the database is locked": duckdb.IOException("Could not set lock on file"),
    "the ledger": sqlite3.OperationalError("database is locked"),
    "too many files are open": OSError(errno.EMFILE, "Too many open files"),
    "somebody ends it": KeyboardInterrupt(),
}


@pytest.mark.parametrize("put", WHERE.values(), ids=WHERE)
@pytest.mark.parametrize("error", OF_THE_RUN.values(), ids=OF_THE_RUN)
def test_what_is_wrong_with_the_machine_stops_the_run_and_loads_nothing(monkeypatch, put, error):
    with monkeypatch.context() as patch, pytest.raises(type(error)):
        put(patch, error)
        sync()
    with warehouse.reading() as connection:
        assert not connection.execute("select * from raw.deliveries where file = ?", [BAD]).fetchall()


def test_what_was_caused_by_the_machine_is_of_the_machine():
    for cause in (OSError(errno.ENOSPC, "full"), sqlite3.DatabaseError("disk image is malformed")):
        try:
            try:
                raise cause
            except (OSError, sqlite3.Error):
                raise KeyError("meanwhile")  # noqa: B904 - as it happens
        except KeyError as error:
            assert failures.stops_the_run(error)
    assert not failures.stops_the_run(OSError(errno.EIO, "Input/output error"))
    ours = OSError(errno.EACCES, "Permission denied", str(settings.warehouse() / "vault" / "ab"))
    assert failures.stops_the_run(ours)


def test_a_failed_check_shows_in_dagster_with_its_cause_and_does_not_stop_the_run(monkeypatch):
    in_comparison(monkeypatch, KeyError("a column"))
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", NAME]))
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [asset],
            instance=instance,
            resources={WAREHOUSE: Warehouse()},
            tags={"dagster/asset_partition_range_start": MONTHS[0], "dagster/asset_partition_range_end": MONTHS[-1]},
        )
        logged = [it for it in instance.all_logs(result.run_id) if it.level == 40]
    assert result.success
    (error,) = [it.user_message for it in logged]
    assert f"{BAD}: checking this file failed unexpectedly" in error
    assert 'File "' in error and "KeyError: 'a column'" in error
    check = next(it for it in result.get_asset_check_evaluations() if it.check_name == "valid")
    assert not check.passed and "failed unexpectedly" in check.metadata["what is wrong"].value
    told = {it.partition: it.metadata["status"].value for it in result.asset_materializations_for_node(f"raw__{NAME}")}
    assert told == {"2009-06": "loaded", "2009-07": "rejected", "2009-08": "loaded"}

"""Deliveries that raw/ holds otherwise than they were loaded, while a run does not look at them."""

import os
import shutil
import time
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import duckdb
import openpyxl
import pytest

from orchestration import settings, warehouse
from orchestration.defs import raw as raw_assets
from orchestration.defs.partitions import WAREHOUSE
from orchestration.defs.resources import Warehouse
from orchestration.defs.schedules import monthly_scorecard
from orchestration.raw.files.folder import NoFolder
from orchestration.raw.landing import acceptance, landing, raw_tables, stale_deliveries
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.release import verifying
from tests.deliveries import ADDED_TO_DELIVERIES, copy_of_the_sample, lines, month, own_folders, write

MAY, JUNE, JULY, AUGUST = (date(2009, number, 1) for number in (5, 6, 7, 8))
WEAPONS = "weapon_enabled_crime"
PROOF = "raw/ holds what was loaded, or what waits"


@pytest.fixture(autouse=True)
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its own raw folder with the sample's last deliveries, and its own warehouse."""
    return copy_of_the_sample(own_folders(tmp_path, monkeypatch), "*/2009-0[678].*")


def sync(name: str, first: date = AUGUST, last: date = AUGUST) -> landing.Synced:
    with warehouse.writing() as connection:
        return landing.sync(connection, BY_NAME[name], first, last)


def rows(name: str) -> list[tuple]:
    with warehouse.reading() as connection:
        return connection.execute(f'select * from raw."{name}" order by all').fetchall()


def not_used(name: str) -> dict[date, str]:
    """What the list of deliveries says of them."""
    with warehouse.reading() as connection:
        lines_ = raw_tables.listed(connection, BY_NAME[name])
    return {of: line["not_used"] for of, line in lines_.items() if line["not_used"]}


def seen() -> list[str]:
    """What anybody sees who compares, without a run."""
    with warehouse.reading() as connection:
        return [each.sentence("the release") for each in stale_deliveries.deliveries(connection, settings.raw())]


def one_more(path: Path) -> None:
    """The last figure of a CSV one higher."""
    *first, last = path.read_text(encoding="utf-8").splitlines()
    cells = last.split(",")
    path.write_text("\n".join([*first, ",".join([*cells[:-1], str(int(cells[-1]) + 1)])]) + "\n", encoding="utf-8")


def one_more_in_a_workbook(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cell = book.active.cell(book.active.max_row, 2)
    cell.value = int(cell.value) + 1
    book.save(path)


def other_words(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("New Home Office", "The Home Office"), encoding="utf-8")


def unreadable(path: Path) -> None:
    path.write_bytes(b"<html>")


CHANGED = {
    "a CSV by one": (WEAPONS, "2009-07.csv", one_more),
    "a CSV of another extract, two months before": ("recorded_crime", "2009-06.csv", one_more),
    "a workbook": ("officer_recruitment", "2009-07.xlsx", one_more_in_a_workbook),
    "comments": ("commentary", "2009-06.csv", other_words),
    "by what cannot be read": ("youth_violence", "2009-07.csv", unreadable),
}


@pytest.mark.parametrize(("name", "file", "change"), CHANGED.values(), ids=CHANGED)
def test_a_file_changed_since_it_was_loaded_is_named_by_a_run_of_the_newest_month(raw, name, file, change):
    sync(name, JUNE)
    before, of = rows(name), month(file[:7])
    content = (raw / name / file).read_bytes()
    change(raw / name / file)
    assert (raw / name / file).read_bytes() != content
    says = f"{name}/{file} was changed since it was loaded and is not used by this run: run FROM={file[:7]}"
    assert sync(name).stale == [says]
    assert not_used(name) == {of: says}
    assert rows(name) == before
    assert seen() == [says.replace("this run", "the release")]
    # the run that it says takes it in, and nothing is stale any more
    assert sync(name, of).stale == [] == seen()
    assert not_used(name) == {}
    assert sync(name).stale == []
    with warehouse.reading() as connection:
        line = raw_tables.listed(connection, BY_NAME[name])[of]
    assert line["waiting_status"] == ("rejected" if change is unreadable else None)


@pytest.mark.parametrize(
    ("name", "file"),
    [(WEAPONS, "2009-07.csv"), ("ict_availability", "2009-06.xlsx"), ("recorded_crime", "2009-06.csv")],
)
def test_a_file_taken_away_after_it_was_loaded_is_named_and_stays_effective_before_the_run(raw, name, file):
    sync(name, JUNE)
    before, of = rows(name), month(file[:7])
    (raw / name / file).rename(raw / "taken away")
    says = f"{name}/{file} was loaded and is gone from raw/: its rows stay effective; put it back, or run FROM="
    (said,) = sync(name).stale
    assert said.startswith(says) and said.endswith(f"FROM={file[:7]} to do without it")
    assert not_used(name) == {of: said}
    assert rows(name) == before
    assert seen() == [said]
    # a run over its month does without it, and keeps on saying that it once was there
    synced = sync(name, of)
    gone = next(each for each in synced.landed if each.month == of)
    says = f"{name}/{file} was loaded and is gone from raw/: its rows no longer count; put it back and run again"
    assert (gone.status, gone.file) == ("removed", None)
    assert gone.reason.startswith(says)
    again = next(each for each in sync(name, of).landed if each.month == of)
    assert (again.status, again.reason) == ("no delivery", gone.reason)
    (raw / "taken away").rename(raw / name / file)
    back = next(each for each in sync(name, of).landed if each.month == of)
    assert (back.status, back.reason) == ("loaded", None)
    assert rows(name) == before


def test_a_month_for_which_nothing_ever_came_is_not_said_to_be_gone(raw):
    (raw / WEAPONS / "2009-07.csv").unlink()
    july = next(each for each in sync(WEAPONS, JUNE).landed if each.month == JULY)
    assert (july.status, july.reason, july.due) == ("no delivery", None, True)
    assert seen() == []


def test_a_delivery_after_the_run_s_months_is_named_as_well(raw):
    sync(WEAPONS, JUNE)
    one_more(raw / WEAPONS / "2009-08.csv")
    assert sync(WEAPONS, JULY, JULY).stale == [
        f"{WEAPONS}/2009-08.csv was changed since it was loaded and is not used by this run: run FROM=2009-08"
    ]


def test_a_file_that_was_only_touched_copied_or_changed_back_is_not_stale(raw):
    sync(WEAPONS, JUNE)
    path = raw / WEAPONS / "2009-07.csv"
    path.touch()
    assert sync(WEAPONS).stale == []
    shutil.copy(path, raw / "copy")
    (raw / "copy").replace(path)
    assert sync(WEAPONS).stale == [] == seen()
    content = path.read_bytes()
    one_more(path)
    assert len(sync(WEAPONS).stale) == 1
    path.write_bytes(content)
    assert sync(WEAPONS).stale == [] == seen()
    assert not_used(WEAPONS) == {}


def test_a_file_whose_state_is_known_is_not_read_again(raw, monkeypatch):
    sync(WEAPONS, JUNE)
    read = []
    digest = stale_deliveries.digest_of
    monkeypatch.setattr(stale_deliveries, "digest_of", lambda path: read.append(path.name) or digest(path))
    sync(WEAPONS)
    assert (seen(), read) == ([], [])
    (raw / WEAPONS / "2009-07.csv").touch()
    sync(WEAPONS)
    sync(WEAPONS)
    assert (seen(), read) == ([], ["2009-07.csv"])


def test_a_file_that_may_still_be_written_is_named_too(raw, monkeypatch):
    """The run of the newest month waits for its own files alone."""
    sync(WEAPONS, JUNE)
    one_more(raw / WEAPONS / "2009-07.csv")
    manifest = raw / WEAPONS / "2009-08.csv.sha256"
    manifest.write_text(f"{stale_deliveries.digest_of(raw / WEAPONS / '2009-08.csv')}")
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "3600")
    began = time.monotonic()
    assert "2009-07.csv was changed since it was loaded" in sync(WEAPONS).stale[0]
    assert time.monotonic() - began < 60


def a_link(path: Path) -> None:
    path.rename(path.with_name("_other"))
    path.symlink_to(path.with_name("_other"))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("put", [a_link, a_folder, a_pipe])
def test_what_lies_in_the_place_of_a_file_is_a_change(raw, put):
    sync(WEAPONS, JUNE)
    put(raw / WEAPONS / "2009-07.csv")
    says = f"{WEAPONS}/2009-07.csv was changed since it was loaded and is not used by this run: run FROM=2009-07"
    assert sync(WEAPONS).stale == [says]
    assert len(seen()) == 1
    # once a run has looked at it, it waits, and is no longer said to be unused
    sync(WEAPONS, JULY)
    assert sync(WEAPONS).stale == [] == seen()


def test_a_replacement_that_waits_is_no_change_and_one_accepted_since_is(raw):
    sync(WEAPONS, JUNE)
    write(raw, WEAPONS, "2009-07", lines(WEAPONS, "2009-07", offences=900))
    sync(WEAPONS, JULY)
    assert sync(WEAPONS).stale == [] == seen()
    acceptance.accept(f"{WEAPONS}/2009-07.csv", "there was a riot")
    says = f"{WEAPONS}/2009-07.csv was accepted and is not used by this run: run FROM=2009-07"
    assert sync(WEAPONS).stale == [says]
    assert not_used(WEAPONS) == {JULY: says}
    sync(WEAPONS, JULY)
    assert seen() == []


def test_a_delivery_that_is_not_effective_is_looked_at_by_every_run_and_never_stale(raw):
    unreadable(raw / WEAPONS / "2009-07.csv")
    sync(WEAPONS, JUNE)
    copy_of_the_sample(raw, f"{WEAPONS}/2009-07.csv")
    assert seen() == []
    synced = sync(WEAPONS)
    assert (synced.stale, synced.landed[0].status) == ([], "loaded")


# who names it


def test_verify_proves_that_raw_holds_what_was_loaded(raw, monkeypatch):
    assert dict(verifying.proofs())[PROOF] == []  # nothing was loaded yet
    sync(WEAPONS, JUNE)
    assert dict(verifying.proofs())[PROOF] == []
    one_more(raw / WEAPONS / "2009-06.csv")
    (raw / WEAPONS / "2009-07.csv").unlink()
    assert [said.split(" since")[0].split(":")[0] for said in dict(verifying.proofs())[PROOF]] == [
        f"{WEAPONS}/2009-06.csv was changed",
        f"{WEAPONS}/2009-07.csv was loaded and is gone from raw/",
    ]
    monkeypatch.setenv("SCORECARD_RAW", str(raw / "nowhere"))
    assert dict(verifying.proofs())[PROOF] == [
        f"There is no folder of deliveries {raw / 'nowhere'}: make it, or say where it is with SCORECARD_RAW."
    ]
    with warehouse.reading() as connection, pytest.raises(NoFolder):
        stale_deliveries.deliveries(connection, raw / "nowhere")


def test_a_warehouse_of_an_earlier_version_is_compared_as_well(raw):
    sync(WEAPONS, JUNE)
    with warehouse.writing() as connection:
        for name in ADDED_TO_DELIVERIES:
            connection.execute(f"alter table raw.deliveries drop column {name}")
    assert seen() == []
    one_more(raw / WEAPONS / "2009-07.csv")
    assert len(seen()) == 1


def test_dagster_names_it_on_the_asset_and_its_check(raw):
    sync(WEAPONS, JUNE)
    one_more(raw / WEAPONS / "2009-06.csv")
    (raw / WEAPONS / "2009-07.csv").unlink()
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", WEAPONS]))
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [asset],
            instance=instance,
            resources={WAREHOUSE: Warehouse()},
            tags={"dagster/asset_partition_range_start": "2009-08", "dagster/asset_partition_range_end": "2009-08"},
        )
        warned = [it.user_message for it in instance.all_logs(result.run_id) if it.level == 30]
    check = next(it for it in result.get_asset_check_evaluations() if it.check_name == "valid")
    assert not check.passed
    for said in (f"{WEAPONS}/2009-06.csv was changed since", f"{WEAPONS}/2009-07.csv was loaded and is gone"):
        assert said in check.metadata["what is wrong"].value
        assert [text for text in warned if text.startswith(said)]
    assert check.metadata["due, but not delivered"].value == "none"


def asked() -> dg.RunRequest:
    """What the schedule asks for on the 8th working day of September 2009."""
    at = datetime(2009, 9, 10, 7, tzinfo=UTC)
    with dg.instance_for_test() as instance:
        return monthly_scorecard(dg.build_schedule_context(instance=instance, scheduled_execution_time=at))


def months_of(request: dg.RunRequest) -> tuple[str, str]:
    first, last = (request.tags.get(f"dagster/asset_partition_range_{end}") for end in ("start", "end"))
    month = request.partition_key or request.tags.get("dagster/partition")
    return (first or month, last or month)


def test_the_scheduled_run_begins_with_the_earliest_delivery_that_was_changed(raw):
    assert months_of(asked()) == ("2009-08", "2009-08")  # nothing was loaded yet
    for name in (WEAPONS, "recorded_crime"):
        sync(name, JUNE)
    assert months_of(asked()) == ("2009-08", "2009-08")
    one_more(raw / WEAPONS / "2009-08.csv")
    assert months_of(asked()) == ("2009-08", "2009-08")
    one_more(raw / WEAPONS / "2009-07.csv")
    assert months_of(asked()) == ("2009-07", "2009-08")
    one_more(raw / "recorded_crime" / "2009-06.csv")
    request = asked()
    assert months_of(request) == ("2009-06", "2009-08")
    assert request.run_key is None  # which Dagster would remember for ever


def test_the_scheduled_run_does_not_do_without_what_is_gone(raw):
    """To drop figures is for a person to decide: the run names the file, and uses what was loaded."""
    sync(WEAPONS, JUNE)
    (raw / WEAPONS / "2009-06.csv").unlink()
    assert months_of(asked()) == ("2009-08", "2009-08")


def test_the_schedule_asks_for_the_newest_month_where_the_warehouse_cannot_be_read(raw):
    settings.database().parent.mkdir(parents=True)
    settings.database().write_bytes(b"no database" * 1000)
    with pytest.raises(duckdb.Error), warehouse.reading():
        pass
    assert months_of(asked()) == ("2009-08", "2009-08")

"""A publication that stops half-way: readers have a whole release, and the next run completes or undoes the rest."""

import inspect
import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import duckdb
import pytest

from orchestration import release, settings
from orchestration.release import folder, noticing, publishing, tables, verifying
from orchestration.warehouse import files, ledger
from tests.release.releases import AUGUST, Stopped, assert_whole, change, failing, hold, names, stop

# what publishing does to the disk, beside the steps of its own modules
STEPS = [
    *[(Path, name) for name in ("mkdir", "write_bytes", "chmod", "rename", "symlink_to")],
    *[(os, name) for name in ("fsync", "link")],
    *[
        (tables, name)
        for name, it in inspect.getmembers(tables, inspect.isfunction)
        if it.__module__ == tables.__name__
    ],
    *[(publishing, name) for name in ("point_to", "enter", "keep_the_last")],
    *[(noticing, name) for name in ("write", "write_lines")],
    (folder, "write_manifest"),
    (ledger, "append"),
]


def problems() -> list[str]:
    """What `make verify` finds."""
    return [sentence for _, found in verifying.proofs() for sentence in found]


def publish_but_stop_at(number: int) -> str | None:
    """Publish August, and stop before the step of this number. Returns the step, or None where it came through."""
    done = count(1)

    def stopping(does: Callable, name: str) -> Callable:
        def step(*arguments, **named):
            if next(done) == number:
                raise Stopped(name)
            return does(*arguments, **named)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, stopping(getattr(owner, name), name))
        try:
            release.publish([AUGUST])
        except Stopped as stopped:
            return str(stopped)
    return None


@pytest.mark.slow
def test_whatever_step_fails_a_whole_release_is_current_and_the_next_run_mends_the_rest(july, tmp_path, monkeypatch):
    hold(AUGUST)
    stopped_at, ended = [], set()
    for number in count(1):
        copy = Path(shutil.copytree(july, tmp_path / f"copy {number}", symlinks=True))
        monkeypatch.setenv("SCORECARD_WAREHOUSE", str(copy))
        step = publish_but_stop_at(number)
        if step is None:
            break
        stopped_at.append(step)
        assert release.current().name in ("2009-07-r1", "2009-08-r1"), f"stopped at {number}, {step}"
        assert_whole(release.current().folder)
        moved = release.current().name == "2009-08-r1"
        said = release.recover()
        assert len(said) <= 1 or said[0].startswith("The ledger had"), said
        assert release.current().name == "2009-08-r1" or not moved, f"went backwards from {number}, {step}"
        assert problems() == [], f"stopped at {number}, {step}"
        ended.add((moved, release.publish([AUGUST]).summary))
        shutil.rmtree(copy)
    assert {name for _, name in STEPS} == set(stopped_at)
    assert ended == {(False, "2009-08-r1: 1 new card"), (True, release.unchanged("2009-08-r1"))}


def test_a_first_publication_that_fails_leaves_no_release_to_read(small_warehouse):
    hold(AUGUST)
    for number in (1, 5, 20):
        assert publish_but_stop_at(number)
        assert release.current() is None
    assert release.publish([AUGUST]).name == "2009-08-r1"


def test_what_a_killed_run_left_half_made_is_undone_before_the_next(small_warehouse):
    for left in (".2009-07-r1.4711.part", ".2009-08-r1.4712.part"):
        (settings.releases() / left).mkdir(parents=True)
        (settings.releases() / left / release.DATABASE).write_bytes(b"half a database")
    (small_warehouse / ".current.4711.part").symlink_to("releases/2009-07-r1")
    assert release.recover() == [
        "Undone: 2009-07-r1 was half written when a run before this one died.",
        "Undone: 2009-08-r1 was half written when a run before this one died.",
    ]
    hold(AUGUST)
    assert_whole(release.publish([AUGUST]).folder)
    assert names() == ["2009-08-r1"]
    assert [path.name for path in small_warehouse.iterdir() if path.name.startswith(".current")] == []


def test_a_folder_that_was_whole_when_the_run_died_becomes_the_release_to_read(july):
    hold(AUGUST)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(publishing.files, "point", stop)
        patch.setattr(publishing.files, "remove", lambda _: None)  # it died: nothing cleared away
        release.publish([AUGUST])
    assert (names(), release.current().name) == (["2009-07-r1", "2009-08-r1"], "2009-07-r1")
    (said,) = release.recover()
    assert said.startswith("Completed: 2009-08-r1 was complete")
    assert release.current().name == "2009-08-r1"
    assert problems() == []
    assert release.recover() == []


def test_a_folder_that_was_not_whole_is_undone(july):
    shutil.copytree(release.current().folder, settings.releases() / "2009-08-r1")
    assert release.recover() == ["Undone: 2009-08-r1 was not complete when a run before this one died."]
    assert names() == ["2009-07-r1"]


def test_a_release_that_the_ledger_could_not_take_is_published_and_says_so(july):
    hold(AUGUST)
    with (
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(release.NotInTheLedger, match="2009-08-r1 is published and whole"),
    ):
        patch.setattr(ledger, "append", failing(OSError(28, "No space left on device")))
        release.publish([AUGUST])
    assert release.current().name == "2009-08-r1"
    assert release.recover()[0].startswith("Completed: 2009-08-r1")


def test_a_current_that_leads_nowhere_is_an_error_and_not_a_first_release(july):
    shutil.rmtree(release.current().folder)
    with pytest.raises(FileNotFoundError):
        release.publish([AUGUST])


def test_a_warehouse_that_is_not_there_publishes_nothing(small_warehouse):
    settings.database().unlink()
    with pytest.raises(duckdb.Error):
        release.publish([AUGUST])
    assert release.current() is None
    assert names() == []


def test_the_last_releases_are_kept_also_for_who_has_an_older_one_open_and_no_name_is_given_twice(august, monkeypatch):
    assert release.KEPT == 13
    monkeypatch.setattr(folder, "KEPT", 3)
    with duckdb.connect(str(release.current().database), read_only=True) as analyst:
        before = analyst.execute("from scorecard order by all").fetchall()
        for number in range(2, 6):
            change(f"update scorecard.scorecard set value = {number} where line = '4a'")
            assert release.publish([AUGUST]).name == f"2009-08-r{number}"
        assert names() == ["2009-08-r3", "2009-08-r4", "2009-08-r5"]
        assert analyst.execute("from scorecard order by all").fetchall() == before
    assert problems() == []
    shutil.rmtree(settings.releases() / "2009-08-r5")
    settings.current().unlink()
    files.point(settings.current(), Path("releases/2009-08-r4"))
    change("update scorecard.scorecard set value = 6 where line = '4a'")
    assert release.publish([AUGUST]).name == "2009-08-r6"

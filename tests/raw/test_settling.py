"""When a file counts as complete: what is waited for, for how long and why, in a scheduled run and in a person's."""

import dataclasses
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.raw.files import folder, intake, open_files, settling
from orchestration.raw.sources.extracts import BY_NAME
from tests.deliveries import encoded, lines, month, write

NAME = "weapon_enabled_crime"
EXTRACT = BY_NAME[NAME]
CONTENT = encoded(lines(NAME, "2009-08"))


@pytest.fixture
def raw(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "60")
    if open_files.open_for_writing(write(tmp_path / "raw", NAME, "2009-01", CONTENT)) is None:
        pytest.skip("this file system does not tell who writes")
    (tmp_path / "raw" / NAME / "2009-01.csv").unlink()
    return tmp_path / "raw"


class Waited:
    """What came of waiting: which files are still written, what was reported when, and how long it took."""

    def __init__(self, *paths: Path, by_hand: bool = True, extract=EXTRACT):
        began = time.monotonic()
        self.reports: list[tuple[float, str]] = []
        self.still_written = settling.still_written(
            extract,
            paths,
            by_hand=by_hand,
            report=lambda sentence: self.reports.append((time.monotonic() - began, sentence)),
        )
        self.seconds = time.monotonic() - began

    @property
    def sentences(self) -> list[str]:
        return [sentence for _, sentence in self.reports]


OPENED = "import sys; file = open(sys.argv[1], 'ab'); print('open', flush=True); sys.stdin.read()"


@contextmanager
def open_elsewhere(path: Path) -> Iterator[subprocess.Popen]:
    """Another process has the file open for writing, and writes nothing."""
    with subprocess.Popen([sys.executable, "-c", OPENED, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"open\n"
        yield other
        other.kill()


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """Somebody adds to the file five times a second, and has it closed in between."""
    stop = threading.Event()

    def write_on() -> None:
        while not stop.wait(0.2):
            with path.open("ab") as file:
                file.write(b"more")

    thread = threading.Thread(target=write_on)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


# a person waits for the run


def test_a_file_put_in_place_a_moment_ago_is_waited_for_two_seconds_and_reported_at_once(raw):
    waited = Waited(write(raw, NAME, "2009-08", CONTENT))
    assert waited.still_written == {}
    assert waited.seconds < 3
    ((after, sentence),) = waited.reports
    assert after < 0.5
    assert sentence == f"Waiting up to 2 s for {NAME}/2009-08.csv: changed a moment ago."


def test_a_file_that_has_been_quiet_for_two_seconds_is_not_waited_for_at_all(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    time.sleep(2.1)
    waited = Waited(path)
    assert (waited.still_written, waited.sentences) == ({}, [])
    assert waited.seconds < 0.5


def test_however_many_files_arrive_together_are_reported_in_one_sentence(raw):
    paths = [write(raw, NAME, f"2009-{number:02}", CONTENT) for number in range(1, 8)]
    assert Waited(*paths).sentences == [
        f"Waiting up to 2 s for {NAME}/2009-01.csv, {NAME}/2009-02.csv and 5 more files: changed a moment ago."
    ]


def test_a_file_that_a_process_has_open_is_waited_for_until_it_is_closed(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    time.sleep(2.1)
    with open_elsewhere(path) as other:
        threading.Timer(1, other.kill).start()
        waited = Waited(path)
    assert waited.still_written == {}
    assert 0.9 < waited.seconds < 3
    assert waited.sentences == [f"Waiting up to 60 s for {NAME}/2009-08.csv: open for writing in another program."]


def test_a_file_that_stays_open_is_left_with_what_to_do(raw, monkeypatch):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "1")
    path = write(raw, NAME, "2009-08", CONTENT)
    with open_elsewhere(path):
        waited = Waited(path)
    assert 0.9 < waited.seconds < 2
    assert waited.still_written == {path: "open for writing in another program: close it there, then run again"}


def test_a_file_that_keeps_growing_is_waited_for_and_left_while_the_others_are_taken(raw, monkeypatch):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "2.5")
    quiet, busy = write(raw, NAME, "2009-07", CONTENT), write(raw, NAME, "2009-08", CONTENT)
    with growing(busy):
        waited = Waited(quiet, busy)
    assert waited.still_written == {busy: "still changing: run again once it is complete"}
    assert any(f"{NAME}/2009-08.csv: still changing." in sentence for sentence in waited.sentences)


MOUNTS = {
    "a network drive": "22 1 0:52 / {raw} rw - nfs4 files:/deliveries rw",
    "a shared folder of Windows": "22 1 0:52 / {raw} rw,relatime shared:3 - cifs //files/deliveries rw",
    "a drive by SSH, over a disk": "22 1 8:1 / {raw} rw - ext4 /dev/sda1 rw\n23 1 0:5 / {raw} rw - fuse.sshfs x: rw",
    "no list of mounts": None,
}


@pytest.mark.parametrize("mounts", MOUNTS.values(), ids=MOUNTS)
def test_where_nobody_can_tell_who_writes_the_whole_time_is_waited(raw, monkeypatch, mounts):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "3")
    listed = raw.parent / "mountinfo"
    if mounts:
        listed.write_text(mounts.format(raw=raw))
    monkeypatch.setattr(open_files, "MOUNTS", listed)
    path = write(raw, NAME, "2009-08", CONTENT)
    waited = Waited(path)
    assert waited.still_written == {}
    assert 2.5 < waited.seconds < 4
    (sentence,) = waited.sentences
    assert sentence.startswith(f"Waiting up to 3 s for {NAME}/2009-08.csv: changed a moment ago, perhaps")


def test_a_folder_with_a_blank_in_its_name_is_found_among_the_mounts(raw, monkeypatch):
    path = write(raw / "of August", NAME, "2009-08", CONTENT)
    listed = raw.parent / "mountinfo"
    coded = str(raw / "of August").replace(" ", r"\040")
    listed.write_text(f"22 1 0:52 / / rw - nfs4 files:/ rw\n23 1 8:1 / {coded} rw - ext4 /dev/sda1 rw\n")
    monkeypatch.setattr(open_files, "MOUNTS", listed)
    assert open_files.open_for_writing(path) is False


def test_a_clock_that_is_ahead_costs_two_seconds_and_no_file(raw, monkeypatch):
    path = write(raw, NAME, "2009-08", CONTENT)
    now = time.time_ns
    monkeypatch.setattr(settling.time, "time_ns", lambda: now() - 3600 * settling.SECOND)
    waited = Waited(path)
    assert waited.still_written == {}
    assert 1.5 < waited.seconds < 3


def test_a_file_that_is_taken_away_meanwhile_is_waited_for_no_longer(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    threading.Timer(0.3, path.unlink).start()
    assert Waited(path).seconds < 1


def test_looking_who_writes_disturbs_no_writer(raw):
    """A lease that is broken by a writer sends its holder a signal, which must not end the run."""
    path = write(raw, NAME, "2009-08", CONTENT)
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            open_files.open_for_writing(path)

    thread = threading.Thread(target=look)
    thread.start()
    program = "import sys\nfor _ in range(2000): open(sys.argv[1], 'ab').close()"
    done = subprocess.run([sys.executable, "-c", program, path], check=False, timeout=60)
    stop.set()
    thread.join()
    assert done.returncode == 0
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("mode", ["r", "rb"])
def test_a_file_that_is_only_read_elsewhere_is_not_waited_for(raw, mode):
    path = write(raw, NAME, "2009-08", CONTENT)
    with path.open(mode):
        assert open_files.open_for_writing(path) is False
    with path.open("ab"):
        assert open_files.open_for_writing(path) is True
    with path.open("r+b"):
        assert open_files.open_for_writing(path) is True


# a scheduled run


def test_a_scheduled_run_waits_the_whole_time_and_reports_it(raw, monkeypatch):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "3")
    waited = Waited(write(raw, NAME, "2009-08", CONTENT), by_hand=False)
    assert waited.still_written == {}
    assert 2.5 < waited.seconds < 4
    assert len(waited.sentences) == 1


def test_a_file_that_was_written_a_moment_ago_is_not_complete_whatever_time_its_sender_gives_it(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    os.utime(path, (0, 0))
    assert not settling.settled(EXTRACT, path, time.time_ns())


def test_a_file_of_a_sender_who_renames_is_complete_at_once(raw):
    renaming = dataclasses.replace(EXTRACT, renamed_in=True)
    waited = Waited(write(raw, NAME, "2009-08", CONTENT), by_hand=False, extract=renaming)
    assert (waited.still_written, waited.sentences) == ({}, [])


def test_a_file_with_a_manifest_is_not_waited_for(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    folder.manifest(path).write_text("0" * 64)
    assert Waited(path).seconds < 0.5


def test_a_file_that_may_still_be_written_is_not_taken_and_the_reason_is_kept(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    with pytest.raises(intake.NotIngested, match="still changing: run again") as why:
        intake.ingest(EXTRACT, path, month("2009-08"), "still changing: run again once it is complete")
    assert why.value.code is None


def test_files_that_nobody_changes_are_waited_for_and_those_that_change_are_left(raw, monkeypatch):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "1.5")
    quiet, busy = write(raw, NAME, "2009-07", CONTENT), write(raw, NAME, "2009-08", b"")
    with growing(busy):
        waited = Waited(quiet, busy, by_hand=False)
    assert list(waited.still_written) == [busy]
    assert waited.seconds < 3


def test_where_nothing_is_to_settle_nothing_is_waited_for(raw, monkeypatch):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    path = write(raw, NAME, "2009-08", CONTENT)
    for by_hand in (True, False):
        waited = Waited(path, by_hand=by_hand)
        assert (waited.still_written, waited.sentences) == ({}, [])

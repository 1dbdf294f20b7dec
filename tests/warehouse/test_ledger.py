import os
import sqlite3
import subprocess
import sys

import pytest

from orchestration.warehouse import ledger
from orchestration.warehouse.ledger import LedgerBroken


@pytest.fixture(autouse=True)
def warehouse(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    return tmp_path


def fill(count: int = 5) -> None:
    for number in range(count):
        ledger.append([("delivery", {"extract": "recorded_crime", "file": f"recorded_crime/2009-0{number + 1}.csv"})])


def test_entries_come_back_in_order_with_the_code_that_wrote_them():
    assert (ledger.entries(), ledger.check()) == ([], None)
    fill()
    ledger.append([("verdict", {"status": "held"}), ("release", {"release": "2009-08-r1"})])
    found = ledger.entries()
    assert [entry.sequence for entry in found] == list(range(1, 8))
    assert [entry.event for entry in found] == ["delivery"] * 5 + ["verdict", "release"]
    assert all(len(entry.body["code"]) == 12 for entry in found)
    assert [entry.body["release"] for entry in ledger.entries("release")] == ["2009-08-r1"]
    assert ledger.check().sequence == 7


def test_changing_any_byte_of_it_is_detected():
    """Every 49th byte, which falls into every part of a page and of an entry."""
    fill()
    whole = ledger.path().read_bytes()
    assert ledger.check().sequence == 5
    missed = []
    for place in range(0, len(whole), 49):
        changed = bytearray(whole)
        changed[place] ^= 1 + place % 255
        ledger.path().write_bytes(changed)
        try:
            ledger.check()
            missed.append(place)
        except LedgerBroken:
            pass
    assert missed == []
    ledger.path().write_bytes(whole)
    assert ledger.check().sequence == 5


TAMPER = {
    "an entry that says something else": "update entries set body = '{}' where sequence = 3",
    "an entry taken out": "delete from entries where sequence = 3",
    "the last entry taken out": "delete from entries where sequence = 5",
    "an entry put in": "insert into entries select 6, at, event, body, previous, hash from entries where sequence = 5",
    "another time": "update entries set at = '2001-01-01' where sequence = 1",
}


@pytest.mark.parametrize("statement", TAMPER.values(), ids=TAMPER)
def test_an_edit_by_sql_is_refused_by_the_table_and_detected_behind_its_back(statement):
    fill()
    with sqlite3.connect(ledger.path()) as connection:
        if not statement.startswith("insert"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
        connection.execute("drop trigger no_change")
        connection.execute("drop trigger no_removal")
        connection.execute(statement)
    connection.close()
    with pytest.raises(LedgerBroken):
        ledger.check()
    with pytest.raises(LedgerBroken):  # and nothing is added to it any more
        fill(1)


TAKEN_AWAY = {
    "all of it": lambda path, older: path.unlink(),
    "half of it": lambda path, older: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "the newest entries": lambda path, older: path.write_bytes(older),
}


@pytest.mark.parametrize("take_away", TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_a_ledger_of_which_something_was_taken_away_is_detected_and_not_continued(take_away):
    fill(3)
    older = ledger.path().read_bytes()
    fill(2)
    take_away(ledger.path(), older)
    for function in (ledger.check, ledger.repair, fill):
        with pytest.raises(LedgerBroken):
            function()


@pytest.mark.parametrize("before", [0, 3])
def test_entries_written_by_a_process_that_died_before_it_sealed_them_are_sealed(monkeypatch, before):
    fill(before)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ledger, "_write_head", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        fill(1)
    if before:
        with pytest.raises(LedgerBroken):
            ledger.check()
        assert ledger.repair() == "The ledger had 1 entry not sealed yet: sealed now."
    else:
        ledger.repair()  # it was only just begun
    fill(1)
    assert ledger.check().sequence == before + (2 if before else 1)


DYING = """
import os, sqlite3, sys
from orchestration.warehouse import ledger
connection = sqlite3.connect(ledger.path())
connection.execute("pragma cache_size = 1")
connection.execute("begin immediate")
row = connection.execute("select at, event, body, previous, hash from entries").fetchone()
for number in range(6, 2000):
    connection.execute("insert into entries values (?, ?, ?, ?, ?, ?)", (number, *row))
os.kill(os.getpid(), 9)
"""


def test_an_entry_that_a_killed_process_was_writing_is_taken_back():
    fill()
    before = [entry.hash for entry in ledger.entries()]
    died = subprocess.run([sys.executable, "-c", DYING], check=False, env=os.environ)
    assert died.returncode == -9
    assert ledger.path().with_name("ledger.sqlite-journal").exists()
    assert ledger.repair() == "The ledger had an unfinished entry, which was rolled back."
    assert [entry.hash for entry in ledger.entries()] == before
    assert ledger.check().sequence == 5


def test_nor_does_it_matter_that_it_died_before_any_of_it_had_reached_the_file():
    fill()
    before = ledger.path().read_bytes()
    assert subprocess.run([sys.executable, "-c", DYING], check=False, env=os.environ).returncode == -9
    ledger.path().write_bytes(before)  # SQLite has its journal on the disk before it touches the file
    with pytest.raises(LedgerBroken, match="was not finished when a run died: the next run rolls it back"):
        ledger.entries()
    assert ledger.repair() == "The ledger had an unfinished entry, which was rolled back."
    assert ledger.check().sequence == 5
    assert ledger.repair() is None


def test_a_journal_that_holds_nothing_to_take_back_is_cleared_away():
    fill()
    journal = ledger.path().with_name("ledger.sqlite-journal")
    journal.write_bytes(bytes(512))
    ledger.repair()
    assert not journal.exists()
    assert ledger.check().sequence == 5


def test_a_warehouse_of_a_later_version_is_refused_before_anything_is_written(monkeypatch):
    fill()
    monkeypatch.setattr(ledger, "LAYOUT", ledger.LAYOUT + 1)
    fill(1)
    monkeypatch.setattr(ledger, "LAYOUT", ledger.LAYOUT - 1)
    before = ledger.path().read_bytes()
    for refused in (ledger.check, ledger.repair, ledger.entries, fill):
        with pytest.raises(ledger.Newer, match=r"was written by a later version .*layout 2, this version knows 1"):
            refused()
    assert ledger.path().read_bytes() == before

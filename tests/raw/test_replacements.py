"""A file that takes the place of one that counts: the valid one stays effective until its replacement is."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from orchestration import settings, warehouse
from orchestration.raw.files import vault
from orchestration.raw.landing import acceptance, landing, outcomes, raw_tables, selection
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.release import auditing
from orchestration.warehouse import ledger
from tests.deliveries import copy_of_the_sample, lines, month, own_folders, write

JUNE, JULY, AUGUST = (date(2009, number, 1) for number in (6, 7, 8))
WEAPONS = "weapon_enabled_crime"
LOOKED_UP = ("file_state", "code")


@pytest.fixture(autouse=True)
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its own raw folder with deliveries of the sample, and its own warehouse."""
    return copy_of_the_sample(own_folders(tmp_path, monkeypatch), "*/2009-0[678].*")


def sync(name: str, first: date = JUNE, last: date = AUGUST, extract=None) -> landing.Synced:
    with warehouse.writing() as connection:
        return landing.sync(connection, extract or BY_NAME[name], first, last)


def landed(name: str, of: date, **more) -> landing.Landed:
    return next(each for each in sync(name, **more).landed if each.month == of)


def line(name: str, of: date) -> dict:
    """What the list of deliveries says of a month."""
    with warehouse.reading() as connection:
        return raw_tables.listed(connection, BY_NAME[name])[of]


def rows(name: str) -> list[tuple]:
    with warehouse.reading() as connection:
        return connection.execute(f'select * from raw."{name}" order by all').fetchall()


def everything(name: str) -> tuple:
    """All that the tables say, but for what is only looked up."""
    with warehouse.reading() as connection:
        listed = raw_tables.listed(connection, BY_NAME[name])
        quarantine = connection.execute("select * from raw.quarantine order by all").fetchall()
    lines_ = {of: {key: it for key, it in each.items() if key not in LOOKED_UP} for of, each in listed.items()}
    return rows(name), lines_, quarantine


def corrected(path: Path, by: int = 1) -> bytes:
    """The file with one more, or more, in its last row."""
    *first, last = path.read_text(encoding="utf-8").splitlines()
    cells = last.split(",")
    path.write_text("\n".join([*first, ",".join([*cells[:-1], str(int(cells[-1]) + by)])]) + "\n", encoding="utf-8")
    return path.read_bytes()


def web_page(path: Path) -> None:
    path.write_bytes(b"<!doctype html><title>Log in</title>")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-50])


def word_in_a_figure(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet.cell(sheet.max_row, sheet.max_column - 1).value = "to follow"
    book.save(path)


# extract, its file, what is done to it, and what becomes of it
REPLACED = {
    "a web page for the comments": ("commentary", "2009-08.csv", web_page, "rejected"),
    "a web page for a CSV": ("recorded_crime", "2009-08.csv", web_page, "rejected"),
    "a word in a workbook": ("ict_availability", "2009-06.xlsx", word_in_a_figure, "quarantined"),
    "a workbook cut off": ("officer_recruitment", "2009-07.xlsx", cut, "rejected"),
    "a row cut off": ("youth_violence", "2009-07.csv", cut, "quarantined"),
}
CASES = pytest.mark.parametrize(("name", "file", "spoil", "status"), REPLACED.values(), ids=REPLACED)


@CASES
def test_a_delivery_stays_effective_while_its_replacement_does_not_count(raw, name, file, spoil, status):
    sync(name)
    before, loaded, of = rows(name), line(name, month(file[:7])), month(file[:7])
    spoil(raw / name / file)
    result = landed(name, of)
    assert (result.status, result.waiting) == ("unchanged", status)
    assert result.waiting_reason.startswith(f"{name}/{file}")
    assert rows(name) == before
    now = line(name, of)
    assert [now[key] for key in ("file", "sha256", "status", "rows_loaded", "reason")] == [
        loaded[key] for key in ("file", "sha256", "status", "rows_loaded", "reason")
    ]
    digest = hashlib.sha256((raw / name / file).read_bytes()).hexdigest()
    assert (now["waiting_file"], now["waiting_sha256"], now["waiting_status"]) == (f"{name}/{file}", digest, status)
    with warehouse.reading() as connection:
        kept = connection.execute("select distinct file, sha256, delivery_month from raw.quarantine").fetchall()
    assert kept == [(f"{name}/{file}", digest, of)]
    assert f"{name}/{file}" in (settings.warehouse() / "quarantine" / f"{name}-{file[:7]}.csv").read_text("utf-8-sig")
    said = [entry.body for entry in ledger.entries("verdict") if entry.body["sha256"] == digest]
    assert [(it["status"], it["rows_loaded"], it["waits_to_replace"]) for it in said] == [(status, 0, loaded["sha256"])]
    # the same bytes once more are neither validated nor entered again
    entries = len(ledger.entries())
    assert landed(name, of).waiting == status
    assert len(ledger.entries()) == entries


@CASES
def test_when_the_original_is_put_back_all_is_as_before(raw, name, file, spoil, status):
    sync(name)
    before, original = everything(name), (raw / name / file).read_bytes()
    spoil(raw / name / file)
    sync(name)
    assert everything(name) != before
    (raw / name / file).write_bytes(original)
    assert landed(name, month(file[:7])).status == "unchanged"
    assert everything(name) == before
    assert not list((settings.warehouse() / "quarantine").glob("*.csv"))


@CASES
def test_on_a_fresh_warehouse_with_only_the_bad_file_nothing_is_effective(raw, name, file, spoil, status):
    spoil(raw / name / file)
    result = landed(name, month(file[:7]))
    assert (result.status, result.waiting) == (status, None)


def test_a_replacement_that_is_valid_takes_the_place_at_once_also_of_one_that_waited(raw):
    path = raw / WEAPONS / "2009-07.csv"
    original = path.read_bytes()
    sync(WEAPONS)
    web_page(path)
    sync(WEAPONS)
    path.write_bytes(original)
    content = corrected(path)
    result = landed(WEAPONS, JULY)
    assert (result.status, result.waiting) == ("replaced", None)
    now = line(WEAPONS, JULY)
    assert now["sha256"] == hashlib.sha256(content).hexdigest()
    assert [now[key] for key in now if key.startswith("waiting")] == [None] * 4


def test_one_bad_replacement_after_another_waits_in_its_place(raw):
    sync(WEAPONS)
    before = rows(WEAPONS)
    web_page(raw / WEAPONS / "2009-07.csv")
    sync(WEAPONS)
    content = lines(WEAPONS, "2009-07")
    write(raw, WEAPONS, "2009-07", [*content[:5], content[5] + "x", *content[6:]])
    assert landed(WEAPONS, JULY).waiting == "quarantined"
    assert rows(WEAPONS) == before
    with warehouse.reading() as connection:
        assert connection.execute("select count(distinct sha256) from raw.quarantine").fetchall() == [(1,)]


def unbelievable(raw: Path, of: str, offences: int = 900) -> None:
    write(raw, WEAPONS, of, lines(WEAPONS, of, offences=offences))


def test_a_replacement_that_is_hard_to_believe_waits_and_takes_the_place_once_it_is_accepted(raw):
    sync(WEAPONS)
    before = line(WEAPONS, AUGUST)
    unbelievable(raw, "2009-08")
    assert landed(WEAPONS, AUGUST).waiting == "quarantined"
    said = acceptance.accept(f"{WEAPONS}/2009-08.csv", "there was a riot")
    assert "is accepted: 224 of its 224 rows will count.\nIt takes the place of the delivery that is effective" in said
    assert line(WEAPONS, AUGUST)["sha256"] == before["sha256"]
    result = landed(WEAPONS, AUGUST)
    assert (result.status, result.reason, result.waiting) == ("accepted", "there was a riot", None)
    assert line(WEAPONS, AUGUST)["sha256"] != before["sha256"]


def test_what_waits_and_cannot_be_read_cannot_be_accepted(raw):
    sync("recorded_crime")
    web_page(raw / "recorded_crime" / "2009-08.csv")
    sync("recorded_crime")
    with pytest.raises(acceptance.CannotAccept, match="it cannot be read as rows, so there is nothing to vouch for"):
        acceptance.accept("recorded_crime/2009-08.csv", "x")


def test_an_accepted_delivery_stays_too_with_the_rows_that_were_kept_out_of_it_and_no_others(raw):
    content = lines(WEAPONS, "2009-08", offences=11)
    content[6] = content[6].replace(",16", ",x")
    write(raw, WEAPONS, "2009-08", content)
    sync(WEAPONS)
    acceptance.accept(f"{WEAPONS}/2009-08.csv", "the rest is right")
    assert landed(WEAPONS, AUGUST).status == "accepted"
    content[9] = content[9].replace(",19", ",y")
    write(raw, WEAPONS, "2009-08", content)
    result = landed(WEAPONS, AUGUST)
    assert (result.status, result.reason, result.waiting) == ("accepted", "the rest is right", "quarantined")
    assert line(WEAPONS, AUGUST)["rows_quarantined"] == 1
    with warehouse.reading() as connection:
        (august,) = [each for each in auditing.effective(connection) if each.month == AUGUST]
    assert august.left_out == {7}


# what lies in the place of a file


def two_files(raw: Path) -> None:
    write(raw, "recorded_crime", "2009-08", b"x", "parquet")


def a_link(raw: Path) -> None:
    path = raw / "recorded_crime" / "2009-08.csv"
    path.rename(raw / "elsewhere")
    path.symlink_to(raw / "elsewhere")


def another_digest(raw: Path) -> None:
    path = raw / "recorded_crime" / "2009-08.csv"
    path.write_bytes(path.read_bytes() + b"2009-08,Camden,robbery,1,1\n")
    path.with_name("2009-08.csv.sha256").write_text("0" * 64)


INSTEAD = {
    "two files": (two_files, "2009-08.csv and 2009-08.parquet are deliveries for the same month: keep one"),
    "a link": (a_link, "this is a link: put the file itself here"),
    "another digest": (another_digest, "its manifest says 000000000000…"),
}


@pytest.mark.parametrize(("put", "says"), INSTEAD.values(), ids=INSTEAD)
def test_what_cannot_be_taken_waits_as_well(raw, put, says):
    sync("recorded_crime")
    before = rows("recorded_crime")
    put(raw)
    result = landed("recorded_crime", AUGUST)
    assert (result.status, result.waiting) == ("unchanged", "rejected")
    assert says in result.waiting_reason
    assert rows("recorded_crime") == before
    entries = len(ledger.entries())
    assert landed("recorded_crime", AUGUST).waiting == "rejected"
    assert len(ledger.entries()) == entries


def test_a_replacement_that_is_still_being_written_waits_until_it_is_complete(raw, monkeypatch):
    sync(WEAPONS)
    before = rows(WEAPONS)
    path = raw / WEAPONS / "2009-08.csv"
    corrected(path)
    manifest = path.with_name("2009-08.csv.sha256")
    manifest.write_text("0" * 64)  # of what it will be
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "3600")
    result = landed(WEAPONS, AUGUST, first=AUGUST)
    assert (result.status, result.waiting) == ("unchanged", "incomplete")
    assert rows(WEAPONS) == before
    manifest.write_text(hashlib.sha256(path.read_bytes()).hexdigest())
    assert landed(WEAPONS, AUGUST, first=AUGUST).status == "replaced"


# other code, other deliveries before it


def other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (outcomes, selection):
        monkeypatch.setattr(module, "validation_version", lambda: "another")


def with_most(most: int):
    """The extract as other code may declare it."""
    extract = BY_NAME[WEAPONS]
    columns = [replace(column, most=most) if column.kind == "count" else column for column in extract.columns]
    return replace(extract, columns=tuple(columns))


def test_other_code_validates_the_delivery_that_stays_from_the_vault(raw, monkeypatch):
    sync(WEAPONS)
    before = rows(WEAPONS)
    web_page(raw / WEAPONS / "2009-07.csv")
    sync(WEAPONS)
    other_code(monkeypatch)
    assert landed(WEAPONS, JULY).waiting == "rejected"
    assert line(WEAPONS, JULY)["code"] == "another"
    assert rows(WEAPONS) == before


@pytest.mark.parametrize("replaced", [True, False])
def test_where_other_code_finds_the_same_bytes_no_longer_valid_its_verdict_counts(raw, monkeypatch, replaced):
    """Nobody keeps figures that today's rules do not let in; what a published card loses by it is a stop."""
    write(raw, WEAPONS, "2009-07", lines(WEAPONS, "2009-07", offences=30))
    sync(WEAPONS)
    if replaced:
        web_page(raw / WEAPONS / "2009-07.csv")
        sync(WEAPONS)
    other_code(monkeypatch)
    result = landed(WEAPONS, JULY, extract=with_most(100))
    assert (result.status, result.waiting) == ("rejected" if replaced else "quarantined", None)


def test_a_vault_that_lost_what_stays_stops_the_run_and_says_what_to_do(raw):
    sync(WEAPONS)
    stays = vault.path(line(WEAPONS, JULY)["sha256"])
    stays.chmod(0o600)
    stays.unlink()
    web_page(raw / WEAPONS / "2009-07.csv")
    with pytest.raises(vault.VaultBroken, match="is missing: `make verify` says which delivery it is, and what to do"):
        sync(WEAPONS)


def test_a_delivery_is_compared_with_the_one_that_stays_and_not_with_the_one_that_waits(raw):
    sync(WEAPONS)
    july = line(WEAPONS, JULY)["sha256"]
    unbelievable(raw, "2009-07")
    unbelievable(raw, "2009-08", offences=901)
    result = {each.month: each for each in sync(WEAPONS).landed}
    assert (result[JULY].waiting, result[AUGUST].waiting) == ("quarantined", "quarantined")
    assert line(WEAPONS, AUGUST)["compared_with"] == july

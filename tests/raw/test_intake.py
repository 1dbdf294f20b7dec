"""Which files are taken, and which are left where they are: names, kinds, sizes, manifests, and files half written."""

import dataclasses
import hashlib
import os
import socket
import time
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.raw.files import arrivals, folder, intake, vault
from orchestration.raw.files.intake import NotIngested
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import files
from tests.deliveries import encoded, lines, month, write

NAME = "weapon_enabled_crime"
EXTRACT = BY_NAME[NAME]
CONTENT = encoded(lines(NAME, "2009-08"))
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def raw(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    (tmp_path / "raw" / NAME).mkdir(parents=True)
    return tmp_path / "raw"


def ingest(path: Path, still_written: str | None = None, extract=EXTRACT):
    return intake.ingest(extract, path, month("2009-08"), still_written)


def rejected(path: Path, extract=EXTRACT) -> tuple[str | None, str]:
    with pytest.raises(NotIngested) as why:
        ingest(path, extract=extract)
    return why.value.code, str(why.value)


def test_a_delivery_is_taken_into_the_vault_read_only_under_its_digest(raw):
    source = ingest(write(raw, NAME, "2009-08", CONTENT))
    assert (source.file, source.sha256, source.content) == (f"{NAME}/2009-08.csv", SHA256, CONTENT)
    assert vault.content(SHA256) == CONTENT
    assert vault.path(SHA256).stat().st_mode & 0o777 == 0o444


def test_what_lies_in_the_vault_is_what_was_taken_or_an_error(raw):
    ingest(write(raw, NAME, "2009-08", CONTENT))
    vault.path(SHA256).chmod(0o644)
    vault.path(SHA256).write_bytes(CONTENT + b"\n")
    with pytest.raises(vault.VaultBroken, match="was changed: `make verify DEEP=1` says which"):
        vault.content(SHA256)
    vault.path(SHA256).unlink()
    with pytest.raises(vault.VaultBroken, match="is missing: `make verify` says which"):
        vault.content(SHA256)


# names

HOSTILE = [
    *("2009-08.csv\n", "\n2009-08.csv", "2009-08.csv ", " 2009-08.csv", "2009-08 .csv", "2009-08\t.csv"),
    *("2009-08.csv\x00", "2009-08.CSV.TXT", "2009-08.csv.bak", "2009-08.csv.csv", "2009-08.csv.exe"),
    *("2009-08.csv;rm -rf", "2009-08.csv|cat", "-rf", "2009-08", "2009-08.", ".csv2009-08", "2009-8.csv"),
    *("09-08.csv", "2009-13.csv", "2009-00.csv", "0000-01.csv", "２００９-08.csv", "2009–08.csv", "2009-08.сsv"),
    *("2009‐08.csv", "\u202e2009-08.csv", "2009-08\u200b.csv", "２009-08.csv", "x[1]';drop table raw.csv"),
    *("*.csv", "?.csv", "[0-9].csv", "{2009-08}.csv", "2009-08.csv*", "$HOME.csv", "`id`.csv", "$(id).csv"),
    *("%s.csv", "{0}.csv", "{{ ref('x') }}.csv", "'; select 1; --.csv", '".csv', "\\.csv", "..csv", "~.csv"),
    *("2009-08.csv.sha256.sha256", "2009-08.sha256", "2009-13.csv.sha256", "CON.csv", "nul"),
    *("a" * 250 + ".csv", "é.csv", "2009-08.xlsx", "2009-08.parquet", "2009-08.csv.gz", "2009-08.csv~"),
    *("2009-08 (1).csv", "Copy of 2009-08.csv", "\x1b[31mred.csv", "\x07.csv", "\r.csv"),
    *("=cmd|' /C calc'!A0.csv", "<script>.csv", "[bold]2009-08[/bold].csv"),
]


@pytest.mark.parametrize("name", [*HOSTILE, b"\xff\xfe2009-08.csv"], ids=repr)
def test_a_name_that_is_not_exactly_a_delivery_s_is_refused_and_shown_in_plain_characters(raw, name):
    try:
        Path(os.fsdecode(os.fsencode(raw / NAME) + b"/" + os.fsencode(name))).write_bytes(CONTENT)
    except (OSError, ValueError):
        pytest.skip("the file system does not take such a name either")
    found, problems = folder.deliveries(EXTRACT, raw)
    assert found == {}
    if folder.ignored(os.fsdecode(name)):
        assert problems == []
        return
    (problem,) = problems
    (file, *_, code, rule) = problem.row(0)
    assert (code, rule.split(",")[0]) == ("misnamed", f"deliveries of {NAME} are called <YYYY-MM>.csv")
    assert file.isprintable() and file.encode()


LEFT_ABOUT = [
    *(".2009-08.csv", "_2009-08.csv", "__MACOSX", ".DS_Store", "._2009-08.csv", "Icon\r"),
    *("Thumbs.db", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "Desktop.ini"),
    *("$RECYCLE.BIN", "RECYCLER", "System Volume Information", "lost+found"),
    *("@eaDir", "#recycle", "@Recycle", "#snapshot", "Network Trash Folder", ".Trash-1000"),
    *("~$2009-08.csv", "~$August.xlsx", ".~lock.2009-08.csv#", "2009-08.csv~", ".2009-08.csv.swp", "2009-08.swp"),
    *("2009-08.csv.part", "2009-08.csv.filepart", "2009-08.csv.PARTIAL", "2009-08.csv.crdownload", "2009-08.tmp"),
    *("2009-08.csv.opdownload", "2009-08.csv.download", "~WRL0001.tmp", "2009-08.csv.TMP"),
]


@pytest.mark.parametrize("name", LEFT_ABOUT)
def test_what_is_set_aside_left_about_by_systems_or_still_written_is_no_business_of_the_pipeline(raw, name):
    write(raw, NAME, "2009-07", CONTENT)
    (raw / NAME / name).write_bytes(CONTENT)
    assert folder.deliveries(EXTRACT, raw) == ({month("2009-07"): raw / NAME / "2009-07.csv"}, [])
    (raw / name).mkdir()
    assert folder.unrecognised(raw) == {}
    assert sorted(arrivals.since({}, raw, time.time_ns()).months) == [f"{NAME}/2009-07.csv"]


@pytest.mark.parametrize("name", ["August.csv", "2009-08.csv.bak", "2009-08.csv.old", "Thumbs.csv", "readme.txt"])
def test_what_a_person_may_have_meant_as_a_delivery_is_named(raw, name):
    (raw / NAME / name).write_bytes(CONTENT)
    (problem,) = folder.deliveries(EXTRACT, raw)[1]
    assert problem["code"].item() == "misnamed"


@pytest.mark.parametrize(
    ("extract", "name"),
    [
        (NAME, "2009-08.CSV"),
        (NAME, "2009-08.Csv"),
        ("recorded_crime", "2009-08.PARQUET"),
        ("recorded_crime", "2009-08.Parquet"),
        ("officer_recruitment", "2009-08.XLSX"),
        ("officer_recruitment", "2009-08.Xlsx"),
    ],
)
def test_the_ending_of_a_delivery_may_be_in_any_case(raw, extract, name):
    (raw / extract).mkdir(exist_ok=True)
    path = raw / extract / name
    path.write_bytes(CONTENT)
    assert folder.deliveries(BY_NAME[extract], raw) == ({month("2009-08"): path}, [])
    assert list(arrivals.since({}, raw, time.time_ns()).months) == [f"{extract}/{name}"]


def test_two_files_that_differ_by_the_case_of_their_ending_are_deliveries_for_one_month(raw):
    for name in ("2009-08.csv", "2009-08.CSV"):
        (raw / NAME / name).write_bytes(CONTENT)
    found, (problem,) = folder.deliveries(EXTRACT, raw)
    assert found == {}
    assert problem["rule"].item() == "2009-08.CSV and 2009-08.csv are deliveries for the same month: keep one"


@pytest.mark.parametrize(
    ("name", "manifest", "of"),
    [
        ("2009-08.csv", "2009-08.csv.SHA256", "2009-08.csv"),
        ("2009-08.CSV", "2009-08.csv.sha256", "2009-08.csv"),
        ("2009-08.CSV", "2009-08.CSV.Sha256", "2009-08.CSV"),
    ],
)
def test_a_manifest_confirms_its_file_whatever_the_case_of_its_name(raw, monkeypatch, name, manifest, of):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "60")
    path = raw / NAME / name
    path.write_bytes(CONTENT)
    (raw / NAME / manifest).write_text(f"{SHA256}  {of}\n")
    assert folder.deliveries(EXTRACT, raw) == ({month("2009-08"): path}, [])
    assert ingest(path, "may still be written").confirmed
    assert arrivals.since({}, raw, time.time_ns()).changed == (f"{NAME}/{name}",)
    path.write_bytes(CONTENT[:-9])
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    assert rejected(path)[0] == "digest"


def test_a_delivery_is_confirmed_by_its_manifest_alone(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    assert not ingest(path).confirmed
    assert ingest(manifest(path, SHA256)).confirmed


# kinds


def link(path: Path) -> None:
    target = path.with_name("_target")
    target.write_bytes(CONTENT)
    path.symlink_to(target)


def bind(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's name may have 108 bytes
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


KINDS = {
    "a link": (link, "a link: put the file itself here"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "a link"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "a link"),
    "a pipe": (os.mkfifo, "a pipe: put a file here"),
    "a folder": (Path.mkdir, "a folder"),
    "a socket": (bind, "a socket"),
    "a device": (lambda path: os.mknod(path, 0o020666, os.makedev(1, 5)), "a device"),
}


@pytest.mark.parametrize("make, says", KINDS.values(), ids=KINDS)
def test_only_a_regular_file_is_a_delivery_and_nothing_else_makes_us_wait(raw, make, says):
    path = raw / NAME / "2009-08.csv"
    try:
        make(path)
    except PermissionError:
        pytest.skip("only root makes devices")
    began = time.monotonic()
    found, problems = folder.deliveries(EXTRACT, raw)
    assert found == {}
    assert (problems[0]["code"].item(), problems[0]["rule"].item()[: len(says) + 8]) == (
        "not_a_file",
        f"this is {says}",
    )
    # put there in the moment between the look at the folder and the taking
    code, _ = rejected(path)
    assert code in ("not_a_file", "unreadable", None)
    assert time.monotonic() - began < 1


def test_a_folder_of_an_extract_that_is_a_link_is_not_followed(raw, tmp_path):
    (raw / NAME).rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "2009-08.csv").write_bytes(CONTENT)
    (raw / NAME).symlink_to(tmp_path / "elsewhere")
    assert folder.deliveries(EXTRACT, raw)[0] == {}
    (problem,) = folder.unrecognised(raw)[NAME]
    assert problem["rule"].item().startswith("this is no folder")


def test_a_file_with_a_second_name_is_refused(raw):
    path = write(raw, NAME, "2009-08", CONTENT)
    path.with_name("_second").hardlink_to(path)
    assert rejected(path)[0] == "not_a_file"
    assert "a second name" in rejected(path)[1]


def test_a_file_over_the_size_its_extract_may_have_is_refused_before_it_is_read(raw):
    path = raw / NAME / "2009-08.csv"
    with path.open("wb") as file:
        file.truncate(EXTRACT.largest + 1)
    assert rejected(path) == (
        "too_large",
        "the file has more than the 64,000,000 bytes a delivery may have: send fewer months in it",
    )
    assert not vault.path(SHA256).parent.parent.exists()


def test_a_file_that_has_just_gone_is_no_error(raw):
    assert rejected(raw / NAME / "2009-08.csv")[0] is None


# manifests


def manifest(path: Path, text: str) -> Path:
    Path(f"{path}.sha256").write_text(text)
    return path


@pytest.mark.parametrize(
    "text", [f"{SHA256}  2009-08.csv\n", f"{SHA256} *2009-08.csv\n", SHA256, f"{SHA256.upper()}\r\n", f"{SHA256}\n"]
)
def test_a_manifest_as_common_programs_write_it_confirms_a_file_at_once(raw, monkeypatch, text):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "60")
    path = manifest(write(raw, NAME, "2009-08", CONTENT), text)
    assert ingest(path, "changed a moment ago").sha256 == SHA256
    assert folder.deliveries(EXTRACT, raw) == ({month("2009-08"): path}, [])


def test_no_damaged_byte_gets_past_a_manifest(raw):
    path = manifest(write(raw, NAME, "2009-08", CONTENT), SHA256)
    for number in range(300):
        damaged = bytearray(CONTENT)
        damaged[number * 7 % len(CONTENT)] ^= 1 + number % 255
        path.write_bytes(damaged)
        assert rejected(path)[0] == "digest"


def test_a_file_that_does_not_fit_its_manifest_yet_is_left_until_it_has_settled(raw, monkeypatch):
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "60")
    path = manifest(write(raw, NAME, "2009-08", CONTENT[:-9]), SHA256)
    assert rejected(path)[0] is None


@pytest.mark.parametrize("text", ["", "abc", "0" * 63, f"{SHA256}  another.csv\n", f"{SHA256}\n{SHA256}\n", "x" * 5000])
def test_a_manifest_that_is_none_is_refused_with_what_it_should_be(raw, text):
    code, rule = rejected(manifest(write(raw, NAME, "2009-08", CONTENT), text))
    assert (code, rule.split(":")[0]) == ("digest", "2009-08.csv.sha256 is no manifest")


# completeness


def let_it_grow(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes to the file, once, as soon as it is read."""
    read = os.read

    def reading(descriptor, count):
        if os.fstat(descriptor).st_size == len(CONTENT):
            with path.open("ab") as file:
                file.write(b"more")
        return read(descriptor, count)

    monkeypatch.setattr(os, "read", reading)


def test_a_file_put_in_the_place_of_another_while_that_is_read_is_not_mixed_with_it(raw, monkeypatch):
    path = write(raw, NAME, "2009-08", CONTENT)
    read, done = os.read, []

    def reading(descriptor, count):
        if not done:
            done.append(path.with_name(".new").write_bytes(b"another"))
            path.with_name(".new").rename(path)
        return read(descriptor, count)

    monkeypatch.setattr(os, "read", reading)
    assert rejected(path)[0] is None


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda kept: kept.write_bytes(b""), lambda kept: kept.write_bytes(CONTENT[:-1])]
)
def test_what_was_damaged_in_the_vault_is_put_right_when_the_file_is_ingested_again(raw, damage):
    path = write(raw, NAME, "2009-08", CONTENT)
    ingest(path)
    vault.path(SHA256).chmod(0o644)
    damage(vault.path(SHA256))
    ingest(path)
    assert vault.content(SHA256) == CONTENT
    assert vault.path(SHA256).stat().st_mode & 0o777 == 0o444


def test_a_file_that_is_not_what_its_manifest_says_is_rejected_and_not_kept(raw):
    path = manifest(write(raw, NAME, "2009-08", CONTENT), f"{'0' * 64}  2009-08.csv\n")
    code, rule = rejected(path)
    assert (code, f"its manifest says {'0' * 12}…" in rule) == ("digest", True)
    assert not files.within(settings.warehouse())


def test_a_file_that_changes_while_it_is_read_leaves_nothing(raw, monkeypatch):
    path = write(raw, NAME, "2009-08", CONTENT)
    let_it_grow(path, monkeypatch)
    assert rejected(path)[0] is None
    assert not files.within(settings.warehouse())


@pytest.mark.parametrize(
    ("declared", "name", "delivered_for"),
    [
        ("{month}", "2018-04.csv", "2018-04"),
        ("{month}-*-street", "2018-04-city-of-london-street.CSV", "2018-04"),
        ("{month}-*-street", "2018-04-city-of-london-outcomes.csv", None),
        ("*_{month}", "historic_2008-01_2016-12.csv", "2016-12"),
        ("*_{month}", "2016-12.csv", None),
        ("crime.{month}", "crime-2016-12.csv", None),
    ],
)
def test_files_keep_the_names_that_their_publisher_gives_them(declared, name, delivered_for):
    found = folder.month_of(dataclasses.replace(EXTRACT, file_name=declared), name)
    assert found == (delivered_for and month(delivered_for))

"""`make verify` over vault and quarantine: damage is named with what to do, and doing it helps.

Releases and the ledger: test_damaged_releases.py.
"""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Built, copied

pytestmark = pytest.mark.slow

AUGUST = ("scorecard", "--from", "2009-08", "--to", "2009-08")
OK, FAILED = "ok      ", "FAILED  "


@pytest.fixture(scope="module")
def built(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample, with a delivery that waits: its problems lie in quarantine/."""
    copy = copied(sample, tmp_path_factory.mktemp("verified"))
    delivery = copy.raw / "weapon_enabled_crime" / "2009-08.csv"
    delivery.write_text(delivery.read_text().replace("Camden,knife,", "Camden,knife,x", 1))
    done = copy.command(*AUGUST)
    assert done.returncode == 0, done.stderr
    assert verified(copy) == verified(copy, "--deep") == []
    return copy


def verified(built: Built, *arguments: str) -> list[str]:
    """The sentences about what is wrong."""
    done = built.command("verify", *arguments)
    assert "Traceback" not in done.stderr
    said = done.stdout.splitlines()
    against = [line.strip() for line in said if not line.startswith((OK, FAILED))]
    assert (done.returncode == 1) == bool(against) == any(line.startswith(FAILED) for line in said)
    return against


def entries(built: Built, event: str) -> list[dict]:
    with sqlite3.connect(built.warehouse / "ledger.sqlite") as ledger:
        return [json.loads(body) for (body,) in ledger.execute("select body from entries where event = ?", [event])]


def kept(built: Built, file: str) -> Path:
    """The file of the vault that holds a delivery."""
    sha256 = next(body["sha256"] for body in reversed(entries(built, "delivery")) if body["file"] == file)
    return built.warehouse / "vault" / sha256[:2] / sha256


@contextmanager
def put_back(path: Path) -> Iterator[None]:
    """Whatever is done to a file meanwhile, it is there again afterwards."""
    content, mode = path.read_bytes(), path.stat().st_mode
    path.chmod(0o644)
    try:
        yield
    finally:
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            path.rmdir()
        path.write_bytes(content)  # in its place: releases share files
        path.chmod(mode)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def replace_by_link(path: Path) -> None:
    elsewhere = path.with_name("elsewhere")
    shutil.copy(path, elsewhere)
    path.unlink()
    path.symlink_to(elsewhere)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


VAULT = {
    "removed": (Path.unlink, "is missing"),
    "emptied": (lambda path: path.write_bytes(b""), "has 0 bytes instead of"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-9]), "bytes instead of"),
    "longer": (lambda path: path.write_bytes(path.read_bytes() + b"\n"), "bytes instead of"),
    "a link in its place": (replace_by_link, "is no regular file"),
    "a folder in its place": (replace_by_folder, "is no regular file"),
}


@pytest.mark.parametrize("damage, message", VAULT.values(), ids=VAULT)
def test_a_file_of_the_vault_that_is_gone_or_has_another_size_is_found_at_once(built, damage, message):
    file = "peer_forces/2009-06.csv"
    path = kept(built, file)
    with put_back(path):
        damage(path)
        (sentence,) = verified(built)
    month = Path(file).stem
    assert sentence.startswith(f"vault/{path.parent.name}/{path.name} ({file}) ")
    assert message in sentence
    assert sentence.endswith(
        f"restore it from a backup, or run make scorecard FROM={month} TO={month} while that file lies in raw/"
    )
    (path.with_name("elsewhere")).unlink(missing_ok=True)


def test_a_changed_byte_in_the_vault_is_found_by_a_deep_verification_and_the_quick_one_says_so(built):
    file = "commentary/2009-07.csv"
    with put_back(kept(built, file)):
        flip(kept(built, file))
        done = built.command("verify")
        assert done.returncode == 0
        assert "lies in the vault as it was ingested (by name and size; DEEP=1 compares every byte)" in done.stdout
        (sentence,) = verified(built, "--deep")
    assert f"({file}) was changed: restore it from a backup" in sentence


def test_a_file_of_the_vault_that_no_entry_of_the_ledger_knows_is_named_by_a_deep_verification(built):
    strange = built.warehouse / "vault" / "ab" / ("ab" * 32)
    strange.parent.mkdir(exist_ok=True)
    strange.write_text("x")
    try:
        assert verified(built) == []
        assert verified(built, "--deep") == [
            f"vault/ab/{strange.name} is in no entry of the ledger, nothing reads it: remove it"
        ]
    finally:
        strange.unlink()


def test_a_vault_that_is_gone_altogether_is_told_in_twenty_sentences_and_a_number(built):
    vault = built.warehouse / "vault"
    vault.rename(vault.with_name("elsewhere"))
    try:
        found = verified(built)
    finally:
        vault.with_name("elsewhere").rename(vault)
    assert len(found) == 21
    assert found[-1].startswith("... and ")


QUARANTINE = "weapon_enabled_crime-2009-08.csv"
PROBLEMS = {
    "removed": (Path.unlink, f"quarantine/{QUARANTINE} is missing: the next run writes it again"),
    "edited": (
        lambda path: path.write_text(
            path.read_text(encoding="utf-8-sig").replace("knife", "gun"), encoding="utf-8-sig"
        ),
        f"quarantine/{QUARANTINE} was changed: take it away, the next run writes it again",
    ),
    "emptied": (lambda path: path.write_bytes(b""), f"quarantine/{QUARANTINE} was changed: take it away, the next run"),
    "one more": (
        lambda path: shutil.copy(path, path.with_name("population-2009-01.csv")),
        "quarantine/population-2009-01.csv belongs to no delivery that waits: take it away",
    ),
}


@pytest.mark.parametrize("damage, message", PROBLEMS.values(), ids=PROBLEMS)
def test_a_file_of_problems_that_is_not_what_was_found_is_named(built, damage, message):
    path = built.warehouse / "quarantine" / QUARANTINE
    with put_back(path):
        damage(path)
        (sentence,) = verified(built)
        path.with_name("population-2009-01.csv").unlink(missing_ok=True)
    assert sentence.startswith(message)


def test_doing_what_the_sentences_say_puts_the_vault_and_the_quarantine_right(built):
    lost, emptied = kept(built, "recorded_crime/2009-07.csv"), kept(built, "youth_violence/2009-08.csv")
    lost.unlink()
    emptied.chmod(0o644)
    emptied.write_bytes(b"")
    (built.warehouse / "quarantine" / QUARANTINE).unlink()
    found = verified(built)
    assert len(found) == 3
    assert sum("run make scorecard FROM=2009-0" in sentence for sentence in found) == 2
    built.scorecard("2009-07", "2009-08")
    assert verified(built, "--deep") == []


def test_every_new_delivery_is_entered_with_its_size(built):
    deliveries = entries(built, "delivery")
    assert len(deliveries) > 300
    assert all(body["bytes"] == kept(built, body["file"]).stat().st_size for body in deliveries[-5:])


def test_verify_as_make_runs_it_takes_deep_as_a_setting(built):
    def ran(*arguments: str) -> str:
        return subprocess.run(
            ["make", "--no-print-directory", "-n", "verify", *arguments],
            cwd=built.project,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert ran().splitlines()[-1].endswith("-m orchestration verify ")
    assert ran("DEEP=1").splitlines()[-1].endswith("-m orchestration verify --deep")

"""Whatever is changed in a published release, in `current` or in the ledger, verification finds it and says where."""

import shutil
from pathlib import Path

import pytest

from orchestration import release, settings
from orchestration.release import folder, verifying
from orchestration.warehouse import files, ledger
from tests.release.releases import PAGE

DAMAGE = {
    "a byte of the database": (lambda now: flip(now / release.DATABASE), "scorecard.duckdb was changed after it was"),
    "a byte of the manifest": (lambda now: flip(now / release.MANIFEST), "is not the one that was published"),
    "a file beside it": (lambda now: (now / "notes.txt").write_text("x"), "notes.txt is none of its files"),
    "a log of writes": (lambda now: (now / "scorecard.duckdb.wal").write_text("x"), "scorecard.duckdb.wal is none of"),
    "a byte of a page": (lambda now: flip(now / "cards" / "2009-07" / PAGE), f"cards/2009-07/{PAGE} was changed"),
    "no database": (lambda now: (now / release.DATABASE).unlink(), "scorecard.duckdb is missing"),
    "an older release to read": (
        lambda now: files.point(settings.current(), Path("releases/2009-07-r1")),
        "it is 2009-07-r1, the ledger's last is 2009-08-r1",
    ),
    "a release in the place of another": (
        lambda now: shutil.copy(now.with_name("2009-07-r1") / release.DATABASE, now / release.DATABASE),
        "scorecard.duckdb was changed",
    ),
    "what a dead run left": (
        lambda now: (now.parent / ".2009-09-r1.1.part").mkdir(),
        ".2009-09-r1.1.part: the next run",
    ),
    "a release nobody published": (lambda now: shutil.copytree(now, now.with_name("2009-08-r2")), "2009-08-r2"),
    "a byte of a page that two releases have": (
        lambda now: flip(now.with_name("2009-07-r1") / "cards" / "2009-07" / PAGE),
        f"2009-08-r1/cards/2009-07/{PAGE} was changed",
    ),
    "a byte of the ledger": (lambda now: flip(ledger.path()), "ledger.sqlite was changed by something else"),
    "a ledger that is gone": (lambda now: ledger.path().unlink(), "ledger.sqlite is gone, but ledger.head knows of it"),
}


def flip(path: Path) -> None:
    """Change one byte of a file that was put out of reach."""
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def problems() -> str:
    return "\n".join(sentence for _, found in verifying.proofs() for sentence in found)


def test_verify_finds_nothing_where_nothing_was_changed(both):
    assert problems() == ""


@pytest.mark.parametrize("damage, says", DAMAGE.values(), ids=DAMAGE)
def test_verify_finds_whatever_was_changed_and_says_where(both, damage, says):
    damage(release.current().folder)
    assert says in problems()


def test_a_release_that_a_killed_run_did_not_enter_asks_for_no_backup(both, monkeypatch):
    entered = folder.published()
    monkeypatch.setattr(verifying, "_published", lambda: entered[:-1])
    assert "the next run enters it" in problems()
    assert "restore" not in problems()
    assert "ln -sfn" not in problems()


def test_a_release_that_an_earlier_version_entered_file_by_file_is_proved_as_well(july, monkeypatch):
    entered = folder.published()[-1]
    by_file = folder.read_manifest(release.current().folder)["files"] | {release.MANIFEST: entered["manifest"]}
    entered.pop("manifest")
    monkeypatch.setattr(verifying, "_published", lambda: [{**entered, "files": by_file}])
    assert problems() == ""
    by_file[release.MANIFEST] = "0" * 64
    assert "is not the one that was published" in problems()

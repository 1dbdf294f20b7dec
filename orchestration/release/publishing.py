"""Publishing: a folder is written, synced and renamed; then `current` moves to it; then the ledger records it."""

import sqlite3
from datetime import date
from pathlib import Path

from orchestration import editions, months, settings
from orchestration.errors import UserError
from orchestration.release import folder, tables
from orchestration.release.folder import Release
from orchestration.warehouse import files, ledger
from orchestration.warehouse.versions import code_version


class NotInTheLedger(UserError):
    """A release was published, and could not be entered into the ledger."""


def publish(report_months: list[date]) -> Release:
    """Publish the cards of these report months, as they stand in the warehouse, with all cards published before.

    A card that did not change stays as it is, with the release that first printed it. Where nothing at all differs
    from the current release, that one is returned.
    Raises NotInTheLedger; after any other error readers have the release they had.
    """
    before = folder.current()
    published = folder.read_manifest(before.folder) if before else {"tables": None, "files": {}}
    name = folder.next_name(max(report_months))
    making = files.part_of(settings.releases() / name)
    made = settings.releases() / name
    making.mkdir(parents=True)
    try:
        by_table, summary = tables.write(making / folder.DATABASE, name, report_months, before)
        if before and by_table == published["tables"]:
            files.remove(making)
            return Release(before.name, before.folder, unchanged(before.name), before.rows)
        kept = editions.write(making, before.folder if before else None)
        keys = [months.key(month) for month in report_months]
        folder.write_manifest(
            making,
            {"release": name, "report_months": keys, "summary": summary, "code": code_version(), "tables": by_table},
            {name: published["files"][name] for name in kept},
        )
        files.seal(making, set(kept))
        making.rename(made)
        files.sync(settings.releases())
        point_to(made)
    except BaseException:
        for left in (making, made):
            # a folder that `current` never led to is no release: its number is free again
            if left.exists() and settings.current().resolve() != left.resolve():
                files.remove(left)
        raise
    try:
        enter(made)
        keep_the_last()
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise NotInTheLedger(
            f"{name} is published and whole, but the ledger could not be written ({why}): "
            "resolve that and run again, the next run enters it."
        ) from error
    return Release(name, made, summary, folder.rows(by_table))


def unchanged(name: str) -> str:
    """The message of a run that comes to the release of that name again."""
    return f"Nothing was published: no card and no table of {name} would change. It stays the release to read."


def point_to(release: Path) -> None:
    """Move `current`: a reader finds the old release or the new one, never neither."""
    files.point(settings.current(), release.relative_to(settings.warehouse()))


def enter(release: Path) -> None:
    """Enter a release into the ledger, with the digest of its manifest, which has that of every file."""
    manifest = folder.read_manifest(release)
    by_digest = {"release": manifest["release"], "manifest": files.digest(release / folder.MANIFEST)}
    ledger.append([("release", by_digest | {"tables": manifest["tables"]})])


def keep_the_last() -> None:
    """Withdraw the releases before the last 13. A reader who has one open keeps it until closing it."""
    withdrawn = folder.withdrawn()
    names = [body["release"] for body in folder.published()]
    gone = [name for name in names[: -folder.KEPT] if name not in withdrawn]
    ledger.append([("withdrawal", {"release": name}) for name in gone])
    for name in gone:
        files.remove(settings.releases() / name)

"""Proving a release: in a fresh process, from what lies on the disk alone. Changes nothing."""

import time
from collections.abc import Callable, Iterator

import duckdb

from orchestration import files, ledger, run_lock, settings
from orchestration.release import checksums, folder

PATIENCE = 1.0  # seconds for a run under way to finish an entry of the ledger


def proofs() -> Iterator[tuple[str, list[str]]]:
    """What is proved, each with the sentences that speak against it: none where it holds."""
    yield "the chain of the ledger is unbroken", _patiently(_chain)
    yield "the release to read is the last that was published", _patiently(_current)
    yield "every release that is kept is as it was published", _folders()
    yield "it opens read-only, and its tables say what was published", _tables()
    yield "nothing is left lying about", _left_over()


def _patiently(check: Callable[[], list[str]]) -> list[str]:
    """Between two steps of a run the ledger may be ahead of its seal: a moment later it is not."""
    until = time.monotonic() + PATIENCE
    while (found := check()) and run_lock.is_held() and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _chain() -> list[str]:
    try:
        return [] if ledger.check() else ["there is no ledger yet: nothing was ever published here"]
    except ledger.LedgerBroken as error:
        return [str(error)]


def _current() -> list[str]:
    published = [body["release"] for body in _published()]
    try:
        current = folder.current()
    except (OSError, ValueError, KeyError):
        return [f"{settings.current()} leads to no release"]
    if current is None or not published:
        return (
            ["there is no release yet"] if not (current or published) else [f"ledger and {settings.current()} differ"]
        )
    return [] if current.name == published[-1] else [f"it is {current.name}, the ledger's last is {published[-1]}"]


def _folders() -> list[str]:
    """Every file of every kept release has the digest in its manifest, and the manifest the one in the ledger."""
    found, digests = [], {}
    for body in _published()[-folder.KEPT :]:
        there = settings.releases() / body["release"]
        if not there.is_dir():
            found.append(f"{body['release']} is gone")
            continue
        found += folder.damage(there, digests)
        if files.digest(there / folder.MANIFEST) != folder.digest_of_manifest(body):
            found.append(f"{there.name}/{folder.MANIFEST} is not the one that was published")
    return found


def _tables() -> list[str]:
    """One release id everywhere, and the rows of each table as the ledger knows them."""
    try:
        current = folder.current()
        if current is None:
            return ["there is no release yet"]
        said = {body["release"]: body for body in _published()}.get(current.name)
        if said is None:
            return [f"the ledger does not know {current.name}"]
        with duckdb.connect(str(current.database), read_only=True) as connection:
            found = [
                f"table {table} is not what was published"
                for table, known in said["tables"].items()
                if checksums.of_table(connection, table) != known
            ]
            (name,) = connection.execute("select release from release").fetchone()
            if not current.folder.name == current.name == name:
                found.append(f"folder, manifest and database name {current.folder.name}, {current.name} and {name}")
            known_names = {body["release"] for body in _published()}
            printed_by = {row[0] for row in connection.execute("select distinct release from scorecard").fetchall()}
            found += [f"the card names {other}, which was never published" for other in printed_by - known_names]
    except (OSError, ValueError, KeyError, duckdb.Error) as error:
        return [f"it cannot be read: {error}"]
    return found


def _left_over() -> list[str]:
    if run_lock.is_held():
        return []  # what lies about belongs to the run under way
    vault = settings.warehouse() / "vault"
    places = [settings.warehouse(), settings.releases(), settings.warehouse() / "quarantine", vault, *vault.glob("*")]
    left = [path for place in places if place.is_dir() for path in files.left_over(place)]
    left += [*settings.releases().rglob("*.wal"), *settings.warehouse().glob("*-journal")]
    known = {body["release"] for body in _published()} - _withdrawn()
    left += [path for path in folder.folders() if path.name not in known]
    return [f"{path.relative_to(settings.warehouse())}: the next run clears it away" for path in left]


def _published() -> list[dict]:
    try:
        return folder.published()
    except ledger.LedgerBroken:
        return []  # the first proof says what is wrong with it


def _withdrawn() -> set[str]:
    try:
        return folder.withdrawn()
    except ledger.LedgerBroken:
        return set()

"""Verifying the warehouse in a fresh process, from the files on the disk alone. Changes nothing."""

import time
from collections.abc import Callable, Iterator

import duckdb

from orchestration import settings, warehouse
from orchestration.errors import explanation
from orchestration.raw.files import folder as folder_of_deliveries
from orchestration.raw.files import vault
from orchestration.raw.landing import quarantine, stale_deliveries
from orchestration.release import checksums, folder
from orchestration.warehouse import files, ledger, run_lock

PATIENCE = 1.0  # seconds for a run under way to finish an entry of the ledger
SHOWN = 20


def proofs(*, deep: bool = False) -> Iterator[tuple[str, list[str]]]:
    """What is checked, each with sentences about what is wrong: none where it holds.

    Names and sizes of the vault, or `deep` every byte.
    """
    yield "the chain of the ledger is unbroken", _retried(_chain)
    how = "byte for byte, and nothing else" if deep else "by name and size; DEEP=1 compares every byte"
    yield f"every delivery lies in the vault as it was ingested ({how})", _shortened(_vault(deep))
    yield "every delivery that waits has its problems in quarantine/", _shortened(_quarantine())
    yield "the release to read is the last that was published", _retried(_current)
    yield "every release that is kept is as it was published", _shortened(_folders())
    yield "it opens read-only, and its tables are as published", _tables()
    yield "no temporary files are left", _shortened(_left_over())
    yield "raw/ holds what was loaded, or what waits", _shortened(_not_used())


def _shortened(found: list[str]) -> list[str]:
    more = [f"... and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return found[:SHOWN] + more


def _retried(check: Callable[[], list[str]]) -> list[str]:
    """Checked again for a moment during a run: between two steps the ledger may be ahead of its head."""
    until = time.monotonic() + PATIENCE
    while (found := check()) and run_lock.is_held() and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _chain() -> list[str]:
    try:
        return [] if ledger.check() else ["there is no ledger yet: nothing was ever published here"]
    except ledger.LedgerBroken as error:
        return [str(error)]


def _vault(deep: bool) -> list[str]:
    """The vault against the ledger; a run under way has files in it that are not entered yet."""
    deliveries = [entry.body for entry in _entered("delivery")]
    last = {(its["extract"], its["delivery_month"]): its["sha256"] for its in deliveries}
    known = {its["sha256"]: its for its in deliveries}
    found = []
    for sha256, its in known.items():
        if wrong := vault.damage(sha256, its.get("bytes"), deep=deep):
            what_to_do = "restore it from a backup"
            if last[its["extract"], its["delivery_month"]] == sha256:
                month = its["delivery_month"]
                what_to_do += f", or run make scorecard FROM={month} TO={month} while that file lies in raw/"
            found.append(f"{vault.name(sha256)} ({its['file']}) {wrong}: {what_to_do}")
    if deep and not run_lock.is_held():
        others = sorted({*vault.names()} - {vault.name(sha256) for sha256 in known})
        found += [f"{name} is in no entry of the ledger, nothing reads it: remove it" for name in others]
    return found


def _quarantine() -> list[str]:
    """The files of problems against the table of problems; a run under way is about to change both."""
    if run_lock.is_held() or not warehouse.exists():
        return []
    try:
        with warehouse.reading() as connection:
            return quarantine.damage(connection)
    except duckdb.CatalogException:
        return []  # no delivery ever came
    except duckdb.Error as error:
        return [explanation(error) or f"{settings.database().name} cannot be read, restore it from a backup: {error}"]


def _current() -> list[str]:
    published = [body["release"] for body in _published()]
    try:
        current = folder.current()
    except (OSError, ValueError, KeyError) as error:
        return [f"{settings.current()} leads to no release that can be read ({error}): restore it from a backup"]
    if current is None:
        return [_lead_to(published[-1])] if published else ["there is no release yet: run make scorecard"]
    if not published:
        return [f"the ledger knows no release, {settings.current()} leads to {current.name}: {ledger.RESTORE}"]
    if current.name == published[-1]:
        return []
    if current.name not in published and not folder.damage(current.folder):
        return [f"{current.name} is not in the ledger, as the run that made it ended before: the next run enters it"]
    return [f"it is {current.name}, the ledger's last is {published[-1]}: {_lead_to(published[-1])}"]


def _lead_to(name: str) -> str:
    return f"have {settings.current()} lead to it again: ln -sfn {settings.releases().name}/{name} {settings.current()}"


def _folders() -> list[str]:
    """Every file of every kept release has the digest in its manifest, and the manifest the one in the ledger."""
    found: list[str] = []
    digests: dict[tuple[int, int], str] = {}
    for body in _published()[-folder.KEPT :]:
        there = settings.releases() / body["release"]
        if not there.is_dir():
            found.append(f"{body['release']} is gone: restore it from a backup")
            continue
        found += folder.damage(there, digests)
        if files.digest(there / folder.MANIFEST) != folder.digest_of_manifest(body):
            found.append(f"{there.name}/{folder.MANIFEST} is not the one that was published: restore it from a backup")
    return found


def _tables() -> list[str]:
    """One release id everywhere, and the rows of each table as the ledger knows them."""
    try:
        current = folder.current()
        if current is None:
            return ["there is no release yet: run make scorecard"]
        published = {body["release"]: body for body in _published()}
        if current.name not in published:
            return []  # the check of what is to be read reports it
        with duckdb.connect(str(current.database), read_only=True) as connection:
            found = [
                f"table {table} is not what was published: restore {current.name} from a backup"
                for table, known in published[current.name]["tables"].items()
                if checksums.of_table(connection, table) != known
            ]
            ((name,),) = connection.execute("select release from release").fetchall()
            if not current.folder.name == current.name == name:
                names = f"{current.folder.name}, {current.name} and {name}"
                found.append(f"folder, manifest and database name {names}: restore the folder from a backup")
            printed_by = {row[0] for row in connection.execute("select distinct release from scorecard").fetchall()}
            found += [
                f"the card names {other}, which was never published: restore {current.name} from a backup"
                for other in printed_by - published.keys()
            ]
    except (OSError, ValueError, KeyError, duckdb.Error) as error:
        return [f"it cannot be read, restore it from a backup: {error}"]
    return found


def _left_over() -> list[str]:
    if run_lock.is_held():
        return []  # temporary files belong to the run under way
    vault_folder = settings.warehouse() / "vault"
    places = [settings.warehouse(), settings.releases(), quarantine.folder(), vault_folder, *vault_folder.glob("*")]
    left = [path for place in places if place.is_dir() for path in files.left_over(place)]
    left += [*settings.releases().rglob("*.wal"), *settings.warehouse().glob("*-journal")]
    known = {body["release"] for body in _published()} - {entry.body["release"] for entry in _entered("withdrawal")}
    found = [f"{path.relative_to(settings.warehouse())}: the next run clears it away" for path in left]
    unknown = [path.name for path in folder.folders() if path.name not in known]
    return found + [f"releases/{name}: the next run enters it into the ledger, or removes it" for name in unknown]


def _not_used() -> list[str]:
    """Deliveries changed or gone since they were loaded; a run under way may be loading them."""
    if run_lock.is_held() or not warehouse.exists():
        return []
    try:
        with warehouse.reading() as connection:
            return [each.sentence("the release") for each in stale_deliveries.deliveries(connection, settings.raw())]
    except folder_of_deliveries.NoFolder as error:
        return [str(error)]
    except duckdb.Error as error:
        return [f"the warehouse cannot be read: {error}"]
    except ledger.LedgerBroken:
        return []  # the first check reports what is wrong with it


def _published() -> list[dict]:
    return [entry.body for entry in _entered("release")]


def _entered(event: ledger.Event) -> list[ledger.Entry]:
    try:
        return ledger.entries(event)
    except ledger.LedgerBroken:
        return []  # the first check reports what is wrong with it

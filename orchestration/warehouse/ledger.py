"""The ledger: deliveries, verdicts, acceptances, confirmations and releases. Append-only.

Each entry holds the hash of the one before, so that none can be changed, removed or inserted unnoticed. After each
append the digest of the whole file is written to `ledger.head`, so that no byte can be changed unnoticed either.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from filelock import FileLock

from orchestration import settings
from orchestration.errors import UserError
from orchestration.warehouse import files
from orchestration.warehouse.versions import code_version

Event = Literal["delivery", "verdict", "acceptance", "confirmation", "release", "withdrawal", "repair"]
FIRST = "0" * 64
# Raised by a change after which earlier code would misread this warehouse; such code then refuses it. SQLite keeps the
# number in the file, so that it is in every backup.
LAYOUT = 1
RESTORE = "restore ledger.sqlite and ledger.head from the same backup"

TABLE = """
create table entries (
    sequence integer primary key,
    at text not null,
    event text not null,
    body text not null,
    previous text not null,
    hash text not null
);
create trigger no_change before update on entries begin select raise(abort, 'the ledger is append-only'); end;
create trigger no_removal before delete on entries begin select raise(abort, 'the ledger is append-only'); end;
"""


class LedgerBroken(UserError):
    """The ledger is not as this pipeline wrote it; the message names the place."""


class Newer(LedgerBroken):
    """A later version of the pipeline wrote the warehouse, and this one might misread it."""


class Entry(NamedTuple):
    """One line of the ledger; `at` in UTC."""

    sequence: int
    at: str
    event: str
    body: dict
    previous: str
    hash: str


class Head(NamedTuple):
    """The state of the ledger after the last append: its last entry, and the digest of the file."""

    sequence: int
    hash: str
    digest: str


def path() -> Path:
    """The file of the ledger."""
    return settings.warehouse() / "ledger.sqlite"


def append(entries: Iterable[tuple[Event, dict]]) -> None:
    """Add entries, all or none. Raises LedgerBroken where the ledger was changed by anything else."""
    entries = list(entries)
    if not entries:
        return
    with _alone():
        _append(entries)


def _append(entries: list[tuple[Event, dict]]) -> None:
    if not path().exists():
        _begin()
    elif not _sealed(_read_head()):
        _repair()
    with _open() as connection:
        (sequence, previous) = connection.execute(
            "select sequence, hash from entries order by sequence desc limit 1"
        ).fetchone() or (0, FIRST)
        with connection:
            for event, body in entries:
                sequence += 1
                at = datetime.now(UTC).isoformat(timespec="milliseconds")
                text = json.dumps({**body, "code": code_version()}, sort_keys=True, ensure_ascii=False, default=str)
                entry = _hash(sequence, at, event, text, previous)
                row = (sequence, at, event, text, previous, entry)
                connection.execute("insert into entries values (?, ?, ?, ?, ?, ?)", row)
                previous = entry
            connection.execute(f"pragma user_version = {LAYOUT}")  # in the transaction that the first entry began
    _write_head(sequence, previous)


def entries(*events: Event) -> list[Entry]:
    """The entries of these events, or all, oldest first."""
    if not path().exists():
        return []
    return [_entry(row) for row in _rows(events)]


def check() -> Head | None:
    """Check every entry. Returns the head, None before the first entry; raises LedgerBroken."""
    head = _read_head()
    if not path().exists():
        if head:
            raise LedgerBroken(f"{path().name} is gone, but {_head_path().name} knows of it: {RESTORE}")
        return None
    if not _sealed(head):
        raise LedgerBroken(f"{path().name} was changed by something else than this pipeline. {_where_broken(head)}")
    walked = _walk()
    if head is None or (len(walked), walked[-1].hash if walked else FIRST) != head[:2]:
        raise LedgerBroken(f"{path().name} and {_head_path().name} do not belong together: {RESTORE}")
    return head


def repair() -> str | None:
    """Seal entries that a process wrote just before it died. Returns a sentence about it; raises LedgerBroken."""
    with _alone():
        return _repair()


def _repair() -> str | None:
    head = _read_head()
    unfinished = path().exists() and _journal().exists()
    if unfinished:
        with _open() as connection:  # SQLite rolls back what was not finished
            connection.execute("select count(*) from entries").fetchall()
        files.remove(_journal())  # one that is left had nothing to roll back
    if not path().exists() or _sealed(head):
        check()
        return "The ledger had an unfinished entry, which was rolled back." if unfinished else None
    walked = _walk()
    at_head = walked[head.sequence - 1].hash if head and 0 < head.sequence <= len(walked) else FIRST
    if (head is None and walked) or (head and (len(walked) <= head.sequence or at_head != head.hash)):
        check()  # raises with what is broken
    _write_head(len(walked), walked[-1].hash if walked else FIRST)
    new = len(walked) - (head.sequence if head else 0)
    return f"The ledger had {new} {'entry' if new == 1 else 'entries'} not sealed yet: sealed now." if new else None


def _begin() -> None:
    if _head_path().exists():
        check()  # raises: the ledger is gone
    with files.replacing(path()) as made, closing(sqlite3.connect(made)) as connection:
        connection.executescript(TABLE)
    _write_head(0, FIRST)


def _alone() -> FileLock:
    """One process at a time looks at the whole file: extracts that land on their own append at the same time."""
    path().parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path().with_suffix(".lock"), fallback_to_soft=False)


def _sealed(head: Head | None) -> bool:
    return head is not None and files.digest(path()) == head.digest


def _walk() -> list[Entry]:
    """Every entry, each checked against the one before it."""
    rows = _rows()
    previous = FIRST
    for number, row in enumerate(rows, start=1):
        if row[0] != number or row[4] != previous or row[5] != _hash(*row[:5]):
            raise LedgerBroken(f"Entry {number} of {path().name} does not follow from the one before it: {RESTORE}")
        previous = row[5]
    return [_entry(row) for row in rows]


def _entry(row: tuple[Any, ...]) -> Entry:
    sequence, at, event, body, previous, own_hash = row
    return Entry(sequence, at, event, json.loads(body), previous, own_hash)


def _rows(events: tuple[Event, ...] = ()) -> list[tuple]:
    of_these = f"where event in ({', '.join('?' * len(events))})" if events else ""
    try:
        with _open(read_only=True) as connection:
            return connection.execute(f"select * from entries {of_these} order by sequence", events).fetchall()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if _journal().exists():
            unfinished = "has an entry that was not finished when a run died: the next run rolls it back"
            raise LedgerBroken(f"{path().name} {unfinished}") from error
        raise LedgerBroken(f"{path().name} cannot be read ({error}): {RESTORE}") from error


def _where_broken(head: Head | None) -> str:
    """The place, as far as the chain of hashes shows it."""
    try:
        walked = _walk()
    except LedgerBroken as error:
        return f"{error}"
    known = f"{len(walked)} entries" + (f", {head.sequence} of them sealed" if head else ", none of them sealed")
    return f"Its chain holds ({known}), the bytes around it do not: {RESTORE}."


def _hash(sequence: int, at: str, event: str, body: str, previous: str) -> str:
    return hashlib.sha256("\n".join((str(sequence), at, event, body, previous)).encode()).hexdigest()


@contextmanager
def _open(read_only: bool = False) -> Iterator[sqlite3.Connection]:
    mode = "ro" if read_only else "rw"
    with closing(sqlite3.connect(f"{path().as_uri()}?mode={mode}", uri=True, timeout=30)) as connection:
        connection.execute("pragma synchronous = extra")
        ((layout,),) = connection.execute("pragma user_version").fetchall()
        if layout > LAYOUT:
            raise Newer(
                f"{settings.warehouse()} was written by a later version of the pipeline (layout {layout}, this version "
                f"knows {LAYOUT}): install that version again, or restore a backup from before the upgrade."
            )
        yield connection


def _journal() -> Path:
    return path().with_name(f"{path().name}-journal")


def _head_path() -> Path:
    return path().with_suffix(".head")


def _write_head(sequence: int, last: str) -> None:
    head = Head(sequence, last, files.digest(path()))
    files.write(_head_path(), json.dumps(head._asdict()) + "\n")


def _read_head() -> Head | None:
    try:
        return Head(**json.loads(_head_path().read_bytes()))
    except (OSError, ValueError, TypeError):
        return None

"""What goes wrong around the pipeline, by seed: kills, a full disk, an open database, a notifier that fails."""

import errno
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration import settings, warehouse
from orchestration.raw.landing import raw_tables
from orchestration.release import publishing
from orchestration.warehouse import files

# how many months of a hundred have one
FAULTS = {
    "killed before the ledger": 8,
    "killed while landing": 8,
    "disk full": 10,
    "in use": 10,
    "notifier fails": 10,
    "record of what landed lost": 6,
    "daemon down": 8,
}
OFF = 0.3
LOCKED = 'IO Error: Could not set lock on file "performance.duckdb": Conflicting lock is held in duckdb (PID 7)'
NOT_THE_PIPELINES = ("notifier fails", "record of what landed lost", "daemon down")


def _identity(path: Path) -> tuple[int, int]:
    """A file with its content: numbers of files are used again."""
    there = path.stat()
    return there.st_ino, there.st_mtime_ns


class Killed(BaseException):
    """The process of the run ends here: no handler of the pipeline may look at it."""


class Faults:
    """The faults of a seed by day, and those that wait for the pipeline to run into them."""

    def __init__(self, seed: int, begins: date, ends: date) -> None:
        chance = random.Random(f"faults {seed}")
        self.on = [fault for fault in FAULTS if chance.random() > OFF]
        self.agenda: dict[date, list[str]] = {}
        self.armed: set[str] = set()
        self.met: list[tuple[date, str]] = []
        self.synced: set[tuple[int, int]] = set()
        self.today = begins
        first = begins
        while first < ends:
            for fault in self.on:
                if chance.random() < FAULTS[fault] / 100:
                    self.agenda.setdefault(first + timedelta(days=chance.randint(2, 18)), []).append(fault)
            first += timedelta(days=30)

    def begin(self, day: date) -> None:
        """Those of a day wait for a run; what a person repairs overnight, such as a full disk, does not wait longer."""
        self.today = day
        self.armed -= {"disk full", "in use", "notifier fails"}
        self.armed |= set(self.agenda.get(day, []))

    def happens(self, fault: str, once: bool = True) -> bool:
        """Whether it happens now."""
        if fault not in self.armed:
            return False
        self.met.append((self.today, fault))
        if once:
            self.armed.discard(fault)
        return True

    def _lose_what_is_not_synced(self) -> None:
        """The power goes with the process: files of the newest release whose content was not synced are empty."""
        newest = max(settings.releases().glob("[!.]*"), key=lambda folder: folder.stat().st_mtime_ns)
        for path in (path for path in newest.rglob("*") if path.is_file()):
            if path.stat().st_nlink == 1 and _identity(path) not in self.synced:
                path.chmod(files.READ_ONLY | files.WRITABLE)
                path.write_bytes(b"")

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        """Have the steps of the pipeline run into what is armed."""

        def before(module: object, name: str, stop: Callable[[], None]) -> None:
            step = getattr(module, name)

            def met(*arguments: object, **named: object) -> object:
                stop()
                return step(*arguments, **named)

            patch.setattr(module, name, met)

        def killed_before_the_ledger() -> None:
            if self.happens("killed before the ledger"):
                self._lose_what_is_not_synced()
                raise Killed

        def killed_while_landing() -> None:
            if self.happens("killed while landing"):
                raise Killed

        def full() -> None:
            if self.happens("disk full", once=False):
                raise OSError(errno.ENOSPC, "No space left on device")

        def opened() -> None:
            if self.happens("in use", once=False):
                raise duckdb.IOException(LOCKED)

        def notifier() -> str:
            return "false" if self.happens("notifier fails", once=False) else command()

        def synced(path: Path) -> None:
            sync(path)
            self.synced.add(_identity(path))

        command, sync = settings.notify, files.sync
        patch.setattr(files, "sync", synced)
        patch.setattr(settings, "notify", notifier)
        before(publishing, "enter", killed_before_the_ledger)
        before(raw_tables, "replace", killed_while_landing)
        before(files, "seal", full)
        before(warehouse, "writing", opened)

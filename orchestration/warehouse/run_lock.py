"""The lock of a run: one process at a time may change the warehouse. It ends with the process that holds it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout, lock_descriptor

from orchestration import settings
from orchestration.errors import UserError
from orchestration.warehouse import file_system

EXIT = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try again later
PATIENCE = 0.1  # seconds: `is_held` of another process has the lock for a moment


class InUse(UserError):
    """Another process holds the lock; the message names it, its purpose and since when."""


@contextmanager
def held(purpose: str, path: Path | None = None) -> Iterator[None]:
    """Hold the warehouse, or another lock, for what is done inside, which may take the same lock again.

    Raises InUse at once where another process holds it, OverANetwork where no lock would hold.
    """
    path = path or _of_the_warehouse()
    file_system.check(path.parent)
    lock = _lock(path)
    try:
        lock.acquire(timeout=PATIENCE, poll_interval=PATIENCE / 5)
    except Timeout:
        raise InUse(
            f"The warehouse is in use by {_holder(lock)}: nothing was changed; try again when it has ended."
        ) from None
    try:
        if lock.lock_counter == 1:
            _name_holder(lock, purpose)
        yield
    finally:
        lock.release()


def is_held() -> bool:
    """Whether a process holds the lock of the warehouse now, this one or another. Needs no right to change it."""
    path = _of_the_warehouse()
    if not path.exists():
        return False
    with path.open("rb") as file:  # closing it releases what was locked
        return _lock(path).is_locked or not lock_descriptor(file.fileno(), blocking=False)


def _of_the_warehouse() -> Path:
    return settings.warehouse() / "run.lock"


def _lock(path: Path) -> FileLock:
    """The one object for this lock in the process. Not a softer kind where the file system knows no locks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, thread_local=False, is_singleton=True, fallback_to_soft=False)


def _name_holder(lock: FileLock, purpose: str) -> None:
    holder = {"process": os.getpid(), "since": f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}", "doing": purpose}
    with suppress(OSError):  # a full disk keeps nobody from holding it
        Path(lock.lock_file).write_text(json.dumps(holder), encoding="utf-8")


def _holder(lock: FileLock) -> str:
    try:
        holder = json.loads(Path(lock.lock_file).read_bytes())
        return f"{holder['doing']} (process {holder['process']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return "another run"

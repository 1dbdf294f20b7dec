"""The lock of a run: one process at a time may change the warehouse. It dies with the process that holds it."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from orchestration import settings
from orchestration.errors import UserError
from orchestration.warehouse import file_system

EXIT = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try again later

_held: dict[Path, int] = {}  # how often this process holds which lock: what runs inside a run takes it again


class InUse(UserError):
    """Another process holds the lock; the message says which, for what and since when."""


@contextmanager
def held(doing: str, lock: Path | None = None, shared: bool = False) -> Iterator[None]:
    """Hold the warehouse, or another lock, for what is done inside; shared with others who share it.

    Raises InUse at once where another process holds it, OverANetwork where no lock would hold.
    """
    path = lock or settings.warehouse() / "run.lock"
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    file_system.check(path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    # closed in every program started from here, so that none of them keeps the lock when this process is gone
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not _locked(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
            raise InUse(_by_whom(path))
        says = {"process": os.getpid(), "since": f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}", "doing": doing}
        with suppress(OSError):  # a full disk keeps nobody from holding it
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps(says).encode())
        _held[path] = 1
        try:
            yield
        finally:
            del _held[path]
    finally:
        os.close(descriptor)


def is_held() -> bool:
    """Whether a process holds the lock now, this one or another."""
    path = settings.warehouse() / "run.lock"
    if path in _held or not path.exists():
        return path in _held
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, kind: int) -> bool:
    """Take the lock, and say whether it could be had: `is_held` of another process has it only for a moment."""
    for _ in range(5):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return True
        time.sleep(0.02)
    return False


def _by_whom(path: Path) -> str:
    try:
        by = json.loads(path.read_bytes())
        who = f"{by['doing']} (process {by['process']}, since {by['since']})"
    except (OSError, ValueError, KeyError):
        who = "another run"
    return f"The warehouse is in use by {who}: nothing was changed; try again when it has ended."

"""Taking a delivery: a file that is complete is read once, through one descriptor, and kept in the vault.

Complete is a file that its sender's manifest (`<file>.sha256`) confirms, one of an extract whose sender writes under
another name and renames, or one that nobody has changed for SCORECARD_SETTLE_SECONDS. What changes a file's content
also sets the time of its last change in the kernel, which no sender can set back as he can the time of writing.
"""

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from orchestration.raw import vault
from orchestration.raw.extracts import Extract
from orchestration.raw.folder import MANIFEST
from orchestration.raw.validation import Delivery

SETTLE_SECONDS = 60
SECOND = 1_000_000_000
MANIFEST_LINE = re.compile(rb"([0-9a-fA-F]{64})(?: [ *]([^\r\n]+))?\r?\n?")
LARGEST_MANIFEST = 4096


class State(NamedTuple):
    """What tells whether a file was changed between two looks."""

    inode: int
    size: int
    changed: int  # ns


def settle_seconds() -> float:
    """How long a file must have been left alone (`SCORECARD_SETTLE_SECONDS`)."""
    return float(os.environ.get("SCORECARD_SETTLE_SECONDS") or SETTLE_SECONDS)


def state(path: Path) -> State | None:
    """The state of a file; None where there is none, or it is no regular file."""
    try:
        there = os.lstat(path)
    except OSError:
        return None
    return State(there.st_ino, there.st_size, there.st_ctime_ns) if stat.S_ISREG(there.st_mode) else None


def settled(extract: Extract, path: Path, now: int) -> bool:
    """Whether nobody writes to the file any more, as far as its time and its sender's ways tell; `now` in ns."""
    there = state(path)
    # a time in the future says nothing about writing, only about a clock: it counts as just now
    return bool(there) and (extract.renamed_in or now - there.changed >= settle_seconds() * SECOND)


def confirmed(path: Path) -> bool:
    """Whether there is a manifest that will tell whether the file is complete."""
    return state(manifest_of(path)) is not None


def manifest_of(path: Path) -> Path:
    """Where the sender's manifest of a file is, if there is one."""
    return path.with_name(path.name + MANIFEST)


def complete_digest(extract: Extract, path: Path, now: int) -> str | None:
    """The digest of a file and, behind a colon, the one its manifest gives; None where it is not complete `now`."""
    try:
        descriptor = _open(path)
    except NotIngested:
        return None
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            return None
        expected = _manifest(path)
        if expected is None and not settled(extract, path, now):
            return None
        with os.fdopen(os.dup(descriptor), "rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if not _state(before) == _state(os.fstat(descriptor)) == state(path):
            return None
    finally:
        os.close(descriptor)
    if expected not in (None, sha256) and not settled(extract, path, now):
        return None
    return sha256 if expected is None else f"{sha256}:{expected}"


def left_alone(extract: Extract, paths: list[Path]) -> set[Path]:
    """The files that nobody changes, after giving all that were changed lately the time to settle, once."""
    now, began = time.time_ns(), time.monotonic()
    restless = {path: state(path) for path in paths if not settled(extract, path, now) and not confirmed(path)}
    alone = set(paths) - set(restless)
    while restless and time.monotonic() - began < settle_seconds():
        time.sleep(min(0.5, settle_seconds()))
        alone |= {path for path in restless if settled(extract, path, time.time_ns())}
        restless = {path: seen for path, seen in restless.items() if path not in alone}
    return alone | {path for path, seen in restless.items() if seen and state(path) == seen}


class NotIngested(Exception):
    """The file is not taken: `code` and the message say why; code is None where it is only not complete yet."""

    def __init__(self, code: str | None, rule: str):
        self.code = code
        super().__init__(rule)


INCOMPLETE = "it is still being written, or was a moment ago: run again once it is complete"


def take(extract: Extract, path: Path, month: date, alone: bool) -> Delivery:
    """The delivery, kept in the vault; `alone` says that nobody was seen to change it. Raises NotIngested."""
    descriptor = _open(path)
    try:
        before = os.fstat(descriptor)
        _refuse_what_is_no_delivery(before, extract)
        expected = _manifest(path)
        if not alone and expected is None:
            raise NotIngested(None, INCOMPLETE)
        blocks = _read(descriptor, extract.largest, min(before.st_size + 1, vault.LARGE))
        with vault.receiving(blocks, before.st_size) as (content, sha256):
            if not _state(before) == _state(os.fstat(descriptor)) == state(path):
                raise NotIngested(None, INCOMPLETE)
            if expected not in (None, sha256) and not settled(extract, path, time.time_ns()):
                raise NotIngested(None, INCOMPLETE)
    finally:
        os.close(descriptor)
    if expected not in (None, sha256):
        raise NotIngested("digest", _of_another_digest(path.name, sha256, expected))
    return Delivery(extract, month, f"{extract.name}/{path.name}", content, sha256)


def _open(path: Path) -> int:
    try:
        # without waiting for the other end of a pipe, and never through a link
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotIngested(None, "it was taken away while the folder was read: run again") from None
    except OSError as error:
        says = f"the file cannot be read ({error.strerror}): let the pipeline's user read it"
        raise NotIngested("unreadable", says) from None


def _refuse_what_is_no_delivery(there: os.stat_result, extract: Extract) -> None:
    if not stat.S_ISREG(there.st_mode):
        raise NotIngested("not_a_file", "this is no regular file: put the file itself here")
    if there.st_nlink > 1:
        rule = "the file has a second name (a hard link), under which it may change: put a copy here"
        raise NotIngested("not_a_file", rule)
    if there.st_size > extract.largest:
        rule = f"the file has more than the {extract.largest:,} bytes a delivery may have: deliver fewer months"
        raise NotIngested("too_large", rule)


def _read(descriptor: int, largest: int, at_once: int) -> Iterator[bytes]:
    """The bytes, of a small file in one block: to put many together takes as long as all else that is done to it."""
    size = 0
    while size <= largest and (block := os.read(descriptor, at_once)):
        size += len(block)
        yield block


def _of_another_digest(name: str, sha256: str, expected: str) -> str:
    if not expected:
        return f"{name}{MANIFEST} is no manifest: it must hold the SHA-256 of {name} as sha256sum writes it"
    return (
        f"its SHA-256 is {sha256[:12]}…, its manifest says {expected[:12]}…: it was damaged on the way, or one of the "
        "two is of another version; send both again"
    )


def _state(there: os.stat_result) -> State:
    return State(there.st_ino, there.st_size, there.st_ctime_ns)


def _manifest(path: Path) -> str | None:
    """The digest the sender gives: None without a manifest, empty where it holds no digest of this file."""
    try:
        descriptor = os.open(manifest_of(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError:
        return ""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return ""
        line = MANIFEST_LINE.fullmatch(os.read(descriptor, LARGEST_MANIFEST))
    finally:
        os.close(descriptor)
    if line is None or line[2] not in (None, path.name.encode()):
        return ""
    return line[1].decode().lower()

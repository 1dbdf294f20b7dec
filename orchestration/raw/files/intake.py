"""Intake of a delivery: a complete file is read once, through one descriptor, and stored in the vault.

A file is complete if its sender's manifest (`<file>.sha256`) confirms it, if its sender writes under another name and
renames, or if it has settled.
"""

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.raw.files import folder, vault
from orchestration.raw.files.settling import settled, state, state_of
from orchestration.raw.sources.declarations import Extract
from orchestration.warehouse import files

MANIFEST_LINE = re.compile(rb"([0-9a-fA-F]{64})(?: [ *]([^\r\n]+))?\r?\n?")
LARGEST_MANIFEST = 4096


@dataclass(frozen=True)
class Delivery:
    """An ingested file: the bytes that were hashed are the bytes that are parsed."""

    extract: Extract
    month: date
    file: str
    content: bytes
    sha256: str
    confirmed: bool = False  # by a manifest of its sender


class NotIngested(Exception):
    """The file is not ingested: `code` and the message are the reason; code is None where it is only incomplete."""

    def __init__(self, code: str | None, rule: str):
        self.code = code
        super().__init__(rule)


def complete_digest(extract: Extract, path: Path, now: int) -> str | None:
    """The digest of a file and, after a colon, the one in its manifest; None where it is not complete `now`."""
    try:
        with _unchanged(path) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            expected = _manifest(path)
            if expected is None and not settled(extract, path, now):
                return None
            with os.fdopen(os.dup(descriptor), "rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except NotIngested:
        return None
    if expected not in (None, sha256) and not settled(extract, path, now):
        return None
    return sha256 if expected is None else f"{sha256}:{expected}"


def ingest(extract: Extract, path: Path, month: date, still_written: str | None) -> Delivery:
    """The delivery, stored in the vault; `still_written` is why the file may be incomplete. Raises NotIngested.

    What is not ingested is not stored either: it stays where its sender put it.
    """
    with _unchanged(path) as descriptor:
        there = os.fstat(descriptor)
        _check_kind_and_size(there, extract)
        expected = _manifest(path)
        if still_written and expected is None:
            raise NotIngested(None, still_written)
        content = b"".join(_blocks(descriptor, there.st_size))
    sha256 = hashlib.sha256(content).hexdigest()
    if expected is not None and expected != sha256:
        if settled(extract, path, time.time_ns()):
            raise NotIngested("digest", _digest_message(path.name, sha256, expected))
        rule = "its SHA-256 is not yet the one that its manifest says: run again once both are complete"
        raise NotIngested(None, rule)
    vault.store(content, sha256)
    return Delivery(extract, month, f"{extract.name}/{path.name}", content, sha256, confirmed=expected is not None)


@contextmanager
def _unchanged(path: Path) -> Iterator[int]:
    """A descriptor of a file. Raises NotIngested if it cannot be opened, or was changed by the end."""
    try:
        descriptor = files.open_untrusted(path)
    except FileNotFoundError:
        raise NotIngested(None, "it was taken away while the folder was read: run again") from None
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}): let the pipeline's user read it"
        raise NotIngested("unreadable", message) from None
    try:
        before = os.fstat(descriptor)
        yield descriptor
        if not state_of(before) == state_of(os.fstat(descriptor)) == state(path):
            raise NotIngested(None, "it was changed while it was read: run again once it is complete")
    finally:
        os.close(descriptor)


def _check_kind_and_size(there: os.stat_result, extract: Extract) -> None:
    if not stat.S_ISREG(there.st_mode):
        raise NotIngested("not_a_file", "this is no regular file: put the file itself here")
    if there.st_nlink > 1:
        rule = "the file has a second name (a hard link), under which it may change: put a copy here"
        raise NotIngested("not_a_file", rule)
    if there.st_size > extract.largest:
        rule = f"the file has more than the {extract.largest:,} bytes a delivery may have: send fewer months in it"
        raise NotIngested("too_large", rule)


def _blocks(descriptor: int, size: int) -> Iterator[bytes]:
    """The bytes of a file of that size, and a few more where it grows meanwhile."""
    read = 0
    while read <= size and (block := os.read(descriptor, size + 1)):
        read += len(block)
        yield block


def _digest_message(name: str, sha256: str, expected: str) -> str:
    if not expected:
        return f"{name}{folder.MANIFEST} is no manifest: send the SHA-256 of {name} as sha256sum writes it, or none"
    return (
        f"its SHA-256 is {sha256[:12]}…, its manifest says {expected[:12]}…: it was damaged on the way, or one of the "
        "two is of another version; send both again"
    )


def _manifest(path: Path) -> str | None:
    """The digest in the manifest: None without one, empty where it holds no digest of this file."""
    try:
        descriptor = files.open_untrusted(folder.manifest(path))
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
    if line is None or (line[2] and line[2].lower() != path.name.lower().encode()):
        return ""
    return line[1].decode().lower()

"""Taking a delivery: a file that is complete is read once, through one descriptor, and kept in the vault.

Complete is a file that its sender's manifest (`<file>.sha256`) confirms, one of an extract whose sender writes under
another name and renames, or one that has settled.
"""

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.raw.files import folder, vault
from orchestration.raw.files.settling import manifest_of, settled, state, state_of
from orchestration.raw.sources.declarations import Extract
from orchestration.warehouse import files

MANIFEST_LINE = re.compile(rb"([0-9a-fA-F]{64})(?: [ *]([^\r\n]+))?\r?\n?")
LARGEST_MANIFEST = 4096


@dataclass(frozen=True)
class Delivery:
    """A file as it was taken: the bytes that were hashed are the bytes that are parsed."""

    extract: Extract
    month: date
    file: str
    content: bytes | Path  # of a large one, where the vault keeps it
    sha256: str
    confirmed: bool = False  # by a manifest of its sender

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


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
        if not state_of(before) == state_of(os.fstat(descriptor)) == state(path):
            return None
    finally:
        os.close(descriptor)
    if expected not in (None, sha256) and not settled(extract, path, now):
        return None
    return sha256 if expected is None else f"{sha256}:{expected}"


class NotIngested(Exception):
    """The file is not taken: `code` and the message say why; code is None where it is only not complete yet."""

    def __init__(self, code: str | None, rule: str):
        self.code = code
        super().__init__(rule)


CHANGED = "it was changed while it was read: run again once it is complete"


def take(extract: Extract, path: Path, month: date, still_written: str | None) -> Delivery:
    """The delivery, kept in the vault; `still_written` says why the file may not be complete. Raises NotIngested.

    What is not taken is not kept either: it lies where its sender put it.
    """
    descriptor = _open(path)
    try:
        before = os.fstat(descriptor)
        _refuse_what_is_no_delivery(before, extract)
        expected = _manifest(path)
        if still_written and expected is None:
            raise NotIngested(None, still_written)
        blocks = _read(descriptor, extract.largest, min(before.st_size + 1, vault.LARGE))
        with vault.receiving(blocks, before.st_size) as (content, sha256):
            if not state_of(before) == state_of(os.fstat(descriptor)) == state(path):
                raise NotIngested(None, CHANGED)
            if expected not in (None, sha256):
                if settled(extract, path, time.time_ns()):
                    raise NotIngested("digest", _of_another_digest(path.name, sha256, expected))
                rule = "its SHA-256 is not yet the one that its manifest says: run again once both are complete"
                raise NotIngested(None, rule)
    finally:
        os.close(descriptor)
    return Delivery(extract, month, f"{extract.name}/{path.name}", content, sha256, confirmed=expected is not None)


def _open(path: Path) -> int:
    try:
        return files.open_untrusted(path)
    except FileNotFoundError:
        raise NotIngested(None, "it was taken away while the folder was read: run again") from None
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}): let the pipeline's user read it"
        raise NotIngested("unreadable", message) from None


def _refuse_what_is_no_delivery(there: os.stat_result, extract: Extract) -> None:
    if not stat.S_ISREG(there.st_mode):
        raise NotIngested("not_a_file", "this is no regular file: put the file itself here")
    if there.st_nlink > 1:
        rule = "the file has a second name (a hard link), under which it may change: put a copy here"
        raise NotIngested("not_a_file", rule)
    if there.st_size > extract.largest:
        rule = f"the file has more than the {extract.largest:,} bytes a delivery may have: send fewer months in it"
        raise NotIngested("too_large", rule)


def _read(descriptor: int, largest: int, at_once: int) -> Iterator[bytes]:
    """The bytes, of a small file in one block: to put many together takes as long as all else that is done to it."""
    size = 0
    while size <= largest and (block := os.read(descriptor, at_once)):
        size += len(block)
        yield block


def _of_another_digest(name: str, sha256: str, expected: str) -> str:
    if not expected:
        return f"{name}{folder.MANIFEST} is no manifest: send the SHA-256 of {name} as sha256sum writes it, or none"
    return (
        f"its SHA-256 is {sha256[:12]}…, its manifest says {expected[:12]}…: it was damaged on the way, or one of the "
        "two is of another version; send both again"
    )


def _manifest(path: Path) -> str | None:
    """The digest the sender gives: None without a manifest, empty where it holds no digest of this file."""
    try:
        descriptor = files.open_untrusted(manifest_of(path))
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

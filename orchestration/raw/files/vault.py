"""The vault: every ingested delivery, by the digest of its bytes, read-only.

Deliveries are read from here only, so that no file name of a sender reaches a query, and can be read again.
"""

import hashlib
import os
import stat
from pathlib import Path

from orchestration import settings
from orchestration.errors import UserError
from orchestration.warehouse import files


class VaultBroken(UserError):
    """A file of the vault does not match its digest, or is gone."""


def path(sha256: str) -> Path:
    """Where the bytes with that digest are."""
    return settings.warehouse() / "vault" / sha256[:2] / sha256


def store(content: bytes, sha256: str) -> None:
    """Keep the bytes with that digest; a file of the vault that is not what it should be is replaced."""
    place = path(sha256)
    try:
        kept = not place.is_symlink() and place.read_bytes() == content
    except OSError:
        kept = False
    if not kept:
        files.write(place, content, files.READ_ONLY)


def size(sha256: str) -> int:
    """How many bytes the file with that digest has."""
    return path(sha256).stat().st_size


def damage(sha256: str, size: int | None, *, deep: bool) -> str | None:
    """What is wrong with the file with that digest, by its size where that is known, or `deep` by every byte.

    None where nothing is.
    """
    place = path(sha256)
    try:
        there = place.lstat()
    except FileNotFoundError:
        return "is missing"
    if not stat.S_ISREG(there.st_mode):
        return "is no regular file"
    if size not in (None, there.st_size):
        return f"has {there.st_size:,} bytes instead of {size:,}"
    if not os.access(place, os.R_OK):
        return "cannot be read by this user"
    return "was changed" if deep and files.digest(place) != sha256 else None


def name(sha256: str) -> str:
    """The name of the file with that digest, from the warehouse on."""
    return path(sha256).relative_to(settings.warehouse()).as_posix()


def names() -> list[str]:
    """The names of all files in the vault, but what a run that died left half written."""
    return [f"vault/{it}" for it in files.names(settings.warehouse() / "vault") if not it.endswith(files.PART)]


def content(sha256: str) -> bytes:
    """The bytes with that digest. Raises VaultBroken."""
    try:
        found = path(sha256).read_bytes()
    except FileNotFoundError:
        message = f"{name(sha256)} is missing: `make verify` says which delivery it is, and what to do"
        raise VaultBroken(message) from None
    if hashlib.sha256(found).hexdigest() != sha256:
        message = f"{name(sha256)} was changed: `make verify DEEP=1` says which delivery it is, and what to do"
        raise VaultBroken(message)
    return found

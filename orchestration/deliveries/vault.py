"""The vault: every delivery that was ever taken, by the digest of its bytes, read-only. All that reads a delivery
reads it here, so that no name given by a sender reaches a query, and what was judged can be read again.
"""

import hashlib
from pathlib import Path

from orchestration import files, settings


class VaultBroken(Exception):
    """A file of the vault is not what its name says, or is gone."""


def path(sha256: str) -> Path:
    """Where the bytes with that digest are."""
    return settings.warehouse() / "vault" / sha256[:2] / sha256


def keep(content: bytes) -> str:
    """Have these bytes in the vault. Returns their digest."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not path(sha256).exists():
        files.write(path(sha256), content, files.READ_ONLY)
    return sha256


def content(sha256: str) -> bytes:
    """The bytes with that digest. Raises VaultBroken."""
    try:
        found = path(sha256).read_bytes()
    except FileNotFoundError:
        says = f"The vault has lost {sha256}: put the delivery into raw/ again, or restore the vault"
        raise VaultBroken(says) from None
    if hashlib.sha256(found).hexdigest() != sha256:
        raise VaultBroken(f"{path(sha256)} was changed: restore it from a copy, or put the delivery into raw/ again")
    return found

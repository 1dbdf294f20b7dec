"""The vault: every delivery that was ever taken, by the digest of its bytes, read-only. All that reads a delivery
reads it here, so that no name given by a sender reaches a query, and what was judged can be read again.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration import files, settings

LARGE = 16_000_000  # bytes; more are not held in memory


class VaultBroken(Exception):
    """A file of the vault is not what its name says, or is gone."""


def path(sha256: str) -> Path:
    """Where the bytes with that digest are."""
    return settings.warehouse() / "vault" / sha256[:2] / sha256


@contextmanager
def receiving(blocks: Iterable[bytes], size: int) -> Iterator[tuple[bytes | Path, str]]:
    """Have a file of about that size in the vault, unless what is done meanwhile raises.

    Gives its bytes, of a large one the place where they will be, and their digest.
    """
    if size <= LARGE:
        content = b"".join(blocks)
        sha256 = hashlib.sha256(content).hexdigest()
        yield content, sha256
        if not path(sha256).exists():
            files.write(path(sha256), content, files.READ_ONLY)
        return
    with files.part(settings.warehouse() / "delivery") as made:
        sha256 = files.write_blocks(made, blocks)
        yield path(sha256), sha256
        # also where there is one: what is read there is what was hashed now
        files.put(made, path(sha256), files.READ_ONLY)


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

"""Copying a published release into a bucket, for readers on other machines: the pointer to it last."""

from contextlib import suppress
from typing import TYPE_CHECKING

from orchestration import settings
from orchestration.errors import UserError
from orchestration.release import folder
from orchestration.release.folder import MANIFEST, Release
from orchestration.warehouse import bucket, files

if TYPE_CHECKING:
    from obstore.store import ObjectStore

POINTER = "current.txt"  # names the release to read


class NotCopied(UserError):
    """A release is published, but not copied; the message says why."""


def copy(release: Release) -> str | None:
    """Copy a release into the bucket, if one is set, and have the pointer name it. Returns the address of the copy.

    Raises NotCopied: the pointer is as it was.
    """
    if not settings.publish_to():
        return None
    try:
        with bucket.opened("SCORECARD_PUBLISH_TO", settings.publish_to()) as store:
            _copy(store, release)
            store.put(POINTER, f"{release.name}\n".encode())
    except bucket.Unusable as error:
        raise NotCopied(f"{release.name} is published, but not copied. {error}") from error
    files.write(settings.copied(), _address(release))
    return _address(release)


def is_due() -> bool:
    """Whether the release that readers see is still to be copied. Raises folder.NoRelease."""
    newest = folder.current()
    if not (newest and settings.publish_to()):
        return False
    copied = settings.copied().read_text(encoding="utf-8") if settings.copied().exists() else ""
    return copied != _address(newest)


def _address(release: Release) -> str:
    return f"{settings.publish_to().rstrip('/')}/releases/{release.name}"


def _copy(store: "ObjectStore", release: Release) -> None:
    """Copy the files; the manifest is the last, so that a copy that has it is whole."""
    there, manifest = f"releases/{release.name}", (release.folder / MANIFEST).read_bytes()
    with suppress(FileNotFoundError):
        if bytes(store.get(f"{there}/{MANIFEST}").bytes()) == manifest:
            return
        raise bucket.Unusable(
            f"{settings.publish_to()} holds another release of that name: have SCORECARD_PUBLISH_TO name a bucket or "
            "prefix of this warehouse alone, then run again."
        )
    names = [name for name in files.names(release.folder) if name != MANIFEST]
    bucket.for_each(names, lambda name: store.put(f"{there}/{name}", release.folder / name))
    store.put(f"{there}/{MANIFEST}", manifest)

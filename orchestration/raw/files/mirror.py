"""The folder of deliveries; where they come into a bucket, a copy of that, to which all rules of a folder apply."""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from orchestration import settings
from orchestration.raw.files.folder import ignored
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import bucket, files

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

SECOND = 1_000_000_000  # ns


def raw_folder() -> Path:
    """The folder of deliveries. Where they come into a bucket, what changed there is copied first.

    Raises bucket.Unusable.
    """
    folder, address = settings.raw(), settings.raw_bucket()
    if address:
        folder.mkdir(parents=True, exist_ok=True)
        # a sensor may look while a run does: its older list must not remove what a newer one brought
        with FileLock(f"{folder}.lock"), bucket.opened("SCORECARD_RAW", address) as store:
            _bring_up_to_date(store, folder)
    return folder


def _bring_up_to_date(store: "ObjectStore", folder: Path) -> None:
    objects, folders = {}, set()
    for there in store.list().collect():
        extract, *names = there["path"].split("/")
        if not names or any(map(ignored, (extract, *names))):
            continue
        folders.add(folder / extract)  # also one that no extract has: it is reported
        if extract in BY_NAME:
            path = folder / extract / names[0]
            if len(names) == 1:
                objects[path] = there
            else:
                folders.add(path)
    if not objects:
        raise bucket.Unusable(
            f"SCORECARD_RAW ({settings.raw_bucket()}) holds no delivery of any extract: correct it, or deliver one."
        )
    for path in (*folder.iterdir(), *folder.glob("*/*")):
        if path not in (folders if path.is_dir() else objects.keys() - folders):
            files.remove(path)
    for path in sorted(folders):
        path.mkdir(exist_ok=True)
    bucket.for_each(objects.keys() - folders, lambda path: _copy(store, objects[path], path))


def _copy(store: "ObjectStore", there: "ObjectMeta", path: Path) -> None:
    """Copy an object, unless the copy is of what is there now."""
    # of one that is too large only enough for intake to reject it
    size = min(there["size"], BY_NAME[path.parent.name].largest + 1)
    if path.exists() and (path.stat().st_size, path.stat().st_mtime_ns) == (size, _stamp(there)):
        return
    with files.replacing(path) as made:
        made.touch()
        if size == there["size"] > 0:
            found = store.get(there["path"])
            there = found.meta  # it may have been overwritten since it was listed
            with made.open("wb") as file:
                file.writelines(found.stream())
        else:
            os.truncate(made, size)
        os.utime(made, ns=(_stamp(there), _stamp(there)))


def _stamp(there: "ObjectMeta") -> int:
    """When an object was written, in ns, for its copy: the fraction of the second, which buckets lack, is its ETag's.

    So a copy says what it is a copy of, even where an object is overwritten twice within a second.
    """
    etag = hashlib.sha256((there["e_tag"] or "").encode()).digest()
    return int(there["last_modified"].timestamp()) * SECOND + int.from_bytes(etag) % SECOND

"""Releases as folders: which there are, which one readers see, and their manifests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from orchestration import months, settings
from orchestration.errors import UserError
from orchestration.warehouse import files, ledger

DATABASE = settings.SCORECARD
MANIFEST = "release.json"
KEPT = 13  # a year of monthly releases, and the one it is compared with


@dataclass(frozen=True)
class Release:
    """A release: its name, where it is, what is new in it in words, and rows by table."""

    name: str
    folder: Path
    summary: str
    rows: dict[str, int]

    @property
    def database(self) -> Path:
        """Its database."""
        return self.folder / DATABASE

    @property
    def last_month(self) -> str:
        """The last report month of the run that published it, YYYY-MM, which its name begins with."""
        return self.name.rpartition("-r")[0]


class NoRelease(UserError, FileNotFoundError):
    """The release that readers should see is gone; the message says what to do."""


def current() -> Release | None:
    """The release that readers see; None before the first. Raises NoRelease where it is gone."""
    if not settings.current().is_symlink():
        return None
    folder = settings.current().resolve()
    try:
        manifest = read_manifest(folder)
    except FileNotFoundError:
        raise NoRelease(
            f"{settings.current()} leads to {folder}, which is gone or has no {MANIFEST}: restore it from a backup."
        ) from None
    summary = manifest["summary"] if "summary" in manifest else manifest["says"]  # as earlier versions wrote it
    return Release(manifest["release"], folder, summary, rows(manifest["tables"]))


def rows(tables: dict[str, dict]) -> dict[str, int]:
    """Rows by table."""
    return {name: table["rows"] for name, table in tables.items()}


def read_manifest(folder: Path) -> dict:
    """The manifest of a release, not to be changed: every caller gets the same object. Raises OSError, ValueError."""
    manifest = folder / MANIFEST
    there = manifest.stat()
    return _parsed(manifest, there.st_ino, there.st_size, there.st_mtime_ns)


@lru_cache(maxsize=2)  # a run reads it nine times; after 20 years it has 20,000 lines
def _parsed(manifest: Path, *_: int) -> dict:
    return json.loads(manifest.read_text(encoding="utf-8"))


def write_manifest(folder: Path, manifest: dict, known: Mapping[str, str] | None = None) -> None:
    """Write the manifest of a release, with the digest of every file within it; of some it is `known`."""
    known = known or {}
    manifest["files"] = {
        name: known[name] if name in known else files.digest(folder / name) for name in files.names(folder)
    }
    files.write(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def damage(folder: Path, digests: dict[tuple[int, int], str] | None = None) -> list[str]:
    """Sentences about what is wrong with the folder of a release; none where it is complete and unchanged.

    Releases share the files of cards that did not change: given the same `digests` each is read once.
    """
    digests = {} if digests is None else digests
    try:
        manifest = read_manifest(folder)
        listed, name = manifest["files"], manifest["release"]
    except (OSError, ValueError, KeyError):
        return [f"{folder.name} has no readable {MANIFEST}: restore it from a backup"]
    there = files.within(folder)
    there.pop(MANIFEST, None)
    found = [] if name == folder.name else [f"{folder.name} is named {name} by its manifest: restore it from a backup"]
    found += [f"{folder.name}/{file} is none of its files: remove it" for file in sorted(there.keys() - listed.keys())]
    found += [
        f"{folder.name}/{file} is missing: restore it from a backup" for file in sorted(listed.keys() - there.keys())
    ]
    for file in sorted(there.keys() & listed.keys()):
        on_the_disk = (there[file].st_dev, there[file].st_ino)
        if on_the_disk not in digests:
            digests[on_the_disk] = files.digest(folder / file)
        if digests[on_the_disk] != listed[file]:
            found.append(f"{folder.name}/{file} was changed after it was published: restore it from a backup")
    return found


def digest_of_manifest(published: dict) -> str:
    """The digest of a release's manifest, as the ledger has it; entries of earlier versions list every file."""
    return published["manifest"] if "manifest" in published else published["files"][MANIFEST]


def published() -> list[dict]:
    """The ledger's entries of all releases that were ever published, oldest first."""
    return [entry.body for entry in ledger.entries("release")]


def withdrawn() -> set[str]:
    """The releases that are no longer kept."""
    return {entry.body["release"] for entry in ledger.entries("withdrawal")}


def folders() -> list[Path]:
    """The release folders there are."""
    found = settings.releases().iterdir() if settings.releases().is_dir() else ()
    return sorted(path for path in found if path.is_dir() and not path.name.startswith("."))


def next_name(report_month: date) -> str:
    """`2009-08-r1` for the first release that ends with that report month, then r2 and so on; never one twice."""
    start = f"{months.key(report_month)}-r"
    taken = {folder.name for folder in folders()} | {body["release"] for body in published()}
    numbers = [name.removeprefix(start) for name in taken if name.startswith(start)]
    return f"{start}{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"

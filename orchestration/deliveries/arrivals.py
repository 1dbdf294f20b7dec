"""Which deliveries are new or changed since somebody last looked. Knows files and digests, and nothing of runs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.deliveries import folder
from orchestration.deliveries.extracts import EXTRACTS

SECOND = 1_000_000_000

Seen = dict[str, tuple[int, int, str]]  # file: when changed (ns), size, digest


@dataclass(frozen=True)
class Arrivals:
    """What lies in the raw folder, compared with what was seen before."""

    seen: Seen  # what to remember
    months: Mapping[str, date]  # of every delivery there
    changed: tuple[str, ...]  # files that are new or whose content is
    unsettled: tuple[str, ...]  # files that may still be written

    @property
    def key(self) -> str:
        """Names this change: the same as long as the same files hold the same, another once they change back."""
        lines = [f"{file} {self.seen[file][0]} {self.seen[file][2]}" for file in sorted(self.changed)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def since(seen: Seen, raw: Path, settle: float, now: int) -> Arrivals:
    """Look at the raw folder `now` (ns); a file changed within the last `settle` seconds is still being written."""
    remembered, found, changed, unsettled = {}, {}, [], []
    for extract in EXTRACTS:
        for month, path in folder.deliveries(extract, raw)[0].items():
            file = f"{extract.name}/{path.name}"
            found[file] = month
            known = seen.get(file)
            state = _state(path)
            if known and state == known[:2]:
                remembered[file] = known
                continue
            digest = None
            # a time in the future says nothing about writing, only about a clock
            if state and not 0 <= now - state[0] < settle * SECOND:
                digest = _digest(path, state)
            if digest is None:
                unsettled.append(file)
                if known:
                    remembered[file] = known
                continue
            remembered[file] = (*state, digest)
            if not known or known[2] != digest:
                changed.append(file)
    return Arrivals(remembered, found, tuple(changed), tuple(unsettled))


def _state(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _digest(path: Path, state: tuple[int, int]) -> str | None:
    """The digest of a file, or None where it changed under our eyes."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return digest if _state(path) == state else None


def remember(seen: Seen) -> str:
    """What was seen, as text."""
    return json.dumps(seen, sort_keys=True)


def remembered(text: str | None) -> Seen:
    """What was seen, from that text; nothing where it cannot be read, which only makes us look again."""
    try:
        return {file: (int(mtime), int(size), str(digest)) for file, (mtime, size, digest) in json.loads(text).items()}
    except (TypeError, ValueError, AttributeError):
        return {}

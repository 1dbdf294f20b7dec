"""Which deliveries are new or changed since the last look. Knows files and digests, not runs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.raw.files import folder, intake, settling
from orchestration.raw.files.settling import State
from orchestration.raw.sources.extracts import EXTRACTS

Seen = dict[str, tuple[State, str]]  # file: its state when it was looked at, and its digest


@dataclass(frozen=True)
class Arrivals:
    """The files in the raw folder, compared with those seen before."""

    seen: Seen  # what to remember
    months: Mapping[str, date]  # of every delivery there
    changed: tuple[str, ...]  # files that are new or whose content is
    unsettled: tuple[str, ...]  # files that may still be written

    @property
    def key(self) -> str:
        """Names this change: the same as long as the same files hold the same, another once they change back."""
        lines = [f"{file} {self.seen[file][0].changed} {self.seen[file][1]}" for file in sorted(self.changed)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def since(seen: Seen, raw: Path, now: int) -> Arrivals:
    """Look at the raw folder `now` (ns): what is complete, and what may still be written."""
    remembered, found, changed, unsettled = {}, {}, [], []
    for extract in EXTRACTS:
        manifests = folder.manifests(raw / extract.name)
        for month, path in folder.deliveries(extract, raw)[0].items():
            file = f"{extract.name}/{path.name}"
            found[file] = month
            known = seen.get(file)
            state = settling.state(path)
            manifest = settling.state(folder.manifest(path, manifests))
            if known and state and state == known[0] and (not manifest or manifest.changed <= state.changed):
                remembered[file] = known
                continue
            digest = intake.complete_digest(extract, path, now)
            if digest is None or state is None:
                unsettled.append(file)
                if known:
                    remembered[file] = known
                continue
            remembered[file] = (state, digest)
            if not known or known[1] != digest:
                changed.append(file)
    return Arrivals(remembered, found, tuple(changed), tuple(unsettled))


def remember(seen: Seen) -> str:
    """What was seen, as text."""
    return json.dumps(seen, sort_keys=True)


def remembered(text: str | None) -> Seen:
    """What was seen, from that text; nothing where it cannot be read, which only makes us look again."""
    try:
        return {
            file: (State(*map(int, state)), str(digest)) for file, (state, digest) in json.loads(text or "null").items()
        }
    except (TypeError, ValueError, AttributeError):
        return {}

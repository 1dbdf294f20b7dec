"""Whether a file is completely written, and waiting until it is.

What changes a file's content also sets the time of its last change in the kernel, which no sender can set back, unlike
the time of writing. A file that nobody has changed for SCORECARD_SETTLE_SECONDS counts as complete. Where a person
waits for the run, two seconds are enough for a file that no process has open for writing.
"""

import math
import os
import stat
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Literal, NamedTuple

from orchestration.raw.files import folder, open_files
from orchestration.raw.sources.declarations import Extract

SETTLE_SECONDS = 60
QUIET_SECONDS = 2
SECOND = 1_000_000_000
LISTED = 3

Why = Literal["open", "changing", "recent", "unsettled"]
# why a file is waited for, and what is to be done where waiting did not help
WHY: dict[Why, tuple[str, str]] = {
    "open": ("open for writing in another program", "close it there, then run again"),
    "changing": ("still changing", "run again once it is complete"),
    "recent": ("changed a moment ago", "run again once it is complete"),
    "unsettled": ("changed a moment ago, perhaps not for the last time", "run again once it is complete"),
}


class State(NamedTuple):
    """Differs if a file was changed between two looks."""

    inode: int
    size: int
    changed: int  # ns


def settle_seconds() -> float:
    """How long a file must have been left alone (`SCORECARD_SETTLE_SECONDS`)."""
    return float(os.environ.get("SCORECARD_SETTLE_SECONDS") or SETTLE_SECONDS)


def state(path: Path) -> State | None:
    """The state of a file; None where there is none, or it is no regular file."""
    try:
        there = os.lstat(path)
    except OSError:
        return None
    return state_of(there) if stat.S_ISREG(there.st_mode) else None


def state_of(there: os.stat_result) -> State:
    """The same of a file that was looked at already."""
    return State(there.st_ino, there.st_size, there.st_ctime_ns)


def settled(extract: Extract, path: Path, now: int) -> bool:
    """Whether the file is complete, judging by its time of change and its sender's habits; `now` in ns."""
    return bool(state(path)) and (extract.renamed_in or _unchanged_for(path, now, settle_seconds()))


def still_written(
    extract: Extract,
    paths: Collection[Path],
    *,
    by_hand: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> dict[Path, str]:
    """The files that may still be written, with the reason, after giving those changed lately the time to settle, once.

    `by_hand`: a person waits for the run. `report` is called with a sentence as soon as files are waited for,
    and again when the reason changes.
    """
    began, now = time.monotonic(), time.time_ns()
    first = {
        path: state(path) for path in paths if state(folder.manifest(path)) is None and not settled(extract, path, now)
    }
    reported: set[tuple[Path, Why]] = set()

    def waiting() -> tuple[dict[Path, Why], float]:
        waited = time.monotonic() - began
        found = {path: _why(extract, path, first[path], waited, by_hand) for path in first}
        return {path: why for path, why in found.items() if why}, settle_seconds() - waited

    while True:
        found, left = waiting()
        if not found or left <= 0:
            break
        news = {path: why for path, why in found.items() if (path, why) not in reported}
        for sentence in _sentences(extract, news, left):
            report(sentence)
        reported |= news.items()
        first = {path: first[path] for path in found}
        time.sleep(min(0.2, left))
    # where clocks differ a change can lie in the future: what is as it was at the first look was left alone
    busy = {path: why for path, why in found.items() if why == "open" or state(path) != first[path]}
    return {path: ": ".join(WHY[why]) for path, why in busy.items()}


def _why(extract: Extract, path: Path, first: State | None, waited: float, by_hand: bool) -> Why | None:
    """Why a file may still be written, after so many seconds; None where it is complete or has gone."""
    there, now = state(path), time.time_ns()
    if there is None:
        return None
    is_open = open_files.open_for_writing(path) if by_hand else None
    if is_open is None:
        return None if settled(extract, path, now) else "unsettled"
    quiet = min(QUIET_SECONDS, settle_seconds())
    if is_open:
        return "open"
    if _unchanged_for(path, now, quiet) or (there == first and waited >= quiet):
        return None
    return "recent" if there == first else "changing"


def _unchanged_for(path: Path, now: int, seconds: float) -> bool:
    """Whether a file is as it was so long ago. A time in the future, from another clock, counts as now."""
    there = state(path)
    return there is not None and now - there.changed >= seconds * SECOND


def _sentences(extract: Extract, news: dict[Path, Why], left: float) -> list[str]:
    """One sentence a reason: which files are waited for, for how long and why."""
    sentences = []
    for why in dict.fromkeys(news.values()):
        names = [f"{extract.name}/{path.name}" for path, reason in news.items() if reason == why]
        if len(names) > LISTED:
            names = [*names[: LISTED - 1], f"{len(names) - LISTED + 1} more files"]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        longest = min(left, QUIET_SECONDS) if why == "recent" else left
        sentences.append(f"Waiting up to {math.ceil(longest)} s for {listed}: {WHY[why][0]}.")
    return sentences

"""Files that their senders are still writing, in every way senders write: none is taken before it is whole."""

import hashlib
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from orchestration import months
from orchestration.raw.files import folder, intake, settling
from orchestration.raw.sources.extracts import BY_NAME
from tests.torture.rooms import Outcome

EXTRACT = BY_NAME["criminal_networks"]
MONTH = months.parse("2009-08")
WHOLE = ("month,networks_disrupted\n" + "2009-08,41\n" * 400).encode()
SETTLE = 0.4  # seconds; the writers below pause for less, as a sender does who is alive
SEED = 2009


def in_pieces(path: Path, pause: Callable[[], None], mode: str = "wb") -> None:
    """As a copy over a slow line writes."""
    with path.open(mode) as file:
        for start in range(0, len(WHOLE), 700):
            file.write(WHOLE[start : start + 700])
            file.flush()
            pause()


def with_its_size_first(path: Path, pause: Callable[[], None]) -> None:
    """As a program that sets the size of a file before it fills it."""
    with path.open("wb") as file:
        file.truncate(len(WHOLE))
        pause()
        for start in reversed(range(0, len(WHOLE), 700)):
            file.seek(start)
            file.write(WHOLE[start : start + 700])
            file.flush()
            pause()


def dated_back(path: Path, pause: Callable[[], None]) -> None:
    """As a program that gives the file the times of its source while it writes."""
    with path.open("wb") as file:
        for start in range(0, len(WHOLE), 700):
            file.write(WHOLE[start : start + 700])
            file.flush()
            os.utime(path, (0, 0))
            path.chmod(0o640)
            pause()


def as_part(path: Path, pause: Callable[[], None]) -> None:
    """As a careful sender: under another name, then renamed."""
    part = path.with_name(f"{path.name}.part")
    in_pieces(part, pause)
    part.rename(path)


def with_manifest_first(path: Path, pause: Callable[[], None]) -> None:
    """As a sender whose manifest comes before its file."""
    path.with_name(f"{path.name}.sha256").write_text(f"{hashlib.sha256(WHOLE).hexdigest()}  {path.name}\n")
    in_pieces(path, pause)


def over_an_old_one(path: Path, pause: Callable[[], None]) -> None:
    """As a sender who writes a correction over the file that is there."""
    path.write_bytes(b"month,networks_disrupted\n2009-08,1\n")
    in_pieces(path, pause)


WRITERS = (in_pieces, with_its_size_first, dated_back, as_part, with_manifest_first, over_an_old_one)


def still_written(path: Path, number: int) -> str | None:
    """Why the file may not be complete: as a scheduled run sees it at a glance, or as a person's run that waits."""
    if number // len(WRITERS) % 2:
        return settling.still_written(EXTRACT, [path], by_hand=True).get(path)
    return None if settling.settled(EXTRACT, path, time.time_ns()) else "changed a moment ago"


def run(times: int) -> Outcome:
    """Look at so many files while they are written, all the time, and take them when they can be had."""
    os.environ["SCORECARD_SETTLE_SECONDS"] = str(SETTLE)
    broken: list[str] = []
    lock = threading.Lock()
    looks = 0

    def one(number: int, room: Path) -> None:
        try:
            look(number, room)
        except Exception as error:
            broken.append(f"{WRITERS[number % len(WRITERS)].__name__}: {error!r}")

    def look(number: int, room: Path) -> None:
        nonlocal looks
        writer, chance = WRITERS[number % len(WRITERS)], random.Random(SEED + number)
        raw = room / str(number)
        (raw / EXTRACT.name).mkdir(parents=True)
        path = raw / EXTRACT.name / "2009-08.csv"
        writing = threading.Thread(target=writer, args=(path, lambda: time.sleep(chance.uniform(0, SETTLE / 4))))
        writing.start()
        taken = None
        while taken is None:
            with lock:
                looks += 1
            for month, found in folder.deliveries(EXTRACT, raw)[0].items():
                try:
                    taken = intake.ingest(EXTRACT, found, month, still_written(found, number))
                except intake.NotIngested as why:
                    if why.code:
                        broken.append(f"{writer.__name__}: refused, {why}")
            time.sleep(chance.uniform(0, 0.02))
        if taken.content != WHOLE:
            broken.append(f"{writer.__name__}: {len(taken.content)} of {len(WHOLE)} bytes taken")
        writing.join()

    with tempfile.TemporaryDirectory() as there:
        os.environ["SCORECARD_WAREHOUSE"] = f"{there}/warehouse"
        for first in range(0, times, 50):
            threads = [
                threading.Thread(target=one, args=(number, Path(there)))
                for number in range(first, min(first + 50, times))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    return Outcome("half-written files", times, broken, f"{looks:,} looks while they were written")

"""Every torture, printed as a table: `python -m tests.torture [--part 0.1]`, or `make torture`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import copy_of_the_project
from tests.torture import (
    damaged_csv,
    full_disk,
    half_written,
    killed_publications,
    killed_runs,
    months_taken_away,
    readers,
    rooms,
    second_runs,
)
from tests.torture.rooms import Outcome

BYTES_AT_MOST = 0.02  # of the deliveries with damaged bytes may get past a gate that has no digest


def tortures(part: float) -> Iterator[Callable[[], Outcome]]:
    """Each with that part of its full number."""

    def of(number: int) -> int:
        return max(1, round(part * number))

    with tempfile.TemporaryDirectory() as there, rooms.published_to_july() as base:
        sample = copy_of_the_project(Path(there) / "sample")
        sample.scorecard()
        yield lambda: half_written.run(of(500))
        yield lambda: damaged_csv.kinds_of_damage(of(20))
        yield lambda: damaged_csv.bytes_of_damage(of(20_000), BYTES_AT_MOST)
        yield lambda: months_taken_away.run(of(1000), sample)
        yield lambda: readers.run(of(300), sample)
        yield lambda: second_runs.run(of(50), base)
        yield lambda: killed_publications.run(of(200), sample)
        yield lambda: killed_runs.run(of(200), base)
        if full_disk.possible():
            yield lambda: full_disk.run(of(100), base)
        else:
            print("NOT TRIED: disk full (only root may mount a small disk)")


def main() -> int:
    """Run them one after the other; exit code 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--part", type=float, default=1.0, help="of the full numbers (default: 1.0)")
    part = parser.parse_args().part
    failed = False
    print(f"{'':7}{'what':<40}{'tried':>8}{'broken':>8}{'':3}{'measured'}")
    for torture in tortures(part):
        began = time.monotonic()
        found = torture()
        failed |= bool(found.broken)
        kept = "FAILED" if found.broken else "ok"
        took = time.monotonic() - began
        print(f"{kept:7}{found.name:<40}{found.tried:>8,}{len(found.broken):>8,}   {found.measured} ({took:.0f} s)")
        for says in found.broken[:20]:
            print(f"       {says}")
        sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Two runs at once: the second is turned away at once, with who holds the warehouse, and changes nothing."""

import time

from tests.conftest import Built
from tests.torture.rooms import AUGUST, Outcome, copy_of

AT_ONCE = 1.0  # seconds


def run(times: int, base: Built) -> Outcome:
    """Start so many runs while another is under way, as often as that takes."""
    broken, took = [], []
    while len(took) < times:
        with copy_of(base, "both") as built:
            first = built.started(*AUGUST)
            _until_held(built)
            while len(took) < times and first.poll() is None:
                began = time.monotonic()
                second = built.command(*AUGUST)
                if first.poll() is not None:
                    break  # it ended meanwhile: whatever the second did, there were not two
                took.append(time.monotonic() - began)
                if second.returncode != 75 or "The warehouse is in use by a run over" not in second.stderr:
                    broken.append(f"exit {second.returncode}: {second.stderr}")
                if took[-1] > AT_ONCE:
                    broken.append(f"only after {took[-1]:.2f} s")
            said = first.communicate()[1]
            if first.returncode:
                broken.append(f"the first failed: {said}")
    return Outcome("two runs at once", times, broken, f"refused within {max(took):.2f} s")


def _until_held(built) -> None:
    """Until the first run has written who it is into the lock."""
    lock, until = built.warehouse / "run.lock", time.monotonic() + 60
    while b"2009-08 to 2009-08" not in lock.read_bytes():
        assert time.monotonic() < until, "the first run never took the lock"
        time.sleep(0.05)

"""Runs killed (-9) at a random moment: readers have the old release or the new one, and the next run mends the rest."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import Built
from tests.torture.rooms import AUGUST, NEW, OLD, Outcome, copy_of, current, damage

SEED = 2009


def run(times: int, base: Built, workers: int = 2) -> Outcome:
    """Kill so many runs, each at its own moment between its first second and its end."""
    with ThreadPoolExecutor(workers) as pool:
        began = time.monotonic()
        # as many at once as will be killed at once: alone a run is over earlier, and none would be killed near its end
        list(pool.map(lambda number: _whole(base, number), range(workers)))
        lasts = time.monotonic() - began
        moments = [random.Random(SEED + number).uniform(0, 1.1 * lasts) for number in range(times)]
        found = list(pool.map(lambda number: _one(base, number, moments[number]), range(times)))
    broken = [sentence for _, sentences in found for sentence in sentences]
    after = sum(name == NEW for name, _ in found)
    return Outcome(
        "kill -9 at a random moment of a run", times, broken, f"{times - after} times the old, {after} the new"
    )


def _whole(base: Built, number: int) -> None:
    with copy_of(base, f"whole {number}") as whole:
        whole.scorecard("2009-08", "2009-08")


def _one(base: Built, number: int, moment: float) -> tuple[str, list[str]]:
    with copy_of(base, f"killed {number}") as built:
        running = built.started(*AUGUST)
        time.sleep(moment)
        running.kill()
        running.communicate()
        found = current(built)
        broken = [f"killed after {moment:.2f} s: {says}" for says in damage(built)]
        if found not in (OLD, NEW):
            broken.append(f"killed after {moment:.2f} s: readers see {found}")
        next_run = built.command(*AUGUST)
        if next_run.returncode or "Traceback" in next_run.stderr:
            broken.append(f"killed after {moment:.2f} s: the next run says {next_run.stderr}")
        verified = built.command("verify")
        if verified.returncode or current(built) != NEW:
            broken.append(f"killed after {moment:.2f} s: {current(built)} then; {verified.stdout}")
        return found, broken

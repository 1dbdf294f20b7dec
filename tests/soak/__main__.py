"""Years in minutes: `python -m tests.soak [--years 10] [--seeds 1-5] [--seed 17] [--everything] [--bugs]`"""

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from orchestration import settings
from orchestration.warehouse.versions import code_version
from tests.soak import small, sweep
from tests.soak.bugs import BUGS

# a line for each seed that held: an interrupted sweep goes on where it stopped, as long as the code is the same
RECORD = settings.PROJECT / "warehouse" / "soak.jsonl"


def main() -> int:
    """Simulate each seed; exit code 1 where something does not hold, or the sweep proves too little."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--years", type=float, default=10, help="simulated years of each seed (default: 10)")
    parser.add_argument("--seeds", type=_seeds, default=range(1, 6), help="as 1-5 (default)")
    parser.add_argument("--seed", type=int, help="this seed alone, whether it held before or not")
    parser.add_argument("--everything", action="store_true", help="with every table and every edition of a card")
    parser.add_argument("--bugs", action="store_true", help="plant each known mistake where it is met")
    chosen = parser.parse_args()
    months = round(12 * chosen.years)
    with tempfile.TemporaryDirectory() as there:
        compiled = small.compiled(Path(there))
        if chosen.bugs:
            return _bugs(compiled)
        if chosen.seed is not None:
            return _one(chosen.seed, months, compiled, chosen.everything) is None
        return _all(chosen.seeds, months, compiled, chosen.everything)


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _one(seed: int, months: int, compiled: small.Compiled, everything: bool) -> Counter[str] | None:
    """The events of a seed; None where something did not hold, which is printed with how to replay it."""
    began = time.process_time()
    try:
        events = sweep.replay(seed, months, compiled, everything=everything)
    except Exception:
        traceback.print_exc()
        print(
            f"FAILED seed {seed}: make soak YEARS={months / 12:g} SEED={seed}{' EVERYTHING=1' * everything}", flush=True
        )
        return None
    seconds = time.process_time() - began
    print(f"ok     seed {seed}: {months} months, {seconds:.0f} s of CPU, {events.total()} events", flush=True)
    return events


def _all(seeds: range, months: int, compiled: small.Compiled, everything: bool) -> int:
    RECORD.parent.mkdir(exist_ok=True)
    done = _done(months, everything)
    failed = []
    for seed in seeds:
        if seed in done:
            continue
        if (events := _one(seed, months, compiled, everything)) is None:
            failed.append(seed)
            continue
        done[seed] = events
        line = {"code": code_version(), "months": months, "everything": everything, "seed": seed}
        line["events"] = events
        with RECORD.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    events = sum((done[seed] for seed in seeds if seed in done), Counter[str]())
    for event, times in sorted(events.items()):
        print(f"{times:>7,} {event}")
    if missed := sweep.not_met(events):
        print(f"FAILED: {len(seeds)} seeds never met: {', '.join(missed)}")
    return int(bool(failed or missed))


def _done(months: int, everything: bool) -> dict[int, Counter[str]]:
    """The seeds that held with this code, and what they met."""
    lines = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
    read = [json.loads(line) for line in lines]
    return {
        line["seed"]: Counter(line["events"])
        for line in read
        if (line["code"], line["months"], line.get("everything")) == (code_version(), months, everything)
    }


def _bugs(compiled: small.Compiled) -> int:
    missed = 0
    for name, bug in BUGS.items():
        began = time.process_time()
        by = sweep.found(name, compiled)
        missed += by is None
        print(
            f"{'ok' if by else 'FAILED':7}{name:<58} seed {bug.seed}: {(by or 'NOT FOUND')[:160]} "
            f"({time.process_time() - began:.0f} s)",
            flush=True,
        )
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())

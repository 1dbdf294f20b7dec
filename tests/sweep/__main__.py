"""Cases by the thousand: `python -m tests.sweep [--cases 10000] [--seed 17]`, or `make sweep`."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

from orchestration import settings
from tests.sweep import checked, comparison, coverage, generator, mutations, removals, shrinking, voices
from tests.sweep.case import Case

KEPT = settings.PROJECT / "warehouse" / "sweep"  # the compiled models
ENOUGH = 10_000  # cases, from which on every combination and reason must have been met


def main() -> int:
    """Compare the voices on every case; exit code 1 where they differ, or where something was never met."""
    parser = argparse.ArgumentParser(prog="sweep", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="a catalogue with its deliveries each")
    parser.add_argument("--seed", type=int, help="this seed alone; where the voices differ, the case made small")
    parser.add_argument(
        "--mutations", action="store_true", help="plant each known mistake and look which seed finds it"
    )
    parser.add_argument("--removals", type=int, help="take so many areas and months out of deliveries, at random")
    chosen = parser.parse_args()
    voices.compiled(KEPT)
    if chosen.mutations:
        return _mutations()
    if chosen.seed is not None:
        return _one(chosen.seed)
    if chosen.removals is not None:
        return _removals(chosen.removals)
    seeds = range(1, -(-chosen.cases // generator.CATALOGUES) + 1)
    began, met, failed = time.monotonic(), Counter(), 0
    for found, its in _of_seeds(compared, seeds):
        met.update(its)
        failed += bool(found)
    missed = coverage.missed(met, checked.accepted())
    cases, figures = len(seeds) * generator.CATALOGUES, met.total()
    print(f"{cases:,} cases, {figures:,} figures, {failed} seeds failed, {time.monotonic() - began:.0f} s")
    for (what, outcome), times in sorted(_by_outcome(met).items(), key=str):
        print(f"{times:>9,} {what}: {outcome}")
    if missed and cases >= ENOUGH:
        print("FAILED: never met:", *(f"{what}: {outcome}" for what, outcome in missed), sep="\n    ")
    return int(bool(failed or (missed and cases >= ENOUGH)))


def _of_seeds(work: Callable[[int], tuple], seeds: range) -> Iterator[tuple]:
    """What comes of each seed, in two processes; where its first part has sentences, they are printed."""
    with ProcessPoolExecutor(2) as pool:
        for seed, found in zip(seeds, pool.map(work, seeds, chunksize=5), strict=True):
            if found[0]:
                print(f"FAILED seed {seed}: make sweep SEED={seed}", *found[0][:3], sep="\n    ", flush=True)
            yield found


def _removals(wanted: int) -> int:
    """Print how the figures come out that are computed from fewer deliveries; 0 where none is another unmarked."""
    made, failed, outcomes = 0, 0, Counter()
    for found, its, count in _of_seeds(with_fewer_deliveries, range(1, wanted // removals.AT_LEAST + 2)):
        made, failed, outcomes = made + count, failed + bool(found), outcomes + its
    print(f"{made:,} removals, {failed} seeds failed", *(f"{n:>9,} {what}" for what, n in outcomes.items()), sep="\n")
    return int(bool(failed))


def _mutations() -> int:
    """Print which seed finds each planted mistake; 0 where 95% are found."""
    survived = 0
    for mutation in mutations.MODELS:
        seed = mutations.found_in_models(voices.compiled(KEPT), mutation, range(1, 25))
        survived += seed is None
        print("survives" if seed is None else f"seed {seed}", *mutation, sep="  ", flush=True)
    return int(survived > len(mutations.MODELS) * 0.05)


def _by_outcome(met: Counter) -> Counter:
    found: Counter = Counter()
    for (what, outcome), times in met.items():
        found[what.kind if isinstance(what, generator.Combination) else what, outcome] += times
    return found


@cache
def _models() -> voices.Models:
    return voices.Models(voices.compiled(KEPT))


def compared(seed: int) -> tuple[list[str], Counter]:
    """On what the voices differ in the case of a seed, and what it met."""
    with tempfile.TemporaryDirectory() as there:
        return comparison.differences(checked.generate(seed, Path(there)), Path(there), _models())


def with_fewer_deliveries(seed: int) -> tuple[list[str], Counter, int]:
    """Which figures of the case of a seed become others by removals, how the figures come out, how many removals."""
    with tempfile.TemporaryDirectory() as there:
        return removals.differences(checked.generate(seed, Path(there)), _models())


def _one(seed: int) -> int:
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        made = checked.generate(seed, folder)
        found, _ = comparison.differences(made, folder, _models())
        if found:
            print(*found, sep="\n")
            small = shrinking.shrunk(made, partial(_differs, folder), folder)
            print("made small:", shrinking.printed(small), *_differences(small, folder), sep="\n")
    return int(bool(found))


def _differences(made: Case, folder: Path) -> list[str]:
    checked.refusals(made, folder)  # writes the catalogue
    return comparison.differences(made, folder, _models())[0]


def _differs(folder: Path, made: Case) -> bool:
    return bool(_differences(made, folder))


if __name__ == "__main__":
    sys.exit(main())

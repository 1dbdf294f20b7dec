"""Damaged CSV deliveries against the gate and the drift, judged by their rows: `python -m tests.torture.damaged_csv`.

A delivery counts as accepted wrongly where both have no objection and its rows are not those of the sound one.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import cycle, islice
from random import Random
from typing import NamedTuple

import polars as pl

from orchestration import months
from orchestration.raw.checks import validation
from orchestration.raw.comparison import plausibility
from orchestration.raw.comparison.paired_figures import Delivered
from orchestration.raw.files import intake
from orchestration.raw.findings import findings
from orchestration.raw.readers import final_line
from orchestration.raw.sources.extracts import EXTRACTS
from tests import sample
from tests.torture import damaged_cells, damaged_rows, damaged_text, rooms
from tests.torture.damaged_rows import HARMLESS
from tests.torture.ways import Base

DAMAGES = damaged_text.DAMAGES | damaged_cells.DAMAGES | damaged_rows.DAMAGES
# Nothing in these files says that they are wrong: each is one that could have been sound, in another month or with
# other figures. What the drift makes of them is in the table of the whole torture.
COULD_BE_SOUND = {
    "another month",
    "a later month",
    "a word lost",
    "the last delivery's figures",
    "a column sorted by itself",
    "a column moved down",
    "two words exchanged",
}
SEED = 2009
TOGETHER = 200  # one call of the gate costs as much as reading fifty small files


class Case(NamedTuple):
    """One damaged delivery."""

    kind: str
    base: Base
    content: bytes


class Outcome(NamedTuple):
    """What became of it: refused, held, doubted (by the drift), same (the rows are the sound ones), wrong."""

    case: Case
    became: str
    warned: bool
    said: str


@cache
def bases() -> tuple[Base, ...]:
    """Every CSV delivery of the sample."""
    found = []
    for extract in EXTRACTS:
        before = None
        for path in [each for each in sample.deliveries(f"{extract.name}/2*") if each.suffix == ".csv"]:
            before = Base(extract, months.parse(path.stem), path.read_bytes(), before)
            found.append(before)
    return tuple(found)


def kinds(times: int, damages: dict = DAMAGES) -> Iterator[Case]:
    """So many damaged deliveries of each kind, over all extracts in turn."""
    by_extract: dict[str, list[Base]] = {}
    for base in bases():
        by_extract.setdefault(base.extract.name, []).append(base)
    for kind, damage in damages.items():
        random = Random(f"{SEED} {kind}")
        extracts = cycle(random.sample(sorted(by_extract), len(by_extract)))

        def tries(damage=damage, random=random, extracts=extracts, kind=kind) -> Iterator[Case]:
            for name in islice(extracts, 100 * times):
                base = random.choice(by_extract[name])
                content = damage(random, base)
                if content is not None and content != base.content:
                    yield Case(kind, base, content)

        yield from islice(tries(), times)


def damaged_bytes(times: int) -> Iterator[Case]:
    """So many deliveries with a few bytes changed, inserted or gone, or a block cut out or doubled."""
    random = Random(SEED)
    every = bases()
    while times:
        base = random.choice(every)
        kind, content = _damaged_bytes(random, base.content)
        if content != base.content:
            times -= 1
            yield Case(kind, base, content)


def _damaged_bytes(random: Random, content: bytes) -> tuple[str, bytes]:
    kind = random.choice(("bytes changed", "bytes inserted", "bytes gone", "a block cut out", "a block doubled"))
    damaged = bytearray(content)
    if kind.startswith("bytes"):
        for _ in range(random.randint(1, 4)):
            place = random.randrange(len(damaged))
            new = [] if kind == "bytes gone" else [random.randrange(256)]
            damaged[place : place + (kind != "bytes inserted")] = bytes(new)
    else:
        start = random.randrange(len(damaged))
        end = min(len(damaged), start + random.randint(2, 4096))
        block = bytes(damaged[start:end])
        damaged[start:end] = b"" if kind == "a block cut out" else block + block
    return kind, bytes(damaged)


def judged(cases: Iterable[Case]) -> Iterator[Outcome]:
    """What became of each, many through one call of the gate."""
    by_extract: dict[str, list[Case]] = {}
    for case in cases:
        waiting = by_extract.setdefault(case.base.extract.name, [])
        waiting.append(case)
        if len(waiting) == TOGETHER:
            yield from _judged(by_extract.pop(case.base.extract.name))
    for waiting in by_extract.values():
        yield from _judged(waiting)


def _judged(cases: list[Case]) -> Iterator[Outcome]:
    extract = cases[0].base.extract
    sources = [
        intake.Delivery(
            extract, case.base.month, f"{extract.name}/{months.key(case.base.month)}-{number}.csv", case.content, ""
        )
        for number, case in enumerate(cases)
    ]
    for case, verdict in zip(cases, validation.check(extract, sources), strict=True):
        counted = verdict.rows.height + verdict.cells.height + verdict.left_out
        assert verdict.status == "rejected" or verdict.rows_in == counted, verdict.delivery.file
        said = findings.message(verdict.problems)
        if verdict.status != "valid":
            yield Outcome(case, verdict.status, False, said)
            continue
        drifted = _drift(case.base, verdict)
        same = _rows(case.base, verdict.rows).equals(_rows(case.base, _sound(case.base).rows))
        became = "same" if same else "doubted" if drifted.problems.height else "wrong"
        said = findings.message(findings.combined([drifted.warnings, drifted.problems]))
        yield Outcome(case, became, bool(drifted.warnings.height), said)


@cache
def _sound(base: Base) -> validation.Verdict:
    file = f"{base.extract.name}/{months.key(base.month)}.csv"
    (verdict,) = validation.check(base.extract, [intake.Delivery(base.extract, base.month, file, base.content, "")])
    assert verdict.status == "valid", findings.message(verdict.problems)
    return verdict


def _drift(base: Base, verdict: validation.Verdict) -> plausibility.Drift:
    before, rows = None, None
    if base.before is not None:
        sound = _sound(base.before)
        rows = sound.rows
        before = Delivered(base.before.month, sound.delivery.file, rows)
    doubt = final_line.doubt(base.extract, verdict.rows, verdict.notes, rows)
    now = Delivered(base.month, verdict.delivery.file, verdict.rows)
    found = plausibility.compare(base.extract, now, before)
    return found._replace(problems=pl.concat([found.problems, doubt]))


def _rows(base: Base, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop("file_line").sort(base.extract.key)


BECAME = ("rejected", "quarantined", "doubted", "same", "wrong")


def table(outcomes: list[Outcome]) -> str:
    """How many of each kind became what, and how many of the wrong ones came with a warning."""
    counts = Counter((each.case.kind, each.became) for each in outcomes)
    warned = Counter(each.case.kind for each in outcomes if each.became == "wrong" and each.warned)
    found = list(dict.fromkeys(each.case.kind for each in outcomes))
    lines = [f"{'':34}" + "".join(f"{became:>9}" for became in BECAME) + "   of them warned of"]
    for kind in found:
        lines.append(f"{kind:34}" + "".join(f"{counts[kind, each]:9}" for each in BECAME) + f"{warned[kind]:9}")
    total = Counter(each.became for each in outcomes)
    lines.append(f"{'together':34}" + "".join(f"{total[each]:9}" for each in BECAME) + f"{warned.total():9}")
    return "\n".join(lines)


def kinds_of_damage(times: int) -> rooms.Outcome:
    """Every kind so many times. What nothing inside a file betrays is counted, and is no failure of the gate."""
    found = list(judged(kinds(times)))
    wrong = [each for each in found if each.became == "wrong"]
    broken = [_told(each) for each in wrong if each.case.kind not in COULD_BE_SOUND]
    harmless = list(judged(kinds(times, HARMLESS)))
    broken += [_told(each) for each in harmless if each.became != "same"]
    counts = Counter(each.became for each in found)
    told = ", ".join(f"{counts[became]:,} {became}" for became in BECAME if became != "wrong")
    could = f"{len(wrong) - len(broken)} of the {len(COULD_BE_SOUND)} kinds that could be sound got in"
    measured = f"{told}; {could}; {len(harmless)} harmless read alike"
    return rooms.Outcome(f"damaged CSV, {len(DAMAGES)} kinds", len(found) + len(harmless), broken, measured)


def bytes_of_damage(times: int, at_most: float) -> rooms.Outcome:
    """So many deliveries with damaged bytes, of which that share may get past a gate without a sender's digest."""
    found = list(judged(damaged_bytes(times)))
    wrong = [each for each in found if each.became == "wrong"]
    broken = [_told(each) for each in wrong] if len(wrong) > at_most * len(found) else []
    measured = f"{len(wrong) / len(found):.2%} got in"
    return rooms.Outcome("damaged CSV, random bytes", len(found), broken, measured)


def _told(each: Outcome) -> str:
    said = each.said.splitlines()[0] if each.said else "nothing was said"
    return f"{each.case.kind}, {each.case.base.extract.name} {months.key(each.case.base.month)}: {each.became}, {said}"


def main() -> None:
    """Print both tables, and what was accepted wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds-times", type=int, default=20)
    parser.add_argument("--bytes", type=int, default=20_000)
    parser.add_argument("--show", action="store_true", help="name what was accepted wrongly")
    asked = parser.parse_args()
    for cases in (kinds(asked.kinds_times), kinds(asked.kinds_times, HARMLESS), damaged_bytes(asked.bytes)):
        outcomes = list(judged(cases))
        print(table(outcomes), end="\n\n")
        for each in outcomes if asked.show else []:
            if each.became == "wrong":
                print(each.case.kind, each.case.base.extract.name, months.key(each.case.base.month), each.said)


if __name__ == "__main__":
    main()

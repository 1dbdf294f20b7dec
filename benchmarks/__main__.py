"""Every benchmark, printed as a table: `python -m benchmarks [--part 0.1] [--only windows]`, or `make bench`."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    card_editions,
    history,
    importing,
    loading,
    many_records,
    national,
    one_more_month,
    queries,
    windows,
)
from benchmarks.measuring import Failed, Row, Took
from benchmarks.national import Cost
from tests.conftest import Built

HEAD = f"""\
{"":8}{"":44}{"ours":>17}{"against":>17}
{"":8}{"work":44}{"s":>9}{"CPU s":>8}{"s":>9}{"CPU s":>8}{"ratio":>7}  {"at most":22}{"GB":>6}{"GB":>6}  against"""
TRIES = 3  # of what takes less than a minute


def benchmarks(part: float, there: Path) -> dict[str, Callable[[], Iterator[Row | Cost]]]:
    """Each by its name, with that part of its full size. The sample that the second builds, later ones read."""

    def of(number: int, least: int = 1) -> int:
        return max(least, round(part * number))

    sample = Built(there / "sample")
    return {
        "months": lambda: one_more_month.run(of(one_more_month.MONTHS, 2), TRIES, sample),
        "queries": lambda: queries.run(sample),
        "card_editions": lambda: card_editions.run(sample),
        "importing": lambda: importing.run(sample, 5),
        "history": lambda: history.run(history.SHORT, of(history.LONG, history.SHORT + 12), TRIES),
        "loading": lambda: loading.run(of(loading.ROWS), loading.AREAS, TRIES if part < 0.2 else 1),
        "many_records": lambda: many_records.run(of(many_records.RECORDS), TRIES),
        "windows": lambda: windows.run(of(windows.ROWS), TRIES),
        "national": lambda: national.run(national.AREAS, of(national.MEASURES // 10, 2), of(national.MONTHS, 48)),
    }


def main() -> int:
    """Run them one after the other; exit code 1 where what is asked was missed."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--part", type=float, default=1.0, help="of the full sizes (default: 1.0)")
    parser.add_argument("--only", nargs="+", help="these of: months queries card_editions importing history loading …")
    asked = parser.parse_args()
    missed = False
    print(f"{os.cpu_count()} cores; load of the last minute {os.getloadavg()[0]:.1f} before")
    print(HEAD)
    with tempfile.TemporaryDirectory() as there:
        for name, run in benchmarks(asked.part, Path(there)).items():
            if asked.only and name not in asked.only:
                continue
            try:
                for found in run():
                    print(_printed(found), flush=True)
                    missed |= isinstance(found, Row) and not found.held
            except Failed as error:
                print(f"FAILED  {name}: {error}")
                missed = True
    print(f"load {os.getloadavg()[0]:.1f} after: others at work change the seconds most, the CPU seconds less")
    return int(missed)


def _printed(found: Row | Cost) -> str:
    if isinstance(found, Cost):
        whole = f"{found.whole:.3g} {found.unit}: {found.because}"
        return f"{'':8}{found.what:<44}{found.measured:>9.3g} {found.unit:<3} national size {whole}"
    ours, theirs = found.ours, found.theirs
    line = f"{'ok' if found.held else 'MISSED':8}{found.work:44}{_seconds(ours)}"
    line += f"{_seconds(theirs)}{ours.seconds / theirs.seconds:>7.2f}" if theirs else " " * 24
    line += f"  {found.asked:22}{ours.memory / 1e9:>6.2f}"
    return line + (f"{theirs.memory / 1e9:>6.2f}  {found.against}" if theirs else "")


def _seconds(took: Took) -> str:
    return f"{took.seconds:>9.3f}{took.cpu:>8.2f}"


if __name__ == "__main__":
    sys.exit(main())

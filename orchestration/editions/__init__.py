"""The editions of a card, one for each kind of reader, written into its release from the release's own rows.

    cards/2009-08/    all editions of one card, in one folder that never changes once it is published

Each room here writes one edition of one card: `write(card, folder)`. A card whose rows did not change keeps the files
that it has, under the release that wrote them; the table `editions` says which that is.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from orchestration import months, settings
from orchestration.editions import data_files, digest, paper, site, workbook
from orchestration.editions.reading import Reading
from orchestration.processes import end_with_parent
from orchestration.warehouse import files

CARDS = "cards"
EDITIONS = (site.write, workbook.write, paper.write, data_files.write, digest.write)


def write(release: Path, before: Path | None) -> list[str]:
    """Write every edition of a release into its folder, whose database is finished.

    Cards that did not change keep the files they have in the release `before`, as the same files on the disk. Returns
    the names of those files.
    """
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = Reading(connection)
        site.write_front(reading, release)
        cards = reading.cards()
        changed = [report_month for report_month, written_for in cards if written_for == reading.release]
        (release / CARDS).mkdir(exist_ok=True)
        _write_cards(release, changed)
    if before is None:
        return []
    kept = [months.key(report_month) for report_month, _ in cards if report_month not in changed]
    return [
        f"{CARDS}/{card}/{name}" for card in kept for name in files.link(before / CARDS / card, release / CARDS / card)
    ]


def _write_cards(release: Path, report_months: list[date]) -> None:
    """Write every edition of these cards: of one here, of many in a process for each core."""
    processes = min(os.cpu_count() or 1, len(report_months))
    if processes < 2:
        _write(release, report_months)
        return
    shares = [report_months[number::processes] for number in range(processes)]
    # new processes, not copies of this one: it has threads, and databases open
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawned, end_with_parent, (os.getpid(),)) as pool:
        list(pool.map(partial(_write, release), shares))


def _write(release: Path, report_months: list[date]) -> None:
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = Reading(connection)
        for report_month in report_months:
            place = release / CARDS / months.key(report_month)
            place.mkdir()
            write_card(reading, report_month, place)


def write_card(reading: Reading, report_month: date, folder: Path) -> None:
    """Write every edition of one card of a release into its folder."""
    card = reading.card(report_month)
    for edition in EDITIONS:
        edition(card, folder)

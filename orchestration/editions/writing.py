"""Writing the editions of cards: one here, many in a process for each core."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from orchestration import months, settings
from orchestration.editions import content, data_files, paper, site, workbook
from orchestration.processes import end_with_parent

# Each writes its edition of a card into the card's folder.
EDITIONS = (site.write, workbook.write, paper.write, data_files.write)


def write(release: Path, report_months: list[date], folder: Path) -> None:
    """Write every edition of these cards of the release, each card into a folder of its own under `folder`."""
    folder.mkdir(exist_ok=True)
    processes = min(os.cpu_count() or 1, len(report_months))
    if processes < 2:
        _write(release, folder, report_months)
        return
    shares = [report_months[number::processes] for number in range(processes)]
    # new processes, not copies of this one: it has threads, and databases open
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawned, end_with_parent, (os.getpid(),)) as pool:
        list(pool.map(partial(_write, release, folder), shares))


def _write(release: Path, folder: Path, report_months: list[date]) -> None:
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = content.Reading(connection)
        for report_month in report_months:
            place = folder / months.key(report_month)
            place.mkdir()
            card = reading.card(report_month)
            for edition in EDITIONS:
                edition(card, place)

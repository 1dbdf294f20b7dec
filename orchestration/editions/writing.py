"""Writing the editions of cards: a few here, many in processes of their own, a core each."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import duckdb

from orchestration import months, settings
from orchestration.dbt_of_a_run import end_with
from orchestration.editions import content, data_files, paper, site, workbook

# Each writes its edition of a card into the card's folder.
EDITIONS: tuple[Callable[[content.Card, Path], None], ...] = (
    site.write,
    workbook.write,
    paper.write,
    data_files.write,
)
FEW = 3  # cards that are written here: more are worth the start of other processes


def write(release: Path, report_months: list[date], folder: Path) -> None:
    """Write every edition of these cards of the release, each card into a folder of its own under `folder`."""
    if len(report_months) <= FEW:
        return _write(release, report_months, folder)
    at_once = os.cpu_count() or 1
    # new processes, not copies of this one: it has threads, and databases open
    with ProcessPoolExecutor(at_once, multiprocessing.get_context("spawn"), initializer=_end_with_the_run) as pool:
        shares = [report_months[number::at_once] for number in range(at_once)]
        for done in [pool.submit(_write, release, share, folder) for share in shares]:
            done.result()


def _write(release: Path, report_months: list[date], folder: Path) -> None:
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = content.Reading(connection)
        for report_month in report_months:
            place = folder / months.key(report_month)
            place.mkdir(parents=True)
            card = reading.card(report_month)
            for edition in EDITIONS:
                edition(card, place)


def _end_with_the_run() -> None:
    """Whoever goes on when its run is killed would write into a folder that the next run clears away."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()

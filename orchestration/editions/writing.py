"""Writing the editions of cards: here and in processes of their own, a core each."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb

from orchestration import months, settings
from orchestration.dbt_of_a_run import end_with
from orchestration.editions import content, data_files, paper, site, workbook
from orchestration.garbage import collect_rarely

# Each writes its edition of a card into the card's folder. The two groups take about as long as one another.
EDITIONS: tuple[tuple[Callable[[content.Card, Path], None], ...], ...] = (
    (site.write,),
    (workbook.write, paper.write, data_files.write),
)

Result = TypeVar("Result")
Job = tuple[date, int]  # the report month of a card, and which group of its editions


class Writers:
    """Processes that write editions beside this one."""

    def __init__(self, pool: ProcessPoolExecutor | None, number: int):
        self._pool, self._number = pool, number

    def beside(self, does: Callable[..., Result], *arguments: object) -> Callable[[], Result] | None:
        """Do something in one of the processes meanwhile. Gives what waits for the result; None where there is none."""
        return self._pool.submit(does, *arguments).result if self._pool else None

    def write(self, release: Path, report_months: list[date], folder: Path) -> None:
        """Write every edition of these cards of the release, each card into a folder of its own under `folder`."""
        jobs = [(report_month, group) for report_month in report_months for group in range(len(EDITIONS))]
        for report_month in report_months:
            (folder / months.key(report_month)).mkdir(parents=True)
        shares = [jobs[number :: self._number + 1] for number in range(self._number + 1)]
        others = [self._pool.submit(_write, release, share, folder) for share in shares[1:] if share]
        _write(release, shares[0], folder)
        for done in others:
            done.result()


@contextmanager
def writers() -> Iterator[Writers]:
    """One for each other core. They get ready while this process does other things: it takes a second."""
    number = (os.cpu_count() or 1) - 1
    if not number:
        yield Writers(None, 0)
        return
    # new processes, not copies of this one: it has threads, and databases open
    pool = ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), _as_part_of_the_run, (os.getpid(),))
    try:
        for _ in range(number):
            pool.submit(_ready)
        yield Writers(pool, number)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _write(release: Path, jobs: list[Job], folder: Path) -> None:
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = content.Reading(connection)
        for report_month, group in jobs:
            card = reading.card(report_month)
            for edition in EDITIONS[group]:
                edition(card, folder / months.key(report_month))


def _ready() -> None:
    """Nothing more than what a process reads in to come this far."""


def _as_part_of_the_run(run: int) -> None:
    """Whoever goes on when its run is killed would write into a folder that the next run clears away.

    `run` is its process: killed before this one is ready, it is the parent no longer.
    """
    threading.Thread(target=end_with, args=(run,), daemon=True).start()
    collect_rarely()

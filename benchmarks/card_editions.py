"""All editions of a card: its pages, PDF, workbook, data files and digest, in CPU seconds of a process that is warm."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.measuring import Row, side
from tests.conftest import Built

CPU_SECONDS = 3
CARDS = 5  # after one that compiles templates, charts and the typeface


def run(built: Built) -> Iterator[Row]:
    """The card in the middle of the newest ones of that project's release."""
    took = side("card_editions.write", built.warehouse / "current" / "scorecard.duckdb")
    cpu = statistics.median(took.answer)
    yield Row("editions of a card, CPU s", took._replace(seconds=cpu, cpu=cpu), seconds=CPU_SECONDS)


def write(database: str) -> list[float]:
    """The CPU seconds of each of the newest cards."""
    from orchestration import editions  # noqa: PLC0415
    from orchestration.editions.reading import Reading  # noqa: PLC0415

    seconds = []
    with duckdb.connect(database, read_only=True) as connection:
        reading = Reading(connection)
        for report_month, _ in reading.cards()[-CARDS - 1 :]:
            with TemporaryDirectory() as folder:
                began = time.process_time()
                editions.write_card(reading, report_month, Path(folder))
                seconds.append(time.process_time() - began)
    return seconds[1:]

"""The queries of docs/queries.md, each asked of a release as an analyst asks it."""

import statistics
import time
from collections.abc import Iterator

from benchmarks.measuring import Failed, Row, side
from tests.conftest import Built
from tests.documented_queries import DOCUMENT, queries

SECONDS = 0.05
ASKED = 5  # times each: the first reads from the disk what the others find in memory


def run(built: Built) -> Iterator[Row]:
    """The slowest of them, and the one in the middle, on the release of that project."""
    took = side("queries.ask", SCORECARD_WAREHOUSE=str(built.warehouse))
    seconds = sorted(took.answer)
    for which, each in (("slowest", seconds[-1]), ("median", statistics.median(seconds))):
        yield Row(f"{which} of {len(seconds)} queries of a release", took._replace(seconds=each), seconds=SECONDS)


def ask() -> list[float]:
    """The median seconds of each query until its rows are there."""
    from orchestration import connect  # noqa: PLC0415

    seconds = []
    with connect() as release:
        for each in queries(DOCUMENT.read_text(encoding="utf-8")):
            tries = []
            for _ in range(ASKED):
                began = time.monotonic()
                rows = release.execute(each["sql"]).fetchall()
                tries.append(time.monotonic() - began)
            if not rows and each["table"].count("\n") > 1:
                raise Failed(f"No rows: {each['question']}")
            seconds.append(statistics.median(tries))
    return seconds

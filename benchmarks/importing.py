"""What stands between a command and its first step: importing the definitions, beside Dagster and dagster-dbt alone."""

import sys
from collections.abc import Iterator

from benchmarks.measuring import Row, by_turns, process
from tests.conftest import Built

TIMES = 1.2
OURS, THEIRS = "import orchestration.definitions", "import dagster, dagster_dbt"


def run(built: Built, tries: int) -> Iterator[Row]:
    """In a project that has run, so that dbt's manifest is there: from the start of Python to its end."""
    ours, theirs = by_turns(
        tries,
        lambda: process([sys.executable, "-c", OURS], built.project),
        lambda: process([sys.executable, "-c", THEIRS], built.project),
    )
    yield Row("importing the definitions", ours, THEIRS, theirs, TIMES)

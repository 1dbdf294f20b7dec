"""A temporary copy of the working database, inside the warehouse, and a run in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from orchestration import months, settings
from orchestration.errors import UserError, explanation
from orchestration.warehouse import copying, files


class CannotRehearse(UserError):
    """The run in the scratch warehouse failed; its own messages have been printed."""


@contextmanager
def warehouse() -> Iterator[Path]:
    """Create a scratch warehouse with the database as it is; remove it at the end, or, after a crash, by the next run.

    Raises CannotRehearse.
    """
    place = files.part_of(settings.warehouse() / "whatif")
    place.mkdir()
    try:
        _copy_the_database(place)
        yield place
    finally:
        files.remove(place)


def _copy_the_database(place: Path) -> None:
    try:
        copying.copy_into(place)
    except (duckdb.IOException, copying.NotCopied) as error:
        raise CannotRehearse(explanation(error) or str(error)) from None


def catalogue(place: Path) -> Path:
    """The folder of the catalogue of a scratch warehouse."""
    return place / "catalogue"


def run(place: Path, first: date, last: date) -> None:
    """Make the cards of these months in a scratch warehouse, from what is loaded. Raises CannotRehearse."""
    program = [
        sys.executable,
        "-m",
        "orchestration.cli.rehearsal",
        str(os.getpid()),
        months.key(first),
        months.key(last),
    ]
    of_place = {"SCORECARD_WAREHOUSE": str(place), "SCORECARD_CATALOGUE": str(catalogue(place)), "DAGSTER_HOME": ""}
    of_place["SCORECARD_ENGINE"] = "duckdb"  # for a few cards, starting a cluster would take longest
    if subprocess.run(program, env=os.environ | of_place, cwd=settings.PROJECT, check=False).returncode:
        raise CannotRehearse("The cards could not be made with this catalogue; nothing was changed.")

"""A scratch warehouse inside the warehouse, on the same disk: the database copied, a run in it, gone afterwards."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from orchestration import dbt_manifest, files, months, settings
from orchestration import warehouse as working

COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


class CannotRehearse(Exception):
    """The run in the scratch warehouse did not come to its end; what stopped it has been said."""


@contextmanager
def warehouse() -> Iterator[Path]:
    """The folder of a scratch warehouse with the database as it is now. What a crash leaves, the next run clears away.

    Raises CannotRehearse.
    """
    place = files.part_of(settings.warehouse() / "whatif")
    place.mkdir()
    try:
        try:
            # open for reading, it has no writer meanwhile; copied by another process, as closing a file here would
            # drop the lock that DuckDB has on it
            with working.reading():
                for path in settings.warehouse().glob(f"{settings.database().name}*"):
                    subprocess.run([sys.executable, "-c", COPY, path, place / path.name], check=True)
            if dbt_manifest.is_current():  # it knows the tables, not what is in them: a third of the time is saved
                (place / "dbt").mkdir()
                shutil.copyfile(dbt_manifest.path(), place / "dbt" / dbt_manifest.path().name)
        except duckdb.IOException as error:
            raise CannotRehearse(
                f"The warehouse is in use: wait for what has it open, or close it there. DuckDB says: {error}"
            ) from None
        yield place
    finally:
        files.remove(place)


def catalogue(place: Path) -> Path:
    """Where the run in a scratch warehouse finds its catalogue."""
    return place / "seeds" / settings.CATALOGUE.name


def run(place: Path, first: date, last: date) -> None:
    """Make the cards of these months anew in a scratch warehouse, from what is loaded. Raises CannotRehearse."""
    program = [sys.executable, "-m", "orchestration.whatif", months.key(first), months.key(last)]
    of_place = {"SCORECARD_WAREHOUSE": str(place), "SCORECARD_CATALOGUE": str(catalogue(place))}
    if subprocess.run(program, env=os.environ | of_place, cwd=settings.PROJECT, check=False).returncode:
        raise CannotRehearse("The cards could not be made with this catalogue; nothing was changed.")

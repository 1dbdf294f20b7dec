"""dbt by hand, in a copy of the working database: no command of it can reach what a run writes and readers see."""

import os
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from orchestration import settings, warehouse
from orchestration.dbt import project
from orchestration.errors import UserError
from orchestration.warehouse import copying, files


class NothingToCopy(UserError):
    """There is no working database yet to develop with; the message says how to make one."""


def folder() -> Path:
    """The folder of the development copy, and of all that dbt writes by hand."""
    return settings.warehouse() / "development"


def database() -> Path:
    """The development copy of the working database, which the target `dev` of dbt opens."""
    return folder() / settings.database().name


def fill(report_months: Sequence[date]) -> None:
    """Copy the working database, for dbt to build these report months in it; without any, those of the last run.

    Raises NothingToCopy, NotCopied.
    """
    if not warehouse.exists():
        raise NothingToCopy("There is no working database to copy yet: make one with `make scorecard`.")
    folder().mkdir(parents=True, exist_ok=True)
    making = files.part_of(folder() / "filling")
    making.mkdir()
    try:
        copying.copy_into(making)
        if report_months:
            with duckdb.connect(str(making / database().name)) as connection:
                warehouse.set_report_months(connection, list(report_months))
        (making / database().name).replace(database())
    finally:
        files.remove(making)


def run(arguments: Sequence[str]) -> int:
    """Run dbt with these arguments on the development copy, made where there is none. Returns its exit code."""
    if not database().exists() and warehouse.exists():
        fill([])
    own = {
        project.TARGET: "dev",
        "SCORECARD_DEV_DATABASE": str(database()),
        "DBT_TARGET_PATH": str(folder() / "dbt"),
        "DBT_LOG_PATH": str(folder() / "dbt" / "logs"),
    }
    return subprocess.run(
        [project.EXECUTABLE, *arguments], env=os.environ | project.environment() | own, check=False
    ).returncode

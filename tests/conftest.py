"""What the tests share: the sample built once by the command that users run, and ways to build variants of it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest
from filelock import FileLock

PROJECT = Path(__file__).resolve().parent.parent
GOLDEN = PROJECT / "tests" / "golden"


@dataclass(frozen=True)
class Built:
    """A copy of the project with its own deliveries and warehouse, and the commands run in it."""

    project: Path

    @property
    def raw(self) -> Path:
        return self.project / "raw"

    @property
    def warehouse(self) -> Path:
        return self.project / "warehouse"

    @property
    def catalogue(self) -> Path:
        return self.project / "dbt_project" / "seeds" / "reference"

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SCORECARD_", "DBT_"))}
        return subprocess.run(
            [sys.executable, "-m", "orchestration", *arguments],
            cwd=self.project,
            env=environment | {"COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def scorecard(self, first: str = "", last: str = "") -> None:
        done = self.command("scorecard", "--from", first, "--to", last)
        assert done.returncode == 0, done.stdout + done.stderr

    def query(self, sql: str, *parameters: object) -> pl.DataFrame:
        """What a reader of the release sees."""
        with duckdb.connect(str(self.warehouse / "current" / "scorecard.duckdb"), read_only=True) as connection:
            return connection.sql(sql, params=list(parameters)).pl()

    def figures(self, report_month: str) -> dict[tuple[str, str], dict]:
        rows = self.query("select * from figures where report_month = $1::date", f"{report_month}-01")
        return {(row["line"], row["name"]): row for row in rows.iter_rows(named=True)}

    def card(self, report_month: str) -> dict[str, dict]:
        rows = self.query("select * from scorecard where report_month = $1::date", f"{report_month}-01")
        return {row["line"]: row for row in rows.iter_rows(named=True)}


def copy_of_the_project(into: Path) -> Built:
    """The project as git has it (and its untracked files), without what a run writes."""
    leave = shutil.ignore_patterns(
        "warehouse", ".venv", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", "target"
    )
    shutil.copytree(PROJECT, into, ignore=leave, dirs_exist_ok=True)
    return Built(into)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample deliveries, all 31 months in one run, built once for all workers. Not to be changed by a test."""
    of_the_session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_the_session = of_the_session.parent
    with FileLock(of_the_session / "sample.lock"):
        built = Built(of_the_session / "sample")
        if not built.project.exists():
            copy_of_the_project(built.project).scorecard()
    return built

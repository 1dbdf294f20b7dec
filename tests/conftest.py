"""What the tests share: the sample built once by the command that users run, and ways to build variants of it."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest
from filelock import FileLock

from orchestration.dbt import project
from orchestration.defs.failures import FRAMES
from tests import sample as of_the_sample
from tests.bucket import network, server  # noqa: F401

PROJECT = Path(__file__).resolve().parent.parent
GOLDEN = PROJECT / "tests" / "golden"

collect_ignore = [] if of_the_sample.is_there() else of_the_sample.MODULES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report why so much is skipped, where the sample was deleted."""
    if not of_the_sample.is_there():
        folder = of_the_sample.ORGANISATION.relative_to(PROJECT)
        terminalreporter.write_line(f"without {folder}: what needs the sample is skipped")


def pytest_sessionstart() -> None:
    """Parse the dbt project, as installing does: importing the definitions reads its manifest."""
    project.prepare()


@pytest.hookimpl(trylast=True)  # of what -m and -k leave
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that no worker ends with one; of those without the sample, while one worker builds it."""
    of_file: dict[str, list[pytest.Item]] = {}
    for item in items:
        of_file.setdefault(item.nodeid.partition("::")[0], []).append(item)
    slow = {name for name, its in of_file.items() if any(item.get_closest_marker("slow") for item in its)}
    sample = [name for name, its in of_file.items() if any("sample" in item.fixturenames for item in its)]
    ordered = sorted(of_file, key=lambda name: (name not in slow, name in sample))
    builder = next((name for name in ordered if name in sample), None)
    ordered.sort(key=lambda name: name != builder)
    items[:] = [item for name in ordered for item in of_file[name]]


@pytest.fixture(autouse=True)
def whole_traces() -> Iterator[None]:
    """A step that stops for a known reason has Python record no trace until the next begins: here no test is next."""
    yield
    sys.tracebacklimit = FRAMES


def environment() -> dict[str, str]:
    """What a command is started with: nothing of what the user or another test has set for the pipeline."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("SCORECARD_", "DBT_", "DAGSTER_"))
    }


def told_by_another_process(program: str) -> str:
    """What a Python program prints that ends well and has nothing to complain about."""
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


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
    def organisation(self) -> Path:
        return (self.project / "dbt_project" / "organisations" / "default").resolve()

    @property
    def catalogue(self) -> Path:
        return self.organisation / "catalogue"

    def started(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """A command under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration", *arguments],
            cwd=self.project,
            env=environment() | {"COLUMNS": "80", "SCORECARD_SETTLE_SECONDS": "0"} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        with self.started(*arguments, **settings) as command:
            try:
                output, errors = command.communicate(timeout=900)
            except BaseException:
                command.kill()
                raise
        return subprocess.CompletedProcess(arguments, command.returncode, output, errors)

    def dbt(self, database: Path, target: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A dbt command on the project and that database, which dbt opens for writing; it writes into `target`."""
        folder = self.project / "dbt_project"
        own = {"SCORECARD_DATABASE": database, "DBT_TARGET_PATH": target, "DBT_LOG_PATH": target / "logs"}
        within = {"SCORECARD_SEEDS": self.catalogue, "SCORECARD_DECLARED": self.warehouse / "dbt" / "declared"}
        own |= {name: os.path.relpath(path, folder) for name, path in within.items()}
        return subprocess.run(
            [project.EXECUTABLE, *arguments, "--project-dir", folder, "--profiles-dir", folder],
            env=environment() | project.environment() | {name: str(path) for name, path in own.items()},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def scorecard(self, first: str = "", last: str = "") -> None:
        done = self.command("scorecard", "--from", first, "--to", last)
        assert done.returncode == 0, done.stdout + done.stderr

    def publish(self, first: str, last: str) -> subprocess.CompletedProcess[str]:
        """Run months that may be published already, as somebody who finds that every sentence still holds."""
        done = self.command("scorecard", "--from", first, "--to", last)
        if stale := sorted(set(re.findall(r"make confirm MONTH=(\S+)", done.stderr))):
            assert done.returncode == 1
            for month in stale:
                self.confirm(month)
            done = self.command("scorecard", "--from", first, "--to", last)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def confirm(self, month: str, line: str = "", reason: str = "the words hold") -> None:
        done = self.command("confirm", "--month", month, "--line", line, "--reason", reason)
        assert done.returncode == 0, done.stderr

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
    """The project with the sample, declared as when its two pages were published: what it gains changes no test.

    Skips the test that runs, where the sample was deleted.
    """
    of_the_sample.require()
    copy_files(into)
    its = into / of_the_sample.ORGANISATION.relative_to(PROJECT)
    for declared in ("organisation.yml", "sources", "catalogue"):
        subprocess.run(["cp", "-r", GOLDEN / declared, its], check=True)
    default = its.with_name("default")
    default.unlink(missing_ok=True)
    default.symlink_to(its.name)
    return Built(into)


def copy_files(into: Path) -> None:
    """The project as git has it (and its untracked files), without what a run writes."""
    made = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", "target")

    def leave(folder: str, names: list[str]) -> set[str]:
        return made(folder, names) | ({"warehouse"} if Path(folder) == PROJECT else set())

    shutil.copytree(PROJECT, into, symlinks=True, ignore=leave, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample deliveries, all 31 months in one run, built once for all workers. Not to be changed by a test."""
    return _once("sample", tmp_path_factory, Built.scorecard)


LANDING = """
from datetime import date
from orchestration.cli import commands
from orchestration.dbt import project
commands.prepare_dagster()
project.prepare()
from orchestration.cli import running
later = {"reference", "staging", "measures", "aggregates", "scorecard", "release"}
assert running.run(date(2009, 7, 1), date(2009, 7, 1), without=later) == []
"""


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample before its first release: the deliveries up to July are landed. Not to be changed by a test.

    A run of August in a copy publishes its first card, at half the price of publishing it again.
    """

    def land(built: Built) -> None:
        settled = environment() | {"SCORECARD_SETTLE_SECONDS": "0"}
        subprocess.run([sys.executable, "-c", LANDING], cwd=built.project, env=settled, check=True)

    return _once("landed", tmp_path_factory, land)


def _once(name: str, tmp_path_factory: pytest.TempPathFactory, build: Callable[[Built], object]) -> Built:
    """What all workers share, built by the first one that needs it."""
    of_the_session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_the_session = of_the_session.parent
    with FileLock(of_the_session / f"{name}.lock"):
        built = Built(of_the_session / name)
        if not built.project.exists():
            copy_of_the_project(built.project)
            build(built)
    return built


def edit(path: Path, change: Callable[[list[dict]], list[dict]]) -> None:
    """Rewrite a CSV file of the copy with its rows changed."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def copied(built: Built, tmp_path: Path) -> Built:
    subprocess.run(["cp", "-a", built.project, tmp_path / "copy"], check=True)
    return Built(tmp_path / "copy")


READER = """
import sys, time, duckdb
while True:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        last, rows = connection.execute("select max(release), count(*) from scorecard").fetchone()
        if rows != int(sys.argv[2]):
            raise SystemExit(f"a release with {rows} rows")
        print(last, flush=True)
    time.sleep(0.02)
"""


@pytest.fixture
def variant(landed: Built, tmp_path: Path) -> Callable[..., Built]:
    """A function that copies what is landed, changes the copy, and publishes the months it names."""

    def build(change: Callable[[Built], object], first: str, last: str) -> Built:
        copy = copied(landed, tmp_path)
        change(copy)
        copy.scorecard(first, last)
        return copy

    return build

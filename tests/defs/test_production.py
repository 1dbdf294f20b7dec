"""The settings of Dagster that a service is installed with (docs/operating.md)."""

import getpass
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from tests.conftest import PROJECT

PRODUCTION = PROJECT / "docs" / "production"
SERVER = Path("/usr/lib/postgresql")
TWO_AT_ONCE = """
import time
import dagster as dg

@dg.asset(pool="warehouse")
def slow():
    time.sleep(3)

job = dg.define_asset_job("job", selection="slow")

@dg.sensor(job=job, default_status=dg.DefaultSensorStatus.RUNNING)
def both():
    yield dg.RunRequest("first")
    yield dg.RunRequest("second")

defs = dg.Definitions(assets=[slow], jobs=[job], sensors=[both])
"""


def test_a_service_runs_with_the_settings_of_a_single_person_but_for_where_its_record_is():
    service, own = (
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (PRODUCTION / "dagster.yaml", PROJECT / "orchestration" / "dagster.yaml")
    )
    assert {name for name in service if service[name] != own.get(name)} == {
        "storage",
        "run_coordinator",
        "run_monitoring",
    }
    assert service["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert service["run_retries"]["enabled"]


def test_the_services_set_only_variables_that_something_reads():
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "orchestration").rglob("*.py"))
    known = code + (PRODUCTION / "dagster.yaml").read_text(encoding="utf-8")
    for line in (PRODUCTION / "environment").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or line.partition("=")[0] in known, line


@pytest.fixture
def server() -> Iterator[Path]:
    """A Postgres server of its own that knows this user by its socket; the folder of the socket."""
    programs = sorted(SERVER.glob("*/bin"))
    if not programs or importlib.util.find_spec("dagster_postgres") is None:
        pytest.skip("needs Postgres and dagster-postgres")
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="scorecard-postgres-"))  # one that another user may write in
    folder.chmod(0o755)
    if as_user:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str | Path) -> None:
        subprocess.run([*as_user, programs[-1] / program, *arguments], check=True, cwd="/", capture_output=True)

    run("initdb", "-D", folder / "data", "-A", "peer")
    options = f"-k {folder} -c listen_addresses=''"
    run("pg_ctl", "start", "-D", folder / "data", "-l", folder / "log", "-o", options, "-w")
    try:
        if as_user:
            run("createuser", "-h", folder, getpass.getuser())
        run("createdb", "-h", folder, "-O", getpass.getuser(), "scorecard")
        yield folder
    finally:
        run("pg_ctl", "stop", "-D", folder / "data", "-m", "fast")
        shutil.rmtree(folder)


@pytest.mark.slow
def test_the_record_of_runs_is_in_postgres_and_of_two_runs_at_once_the_second_waits(server, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(PRODUCTION / "dagster.yaml", home)
    (tmp_path / "two_at_once.py").write_text(TWO_AT_ONCE)
    for line in (PRODUCTION / "environment").read_text(encoding="utf-8").splitlines():
        if "POSTGRES" in line:
            monkeypatch.setenv(*line.split("=", 1))
    monkeypatch.setenv("SCORECARD_POSTGRES_USER", getpass.getuser())
    monkeypatch.setenv("PGHOST", str(server))
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    daemon = subprocess.Popen(
        [Path(sys.prefix) / "bin" / "dagster-daemon", "run", "-f", tmp_path / "two_at_once.py"],
        cwd=tmp_path,
        stdout=(tmp_path / "log").open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        succeeded = dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS])
        with dg.DagsterInstance.get() as instance:
            until = time.monotonic() + 240
            while instance.get_runs_count(succeeded) < 2 and time.monotonic() < until:
                time.sleep(1)
            second, first = instance.get_run_records(succeeded)
    finally:
        daemon.terminate()
        daemon.wait(60)
    assert second.create_timestamp.timestamp() < first.end_time <= second.start_time
    assert not (home / "history").exists()

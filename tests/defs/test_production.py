"""The settings of Dagster that a service is installed with (docs/operating.md)."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import PROJECT, copied, environment

PRODUCTION = PROJECT / "docs" / "production"
SERVER = Path("/usr/lib/postgresql")
RUN = """
import dagster as dg

@dg.asset
def nothing(): ...

with dg.DagsterInstance.get() as instance:
    assert dg.materialize([nothing], instance=instance).success
    recorded = instance.get_latest_materialization_event(dg.AssetKey("nothing"))
    print(len(instance.get_run_records()), recorded is not None)
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


def test_the_services_name_only_variables_that_the_settings_know_and_files_that_are_there():
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "orchestration").rglob("*.py"))
    known = code + (PRODUCTION / "dagster.yaml").read_text(encoding="utf-8")
    for line in (PRODUCTION / "environment").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or line.partition("=")[0] in known, line
    for unit in PRODUCTION.glob("*.service"):
        assert (
            "--workspace docs/production/workspace.yaml" in unit.read_text() or "dagster api grpc" in unit.read_text()
        )


@pytest.fixture
def server(tmp_path):
    """A Postgres server of its own; the port it listens on."""
    programs = sorted(SERVER.glob("*/bin"))
    if not programs or importlib.util.find_spec("dagster_postgres") is None:
        pytest.skip("needs Postgres and dagster-postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    folder = Path("/tmp") / f"scorecard-postgres-{os.getpid()}"  # one that another user may write in
    folder.mkdir()
    if as_user:
        shutil.chown(folder, "postgres")

    def run(program, *arguments):
        subprocess.run([*as_user, programs[-1] / program, *arguments], check=True, cwd="/", capture_output=True)

    run("initdb", "-D", folder / "data", "-A", "trust")
    start = ("-D", folder / "data", "-l", folder / "log", "-o", f"-p {port} -k {folder}", "-w")
    run("pg_ctl", "start", *start)
    try:
        run("createuser", "-h", folder, "-p", str(port), "scorecard")
        run("createdb", "-h", folder, "-p", str(port), "-O", "scorecard", "scorecard")
        yield port
    finally:
        run("pg_ctl", "stop", "-D", folder / "data", "-m", "fast")
        shutil.rmtree(folder)


@pytest.mark.slow
def test_the_record_of_runs_is_kept_in_postgres(server, tmp_path):
    text = (PRODUCTION / "dagster.yaml").read_text(encoding="utf-8").replace("port: 5432", f"port: {server}")
    (tmp_path / "dagster.yaml").write_text(text, encoding="utf-8")
    names = {"HOST": "127.0.0.1", "USER": "scorecard", "PASSWORD": "x", "DATABASE": "scorecard"}
    variables = {f"SCORECARD_POSTGRES_{name}": value for name, value in names.items()}
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env=environment() | variables | {"DAGSTER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "1 True", done.stderr


@pytest.mark.slow
def test_a_whole_run_starts_in_any_folder_with_a_home_of_its_own(sample, tmp_path):
    """Its children import the installed package; nothing is looked for, or written, where it was started."""
    copy, home, here = copied(sample, tmp_path), tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    shutil.copy(PROJECT / "orchestration" / "dagster.yaml", home)
    command = ["asset", "materialize", "--select", "*", "--partition", "2009-08", "-m", "orchestration.definitions"]
    own = {"DAGSTER_HOME": home, "SCORECARD_RAW": copy.raw, "SCORECARD_WAREHOUSE": copy.warehouse}
    done = subprocess.run(
        [sys.executable, "-m", "dagster", *command],
        cwd=here,
        env=environment() | {name: str(path) for name, path in own.items()} | {"SCORECARD_SETTLE_SECONDS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert list(here.iterdir()) == []

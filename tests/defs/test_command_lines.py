"""Dagster's own command lines, started in the project as a developer starts them (docs/operating.md)."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from orchestration.dbt import project
from tests.conftest import PROJECT, environment

PROGRAMS = Path(sys.executable).parent
NAMES = {"query": "{repositoriesOrError {... on RepositoryConnection {nodes {location {name}}}}}"}


@pytest.fixture
def variables(tmp_path):
    """Those that the commands are documented with, and a warehouse of its own that was prepared by installing."""
    home = tmp_path / "warehouse" / "dagster"
    own = environment() | {
        "VIRTUAL_ENV": str(PROGRAMS.parent),
        "SCORECARD_WAREHOUSE": str(tmp_path / "warehouse"),
        "SCORECARD_SETTLE_SECONDS": "0",
        "DAGSTER_HOME": str(home),
    }
    home.mkdir(parents=True)
    (tmp_path / "warehouse" / "dbt").mkdir()
    (tmp_path / "warehouse" / "dbt" / "manifest.json").write_bytes(project.manifest().read_bytes())
    yield own
    assert list(PROJECT.glob(".tmp_dagster_home_*")) == []


def dg(variables, *arguments):
    done = subprocess.run(
        [PROGRAMS / "dg", *arguments], cwd=PROJECT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_dg_lists_the_definitions_and_launches_a_selection_of_assets(variables):
    listed = json.loads(dg(variables, "list", "defs", "--json"))
    assert "release" in {asset["asset_key"] for asset in listed["assets"]}
    dg(variables, "launch", "--assets", "key:raw/criminal_networks", "--partition", "2007-02")
    assert (Path(variables["SCORECARD_WAREHOUSE"]) / "performance.duckdb").exists()


@pytest.mark.slow
def test_dagster_dev_serves_its_pages_on_the_loopback_address(variables):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [PROGRAMS / "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(
        command, cwd=PROJECT, env=variables, stderr=subprocess.DEVNULL, start_new_session=True
    ) as dev:
        try:
            answer = _answer(f"http://127.0.0.1:{port}/graphql", until=time.monotonic() + 300)
        finally:
            dev.terminate()
            try:
                dev.wait(timeout=60)
            except subprocess.TimeoutExpired:  # as where SIGINT is ignored, by which Dagster ends itself
                os.killpg(dev.pid, signal.SIGKILL)
    nodes = answer["data"]["repositoriesOrError"]["nodes"]
    assert [node["location"]["name"] for node in nodes] == ["scorecard"]


def _answer(address, until):
    request = urllib.request.Request(address, json.dumps(NAMES).encode(), {"Content-Type": "application/json"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except OSError:
            if time.monotonic() > until:
                raise
        time.sleep(0.5)

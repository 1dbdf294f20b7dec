"""The services as docs/operating.md installs them: as another user, in another folder, with code they cannot change.

The commands are those of the page; only its places, users and ports are replaced. A month is made by hand, backed up
and restored on an empty machine, where the sensors then publish the next one.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.conftest import PROJECT, environment
from tests.deliveries import copy_of_the_sample

pytestmark = pytest.mark.slow

PRODUCTION = PROJECT / "docs" / "production"
SERVICE, ANALYST, STRANGER = (65534, 65534), (65530, 65531), (65532, 65532)  # user and group
FIRST, SECOND, BEYOND = "2008-04", "2008-05", "2010-04"
PORTS = ("4266", "3000")
SENSORS = ("new_deliveries", "complete_months", "failed_runs")


class Machine:
    """A folder with the places that the page names."""

    def __init__(self, folder: Path, ports: dict[str, str]):
        self.folder, self.ports = folder, ports
        self.deliveries, self.reported = folder / "deliveries", folder / "told"
        self.home, self.warehouse = folder / "lib" / "dagster", folder / "lib" / "warehouse"

    def here(self, command: str) -> str:
        """A command of the page, for this machine."""
        places = {
            "/etc/scorecard/environment": f"{self.folder}/etc/environment",
            "/var/lib/scorecard": f"{self.folder}/lib",
            "/srv/deliveries": str(self.deliveries),
            "/srv/backup": str(self.folder.parent / "backup"),
            "/opt/scorecard/.venv": sys.prefix,
            "/opt/scorecard": str(PROJECT),
            "docs/production/workspace.yaml": f"{self.folder}/etc/workspace.yaml",
            "make verify DEEP=1": f"{sys.executable} -m orchestration verify --deep",
        }
        for documented, its in (places | self.ports).items():
            command = command.replace(documented, its)
        return command

    def install(self) -> None:
        for each in documented("### Installation", "install "):
            command = each
            for name, number in {"scorecard": SERVICE[0], "analysts": ANALYST[1]}.items():
                for option in ("-o", "-g"):
                    command = command.replace(f"{option} {name} ", f"{option} {number} ")
            self.as_root(command)
        # all of it but the Postgres server, which has a test of its own
        settings = yaml.safe_load((self.home / "dagster.yaml").read_text())
        del settings["storage"]
        (self.home / "dagster.yaml").write_text(yaml.safe_dump(settings))
        workspace = (PRODUCTION / "workspace.yaml").read_text()
        (self.folder / "etc" / "workspace.yaml").write_text(self.here(workspace))
        edited = self.folder / "etc" / "environment"
        lines = [line for line in edited.read_text().splitlines() if "NOTIFY" not in line]
        lines += [f'SCORECARD_NOTIFY="tee -a {self.reported}"', "SCORECARD_SETTLE_SECONDS=0"]
        edited.write_text(self.here("\n".join(lines)))

    def as_root(self, command: str) -> None:
        subprocess.run(self.here(command), shell=True, cwd=PROJECT, check=True)

    def started(self, command: str, folder: Path) -> subprocess.Popen[str]:
        """A command of the service user, with the environment of the services."""
        own = f"umask 027; set -a; . {self.folder}/etc/environment; set +a; exec {self.here(command)}"
        return subprocess.Popen(
            [*as_user(SERVICE), "bash", "-c", own],
            cwd=folder,
            env=environment() | {"HOME": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: str, folder: Path | None = None) -> str:
        with self.started(command, folder or self.folder) as running:
            output, _ = running.communicate(timeout=1200)
        assert running.returncode == 0, output[-3000:]
        return output

    def may_read(self, user: tuple[int, int], name: str) -> bool:
        return not subprocess.run([*as_user(user), "test", "-r", self.warehouse / name], check=False).returncode

    @contextmanager
    def services(self) -> Iterator[None]:
        """The three units, until the test is through with them."""
        running = []
        try:
            for name in ("code", "daemon", "webserver"):
                unit = (PRODUCTION / f"scorecard-{name}.service").read_text().splitlines()
                starts = dict(line.split("=", 1) for line in unit if line.startswith("Exec"))
                if before := starts.get("ExecStartPre"):
                    self.run(before)
                command = starts["ExecStart"] + f" > {self.folder}/log-{name} 2>&1"
                running.append(self.started(command, PROJECT))
                if name != "daemon":
                    reachable(self.ports[PORTS[0] if name == "code" else PORTS[1]])
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(300)  # the code server ends after the run that it has begun

    def graphql(self, query: str, **variables: object) -> dict:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[PORTS[1]]}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def size_of_the_record(self, run: str) -> int:
        """Bytes that Dagster keeps of a run, at most: its events, and in the index those of its assets again."""
        return 2 * (self.home / "history" / "runs" / f"{run}.db").stat().st_size


def as_user(user: tuple[int, int]) -> list[str]:
    """Begins a command of that user. The service may read all, as this project may lie in a folder of root's."""
    reads = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"] if user == SERVICE else []
    return ["setpriv", f"--reuid={user[0]}", f"--regid={user[1]}", "--clear-groups", *reads]


def documented(heading: str, begins: str) -> list[str]:
    """The commands below a heading of the page that begin so."""
    page = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
    section = page.split(f"{heading}\n")[1].split("\n#")[0].replace("\\\n", "")
    commands = [line.strip() for line in section.splitlines() if line.startswith(f"    {begins}")]
    assert commands, heading
    return commands


def reachable(port: str) -> None:
    until(lambda: socket.create_connection(("127.0.0.1", int(port)), 1).close() is None, 300)


def until(holds: Callable[[], object], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < ends
        time.sleep(1)


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    """One that is used, and an empty one to move to."""
    if os.geteuid():
        pytest.skip("needs root, to be several users")
    folder = Path(tempfile.mkdtemp(prefix="scorecard-services-"))  # not below tmp_path, which is for its user only
    ports = {}
    for port in PORTS:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports[port] = str(free.getsockname()[1])
    try:
        folder.chmod(0o755)
        both = Machine(folder / "used", ports), Machine(folder / "empty", ports)
        for made in (folder / "backup", *(machine.folder for machine in both)):
            made.mkdir()
            os.chown(made, *SERVICE)
        yield both
    finally:
        shutil.rmtree(folder)


def test_a_month_made_by_hand_is_restored_on_an_empty_machine_whose_services_publish_the_next(machines):
    used, empty = machines
    used.install()
    copy_of_the_sample(used.deliveries, f"*/{FIRST}.*")
    nowhere = used.folder / "elsewhere"
    nowhere.mkdir()  # where the service user may not write
    used.run("/opt/scorecard/.venv/bin/python -m orchestration prepare", nowhere)
    by_hand = f"asset materialize --select '*' --partition {FIRST} -m orchestration.definitions"
    used.run(f"/opt/scorecard/.venv/bin/dagster {by_hand}", nowhere)
    assert (used.warehouse / "current").readlink().name == f"{FIRST}-r1"
    assert list(nowhere.iterdir()) == []

    # who may read what
    published = ("current/scorecard.duckdb", "current/index.html", f"current/cards/{FIRST}/csv/scorecard.csv")
    assert all(used.may_read(ANALYST, name) and not used.may_read(STRANGER, name) for name in published)
    kept = [path.name for path in used.warehouse.iterdir() if path.name not in ("releases", "current")]
    assert [name for name in kept if used.may_read(ANALYST, name)] == []

    # moving to another machine
    for command in documented("### Backup", "flock "):
        used.as_root(command)
    empty.install()
    empty.deliveries.mkdir()
    for command in documented("### Restore, and moving to another machine", "tar "):
        empty.as_root(command)
    (verify,) = documented("### Restore, and moving to another machine", "make ")
    assert "FAILED" not in empty.run(verify)
    assert not (empty.warehouse / "performance.duckdb").exists()

    # the services there
    copy_of_the_sample(empty.deliveries, f"*/{SECOND}.*")
    crime = empty.deliveries / "recorded_crime"
    shutil.copy(crime / f"{SECOND}.csv", crime / f"{BEYOND}.csv")
    with empty.services():
        switched_on = [empty.graphql(START, selector=OF_SENSOR | {"sensorName": name}) for name in SENSORS]
        assert "Error" not in str(switched_on)
        until(lambda: (empty.warehouse / "current").readlink().name == f"{SECOND}-r1", 1200)
        until(lambda: f"{BEYOND} lies outside the calendar" in empty.reported.read_text(), 600)
        runs = empty.graphql(RUNS)["runsOrError"]["results"]
    assert empty.may_read(ANALYST, "current/scorecard.duckdb")
    size = {(run["jobName"], run["status"]): empty.size_of_the_record(run["runId"]) for run in runs}
    assert set(size) >= {("landing", "FAILURE"), ("landing", "SUCCESS")}
    assert [run["status"] for run in runs if run["jobName"] == "scorecard_run"] == ["SUCCESS"]
    # a month a card, a week a landing; the rest of 200 MB is for ticks, which are deleted when they are two days old
    assert 12 * size["scorecard_run", "SUCCESS"] + 52 * size["landing", "SUCCESS"] < 170_000_000, size


OF_SENSOR = {"repositoryName": "__repository__", "repositoryLocationName": "scorecard"}
START = "mutation($selector: SensorSelector!) { startSensor(sensorSelector: $selector) { __typename } }"
RUNS = "{ runsOrError { ... on Runs { results { runId jobName status } } } }"

"""A Spark cluster on loopback for the tests: a master and two workers of a core each, by Spark's own classes."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"
WORKERS = 2
PATIENCE = 60  # seconds until the workers are there
MEMORY = "1g"  # of a worker, all of it its executor's
SIZES = f"""
spark.executor.memory {MEMORY}
spark.driver.memory 1g
spark.sql.shuffle.partitions 8
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs, and what a program needs in its environment to use it."""

    address: str
    workers: list[subprocess.Popen]
    settings: dict[str, str]

    def kill_a_worker(self) -> None:
        """As if its machine were gone: the worker and the executor on it, at once."""
        worker = self.workers.pop()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def missing() -> str:
    """What is not here of all that a cluster needs; empty where nothing is."""
    if importlib.util.find_spec("pyspark") is None or importlib.util.find_spec("dbt.adapters.spark") is None:
        return "the extra `spark` is not installed: make spark"
    if shutil.which("java") is None:
        return "there is no Java here: apt-get install default-jre-headless"
    return ""


def needed() -> None:
    """Skip the test where there is no Spark, and say so."""
    if reason := missing():
        pytest.skip(reason)


@contextmanager
def running(place: Path) -> Iterator[Cluster]:
    """A cluster of its own, with its logs and its workers' folders in that place."""
    needed()
    home = Path(importlib.util.find_spec("pyspark").origin).parent
    place.mkdir(parents=True)
    (place / "conf").mkdir()
    (place / "conf" / "spark-defaults.conf").write_text(SIZES)
    settings = {"SPARK_CONF_DIR": str(place / "conf"), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)}
    started: list[subprocess.Popen] = []

    def start(name: str, program: str, *arguments: str) -> subprocess.Popen:
        with (place / f"{name}.log").open("wb") as log:
            command = [home / "bin" / "spark-class", program, "--host", "127.0.0.1", "--webui-port", "0", *arguments]
            environment = os.environ | settings | {"SPARK_DAEMON_MEMORY": "256m"}
            process = subprocess.Popen(
                command, env=environment, cwd=place, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        started.append(process)
        return process

    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    try:
        start("master", MASTER, "--port", str(port))
        sizes = ["--cores", "1", "--memory", MEMORY]
        workers = [
            start(f"worker-{number}", WORKER, *sizes, "--work-dir", str(place / f"work-{number}"), address)
            for number in range(WORKERS)
        ]
        _wait_for_workers(place / "master.log")
        yield Cluster(address, workers, settings)
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def _wait_for_workers(log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while log.read_text(errors="replace").count("Registering worker") < WORKERS:
        assert time.monotonic() < until, log.read_text(errors="replace")
        time.sleep(0.1)

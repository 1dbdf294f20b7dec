"""Staging and measures on a Spark cluster: whether it was chosen, and whether it can be used."""

import importlib.util
import os
import re
import shutil
import socket
from pathlib import Path

from orchestration import settings
from orchestration.errors import UserError

ENGINES = ("duckdb", "spark")
NEEDED = {"dbt.adapters.spark": "dbt's Spark adapter", "pyspark": "PySpark"}
ADDRESS = re.compile(r"spark://([^\s:/,]+:\d{1,5}(,[^\s:/,]+:\d{1,5})*)")
NO_EXECUTOR = "The cluster gave no executor."  # printed by dbt_on_a_cluster.py before it gives up
PATIENCE = 5  # seconds for a master to answer


class NoCluster(UserError, ValueError):
    """The chosen cluster cannot be used; the message gives the reason and what to do."""


def chosen() -> bool:
    """Whether staging and measures run on a cluster. Raises NoCluster for an unknown engine."""
    if settings.engine() not in ENGINES:
        raise NoCluster(f"SCORECARD_ENGINE is '{settings.engine()}': it can be {' or '.join(ENGINES)}.")
    return settings.engine() == "spark"


def check() -> None:
    """Check that the cluster, if one was chosen, can be used, without starting anything. Raises NoCluster."""
    if not chosen():
        return
    missing = [name for module, name in NEEDED.items() if not _is_there(module)]
    if missing:
        raise NoCluster(f"SCORECARD_ENGINE=spark needs {' and '.join(missing)}: install them with `make spark`.")
    if not _java():
        raise NoCluster("SCORECARD_ENGINE=spark needs Java 17 or later: put java on PATH, or set JAVA_HOME.")
    address = ADDRESS.fullmatch(settings.spark_master())
    if not address:
        problem = f"'{settings.spark_master()}' is no address of a master" if settings.spark_master() else "is not set"
        raise NoCluster(f"SCORECARD_SPARK_MASTER {problem}: give the cluster as spark://host:port.")
    masters = address[1].split(",")
    if not any(_answers(master) for master in masters):
        raise NoCluster(
            f"No Spark master answers at {settings.spark_master()}: check SCORECARD_SPARK_MASTER, and that the "
            "cluster runs. Nothing was changed."
        )


def gave_nothing() -> str:
    """The message about a master that answers and gives no executor."""
    return (
        f"The cluster at {settings.spark_master()} gave no executor: check that it is a Spark master of PySpark's "
        "version, that its workers have the memory and cores of an executor to spare, and that they can reach this "
        "machine. Nothing was published; the last release is as it was."
    )


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None


def _answers(master: str) -> bool:
    host, _, port = master.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=PATIENCE):
            return True
    except (OSError, OverflowError):
        return False

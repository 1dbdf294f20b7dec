"""A program that runs dbt within a session on the cluster: opens it, registers the tables, closes it.

    python -m orchestration.spark.dbt_on_a_cluster PARENT

Takes its command like `orchestration.dbt.child`; cluster and folders come as SCORECARD_SPARK_* variables.
"""

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

from orchestration.processes import end_with_parent
from orchestration.spark import NO_EXECUTOR

# what the results depend on, and that there are any
# Sizes are Spark's own settings, in the spark-defaults.conf of SPARK_CONF_DIR.
SETTINGS = {
    # an overflow, or a text that is no number, is an error and never a null
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # tables are of this run and gone with it: there is no metastore to keep
    "spark.sql.catalogImplementation": "in-memory",
    # Parquet hides how many rows it holds: 2.4 million in 10 MB were to be sent to every executor, past all memory
    "spark.sql.sources.fileCompressionFactor": "100",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
PATIENCE = 60  # seconds for the first executor


def opened(master: str, made: str) -> SparkSession | None:
    """Open a session with an executor on the cluster; None where it gives none in time."""
    builder = SparkSession.builder.master(master).appName("scorecard").config("spark.sql.warehouse.dir", made)
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # whatever Java raises for a master that is none
        print(error)
        return None
    try:
        # the smallest job there is runs once there is an executor
        ThreadPoolExecutor(1).submit(session.range(1).count).result(PATIENCE)
    except TimeoutError:
        return None
    return session


def register(session: SparkSession, folder: Path) -> None:
    """Create a table for every folder schema/table of Parquet files."""
    for files in sorted(path for path in folder.glob("*/*") if path.is_dir()):
        schema, table = files.parent.name, files.name
        session.sql(f"create schema if not exists `{schema}`")
        session.sql(f"create table `{schema}`.`{table}` using parquet location '{files}'")


def main() -> int:
    """Open the session, then run the command."""
    end_with_parent(int(sys.argv[1]))
    # what Spark logs stands apart from what dbt prints
    os.dup2(os.open(os.environ["SCORECARD_SPARK_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), 2)
    session = opened(os.environ["SCORECARD_SPARK_MASTER"], os.environ["SCORECARD_SPARK_MADE"])
    if session is None:
        print(NO_EXECUTOR, flush=True)
        # a session that waits for its cluster does not end when it is stopped
        os.kill(os.getpid(), signal.SIGKILL)
    assert session is not None
    for folder in os.environ["SCORECARD_SPARK_GIVEN"].split(os.pathsep):
        register(session, Path(folder))
    try:
        outcome = dbtRunner().invoke(json.loads(sys.stdin.readline()))
    finally:
        session.stop()
    if outcome.exception:
        print(outcome.exception)
    return 0 if outcome.success else 1


if __name__ == "__main__":
    sys.exit(main())

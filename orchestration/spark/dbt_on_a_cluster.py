"""dbt as the child of a run, within a session on the cluster that it works in: opened, given its tables, closed.

Started by its path, as a program of its own, like `dbt_of_a_run`: it knows nothing of the pipeline but its parent, the
cluster, and the folders of the tables.
"""

import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What the results rest on, and that they come at all.
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
GAVE_NOTHING = 69


def opened(master: str, made: str) -> "SparkSession | None":
    """A session on that cluster which has an executor; None where it gives none in time."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - JVM and cluster come with it

    builder = SparkSession.builder.master(master).appName("scorecard").config("spark.sql.warehouse.dir", made)
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # whatever Java says of a master that is none
        print(error)
        return None
    until = time.monotonic() + PATIENCE
    # the driver is counted as well
    while session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() < 2:
        if time.monotonic() > until:
            return None
        time.sleep(0.1)
    return session


def give(session: "SparkSession", folder: Path) -> None:
    """Have every folder schema/table of Parquet files there as a table of that name."""
    for files in sorted(path for path in folder.glob("*/*") if path.is_dir()):
        schema, table = files.parent.name, files.name
        session.sql(f"create schema if not exists `{schema}`")
        session.sql(f"create table `{schema}`.`{table}` using parquet location '{files}'")


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from dbt_of_a_run import end_with

    sys.path.pop(0)  # the folder of those files, whose modules are none of dbt's
    parent = int(os.environ["SCORECARD_RUN_PROCESS"])
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    # what Spark tells stands apart from what dbt does, which Dagster reads line by line
    os.dup2(os.open(os.environ["SCORECARD_SPARK_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), 2)
    session = opened(os.environ["SCORECARD_SPARK_MASTER"], os.environ["SCORECARD_SPARK_MADE"])
    if session is None:
        # at once: a session that waits for its cluster does not end when it is asked to
        os._exit(GAVE_NOTHING)
    for folder in os.environ["SCORECARD_SPARK_GIVEN"].split(os.pathsep):
        give(session, Path(folder))

    from dbt.cli.main import cli

    sys.argv[0] = "dbt"
    try:
        cli()
    finally:
        session.stop()

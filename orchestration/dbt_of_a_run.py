"""dbt as the child of a run: reads itself and the project in, waits for its command, and ends when the run ends.

To get ready takes it 4 s, which a run has other things for: so it is started first and asked later. A run that is
killed cannot stop its children, and a dbt that lived on would write into the warehouse of the next run.
Started by its path, as a program of its own: it knows nothing of the pipeline but who its parent is.
"""

import atexit
import contextlib
import gc
import io
import json
import os
import signal
import sys
import threading
import time
from dataclasses import replace

EVERY = 0.1  # seconds
LEVELS = ("debug", "test", "info", "warn", "error")


def end_with(parent: int) -> None:
    """End this process, however busy, as soon as that one is no longer its parent."""
    while os.getppid() == parent:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGKILL)


def write_only_what_is_read() -> None:
    """Leave out half of what dbt writes in a run, a fifth of its time.

    dbt writes every event out as JSON, for the standard output and for the file, and only then drops those below the
    level asked for: 1,100 of 1,240. And at its end it writes the manifest, which lies there since the project changed.
    """
    from dbt.task import runnable  # noqa: PLC0415 - what dbt is made of takes seconds to read in
    from dbt_common.events.event_manager import EventManager  # noqa: PLC0415
    from dbt_common.events.logger import LoggerConfig  # noqa: PLC0415

    runnable.write_manifest = lambda *_: None
    add = EventManager.add_logger

    def add_logger(self: EventManager, config: LoggerConfig) -> None:
        known, wanted = config.filter, LEVELS[LEVELS.index(config.level) :]
        add(self, replace(config, filter=lambda event: event.info.level in wanted and known(event)))

    EventManager.add_logger = add_logger


if __name__ == "__main__":
    sys.path.pop(0)  # the folder of this file, whose modules are none of dbt's
    parent = int(os.environ["SCORECARD_RUN_PROCESS"])
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()

    gc.set_threshold(100_000, 50, 100)  # as of the run itself
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    write_only_what_is_read()
    # what is wrong with the project is told once, by the command that meets it
    with contextlib.redirect_stdout(io.StringIO()):
        manifest = dbtRunner().invoke(["--quiet", "--no-write-json", "parse"]).result
    command = sys.stdin.readline()
    if not command:  # whoever started it needs nothing of it
        sys.exit()
    asked = json.loads(command)
    os.environ.clear()
    os.environ.update(asked["environment"])
    outcome = dbtRunner(manifest=manifest).invoke(asked["arguments"])
    if outcome.exception:
        print(outcome.exception)
    DuckDBConnectionManager.close_all_connections()
    # all that is done at the end of a process but to take 3,000 modules apart, which is half a second
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(not outcome.success)

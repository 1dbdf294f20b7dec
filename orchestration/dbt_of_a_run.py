"""dbt as the child of a run: reads itself and the project in, waits for its command, and ends when the run ends.

To get ready takes it 4 s, which a run has other things for: so it is started first and asked later. A run that is
killed cannot stop its children, and a dbt that lived on would write into the warehouse of the next run.
Started by its path, as a program of its own: it knows nothing of the pipeline but who its parent is.
"""

import contextlib
import gc
import io
import json
import os
import signal
import sys
import threading
import time

EVERY = 0.1  # seconds


def end_with(parent: int) -> None:
    """End this process, however busy, as soon as that one is no longer its parent."""
    while os.getppid() == parent:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.path.pop(0)  # the folder of this file, whose modules are none of dbt's
    parent = int(os.environ["SCORECARD_RUN_PROCESS"])
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()

    gc.set_threshold(100_000, 50, 100)  # as of the run itself
    from dbt.cli.main import dbtRunner

    # what is wrong with the project is told once, by the command that meets it
    with contextlib.redirect_stdout(io.StringIO()):
        manifest = dbtRunner().invoke(["--quiet", "parse"]).result
    command = sys.stdin.readline()
    if not command:  # whoever started it needs nothing of it
        sys.exit()
    asked = json.loads(command)
    os.environ.clear()
    os.environ.update(asked["environment"])
    outcome = dbtRunner(manifest=manifest).invoke(asked["arguments"])
    if outcome.exception:
        print(outcome.exception)
    sys.exit(not outcome.success)

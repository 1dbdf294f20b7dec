"""dbt as the child of a run: it ends when the run ends, however that ends.

A run that is killed cannot stop its children. A dbt that lived on would write into the warehouse of the next run.
Started by its path, as a program of its own: it knows nothing of the pipeline but who its parent is.
"""

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

    from dbt.cli.main import cli

    sys.argv[0] = "dbt"
    cli()

"""Child processes that end with the process that started them."""

import os
import signal
import threading
import time

INTERVAL = 0.1  # seconds


def end_with_parent(parent: int) -> None:
    """Have this process end as soon as `parent`, which started it, is gone.

    A killed run cannot stop its children, and one that went on would write into the warehouse of the next run. `parent`
    is given because one that dies before its child is ready is its parent no longer.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(INTERVAL)
    os.kill(os.getpid(), signal.SIGKILL)

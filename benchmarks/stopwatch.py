"""Run a command and write what it took: `stopwatch.py <file to write> <command> ...`.

A program of its own, that loads next to nothing: what the process that starts a command holds, the kernel counts as
the peak of that command's memory too.
"""

import json
import os
import sys
import time

if __name__ == "__main__":
    written, *command = sys.argv[1:]
    began = time.monotonic()
    _, status, used = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
    took = time.monotonic() - began
    with open(written, "w", encoding="ascii") as file:  # noqa: PTH123
        # ru_maxrss, in KiB: the peak of the largest process, of the command and of all that it started and waited for
        json.dump({"seconds": took, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024}, file)
    sys.exit(os.waitstatus_to_exitcode(status))

"""A dbt that gets ready while the run does other things: started early, given its command once there is one.

Where the project changed, it is parsed first, by a dbt of its own: the one that waits begins with what that found.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress

from orchestration import dbt_manifest, settings

PROGRAM = settings.PROJECT / "orchestration" / "dbt_of_a_run.py"

_waiting: list[Future[subprocess.Popen]] = []


@contextmanager
def waiting() -> Iterator[Callable[[], object]]:
    """Have one get ready meanwhile. One that nobody came to need ends with it.

    Gives what waits until the project is parsed; that raises DoesNotParse.
    """
    starting = ThreadPoolExecutor(1).submit(_started_once_parsed)
    _waiting.append(starting)
    try:
        yield starting.result
    finally:
        if starting in _waiting:
            _waiting.remove(starting)
            with suppress(dbt_manifest.DoesNotParse):
                process = starting.result()
                process.stdin.close()
                process.kill()
                process.wait()


def asked(arguments: Sequence[str], environment: dict[str, str]) -> subprocess.Popen:
    """The dbt that waits, or a new one, at work on that command: its standard output is what it tells."""
    process = _waiting.pop().result() if _waiting else _started()
    command = json.dumps({"arguments": list(arguments), "environment": environment})
    try:
        process.stdin.write(command.encode() + b"\n")
        process.stdin.close()
    except BrokenPipeError:  # it ended before it was asked: what it told, and how it ended, say why
        pass
    return process


def _started_once_parsed() -> subprocess.Popen:
    dbt_manifest.manifest()
    return _started()


def _started() -> subprocess.Popen:
    of_the_run = {
        "SCORECARD_RUN_PROCESS": str(os.getpid()),
        "DBT_TARGET_PATH": str(dbt_manifest.target_of_a_run()),
        "DBT_LOG_PATH": str(dbt_manifest.target_of_a_run()),
        "DBT_PROJECT_DIR": str(settings.DBT_PROJECT),
        "DBT_PROFILES_DIR": str(settings.DBT_PROJECT),
    }
    return subprocess.Popen(
        [sys.executable, str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | dbt_manifest.environment() | of_the_run,
        cwd=settings.DBT_PROJECT,
    )

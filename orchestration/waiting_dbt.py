"""A dbt that gets ready while the run does other things: started early, given its command once there is one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from orchestration import dbt_manifest, settings

PROGRAM = settings.PROJECT / "orchestration" / "dbt_of_a_run.py"

_waiting: list[subprocess.Popen] = []


@contextmanager
def waiting() -> Iterator[None]:
    """Have one get ready meanwhile. One that nobody came to need ends with it."""
    process = _started()
    _waiting.append(process)
    try:
        yield
    finally:
        if process in _waiting:
            _waiting.remove(process)
            process.stdin.close()
            process.kill()
            process.wait()


def asked(arguments: Sequence[str], environment: dict[str, str]) -> subprocess.Popen:
    """The dbt that waits, or a new one, at work on that command: its standard output is what it tells."""
    process = _waiting.pop() if _waiting else _started()
    command = json.dumps({"arguments": list(arguments), "environment": environment})
    try:
        process.stdin.write(command.encode() + b"\n")
        process.stdin.close()
    except BrokenPipeError:  # it ended before it was asked: what it told, and how it ended, say why
        pass
    return process


def target() -> str:
    """The folder of what dbt writes in a run."""
    return str(dbt_manifest.target() / "run")


def _started() -> subprocess.Popen:
    of_the_run = {
        "SCORECARD_RUN_PROCESS": str(os.getpid()),
        "DBT_TARGET_PATH": target(),
        "DBT_LOG_PATH": target(),
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

"""A dbt that gets ready in a child process while a run does other things, and runs one command once there is one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

from orchestration.dbt import project, results
from orchestration.dbt.results import Results

CHILD = "orchestration.dbt.child"
LOG = "dbt.log"  # what dbt prints


class Process:
    """A child process at the command line of dbt."""

    def __init__(self, process: subprocess.Popen, target: Path):
        self._process, self._target = process, target

    def run(self, arguments: Sequence[str]) -> Results:
        """Run a command of dbt to its end and return what came of it. Can be called once."""
        (self._target / "run_results.json").unlink(missing_ok=True)  # those of an earlier command would be read
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it ended before it was given a command: its log says why
            self._process.stdin.write(json.dumps([*arguments, "--target-path", str(self._target)]).encode() + b"\n")
            self._process.stdin.close()
        code = self._process.wait()
        return results.read(self._target, code, (self._target / LOG).read_text(encoding="utf-8", errors="replace"))


@contextmanager
def started(
    target: Path, program: str = CHILD, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Process]:
    """Start dbt, and end it with what is done inside; on a cluster by another program, which reads more variables."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", program, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | project.environment() | {"DBT_TARGET_PATH": str(target), **environment},
        )
        assert process.stdin is not None
        try:
            yield Process(process, target)
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.kill()
            process.wait()

"""What a piece of work takes: seconds and peak memory of a fresh process, and a row of the table that says so."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import PROJECT, environment

STOPWATCH = Path(__file__).with_name("stopwatch.py")
# of the extra `bench`, and for the sides that read it in only
PANDAS = PROJECT / ".venv" / "beside" / "pandas"


class Failed(Exception):
    """A side of a pair did not do its work, or the two answers differ; the message says which."""


class Took(NamedTuple):
    """What one side took, and its answer where it gave one."""

    seconds: float
    cpu: float  # seconds of all its processes, which others at work on the machine change less
    memory: int  # bytes, the peak of its largest process
    answer: Any = None


class Row(NamedTuple):
    """A line of the table: our work beside the other way, and what is asked of it, as multiples of the other."""

    work: str
    ours: Took
    against: str = ""
    theirs: Took | None = None
    times: float | None = None
    times_the_memory: float | None = None
    seconds: float | None = None
    memory: int | None = None

    @property
    def asked(self) -> str:
        """What is asked, in words."""
        says = (
            (self.times, f"{self.times}x"),
            (self.times_the_memory, f"{self.times_the_memory}x memory"),
            (self.seconds, f"{self.seconds:g} s" if self.seconds else ""),
            (self.memory, f"{(self.memory or 0) / 1e9:g} GB"),
        )
        return ", ".join(text for asked, text in says if asked is not None)

    @property
    def held(self) -> bool:
        """Whether all that is asked was kept."""
        theirs = self.theirs or Took(0, 0, 0)
        return (
            (self.times is None or self.ours.seconds <= self.times * theirs.seconds)
            and (self.times_the_memory is None or self.ours.memory <= self.times_the_memory * theirs.memory)
            and (self.seconds is None or self.ours.seconds <= self.seconds)
            and (self.memory is None or self.ours.memory <= self.memory)
        )


def process(command: list, into: Path = PROJECT, **settings: str) -> Took:
    """A command from its start to its end; its answer is what it printed. Raises Failed."""
    with tempfile.NamedTemporaryFile() as written:
        done = subprocess.run(
            [sys.executable, "-I", "-S", STOPWATCH, written.name, *map(str, command)],
            cwd=into,
            env=environment() | {"SCORECARD_SETTLE_SECONDS": "0", "COLUMNS": "80"} | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
        return Took(**json.loads(Path(written.name).read_bytes()), answer=done.stdout)


def side(function: str, *arguments: object, **settings: str) -> Took:
    """A function, `module.name` in this folder, in a process of its own; timed without start and imports.

    Named, so that the other sides' libraries are not loaded here and counted there. Raises Failed.
    """
    if function.startswith("in_pandas."):
        if not PANDAS.exists():
            raise Failed("pandas is not there: `make bench` installs it beside the rest")
        settings["PYTHONPATH"] = str(PANDAS)
    whole = process([sys.executable, "-m", "benchmarks.side", *function.split("."), *arguments], **settings)
    return whole._replace(**json.loads(whole.answer.splitlines()[-1]))


def by_turns(tries: int, *sides: Callable[[], Took]) -> list[Took]:
    """Each side so often, one after the other; what each took, as `medians` has it."""
    return medians([[each() for each in sides] for _ in range(tries)])


def medians(rounds: list[list[Took]]) -> list[Took]:
    """Of each side, in each round, the median of its seconds, the most of its memory, and its last answer."""
    return [
        took[-1]._replace(
            seconds=statistics.median(each.seconds for each in took),
            cpu=statistics.median(each.cpu for each in took),
            memory=max(each.memory for each in took),
        )
        for took in zip(*rounds, strict=True)
    ]


def same(*sides: Took) -> None:
    """The sides gave one answer. Raises Failed."""
    first, *others = sides
    for other in others:
        if other.answer != first.answer:
            raise Failed(f"The answers differ:\n{first.answer}\n{other.answer}")

"""Copies of the project that are tortured, and what is true of a release whatever was done to its warehouse."""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.conftest import Built, copy_of_the_project

OLD, NEW = "2009-07-r1", "2009-08-r1"
AUGUST = ("scorecard", "--from", "2009-08", "--to", "2009-08")


class Outcome(NamedTuple):
    """What a torture came to: how often it was tried, what did not hold, and what was measured."""

    name: str
    tried: int
    broken: list[str]
    measured: str


@contextmanager
def published_to_july(first: str = "2007-02") -> Iterator[Built]:
    """A project whose warehouse has the cards from a month on to July 2009; the deliveries of August lie in raw/."""
    with tempfile.TemporaryDirectory() as there:
        built = copy_of_the_project(Path(there) / "base")
        built.scorecard(first, "2009-07")
        yield built


@contextmanager
def copy_of(base: Built, name: str) -> Iterator[Built]:
    """A copy of it, gone afterwards."""
    there = base.project.with_name(name)
    subprocess.run(["cp", "-a", base.project, there], check=True)
    try:
        yield Built(there)
    finally:
        shutil.rmtree(there)


def current(built: Built) -> str:
    """The release that readers see."""
    return (built.warehouse / "current").resolve().name


def damage(built: Built) -> list[str]:
    """What is wrong with the release that readers see, found without any code of the project."""
    folder = (built.warehouse / "current").resolve()
    try:
        manifest = json.loads((folder / "release.json").read_bytes())
    except (OSError, ValueError) as error:
        return [f"{folder.name}: {error}"]
    wrong = [] if manifest["release"] == folder.name else [f"{folder.name} says it is {manifest['release']}"]
    for name, digest in manifest["files"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            wrong.append(f"{folder.name}/{name} is damaged")
    return wrong

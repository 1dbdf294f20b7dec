"""dbt's manifest: where it is, and making it anew when the dbt project has changed since."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration import files, settings

# dbt stands beside the interpreter that runs, whatever PATH says
EXECUTABLE = Path(sys.executable).parent / "dbt"
PARSED = "partial_parse.msgpack"  # what dbt keeps of the project as it parsed it


class DoesNotParse(Exception):
    """The dbt project does not parse; the message is what dbt says."""


def target() -> Path:
    """The folder of what dbt writes: manifest, parse cache, logs, and the results of a run."""
    return settings.warehouse() / "dbt"


def target_of_a_run() -> Path:
    """The folder of what dbt writes in a run, which parses only what changed since the manifest was made."""
    return target() / "run"


def environment() -> dict[str, str]:
    """What dbt needs to know of this run: the catalogue, the database, its folders, and that it reports to nobody."""
    return {
        "SCORECARD_SEEDS": os.path.relpath(settings.CATALOGUE.parent, settings.DBT_PROJECT),
        "SCORECARD_DATABASE": str(settings.database()),
        "SCORECARD_MEMORY_LIMIT": settings.memory(),
        "SCORECARD_SPILL_FOLDER": str(settings.spill()),
        "SCORECARD_SPILL_LIMIT": settings.spill_size(),
        "DBT_TARGET_PATH": str(target() / "parsed"),
        "DBT_LOG_PATH": str(target() / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def manifest() -> Path:
    """The manifest of the dbt project as it is now; parsed first where it is missing or out of date.

    Raises DoesNotParse with what dbt says.
    """
    with _alone():
        newest = _newest_source()
        if not is_current():
            parsed = _parse()
            with files.replacing(target_of_a_run() / PARSED) as made:
                shutil.copyfile(parsed.with_name(PARSED), made)
            # as old as what it was made from: what is changed while dbt parses is parsed the next time
            os.utime(parsed, ns=(newest, newest))
            with files.replacing(path()) as made:
                parsed.rename(made)
    return path()


def path() -> Path:
    """Where the manifest is."""
    return target() / "manifest.json"


def is_current() -> bool:
    """Whether there is a manifest, of the dbt project as it is now."""
    return path().exists() and path().stat().st_mtime_ns >= _newest_source()


def _newest_source() -> int:
    patterns = ("*.yml", "models/**/*", "macros/**/*", "materializations/*", "tests/**/*")
    of_project = [file for pattern in patterns for file in settings.DBT_PROJECT.glob(pattern)]
    return max(file.stat().st_mtime_ns for file in (*of_project, *settings.CATALOGUE.glob("*")))


def _parse() -> Path:
    """Have dbt parse the project, aside: a dbt that dies leaves half a manifest, and it must not be the one read."""
    folders = ["--project-dir", settings.DBT_PROJECT, "--profiles-dir", settings.DBT_PROJECT]
    done = subprocess.run(
        [EXECUTABLE, "--quiet", "parse", *folders],
        env=os.environ | environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DoesNotParse(f"The dbt project does not parse:\n{done.stdout}{done.stderr}")
    return target() / "parsed" / "manifest.json"


@contextmanager
def _alone() -> Iterator[None]:
    """One process parses at a time; the others wait for what it made."""
    target().mkdir(parents=True, exist_ok=True)
    descriptor = os.open(target() / "parse.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

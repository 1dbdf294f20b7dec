"""The dbt project: its folders, its manifest, and the environment that dbt reads."""

import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from orchestration import settings
from orchestration.dbt import declared
from orchestration.errors import UserError
from orchestration.warehouse import files

# dbt stands beside the interpreter that runs, whatever PATH holds
EXECUTABLE = Path(sys.executable).parent / "dbt"
TARGET = "SCORECARD_DBT_TARGET"  # the variable that names the target of profiles.yml; without it: dev


class DoesNotParse(UserError):
    """The dbt project does not parse; the message is that of dbt."""


class NoManifest(UserError):
    """The dbt project has not been parsed yet; the message names the command that does it."""


def target() -> Path:
    """The folder dbt writes to: manifest, parse cache, compiled SQL, logs and results."""
    return settings.warehouse() / "dbt"


def _declared() -> Path:
    return target() / "declared"


def environment() -> dict[str, str]:
    """The variables that dbt_project.yml and profiles.yml read, and dbt's own settings."""
    return {
        TARGET: "production",
        "SCORECARD_SEEDS": os.path.relpath(settings.CATALOGUE, settings.DBT_PROJECT),
        "SCORECARD_DECLARED": os.path.relpath(_declared(), settings.DBT_PROJECT),
        "SCORECARD_DECIMALS": str(declared.decimals(settings.SOURCES)),
        "SCORECARD_DATABASE": str(settings.database()),
        "SCORECARD_MEMORY_LIMIT": settings.memory(),
        "SCORECARD_SPILL_FOLDER": str(settings.spill()),
        "SCORECARD_SPILL_LIMIT": settings.spill_size(),
        "DBT_PROJECT_DIR": str(settings.DBT_PROJECT),
        "DBT_PROFILES_DIR": str(settings.DBT_PROJECT),
        "DBT_TARGET_PATH": str(target()),
        "DBT_LOG_PATH": str(target() / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def manifest() -> Path:
    """Where the manifest is. Raises NoManifest where the project was never parsed."""
    path = target() / "manifest.json"
    if not path.exists():
        raise NoManifest(
            f"{path} is missing: run `python -m orchestration prepare` once, and after changing dbt_project/."
        )
    return path


def prepare() -> None:
    """Parse the project where its manifest is missing or older than its files. Raises DoesNotParse."""
    target().mkdir(parents=True, exist_ok=True)
    # one process parses at a time; the others wait for what it made
    with FileLock(target() / "parse.lock", fallback_to_soft=False):
        declared.write(settings.SOURCES, _declared())
        newest = _newest_source()
        path = target() / "manifest.json"
        if path.exists() and path.stat().st_mtime_ns >= newest:
            return
        # aside: a dbt that dies leaves half a manifest, which nobody may read
        aside = target() / "parsing"
        done = subprocess.run(
            [EXECUTABLE, "--quiet", "parse", "--target-path", aside],
            env=os.environ | environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DoesNotParse(f"The dbt project does not parse:\n{done.stdout}{done.stderr}")
        # as old as what it was made from: what changes while dbt parses is parsed the next time
        os.utime(aside / path.name, ns=(newest, newest))
        for made in (aside / "partial_parse.msgpack", aside / path.name):
            made.replace(target() / made.name)
        files.remove(aside)


def _newest_source() -> int:
    patterns = ("*.yml", "models/**/*", "macros/**/*", "analyses/*", "tests/**/*")
    of_project = [file for pattern in patterns for file in settings.DBT_PROJECT.glob(pattern)]
    others = (*settings.CATALOGUE.glob("*"), *_declared().rglob("*"))
    return max(file.stat().st_mtime_ns for file in (*of_project, *others))

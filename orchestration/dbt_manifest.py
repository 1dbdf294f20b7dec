"""dbt's manifest: where it is, and making it anew when the dbt project has changed since."""

import os
import subprocess
import sys
from pathlib import Path

from orchestration import settings

# dbt stands beside the interpreter that runs, whatever PATH says
EXECUTABLE = Path(sys.executable).parent / "dbt"


class DoesNotParse(Exception):
    """The dbt project does not parse; the message is what dbt says."""


def target() -> Path:
    """The folder dbt writes its manifest, parse cache and logs to."""
    return settings.warehouse() / "dbt"


def environment() -> dict[str, str]:
    """What dbt needs to know of this run: the database, its folders, and that it reports to nobody."""
    return {
        "SCORECARD_DATABASE": str(settings.database()),
        "SCORECARD_MEMORY_LIMIT": settings.memory(),
        "SCORECARD_SPILL_FOLDER": str(settings.spill()),
        "SCORECARD_SPILL_LIMIT": settings.spill_size(),
        "DBT_TARGET_PATH": str(target()),
        "DBT_LOG_PATH": str(target() / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def manifest() -> Path:
    """The manifest of the dbt project as it is now; parsed first where it is missing or out of date.

    Raises DoesNotParse with what dbt says.
    """
    path = target() / "manifest.json"
    sources = [
        file
        for pattern in ("*.yml", "models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*")
        for file in settings.DBT_PROJECT.glob(pattern)
    ]
    newest = max(file.stat().st_mtime_ns for file in sources)
    if not path.exists() or path.stat().st_mtime_ns < newest:
        settings.database().parent.mkdir(parents=True, exist_ok=True)
        parsed = subprocess.run(
            [
                EXECUTABLE,
                "--quiet",
                "parse",
                "--project-dir",
                settings.DBT_PROJECT,
                "--profiles-dir",
                settings.DBT_PROJECT,
            ],
            env=os.environ | environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if parsed.returncode:
            raise DoesNotParse(f"The dbt project does not parse:\n{parsed.stdout}{parsed.stderr}")
    return path

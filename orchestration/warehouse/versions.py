"""Which code computed a figure: a digest of the pipeline's own files, so that edited code never passes for released."""

import hashlib
from functools import cache

from orchestration import settings

# Whatever shapes the files that people read of a release, and the libraries that write them.
EDITIONS = ("orchestration/editions/**/*.*", "orchestration/scorecard/views.py", "requirements.lock")
PARTS = (
    "orchestration/**/*.py",
    *(f"dbt_project/**/*.{kind}" for kind in ("sql", "yml", "md")),
    "dbt_project/seeds/**/*.csv",
)


@cache
def code_version() -> str:
    """Twelve hexadecimal digits over the names and contents of the code, the models and the catalogue."""
    return _digest(PARTS)


@cache
def editions_version() -> str:
    """The same over what writes the files of a card."""
    return _digest(EDITIONS)


def _digest(parts: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    files = (file for part in parts for file in settings.PROJECT.glob(part) if "__pycache__" not in file.parts)
    for path in sorted(files):
        digest.update(f"{path.relative_to(settings.PROJECT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]

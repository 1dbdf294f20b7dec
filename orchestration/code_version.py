"""Which code computed a figure: a digest of the pipeline's own files, so that edited code never passes for released."""

import hashlib
from functools import cache

from orchestration import settings

PARTS = ("orchestration/**/*.py", "dbt_project/**/*.sql", "dbt_project/**/*.yml", "dbt_project/seeds/**/*.csv")


@cache
def code_version() -> str:
    """Twelve hexadecimal digits over the names and contents of the code, the models and the catalogue."""
    digest = hashlib.sha256()
    for path in sorted(file for part in PARTS for file in settings.PROJECT.glob(part)):
        digest.update(f"{path.relative_to(settings.PROJECT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]

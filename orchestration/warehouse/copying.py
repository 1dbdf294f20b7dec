"""Copying the working database into another folder, under its own name: its views name it by that."""

import subprocess
import sys
from pathlib import Path

from orchestration import settings, warehouse
from orchestration.errors import UserError, explanation_of

COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


class NotCopied(UserError):
    """The working database cannot be copied; the message says why."""


def copy_into(folder: Path) -> None:
    """Copy the working database. Raises NotCopied, or DuckDB's error where another program writes to it.

    Open for reading it has no writer meanwhile. Another process copies: closing it here would drop DuckDB's lock.
    """
    with warehouse.reading():
        for path in settings.warehouse().glob(f"{settings.database().name}*"):
            program = [sys.executable, "-c", COPY, str(path), str(folder / path.name)]
            done = subprocess.run(program, capture_output=True, text=True, check=False)
            if done.returncode:
                last = done.stderr.strip().splitlines()[-1]
                raise NotCopied(explanation_of(last) or f"The database cannot be copied: {last}")

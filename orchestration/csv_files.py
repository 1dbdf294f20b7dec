"""CSV files of the catalogue, read leniently by modules that are imported before the catalogue is checked."""

import csv
from pathlib import Path


def rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """The rows of a file that have these columns; none of a file that is missing or damaged.

    The rules of the catalogue report what is wrong with it, with file and line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row for row in csv.DictReader(file) if all(row.get(column) is not None for column in columns)]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []

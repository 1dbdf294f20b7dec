"""CSV files that declare something, as what is imported before they are checked reads them."""

import csv
from pathlib import Path


def rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """The rows of a file that fill these columns; none of a file that is missing or damaged, which is reported later.

    The rules of the catalogue report it, with file and line; here it must only not end in a traceback.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row for row in csv.DictReader(file) if all(row.get(column) is not None for column in columns)]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []

"""What is wrong with a delivery, as a file to send back to its sender: a line a problem, for any spreadsheet."""

import csv
import io
from pathlib import Path

from orchestration import files, months, settings
from orchestration.raw import findings
from orchestration.raw.extracts import Extract
from orchestration.raw.raw_tables import EFFECTIVE, Landing
from orchestration.spreadsheet_text import neutralised

HEADER = ("file", "line", "column", "value", "code", "what is wrong", "row as delivered")


def path(extract: Extract, landing: Landing) -> Path:
    """Where the problems of a delivery are written."""
    return settings.warehouse() / "quarantine" / f"{extract.name}-{months.key(landing.month)}.csv"


def write(extract: Extract, landing: Landing) -> None:
    """Write the problems of a delivery that is not in force; take the file away where it is, or has gone."""
    if not landing.problems.height or landing.status in EFFECTIVE:
        path(extract, landing).unlink(missing_ok=True)
        return
    cells = dict(landing.cells.iter_rows())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    sentences = findings.sentences(landing.problems)
    for (file, line, column, value, code, _), sentence in zip(landing.problems.iter_rows(), sentences, strict=True):
        told = (file, line, column, value, code, sentence, cells.get(line))
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in told])
    files.write(path(extract, landing), "\ufeff" + text.getvalue())

"""The bytes of a delivery as text cells: a frame of strings and the line each row stands on. No contract here."""

import polars as pl

from orchestration.raw.readers import csv_file, parquet, workbook
from orchestration.raw.readers.header import Read, rejected
from orchestration.raw.sources.declarations import Extract

BREAK = r"[ \t]*[\r\n]\s*"  # with the blanks around it


def read(extract: Extract, content: bytes, suffix: str, *, confirmed: bool = False) -> Read:
    """The rows as text, with `file_line`, and what is wrong with the file itself; no frame where it is unreadable.

    `confirmed`: its sender's manifest proves that the file is complete.
    """
    if not content.strip():
        return rejected("empty_file", "the file is empty: send it again")
    if suffix == "csv":
        found = csv_file.read(extract, content, confirmed=confirmed)
    else:
        found = (workbook if suffix == "xlsx" else parquet).read(extract, content)
    return found._replace(rows=_on_one_line(extract, found.rows))


def _on_one_line(extract: Extract, rows: pl.DataFrame | None) -> pl.DataFrame | None:
    """The rows with every comment on one line: where it was broken into several, there is a blank."""
    comments = [column.name for column in extract.columns if column.kind == "comment"]
    if rows is None or not comments:
        return rows
    inside = pl.col(comments).str.replace_all(rf"^{BREAK}|{BREAK}$", "")
    return rows.with_columns(inside.str.replace_all(BREAK, " "))

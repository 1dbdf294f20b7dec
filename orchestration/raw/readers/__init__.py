"""The bytes of a delivery as text cells: frames of strings and the line each row stands on. No contract here."""

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from orchestration.raw.readers import csv_file, parquet, workbook
from orchestration.raw.readers.header import Read, rejected
from orchestration.raw.sources.declarations import Extract

WHOLE = {"xlsx": workbook.read, "parquet": parquet.read}
BLOCK = 1 << 20
BREAK = r"[ \t]*[\r\n]\s*"  # with the blanks around it


def read(extract: Extract, content: bytes | Path, suffix: str, *, confirmed: bool = False) -> Iterator[Read]:
    """The rows as text, with `file_line`, and what is wrong with the file itself; no frame where it is unreadable.

    A large CSV (`content` is then its path) comes in pieces. `confirmed`: its sender's manifest proves that the file is
    complete.
    """
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        if not any(block.strip() for block in iter(lambda: file.read(BLOCK), b"")):
            yield rejected("empty_file", "the file is empty: send it again")
            return
        file.seek(0)
        if suffix == "csv":
            found = csv_file.read(extract, file, confirmed=confirmed)
        else:
            found = iter([WHOLE[suffix](extract, file.read())])
        yield from (read._replace(rows=_on_one_line(extract, read.rows)) for read in found)


def _on_one_line(extract: Extract, rows: pl.DataFrame | None) -> pl.DataFrame | None:
    """The rows with every comment on one line: where it was broken into several, there is a blank."""
    comments = [column.name for column in extract.columns if column.kind == "comment"]
    if rows is None or not comments:
        return rows
    inside = pl.col(comments).str.replace_all(rf"^{BREAK}|{BREAK}$", "")
    return rows.with_columns(inside.str.replace_all(BREAK, " "))

"""Parquet as text cells, from the types that hold the contract's values exactly. A row's line counts a header."""

import io

import polars as pl

from orchestration.raw.extracts import Extract
from orchestration.raw.findings import problem
from orchestration.raw.readers import parser
from orchestration.raw.readers.child import limits
from orchestration.raw.readers.child.frames import Rejected
from orchestration.raw.readers.header import Read, header_problems, rejected

BROKEN = "the file is no Parquet file that can be opened: it is cut off or of another format"
HELD = {
    "count": "a count",
    "money": "an amount",
    "percent": "a percentage",
    "measure": "a measure",
    "month": "a month",
    **dict.fromkeys(("word", "text", "comment"), "text"),
}
# what a column may be stored as, beside text
FITS = {
    "count": ("integer",),
    "month": ("date",),
    **dict.fromkeys(("money", "percent", "measure"), ("integer", "number")),
}


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the file: its ends, then its footer, then the rows, each step only where the one before is sound."""
    try:
        _check_ends(content)
        footer, _ = parser.parse("footer", {}, content)
        if wrong := _schema_problems(extract, footer["columns"]):
            return Read(None, wrong)
        if not footer["rows"]:
            return rejected("no_rows", "the file has columns and no rows")
        held = {name: kind for name, kind, _ in footer["columns"]}
        wanted = [[column.name, held[column.name]] for column in extract.columns]
        found, rows = parser.parse("table", {"columns": wanted}, content)
    except Rejected as why:
        return rejected(why.code, why.rule)
    if found["rows"] != footer["rows"]:
        return rejected("unreadable", f"the footer claims {footer['rows']:,} rows, the file holds {found['rows']:,}")
    months = [column.name for column in extract.columns if column.kind == "month" and held[column.name] == "date"]
    frame = (
        pl.read_ipc_stream(io.BytesIO(rows))
        .with_columns(
            pl.when(pl.col(name).str.ends_with("-01")).then(pl.col(name).str.head(-3)).otherwise(name).alias(name)
            for name in months
        )
        .with_row_index("file_line", 2)
        .with_columns(pl.col("file_line").cast(pl.Int64))
    )
    return Read(frame, [], footer["rows"])


def _check_ends(content: bytes) -> None:
    """Whether the file begins and ends as Parquet does, with a footer that lies within it."""
    if content.endswith(b"PARE"):
        raise Rejected("unreadable", "the file is encrypted: write it without encryption")
    if len(content) < 12 or not content.startswith(b"PAR1") or not content.endswith(b"PAR1"):
        raise Rejected("unreadable", BROKEN)
    footer = int.from_bytes(content[-8:-4], "little")
    if not 0 < footer <= min(len(content) - 12, limits.FOOTER):
        raise Rejected("unreadable", BROKEN)


def _schema_problems(extract: Extract, columns: list[list[str]]) -> list[pl.DataFrame]:
    """The names, and whether each type holds exactly what the column is for."""
    if wrong := header_problems(extract, [name for name, _, _ in columns]):
        return wrong
    stored = {name: (held, shown) for name, held, shown in columns}
    return [
        problem(
            "stored_type",
            f"is stored as {stored[column.name][1]}, which cannot hold {HELD[column.kind]} exactly",
            1,
            column.name,
        )
        for column in extract.columns
        if stored[column.name][0] not in ("text", *FITS.get(column.kind, ()))
    ]

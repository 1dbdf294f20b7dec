"""Parquet as text cells, from the types that hold the contract's values exactly. A row's line counts a header."""

import io

import polars as pl

from orchestration.raw.findings.findings import problem
from orchestration.raw.readers import parser
from orchestration.raw.readers.child import limits
from orchestration.raw.readers.child.frames import BROKEN_PARQUET, Rejected
from orchestration.raw.readers.header import Columns, Read, columns_of, left_out, rejected
from orchestration.raw.sources.declarations import Extract

HELD = {
    "count": "a count",
    "money": "an amount",
    "percent": "a percentage",
    "measure": "a measure",
    "month": "a month",
}
# what a column may be stored as, other than text
FITS = {
    "count": ("integer",),
    "month": ("date", "timestamp", "integer", "number"),
    **dict.fromkeys(("money", "percent", "measure"), ("integer", "number")),
}


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the file: its ends, then its footer, then the rows, each step only where the one before is sound."""
    try:
        _check_ends(content)
        footer, _ = parser.parse("footer", {}, content)
        columns = columns_of(extract, [name for name, _, _ in footer["columns"]])
        if wrong := columns.problems or _type_problems(extract, columns, footer["columns"]):
            return Read(None, wrong)
        if not footer["rows"]:
            return rejected("no_rows", "the file has columns and no rows")
        held = dict(zip(columns.names, (kind for _, kind, _ in footer["columns"]), strict=True))
        wanted = [name for name in columns.names if name not in columns.others or held[name] != "other"]
        stored = [footer["columns"][columns.names.index(name)][:2] for name in wanted]
        table, rows = parser.parse("table", {"columns": stored}, content)
    except Rejected as why:
        return rejected(why.code, why.rule)
    if table["rows"] != footer["rows"]:
        return rejected("unreadable", f"the footer claims {footer['rows']:,} rows, the file holds {table['rows']:,}")
    frame = pl.read_ipc_stream(io.BytesIO(rows))
    frame.columns = wanted
    types = dict(zip(columns.names, (shown for *_, shown in footer["columns"]), strict=True))
    filled = [name for name in columns.others if types[name] != "null" and _has_content(frame, name)]
    dated = ("date", "timestamp")
    months = [column.name for column in extract.columns if column.kind == "month" and held[column.name] in dated]
    frame = (
        frame.select(column.name for column in extract.columns)
        .with_columns(
            pl.when(pl.col(name).str.ends_with("-01")).then(pl.col(name).str.head(-3)).otherwise(name).alias(name)
            for name in months
        )
        .with_row_index("file_line", 2)
        .with_columns(pl.col("file_line").cast(pl.Int64))
    )
    return Read(frame, left_out(extract, columns, filled), footer["rows"])


def _has_content(frame: pl.DataFrame, name: str) -> bool:
    """Whether anything stands in a column that no contract has; one of a type that is not read has something."""
    return name not in frame.columns or bool((frame[name].str.strip_chars() != "").any())


def _check_ends(content: bytes) -> None:
    """Whether the file begins and ends as Parquet does, with a footer that lies within it."""
    if content.endswith(b"PARE"):
        raise Rejected("unreadable", "the file is encrypted: write it without encryption")
    if len(content) < 12 or not content.startswith(b"PAR1") or not content.endswith(b"PAR1"):
        raise Rejected("unreadable", BROKEN_PARQUET)
    footer = int.from_bytes(content[-8:-4], "little")
    if not 0 < footer <= min(len(content) - 12, limits.FOOTER):
        raise Rejected("unreadable", BROKEN_PARQUET)


def _type_problems(extract: Extract, columns: Columns, footer: list[list[str]]) -> list[pl.DataFrame]:
    """Whether each type holds exactly what the column is for."""
    stored = {name: (held, shown) for name, (_, held, shown) in zip(columns.names, footer, strict=True)}
    return [
        problem(
            "stored_type",
            f"is stored as {stored[column.name][1]}, which cannot hold {HELD.get(column.kind, 'text')} exactly",
            1,
            column.name,
        )
        for column in extract.columns
        if stored[column.name][0] not in ("text", *FITS.get(column.kind, ()))
    ]

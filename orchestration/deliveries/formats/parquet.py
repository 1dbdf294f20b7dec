"""Parquet as text cells, from the types that hold the contract's values exactly. A row's line counts a header."""

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.deliveries.extracts import Extract
from orchestration.deliveries.formats.header import Read, header_problems, refused
from orchestration.deliveries.refusals import problem


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the file."""
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError):
        return refused("the file is no Parquet file that can be opened: it is cut off or of another format")
    if wrong := header_problems(extract, table.column_names):
        return None, wrong
    if not table.num_rows:
        return refused("the file has columns and no rows")
    wrong, cells = [], []
    for column in extract.columns:
        kind = table.schema.field(column.name).type
        cell = pl.col(column.name)
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_date(kind) and column.kind == "month":
            cell = pl.when(cell.dt.day() == 1).then(cell.dt.strftime("%Y-%m")).otherwise(cell.cast(pl.String))
        elif not _fits(kind, column.kind):
            wrong.append(
                problem(f"is stored as {kind}, which cannot hold {_HELD[column.kind]} exactly", 1, column.name)
            )
        cells.append(cell.cast(pl.String).fill_null("").alias(column.name))
    if wrong:
        return None, wrong
    frame = pl.from_arrow(table.select([column.name for column in extract.columns])).select(cells)
    return frame.with_row_index("file_line", 2).with_columns(pl.col("file_line").cast(pl.Int64)), []


_HELD = {
    "count": "a count",
    "money": "an amount",
    "percent": "a percentage",
    "measure": "a measure",
    "month": "a month",
}
_HELD |= dict.fromkeys(("word", "text", "comment"), "text")


def _fits(stored: pa.DataType, kind: str) -> bool:
    types = pa.types
    if types.is_string(stored) or types.is_large_string(stored) or types.is_string_view(stored):
        return True
    if kind == "count":
        return types.is_integer(stored)
    if kind in ("money", "percent", "measure"):
        return types.is_integer(stored) or types.is_floating(stored) or types.is_decimal(stored)
    return False

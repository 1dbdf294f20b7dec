"""Parquet as columns of text: what its footer claims, held against limits, and then its rows."""

from typing import Any

import frames
import limits
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types


def _opened(content: bytes, **options: Any) -> pq.ParquetFile:
    pa.set_cpu_count(1)
    return pq.ParquetFile(
        pa.BufferReader(content),
        pre_buffer=False,
        page_checksum_verification=True,
        thrift_string_size_limit=limits.FOOTER,
        thrift_container_size_limit=limits.ROW_GROUPS * limits.COLUMNS,
        **options,
    )


def footer(_: dict, content: bytes) -> tuple[dict, bytes]:
    """Rows, and of each column its name, what it holds (text, integer, number, date, timestamp, other) and its type."""
    file = _opened(content)
    claims = file.metadata
    if claims.num_columns > limits.COLUMNS:
        raise frames.Rejected("too_large", f"the file has {claims.num_columns:,} columns: deliver those of the extract")
    if claims.num_row_groups > limits.ROW_GROUPS:
        raise frames.Rejected("too_large", f"the file has {claims.num_row_groups:,} row groups: write it in one")
    if claims.num_rows > min(limits.ROWS, limits.ROWS_A_BYTE * len(content)):
        raise frames.Rejected(
            "too_large",
            f"the footer of the file claims {claims.num_rows:,} rows in {len(content):,} bytes: "
            f"deliver at most {limits.ROWS:,} rows a file",
        )
    _check_sizes(claims, len(content))
    schema = file.schema_arrow
    return {
        "rows": claims.num_rows,
        "columns": [[field.name, _held(field.type), str(field.type)[:60]] for field in schema],
    }, b""


def _check_sizes(claims: pq.FileMetaData, size: int) -> None:
    """Whether the claims agree with each other and with the size of the file."""
    rows, unpacked, packed = 0, 0, 0
    for group in (claims.row_group(number) for number in range(claims.num_row_groups)):
        rows += group.num_rows
        for column in (group.column(number) for number in range(group.num_columns)):
            unpacked += max(column.total_uncompressed_size, 0)
            packed += max(column.total_compressed_size, 0)
    if claims.num_rows < 0 or rows != claims.num_rows or packed > size:
        raise frames.Rejected(
            "unreadable", f"the footer of the file claims what {size:,} bytes do not hold: write the file again"
        )
    if unpacked > limits.PARQUET_UNPACKED:
        raise frames.Rejected(
            "too_large",
            f"the file unpacks to {unpacked // 1_000_000:,} MB: "
            f"deliver at most {limits.PARQUET_UNPACKED // 1_000_000:,} MB",
        )


def _held(kind: pa.DataType) -> str:
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return "text"
    if types.is_integer(kind):
        return "integer"
    if types.is_floating(kind) or types.is_decimal(kind):
        return "number"
    if types.is_timestamp(kind):
        return "timestamp"
    return "date" if types.is_date(kind) else "other"


def table(about: dict, content: bytes) -> tuple[dict, bytes]:
    """How many rows there really are, and these columns of them as text, an Arrow stream; nothing stands for null."""
    # kept as a dictionary until it is known how much text it stands for
    file = _opened(content, read_dictionary=[name for name, held in about["columns"] if held == "text"])
    rows = file.read(columns=[name for name, _ in about["columns"]], use_threads=False)
    rows.validate(full=True)
    if sum(map(_characters, rows.columns)) > limits.TEXT:
        raise frames.Rejected("too_large", f"the cells of the file are more than {limits.TEXT:,} bytes of text")
    texts = pa.table({name: _text(rows[name]) for name, _ in about["columns"]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, texts.schema) as stream:
        stream.write_table(texts)
    return {"rows": texts.num_rows}, sink.getvalue()


def _characters(column: pa.ChunkedArray) -> int:
    if not types.is_dictionary(column.type):
        return 0
    return sum(
        pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
        for chunk in column.chunks
        if types.is_string(chunk.type.value_type) or types.is_large_string(chunk.type.value_type)
    )


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if types.is_float16(column.type):
        column = column.cast(pa.float32())
    if types.is_timestamp(column.type):
        column = _days(column)
    return pc.fill_null(column.cast(pa.large_string()), "")


def _days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Timestamps as text: the day where it is midnight in their own zone, else the moment in full."""
    moments = pc.local_timestamp(column) if column.type.tz else column
    days = moments.cast(pa.date32(), safe=False)
    midnight = pc.equal(days.cast(moments.type), moments)
    return pc.if_else(midnight, days.cast(pa.large_string()), moments.cast(pa.large_string()))

"""The bytes of a delivery as rows of text, whatever its format. Nothing is checked here: the gate let them in."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

Row = dict[str, str]


@dataclass(frozen=True)
class Delivered:
    """One delivery in force, as the warehouse lists it."""

    extract: str
    month: date
    file: str
    sha256: str
    left_out: frozenset[int] = frozenset()  # lines that were put aside: the header is line 1


def rows(delivered: Delivered, content: bytes) -> Iterator[Row]:
    """The rows that are used, each cell as text by the name of its column."""
    lines = _LINES[delivered.file.rpartition(".")[2]](content, delivered.left_out)
    header = next(lines, None)
    if header is None:
        raise ValueError("it is empty")
    for line in lines:
        yield dict(zip(header, line, strict=False))


def _comma_separated(content: bytes, left_out: frozenset[int]) -> Iterator[list[str]]:
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    used = (line.decode().rstrip("\r") for place, line in enumerate(lines, start=1) if line and place not in left_out)
    return csv.reader(used, strict=True)


def _workbook(content: bytes, left_out: frozenset[int]) -> Iterator[list[str]]:
    import openpyxl  # noqa: PLC0415 - half a second, for the few deliveries that are workbooks

    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    sheet.reset_dimensions()  # what the file claims about its size need not be so
    for place, line in enumerate(sheet.iter_rows(values_only=True), start=1):
        if place not in left_out and any(cell is not None for cell in line):
            yield [_text(cell) for cell in line]


def _parquet(content: bytes, left_out: frozenset[int]) -> Iterator[list[str]]:
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(pa.BufferReader(content))
    yield table.column_names
    for place, line in enumerate(zip(*(column.to_pylist() for column in table.columns), strict=True), start=2):
        if place not in left_out:
            yield [_text(cell) for cell in line]


def _text(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    return "" if cell is None else str(cell)


_LINES = {"csv": _comma_separated, "xlsx": _workbook, "parquet": _parquet}

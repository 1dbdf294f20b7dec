"""The bytes of a delivery as rows of text, whatever its format. Nothing is checked here: validation did."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, islice
from typing import Any, NamedTuple

Row = dict[str, Any]  # text; None is a figure that its source suppresses or does not have


class Notation(NamedTuple):
    """How a source declares to write the figures of a column."""

    markers: Mapping[str, str]  # in place of a figure, with what each means: suppressed, not available or zero
    thousands: str
    brackets: bool


class Layout(NamedTuple):
    """How a source declares to write its CSV."""

    delimiter: str = ","
    encoding: str = "utf-8"
    title_lines: int = 0
    header_lines: int = 1


PLAIN = Layout()


@dataclass(frozen=True)
class Delivered:
    """An effective delivery, as the warehouse lists it."""

    extract: str
    month: date
    file: str
    sha256: str
    left_out: frozenset[int] = frozenset()  # lines that were quarantined: the header is line 1
    oldest: date | None = None  # rows of months before it do not count
    notations: Mapping[str, Notation] = field(default_factory=dict)  # of the columns that declare one


def rows(delivered: Delivered, content: bytes, layout: Layout = PLAIN) -> Iterator[Row]:
    """The rows that are used, each cell as text by the name of its column."""
    suffix = delivered.file.rpartition(".")[2].lower()
    its_lines = (
        _separated(content, delivered.left_out, layout)
        if suffix == "csv"
        else (_workbook if suffix == "xlsx" else _parquet)(content, delivered.left_out)
    )
    lines = _with_content(its_lines)
    header = [*islice(lines, layout.header_lines)]
    if not header:
        raise ValueError("it is empty")
    names = [heading(name) for name in _below_each_other(header)]
    for line in lines:
        yield dict(zip(names, line, strict=False))


def _below_each_other(header: list[list[str]]) -> list[str]:
    """The names of a header, where it has several lines each with the cell of the lines above that spans it."""
    *above, names = header
    for line in reversed(above):
        cells = [cell.strip() for cell in line] + [""] * (len(names) - len(line))
        spans = accumulate(cells, _or_before)
        names = [f"{span} {name}".strip() for span, name in zip(spans, names, strict=False)]
    return names


def _or_before(before: str, cell: str) -> str:
    return cell or before


def heading(name: str) -> str:
    """The name in a header as declarations write it."""
    return re.sub(r"[\s_.\-]+", "_", name.strip()).strip("_").lower()


def with_plain_figures(delivered: Delivered, its_rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with the figures of columns that declare a notation of their own in plain digits."""
    for row in its_rows:
        for column, notation in delivered.notations.items():
            if column in row:  # a delivery of its month may have none
                row[column] = _plain(row[column], notation)
        yield row


def _plain(cell: str, notation: Notation) -> str | None:
    """A figure in plain digits; None where a marker stands in its place that does not mean zero."""
    if cell in notation.markers:
        return "0" if notation.markers[cell] == "zero" else None
    if notation.thousands:
        cell = cell.replace(notation.thousands, "")
    return "-" + cell[1:-1] if notation.brackets and cell.startswith("(") else cell


def _with_content(lines: Iterable[list[str]]) -> Iterator[list[str]]:
    """The lines that are not empty, up to the footnotes: text in the first cell alone, below an empty line."""
    below_empty, footnotes = False, []
    for line in lines:
        if not any(cell.strip() for cell in line):
            below_empty = True
        elif below_empty and not any(cell.strip() for cell in line[1:]):
            footnotes.append(line)
        else:
            yield from footnotes
            yield line
            below_empty, footnotes = False, []


def _separated(content: bytes, left_out: frozenset[int], layout: Layout) -> Iterator[list[str]]:
    text = content.decode(layout.encoding).removeprefix("\ufeff")
    lines = text.encode().split(b"\n")
    lines[: layout.title_lines] = [b""] * layout.title_lines
    header = next(_with_content(_records((line.decode() + "\n" for line in lines), layout)), [])
    named = [place for place, name in enumerate(header, start=1) if name.strip()]
    return _records(_used(lines, left_out, max(named, default=0)), layout)


def _records(lines: Iterable[str], layout: Layout) -> Iterator[list[str]]:
    # the line `sep=,` only declares what separates the columns
    records = csv.reader(lines, strict=True, delimiter=layout.delimiter)
    return (line for line in records if not line or not line[0].lower().startswith("sep="))


def _used(lines: list[bytes], left_out: frozenset[int], width: int) -> Iterator[str]:
    place = 0
    while place < len(lines):
        if place + 1 in left_out:
            place += _height(lines, place, width)
        else:
            yield lines[place].decode() + "\n"
            place += 1


def _height(lines: list[bytes], place: int, width: int) -> int:
    """The number of lines of a quarantined record: the next ones belong to it if they close a cell that it opens."""
    if lines[place].count(b'"') % 2 == 0:
        return 1
    end = next((below for below in range(place + 1, len(lines)) if lines[below].count(b'"') % 2), place)
    try:
        (record,) = csv.reader([b"\n".join(lines[place : end + 1]).decode(errors="replace")], strict=True)
    except (csv.Error, ValueError):
        return 1
    alone = not any(cell.strip() for cell in record[1:])
    return end + 1 - place if alone or len(record) >= width else 1


def _workbook(content: bytes, left_out: frozenset[int]) -> Iterator[list[str]]:
    from orchestration.audit import workbook  # noqa: PLC0415 - openpyxl takes a third of a second, and few are workbooks

    yield from (line for place, line in workbook.lines(content) if place not in left_out)


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

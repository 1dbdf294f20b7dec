"""CSV as text cells: strict UTF-8, records as wide as the header; empty rows and footnotes are left out with a note."""

import csv
import io
import re
from typing import NamedTuple

import polars as pl

from orchestration.raw.findings.findings import problem
from orchestration.raw.readers import csv_records, csv_text, delimiters, empty_rows, final_line, header, published
from orchestration.raw.readers.header import Columns, Read, rejected
from orchestration.raw.sources.declarations import Extract, Reading

EMPTY_ABOVE = 1_000  # lines above the header

SIGNATURES = {
    (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body"): "a web page, not a CSV: the download failed, repeat it",
    (b"{\\rtf",): "a text document, not a CSV: save it as CSV UTF-8",
    (b"{", b"["): "JSON, not a CSV: export it as CSV UTF-8",
    (b"pk\x03\x04",): "a workbook or archive, not a CSV: export it as CSV UTF-8",
    (b"\xd0\xcf\x11\xe0",): "an old workbook, not a CSV: export it as CSV UTF-8",
    (b"par1",): "Parquet, not a CSV: name it .parquet",
    (b"\x1f\x8b",): "compressed, not a CSV: unpack it first",
    (b"%pdf",): "a PDF, not a CSV: ask for the figures as CSV UTF-8",
}


class Top(NamedTuple):
    """What stands above the rows of a file."""

    header: str  # a record, which may have line breaks
    more: list[str]  # further records of a header of several
    line: int  # on which it begins
    below: int  # the line below it
    size: int  # bytes up to there
    declared: str | None  # the separator that a line above the header declares
    empty: int  # rows above the header


class Body(NamedTuple):
    """The rows below the header."""

    cells: pl.DataFrame  # of those that can be cut, a column for each place of the header
    problems: list[pl.DataFrame]
    records: int
    left_out: int
    line: int  # of the last record
    last: str | None  # its last cell: "" where nothing can be lost of it, None where it cannot be cut


def read(extract: Extract, content: bytes, *, confirmed: bool = False) -> Read:
    """The rows of the file. `confirmed`: a manifest of its sender proves that it is complete."""
    reading = extract.reading
    if reading.encoding != "utf-8":
        try:
            content = content.decode(reading.encoding).encode()
        except UnicodeDecodeError:
            return rejected("encoding", f"the file is not {reading.encoding}, as its source declares: save it so")
    if other := _other_format(content[:512]):
        return rejected("other_format", f"the file is {other}")
    content = csv_text.with_commas(content, reading.delimiter)
    text = csv_text.whole_lines(content)
    top = _top(text, reading)
    # before the text is looked through: a file with tabs between its columns has some in every line
    separator = top.declared if top.declared not in (None, ",") else delimiters.other_than_comma(extract, top.header)
    if separator and reading.delimiter != ",":
        return rejected("delimiter", "its columns are not separated as its source declares: see `delimiter`", top.line)
    if separator:
        return rejected("delimiter", delimiters.save_with_commas(separator), 1 if top.declared else top.line)
    # where tabs separate cells, they now stand for the commas inside them
    if wrong := csv_text.problems(text.replace(b"\t", b",") if reading.delimiter == "\t" else text):
        return Read(None, wrong)
    return _rows(extract, content, text, top, confirmed=confirmed)


def _other_format(start: bytes) -> str | None:
    """What a file that is no CSV is instead, by its first 512 bytes."""
    text = start.removeprefix(csv_text.MARK).lstrip().lower()
    # of UTF-16 without its mark every other byte is NUL in text like this
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or text.count(0) > len(text) / 4:
        return "UTF-16: save it as CSV UTF-8"
    return next((message for signatures, message in SIGNATURES.items() if text.startswith(signatures)), None)


def _top(text: bytes, reading: Reading) -> Top:
    lines = io.BytesIO(text)
    declared, empty, line = None, 0, 0
    records: list[tuple[str, int]] = []

    def following() -> str:
        nonlocal line
        line += 1
        return lines.readline(csv_records.LONGEST).decode(errors="replace")

    for _ in range(reading.title_lines):
        following()
    while empty < EMPTY_ABOVE and len(records) < reading.header_lines and (first := following()):
        if declared is None and (declared := delimiters.declared(first.rstrip("\r\n"))):
            continue
        if not re.match(csv_records.EMPTY, first.rstrip("\r\n")):
            begins = line
            while first.count('"') % 2 and len(first) < csv_records.LONGEST and (more := following()):
                first += more
            records.append((first.rstrip("\r\n"), begins))
        else:
            empty += 1
    (header, begins), *more_records = records or [("", 1)]
    return Top(header, [more for more, _ in more_records], begins, line + 1, lines.tell(), declared, empty)


def _rows(extract: Extract, content: bytes, text: bytes, top: Top, *, confirmed: bool) -> Read:
    try:
        names = header.joined([next(csv.reader([each], strict=True), []) for each in (top.header, *top.more)])
    except csv.Error:
        return rejected("header", "the header has a quotation mark out of place: take it out", top.line)
    names = [csv_text.as_delivered(name, extract.reading.delimiter) for name in names]
    given = published.as_published(extract, names)
    columns = header.columns_of(given, names, top.line)
    if wrong := columns.problems or published.without_months(extract, names):
        return Read(None, wrong)
    below = text[top.size :].replace(b"\r\n", b"\n")
    body = _body(given, columns, top, below) if below else None
    if body is None or body.records == body.left_out:
        return rejected("no_rows", "the file has a header and no rows: send it again with its rows")
    found = list(body.problems)
    if top.declared:
        found.append(problem("separator_line", "left out: the line only declares that commas separate the columns", 1))
    ignored = extract.reading.ignored_columns  # those with a name are columns of what was given
    others = {place: name for place, name in columns.others.items() if name not in ignored}
    filled = [place for place in others if (body.cells[place].str.strip_chars() != "").any()]
    found += header.left_out(given, columns._replace(others=others), filled, top.line)
    if last_line := content[content.rfind(b"\n") + 1 :]:
        found.append(_ending(given, columns, body, last_line, confirmed=confirmed))
    cells = body.cells.select("file_line", *(column.name for column in given.columns))
    if (delimiter := extract.reading.delimiter) != ",":
        swap = [",", delimiter], [delimiter, ","]
        cells = cells.with_columns(pl.col(pl.String).str.replace_many(*swap))
        found = [each.with_columns(pl.col("value").str.replace_many(*swap)) for each in found]
    table = published.as_declared(extract, names, cells)
    # what became of the cells that could be cut, and the others
    return table._replace(
        problems=found + table.problems,
        rows_in=table.rows_in + body.records - cells.height,
        left_out=body.left_out + table.left_out,
    )


def _body(extract: Extract, columns: Columns, top: Top, text: bytes) -> Body:
    """The rows of these lines; from the last empty ones on they may be footnotes."""
    if not top.empty and (cells := csv_records.cut(columns, text, top.below)) is not None:
        return Body(cells, [], cells.height, 0, cells["file_line"][-1], _last_cell(columns, cells))
    records = csv_records.shaped(columns, text, top.below)
    rows, end = _without_end(records)
    cells, first = csv_records.cells(columns, rows), columns.names[0]
    empty = top.empty + int(rows["shape"].eq("empty").sum())
    known = set() if first in columns.others else final_line.known_words(extract.column(first))
    lone_text = pl.when(shape="empty").then(pl.lit("")).otherwise("alone").alias(first)
    left, notes = empty_rows.leave_out(end.select("file_line", lone_text), above=empty, known=known)
    after_all = end.join(left, on="file_line", how="semi", maintain_order="left")
    line, last = records["file_line"][-1], None
    if end.height:  # nothing is lost with what may be missing of a footnote
        last = None if line in after_all["file_line"] else ""
    elif records["shape"][-1] in ("plain", "cells"):
        last = _last_cell(columns, cells)
    return Body(
        pl.concat([cells, csv_records.cells(columns, after_all)]),
        [*csv_records.not_cut(columns, rows), *csv_records.not_cut(columns, after_all), *notes],
        top.empty + records.height,
        empty + end.height - after_all.height,
        line,
        last,
    )


def _without_end(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records up to the last that is a row, and those from the empty one below it on."""
    empty = records["shape"] == "empty"
    if not empty.any():
        return records, csv_records.with_lone_text(records.clear())
    records = csv_records.with_lone_text(records)
    last_row = (~empty & records["alone"].is_null()).arg_true()
    below = empty.arg_true()
    if not last_row.is_empty():
        below = below.filter(below > last_row[-1])
    begin = records.height if below.is_empty() else below[0]
    return records[:begin], records[begin:]


def _last_cell(columns: Columns, cells: pl.DataFrame) -> str | None:
    cell: str = cells[columns.last][-1]
    return cell if columns.last in columns.others else cell or None


def _ending(extract: Extract, columns: Columns, body: Body, last_line: bytes, *, confirmed: bool) -> pl.DataFrame:
    """The note on a file whose last line has no end, or the doubt about it."""
    column = extract.column(columns.last) if body.last and columns.last not in columns.others else None
    decimals = body.cells[columns.last].str.extract(r"\.([0-9]+)$").str.len_chars().max() or 0
    return final_line.finding(body.line, last_line, column, body.last, int(str(decimals)), confirmed=confirmed)

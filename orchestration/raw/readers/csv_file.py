"""CSV as text cells: strict UTF-8, records as wide as the header; empty rows and footnotes are left out with a note."""

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

from orchestration.raw.findings.findings import problem
from orchestration.raw.readers import csv_records, csv_text, delimiters, header
from orchestration.raw.readers.csv_rows import CsvReader
from orchestration.raw.readers.csv_text import Piece
from orchestration.raw.readers.header import Read, rejected
from orchestration.raw.sources.declarations import Extract

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


def _other_format(start: bytes) -> str | None:
    """What a file that is no CSV is instead, by its first 512 bytes."""
    text = start.removeprefix(csv_text.MARK).lstrip().lower()
    # of UTF-16 without its mark every other byte is NUL in text like this
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or text.count(0) > len(text) / 4:
        return "UTF-16: save it as CSV UTF-8"
    return next((message for signatures, message in SIGNATURES.items() if text.startswith(signatures)), None)


class Top(NamedTuple):
    """What stands above the rows of a file."""

    header: str  # a record, which may have line breaks
    line: int  # on which it begins
    below: int  # the line below it
    size: int  # bytes up to there, without a byte order mark
    declared: str | None = None  # the separator that a line above the header declares
    empty: int = 0  # rows above the header


def read(extract: Extract, file: BinaryIO, *, confirmed: bool = False) -> Iterator[Read]:
    """The rows of the file, a piece of it at a time; all in one for a small file.

    `confirmed`: a manifest of its sender proves that the file is complete.
    """
    if other := _other_format(file.read(512)):
        yield rejected("other_format", f"the file is {other}")
        return
    top = _top(file)
    # before the text is looked through: a file with tabs between its columns has some in every line
    separator = top.declared if top.declared not in (None, ",") else delimiters.other_than_comma(extract, top.header)
    if separator:
        yield rejected("delimiter", delimiters.save_with_commas(separator), 1 if top.declared else top.line)
    elif wrong := csv_text.problems(file):
        yield Read(None, wrong)
    else:
        yield from _rows(extract, file, top, confirmed=confirmed)


def _top(file: BinaryIO) -> Top:
    file.seek(0)
    declared, empty, size, line = None, 0, 0, 1

    def following() -> str:
        nonlocal size, line
        text = file.readline(csv_records.LONGEST)
        text = text if line > 1 else text.removeprefix(csv_text.MARK)
        size, line = size + len(text), line + 1
        return text.decode(errors="replace")

    while empty < EMPTY_ABOVE and (text := following()):
        if declared is None and (declared := delimiters.declared(text.rstrip("\r\n"))):
            continue
        if not re.match(csv_records.EMPTY, text.rstrip("\r\n")):
            begins = line - 1
            while text.count('"') % 2 and len(text) < csv_records.LONGEST and (more := following()):
                text += more
            return Top(text.rstrip("\r\n"), begins, line, size, declared, empty)
        empty += 1
    return Top("", 1, line, size, declared, empty)


def _rows(extract: Extract, file: BinaryIO, top: Top, *, confirmed: bool) -> Iterator[Read]:
    try:
        names = next(csv.reader([top.header], strict=True), [])
    except csv.Error:
        yield rejected("header", "the header has a quotation mark out of place: take it out", top.line)
        return
    columns = header.columns_of(extract, names, top.line)
    if columns.problems:
        yield Read(None, columns.problems)
        return
    rule = "left out: the line only declares that commas separate the columns"
    notes = [problem("separator_line", rule, 1)] if top.declared else []
    reader = CsvReader(extract, columns, top.line, top.empty, csv_text.last_line(file), confirmed)
    pieces = csv_text.pieces(file)
    first = next(pieces)
    below = Piece(top.below, first.lines - top.below + 1, first.text[top.size :])
    for piece in chain([below] if below.text else [], pieces):
        yield reader.piece(piece)
    yield from reader.end(*notes)

"""CSV as text cells: strict UTF-8, one record a line, every line as wide as the header.

Lenient readers take almost any damaged file; each line here is held against the grammar before it is cut.
"""

import csv
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

import polars as pl

from orchestration.raw.extracts import Extract
from orchestration.raw.readers import plain_text
from orchestration.raw.readers.header import Read, header_problems, rejected
from orchestration.raw.readers.plain_text import Piece

CELL = r'("(?:[^"]|"")*"|[^",]*)'


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
    text = start.removeprefix(plain_text.MARK).lstrip().lower()
    # of UTF-16 without its mark every other byte is NUL in text like this
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or text.count(0) > len(text) / 4:
        return "UTF-16: save it as CSV UTF-8"
    return next((says for signatures, says in SIGNATURES.items() if text.startswith(signatures)), None)


def read(extract: Extract, file: BinaryIO) -> Iterator[Read]:
    """The rows of the file, a piece of it at a time; all in one for a small file."""
    if other := _other_format(file.read(512)):
        yield rejected("other_format", f"the file is {other}")
    elif wrong := plain_text.problems(file):
        yield Read(None, wrong)
    else:
        yield from _rows(extract, plain_text.pieces(file))


def _rows(extract: Extract, pieces: Iterator[Piece]) -> Iterator[Read]:
    first = next(pieces)
    top, _, rest = first.text.partition(b"\n")
    try:
        header = next(csv.reader([top.removesuffix(b"\r").decode()], strict=True), [])
    except csv.Error:
        yield rejected("header", "the header has a quotation mark out of place: take it out", 1)
        return
    if wrong := header_problems(extract, header):
        yield Read(None, wrong)
        return
    read = None
    for piece in chain([Piece(2, first.lines - 1, rest)] if rest else [], pieces):
        read = _records(extract, header, piece)
        yield read
    if read is None:
        yield rejected("no_rows", "the file has a header and no rows: send it again with its rows")


def _records(extract: Extract, header: list[str], piece: Piece) -> Read:
    """The rows of a piece: cut at its commas where that is all there is to do, else looked through line by line."""
    if b"\r" in piece.text:
        piece = piece._replace(text=piece.text.replace(b"\r\n", b"\n"))
    cut = _cut(header, piece)
    frame, wrong = _looked_through(header, piece) if cut is None else (cut, [])
    return Read(frame.select("file_line", *(column.name for column in extract.columns)), wrong, piece.lines)


def _cut(header: list[str], piece: Piece) -> pl.DataFrame | None:
    """The cells of lines without quotation marks, each as wide as the header; None where one is not."""
    # as many commas as there must be and no line with too many: polars refuses those, and fills up those with too few
    if b'"' in piece.text or plain_text.count(piece.text, b",") != (len(header) - 1) * piece.lines:
        return None
    if piece.text.startswith(plain_text.MARK):  # which polars would take away
        return None
    try:
        cells = pl.read_csv(
            piece.text,
            has_header=False,
            quote_char=None,
            empty_string_is_null=False,
            schema=dict.fromkeys(header, pl.String),
        )
    except pl.exceptions.PolarsError:
        return None
    return _numbered(cells, piece) if cells.height == piece.lines else None


def _numbered(rows: pl.DataFrame, piece: Piece) -> pl.DataFrame:
    return rows.with_columns(pl.int_range(piece.line, piece.line + pl.len(), dtype=pl.Int64).alias("file_line"))


def _looked_through(header: list[str], piece: Piece) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The cells of the lines that can be cut, and what is wrong with the others."""
    width = len(header)
    rows = _numbered(pl.DataFrame({"text": piece.text[:-1].decode().split("\n")}), piece)
    quoted = pl.col("text").str.contains('"', literal=True)
    plain = ~quoted & (pl.col("text").str.count_matches(",", literal=True) == width - 1)
    rows = rows.with_columns(
        pl.when(plain)
        .then(pl.lit("plain"))
        .when(quoted & pl.col("text").str.contains(f"^{CELL}(?:,{CELL}){{{width - 1}}}$"))
        .then(pl.lit("quoted"))
        .when(quoted)
        .then(pl.lit("broken"))
        .otherwise(pl.lit("width"))
        .alias("shape")
    )
    parts = [_split(rows.filter(shape="plain"), header)]
    if rows["shape"].is_in(["quoted"]).any():
        parts.append(_unquoted(rows.filter(shape="quoted"), header))
    return pl.concat(parts).sort("file_line"), _broken(rows, width)


def _split(rows: pl.DataFrame, header: list[str]) -> pl.DataFrame:
    cells = pl.col("text").str.split_exact(",", len(header) - 1).struct.rename_fields(header)
    return rows.select("file_line", cells).unnest("text")


def _unquoted(rows: pl.DataFrame, header: list[str]) -> pl.DataFrame:
    pattern = "^" + ",".join(CELL for _ in header) + "$"
    cells = pl.col("text").str.extract_groups(pattern).struct.rename_fields(header)
    opened = pl.col(header).str.starts_with('"')
    inside = pl.col(header).str.slice(1).str.head(-1).str.replace_all('""', '"', literal=True)
    return (
        rows.select("file_line", cells)
        .unnest("text")
        .with_columns(pl.when(opened).then(inside).otherwise(pl.col(header)).name.keep())
    )


def _broken(rows: pl.DataFrame, width: int) -> list[pl.DataFrame]:
    wrong = rows.filter(pl.col("shape").is_in(["broken", "width"]))
    if not wrong.height:
        return []
    cells = pl.col("text").str.count_matches(",", literal=True) + 1
    rule = (
        pl.when(pl.col("text").str.strip_chars() == "")
        .then(pl.lit("the line is empty: take it out"))
        .when(pl.col("shape") == "broken")
        .then(
            pl.lit(
                f"a quotation mark is out of place, or the line has not the {width} cells of the header: a text with "
                'a comma or quotation mark in it stands in quotation marks, those inside it are doubled (""), '
                "and a record ends on its line"
            )
        )
        .otherwise(
            pl.concat_str(
                pl.format("the line has {} cells where the header has {}: ", cells, pl.lit(width)),
                pl.when(cells > width)
                .then(pl.lit("a comma inside a cell needs the cell in quotation marks"))
                .otherwise(pl.lit("complete it, with a comma between two cells")),
            )
        )
    )
    code = (
        pl.when(pl.col("text").str.strip_chars() == "")
        .then(pl.lit("empty_line"))
        .when(pl.col("shape") == "broken")
        .then(pl.lit("quotation"))
        .otherwise(pl.lit("line_width"))
    )
    empty = pl.lit(None, pl.String)
    return [
        wrong.select(
            pl.lit("").alias("file"),
            pl.col("file_line").alias("line"),
            empty.alias("column"),
            pl.col("text").alias("value"),
            code.alias("code"),
            rule.alias("rule"),
        )
    ]

"""CSV as text cells: strict UTF-8, one record a line, every line as wide as the header.

Lenient readers take almost any damaged file; each line here is held against the grammar before it is cut.
"""

import csv
import re

import polars as pl

from orchestration.deliveries.extracts import Extract
from orchestration.deliveries.formats.header import Read, header_problems, refused
from orchestration.deliveries.refusals import problem

# line feed and carriage return are looked at on their own
CONTROLS = bytes(set(range(32)) - {10, 13}) + b"\x7f"
MOST_CONTROLS = 1000
# é, { and ’ as UTF-7 writes them, in bytes that are ASCII: +AOk-, +AHs-, +IBk-
SEVEN_BITS = re.compile(rb"\+(?:A[A-P]|IB)[A-Za-z0-9+/]+-")
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


def _other_format(content: bytes) -> str | None:
    """What a file that is no CSV is instead."""
    start = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    # of UTF-16 without its mark every other byte is NUL in text like this
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or start.count(0) > len(start) / 4:
        return "UTF-16: save it as CSV UTF-8"
    return next((says for signatures, says in SIGNATURES.items() if start.startswith(signatures)), None)


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the file."""
    if other := _other_format(content):
        return refused("other_format", f"the file is {other}")
    content = content.removeprefix(b"\xef\xbb\xbf")
    text = _decoded(content)
    if isinstance(text, Read):
        return text
    if len(content.translate(None, CONTROLS)) < len(content):
        return Read(None, _control_characters(content))
    if content.count(b"\r") != content.count(b"\r\n"):
        return refused("line_ends", "the file has carriage returns that end no line: save it with LF or CRLF line ends")
    if not text.endswith("\n"):
        return refused(
            "cut_off",
            "the last line has no line end: the file was cut off while it was written: send it again",
            content.count(b"\n") + 1,
        )
    lines = pl.DataFrame({"text": text[:-1].replace("\r\n", "\n").removesuffix("\r").split("\n")})
    return _records(extract, lines)


def _decoded(content: bytes) -> str | Read:
    """The text, or why the bytes are none."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{content[error.start]:02X} is not UTF-8 (Latin-1 or Windows-1252?)"
        return refused("encoding", f"{byte}: save the file as CSV UTF-8", _line_of(content, error.start))
    if b"+" in content and (found := SEVEN_BITS.search(content)):
        rule = f"{found[0].decode()} is UTF-7: save the file as CSV UTF-8"
        return refused("encoding", rule, _line_of(content, found.start()))
    return text


def _line_of(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _control_characters(content: bytes) -> list[pl.DataFrame]:
    found = re.finditer(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", content)
    lines: dict[int, int] = {}
    for match, _ in zip(found, range(MOST_CONTROLS), strict=False):
        lines.setdefault(_line_of(content, match.start()), match.group()[0])
    names = {0: "a NUL byte", 9: "a tab"}
    return [
        problem(
            "control_character",
            f"the line has {names.get(byte, f'a control character (0x{byte:02X})')} in it: take it out",
            line,
        )
        for line, byte in lines.items()
    ]


def _records(extract: Extract, lines: pl.DataFrame) -> Read:
    try:
        header = next(csv.reader([lines["text"][0]], strict=True), [])
    except csv.Error:
        return refused("header", "the header has a quotation mark out of place: take it out", 1)
    if wrong := header_problems(extract, header):
        return Read(None, wrong)
    width = len(header)
    rows = lines.with_row_index("file_line", 1).select(pl.col("file_line").cast(pl.Int64), "text").slice(1)
    if not rows.height:
        return refused("no_rows", "the file has a header and no rows: send it again with its rows")
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
    wrong = [*_broken(rows, width)]
    parts = [_split(rows.filter(shape="plain"), header)]
    if rows["shape"].is_in(["quoted"]).any():
        parts.append(_unquoted(rows.filter(shape="quoted"), header))
    frame = pl.concat(parts).sort("file_line").select("file_line", *(column.name for column in extract.columns))
    return Read(frame, wrong, rows.height)


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

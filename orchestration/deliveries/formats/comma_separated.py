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
CELL = r'("(?:[^"]|"")*"|[^",]*)'


def _not_text(content: bytes) -> str | None:
    """What a file that is no CSV is instead."""
    start = content[:512].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "the file is a web page, not a CSV: the download failed and saved an error message"
    if start.startswith(b"pk\x03\x04"):
        return "the file is a workbook or archive, not a CSV: export it as CSV UTF-8"
    if start.startswith(b"par1"):
        return "the file is Parquet, not a CSV: name it .parquet"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file is UTF-16: save it as CSV UTF-8"
    return None


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the file."""
    if other := _not_text(content):
        return refused(other)
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return refused(
            f"byte 0x{content[error.start]:02X} is not UTF-8 (Latin-1 or Windows-1252?): save the file as CSV UTF-8",
            line,
        )
    if len(content.translate(None, CONTROLS)) < len(content):
        return None, _control_characters(content)
    if content.count(b"\r") != content.count(b"\r\n"):
        return refused("the file has carriage returns that end no line: save it with LF or CRLF line ends")
    if not text.endswith("\n"):
        return refused(
            "the last line has no line end: the file was cut off while it was written, or lost its last line feed",
            content.count(b"\n") + 1,
        )
    lines = pl.DataFrame({"text": text[:-1].replace("\r\n", "\n").removesuffix("\r").split("\n")})
    return _records(extract, lines)


def _control_characters(content: bytes) -> list[pl.DataFrame]:
    found = re.finditer(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", content)
    lines: dict[int, int] = {}
    for match, _ in zip(found, range(MOST_CONTROLS), strict=False):
        lines.setdefault(content.count(b"\n", 0, match.start()) + 1, match.group()[0])
    names = {0: "a NUL byte", 9: "a tab"}
    return [
        problem(f"the line has {names.get(code, f'a control character (0x{code:02X})')} in it", line)
        for line, code in lines.items()
    ]


def _records(extract: Extract, lines: pl.DataFrame) -> Read:
    try:
        header = next(csv.reader([lines["text"][0]], strict=True), [])
    except csv.Error:
        return refused("the header has a quotation mark out of place", 1)
    if wrong := header_problems(extract, header):
        return None, wrong
    width = len(header)
    rows = lines.with_row_index("file_line", 1).select(pl.col("file_line").cast(pl.Int64), "text").slice(1)
    if not rows.height:
        return refused("the file has a header and no rows")
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
    return frame, wrong


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
        .then(pl.lit("the line is empty"))
        .when(pl.col("shape") == "broken")
        .then(pl.lit(f"a quotation mark is out of place, or the line has not the {width} cells of the header"))
        .otherwise(pl.format("the line has {} cells where the header has {}", cells, pl.lit(width)))
    )
    empty = pl.lit(None, pl.String)
    return [
        wrong.select(
            pl.lit("").alias("file"),
            pl.col("file_line").alias("line"),
            empty.alias("column"),
            empty.alias("value"),
            rule.alias("rule"),
        )
    ]

"""XLSX as text cells: the one sheet with anything on it, values only."""

import json

import polars as pl

from orchestration.raw.findings.findings import SCHEMA
from orchestration.raw.readers import empty_rows, parser
from orchestration.raw.readers.child.frames import Rejected
from orchestration.raw.readers.header import Read, columns_of, left_out, rejected
from orchestration.raw.sources.declarations import Extract

ADVICE = {
    "formula": "is a formula: paste its value in its place",
    "spreadsheet_error": "is an error of the spreadsheet: put a value in its place",
}
OUTSIDE = "to the right"  # the text of the cells to the right of the columns


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the one sheet."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return rejected(
            "other_format", "the workbook has a password or is of an old kind (.xls): save it without one as XLSX"
        )
    if content[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return rejected("other_format", "the file is a web page, not a workbook: save it as XLSX")
    try:
        _, cells = parser.parse("workbook", {}, content)
    except Rejected as why:
        return rejected(why.code, why.rule)
    return _read(extract, *json.loads(cells))


def _read(extract: Extract, rows: list, marks: list) -> Read:
    """The rows below the header, up to the last with text in it: formatting leaves empty ones behind."""
    top, header = next((line, texts) for line, texts in rows if any(text.strip() for text in texts))
    columns = columns_of(extract, header, top)
    if columns.problems:
        return Read(None, columns.problems)
    header = columns.names[: columns.width]  # further cells are a note next to the table
    last = rows[-1][0]
    frame, notes = empty_rows.leave_out(_frame(header, dict(rows), range(top + 1, last + 1)), above=top - 1)
    if not frame.height:
        return rejected("no_rows", "the sheet has a header and no rows")
    outside = frame.filter(pl.col(OUTSIDE) != "").select("file_line", OUTSIDE)
    wrong: list[tuple] = [
        ("", line, None, text, "beside_columns", f"the line has cells to the right of the last column ({text[:60]})")
        for line, text in outside.iter_rows()
    ]
    kept = set(frame["file_line"])
    marked: dict[str, list[int]] = {name: [] for name in header}
    for line, place, code, text in marks:
        if line in kept and place < len(header):
            wrong.append(("", line, header[place], text, code, ADVICE[code]))
            marked[header[place]].append(line)  # a problem already: the contract has nothing to add
    names = [column.name for column in extract.columns]
    cells = [pl.when(~pl.col("file_line").is_in(marked[name])).then(name).alias(name) for name in names]
    filled = [name for name in columns.others if name in header and (frame[name] != "").any()]
    problems = pl.DataFrame(wrong, schema=SCHEMA, orient="row")
    found = [*left_out(extract, columns, filled, top), problems, *notes]
    return Read(frame.select("file_line", *cells), found, last - 1, last - 1 - frame.height)


def _frame(header: list[str], texts: dict[int, list[str]], lines: range) -> pl.DataFrame:
    """The rows on these lines, each as wide as the header."""
    width = len(header)
    rows = []
    for line in lines:
        cells = texts.get(line, [])
        outside = ", ".join(text for text in cells[width:] if text.strip())
        rows.append([line, *cells[:width], *[""] * (width - len(cells)), outside])
    schema = {"file_line": pl.Int64, **dict.fromkeys([*header, OUTSIDE], pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")

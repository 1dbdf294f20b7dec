"""XLSX as text cells: one visible sheet, values only."""

import io
import zipfile
from datetime import datetime

import openpyxl
import polars as pl

from orchestration.deliveries.extracts import Extract
from orchestration.deliveries.formats.header import Read, header_problems, refused
from orchestration.deliveries.refusals import problem

LARGEST = 200_000_000  # bytes unpacked; a sheet of a million rows has less


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the one sheet."""
    try:
        sheet = _sheet(content)
    except _Unreadable as why:
        return refused(str(why))
    cells = _cells(sheet)
    if not cells:
        return refused("the sheet is empty")
    header = [text for text, _ in cells[0]]
    while header and not header[-1]:
        header.pop()
    if wrong := header_problems(extract, header):
        return None, wrong
    if len(cells) == 1:
        return refused("the sheet has a header and no rows")
    rows, wrong = [], []
    for line, row in enumerate(cells[1:], start=2):
        if found := _row_problems(row, line, header):
            wrong += found
        else:
            texts = [text for text, _ in row] + [""] * (len(header) - len(row))
            rows.append((line, *texts[: len(header)]))
    frame = pl.DataFrame(rows, schema={"file_line": pl.Int64, **dict.fromkeys(header, pl.String)}, orient="row")
    return frame.select("file_line", *(column.name for column in extract.columns)), wrong


class _Unreadable(Exception):
    pass


def _sheet(content: bytes) -> list[tuple]:
    """The rows of the sheet; what damaged workbooks make the readers raise is not worth telling apart."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        book = (
            openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False) if unpacked < LARGEST else None
        )
    except Exception as error:
        raise _Unreadable("the file is no workbook that can be opened: save it again as XLSX") from error
    if book is None:
        raise _Unreadable("the workbook unpacks to more than 200 MB: deliver less, or as CSV")
    if len(book.sheetnames) != 1 or len(book.worksheets) != 1:
        raise _Unreadable(f"the workbook has the sheets {', '.join(book.sheetnames)}: a delivery has one")
    sheet = book.worksheets[0]
    if sheet.sheet_state != "visible":
        raise _Unreadable("the only sheet of the workbook is hidden")
    sheet.reset_dimensions()  # what the file claims about its size need not be so
    try:
        return list(sheet.iter_rows())
    except Exception as error:
        raise _Unreadable("the sheet cannot be read: save the workbook again as XLSX") from error


def _cells(sheet: list[tuple]) -> list[list[tuple[str, str | None]]]:
    """The cells as text, without the empty rows at the end that formatting leaves behind."""
    cells = [[_sheet_cell(cell) for cell in row] for row in sheet]
    while cells and not any(text for text, _ in cells[-1]):
        cells.pop()
    return cells


def _row_problems(row: list[tuple[str, str | None]], line: int, header: list[str]) -> list[pl.DataFrame]:
    if not any(text for text, _ in row):
        return [problem("the line is empty", line)]
    if any(text for text, _ in row[len(header) :]):
        return [problem("the line has cells beside the columns of the header", line)]
    return [problem(rule, line, header[place], text) for place, (text, rule) in enumerate(row) if rule is not None]


def _sheet_cell(cell) -> tuple[str, str | None]:
    """A cell as text, and what is wrong with its being there."""
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        formula = value if isinstance(value, str) else getattr(value, "text", None) or "={...}"
        return str(formula), "is a formula: paste its value in its place"
    if cell.data_type == "e":
        return str(value), "is an error of the spreadsheet"
    if isinstance(value, datetime):
        at_first = (value.day, value.hour, value.minute, value.second, value.microsecond) == (1, 0, 0, 0, 0)
        return (f"{value:%Y-%m}" if at_first else value.isoformat(" ")), None
    if isinstance(value, float) and value.is_integer():
        return str(int(value)), None  # a spreadsheet has no whole numbers: 12 may come as 12.0
    return str(value), None

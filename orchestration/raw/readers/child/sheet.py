"""A workbook as rows of text, read from its XML: what stands in each cell, and which cells are no plain values."""

import json
import re
from functools import cache

import cell_text
import frames
import limits
import parts as workbook
from parts import BROKEN, broken

PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
LAST_ROW = 1_048_576


def read(about: dict, contents: list[bytes]):
    """Rows from the first to the last with a value, and the rows themselves with what is wrong with their cells."""
    parts = dict(zip(about["names"], contents, strict=True))
    try:
        book, sheet, since_1904 = workbook.sheet_part(parts)
        texts = workbook.shared_texts(workbook.of_kind(book, "sharedstrings", parts))
        formats = workbook.formats(workbook.of_kind(book, "styles", parts))
        found = _Sheet(texts, formats, since_1904)
        workbook.parse(parts[sheet], found.start, found.end, found.text)
    except (frames.Rejected, MemoryError):
        raise
    except Exception as error:  # whatever else a damaged part leads to
        raise frames.Rejected("unreadable", BROKEN) from error
    return {"last": found.last}, json.dumps([found.rows, found.wrong], ensure_ascii=False).encode()


@cache
def column_number(letters: str) -> int:
    """A as 1, Z as 26, AA as 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _index(digits: str) -> int:
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise broken()
    return int(digits)


class _Sheet:
    """What the parser has seen so far of a sheet. The state of a stream of events, hence a class."""

    def __init__(self, texts: list[str], formats: list[str], since_1904: bool) -> None:
        self.texts, self.formats, self.since_1904 = texts, formats, since_1904
        self.rows: list[tuple[int, list[str]]] = []
        self.wrong: list[tuple[int, int, str, str]] = []  # line, place in the row, code, what is shown
        self.last = 0  # the last row with a value
        self.left = limits.SHEET_TEXT
        self.line = 0
        self.in_row = self.in_cell = False
        self.inside: list[str] | None = None

    def start(self, element: str, its: dict[str, str]) -> None:
        if element == "c" and self.in_row:
            self._start_cell(its)
        elif element == "row":
            self._start_row(its)
        elif not self.in_cell:
            return
        elif element == "v":
            if self.value:
                raise broken()
            self.inside = self.value
        elif element == "f":
            self.formula = self.inside = []
        elif element == "t":
            self.inside = None if self.guide else self.value
        elif element == "rPh":
            self.guide = True

    def text(self, text: str) -> None:
        if self.inside is not None:
            self.inside.append(text)

    def end(self, element: str) -> None:
        if element == "c" and self.in_cell:
            self._end_cell()
        elif element == "row" and self.in_row:
            self._end_row()
        elif element in ("v", "f", "t"):
            self.inside = None
        elif element == "rPh":
            self.guide = False

    def _start_row(self, its: dict[str, str]) -> None:
        line = _index(its["r"]) if "r" in its else self.line + 1
        if not self.line < line <= LAST_ROW:  # out of order, twice, or beyond any sheet
            raise broken()
        self.line, self.column, self.cells, self.in_row = line, 0, [], True

    def _start_cell(self, its: dict[str, str]) -> None:
        column = self.column + 1
        if "r" in its:
            place = PLACE.fullmatch(its["r"])
            if not place or int(place[2]) != self.line or column_number(place[1]) < column:
                raise broken()
            column = column_number(place[1])
            if column > limits.COLUMNS:
                raise _far(its["r"])
        elif column > limits.COLUMNS:
            raise _far(f"{column} of row {self.line}")
        self.column, self.kind, self.style = column, its.get("t", "n"), its.get("s", "0")
        self.value: list[str] = []
        self.formula: list[str] | None = None
        self.guide, self.in_cell = False, True

    def _end_cell(self) -> None:
        self.in_cell, self.inside = False, None
        text = self._text()
        code = None
        if self.formula is not None:
            code, text = "formula", "=" + (workbook.cell(self.formula) or "{...}")
        elif self.kind == "e" and text:
            code = "spreadsheet_error"
        if not text:
            return
        self.left -= len(text)
        if self.left < 0:
            raise frames.Rejected(
                "too_large", f"the cells of the sheet hold more than {limits.SHEET_TEXT:,} characters"
            )
        self.cells += [""] * (self.column - 1 - len(self.cells))
        self.cells.append(text)
        if code:
            self.wrong.append((self.line, self.column - 1, code, text))

    def _text(self) -> str:
        raw = workbook.cell(self.value)
        if self.kind == "n":
            shown = self.formats[_index(self.style)] if self.formats else "number"
            return cell_text.number(raw, shown, self.since_1904)
        if self.kind == "s":
            return self.texts[_index(raw)] if raw else ""
        if self.kind == "b":
            return {"1": "True", "0": "False"}.get(raw, raw)
        return cell_text.written_day(raw) if self.kind == "d" else raw

    def _end_row(self) -> None:
        self.in_row = False
        if not self.cells:
            return
        if self.line - len(self.rows) > limits.GAP:
            raise _far(f"in row {self.line}")
        self.last = self.line
        self.rows.append((self.line, self.cells))


def _far(cell: str) -> frames.Rejected:
    return frames.Rejected(
        "far_cell", f"the sheet has a cell far from all others ({cell}): delete the columns and rows beyond the figures"
    )

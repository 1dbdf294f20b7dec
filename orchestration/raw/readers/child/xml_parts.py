"""The XML of a workbook's parts, filtered before openpyxl reads it: no document type, each row and cell in
its place, and of every part only what cells consist of.

Programs leave much in a workbook that nobody reads and openpyxl stumbles over (styles without a fill, validations of
deleted cells); and where a row or cell stands twice, openpyxl keeps one of them and does not say so.
"""

import re
from xml.parsers import expat

import limits
from frames import BROKEN_SHEET, Rejected
from openpyxl.utils.cell import coordinate_to_tuple

# by the element that a part consists of, which of its children cells are read from; None is all of them
KEPT: dict[str, set[str] | None] = {
    "Types": None,
    "Relationships": None,
    "workbook": {"workbookPr", "sheets"},
    "worksheet": {"dimension", "sheetData"},  # without the first, openpyxl goes through the second for it
    "styleSheet": {"numFmts", "cellXfs"},
    "sst": None,
}
UNREAD = {"rPr", "rPh", "phoneticPr", "alignment", "protection", "extLst"}  # looks and readings, wherever they stand
# openpyxl knows only the dialect that programs write by default
STRICT, KNOWN = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
SPACES = {b"spreadsheetml/main": b"spreadsheetml/2006/main", b"officeDocument/": b"officeDocument/2006/"}
FROM_THE_LAST = re.compile(rb"""\st=["']s["'][^<>]*>\s*<[^<>]*>\s*-""")  # how openpyxl counts texts below the first
LAST_ROW = 1_048_576


def broken() -> Rejected:
    """What a workbook is rejected with whose parts do not fit together."""
    return Rejected("unreadable", BROKEN_SHEET)


def far(cell: str) -> Rejected:
    """What a workbook is rejected with that would be wide or long for a single cell."""
    return Rejected(
        "far_cell", f"the sheet has a cell far from all others ({cell}): delete the columns and rows beyond the figures"
    )


def needed(content: bytes) -> tuple[str, bytes]:
    """The element that a part consists of, and its XML without unread parts; empty where no cell needs it."""
    reading = _Reading(content)
    try:
        reading.parser.Parse(content, True)
    except (expat.ExpatError, ValueError, OverflowError):
        if reading.kind in KEPT:
            raise broken() from None
    if reading.kind not in KEPT:
        return "", b""
    xml = b"".join(reading.pieces)
    for strict, known in SPACES.items():
        xml = xml.replace(STRICT + strict, KNOWN + known)
    if FROM_THE_LAST.search(xml):
        raise broken()
    return reading.kind, xml


def _reject_document_type(*_: object) -> None:
    raise Rejected("document_type", "the workbook declares a document type: save its values as a new workbook")


class _Reading:
    """What the parser has come to in a part. The state of a stream of events, hence a class."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.pieces: list[bytes] = []
        self.begin: int | None = 0  # of what is being kept
        self.kind, self.depth, self.space = "", 0, 0  # the last is how long the name of the namespace is
        self.unread = 0  # the depth of what is not kept
        self.line = self.column = self.values = 0
        self.parser = expat.ParserCreate(None, " ")
        self.parser.StartDoctypeDeclHandler = _reject_document_type
        self.parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self.space = name.rfind(" ") + 1
            self.kind = name[self.space :]
            if self.kind in KEPT:
                self.parser.EndElementHandler = self.end
            else:
                self.parser.StartElementHandler = None
        elif not 0 < self.unread < self.depth:
            name = name[self.space :]
            self.keep(name not in UNREAD and (self.depth > 2 or name in (KEPT[self.kind] or {name})))
            if self.kind == "worksheet" and not self.unread:
                self.check_place(name, attributes)

    def end(self, _: str) -> None:
        if self.depth < self.unread:
            self.keep(True)
        self.depth -= 1
        if self.depth == 0:
            self.pieces.append(self.content[self.begin :])

    def keep(self, kept: bool) -> None:
        if kept and self.begin is None:
            self.begin, self.unread = self.parser.CurrentByteIndex, 0
        elif not kept:
            if self.begin is not None:
                self.pieces.append(self.content[self.begin : self.parser.CurrentByteIndex])
            self.begin, self.unread = None, self.depth

    def check_place(self, name: str, attributes: dict[str, str]) -> None:
        """Rows follow rows, in them cells follow cells, and in a cell there is one value."""
        if self.depth == 3:
            line = int(float(attributes["r"])) if "r" in attributes else self.line + 1
            if name != "row" or not self.line < line <= LAST_ROW:
                raise broken()
            self.line, self.column = line, 0
        elif self.depth == 4:
            line, column = coordinate_to_tuple(attributes["r"]) if "r" in attributes else (self.line, self.column + 1)
            if name != "c" or line != self.line or column <= self.column:
                raise broken()
            if column > limits.COLUMNS:
                raise far(attributes.get("r", f"{column} of row {line}"))
            self.column, self.values = column, 0
        elif name == "v":
            self.values += 1
            if self.values > 1:
                raise broken()

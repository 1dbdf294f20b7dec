"""A workbook as rows of text: what openpyxl finds in each cell of its one sheet, and which are no plain values."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator

import archive
import cell_text
import foreign_parts
import frames
import limits
import openpyxl
import xml_parts
from defusedxml import ElementTree
from openpyxl.worksheet.worksheet import Worksheet
from xml_parts import broken, far

STYLES = "xl/styles.xml"  # where openpyxl looks for them
NO_VALUE = {"f": "formula", "e": "spreadsheet_error"}  # the code of what openpyxl calls so
Parts = dict[str, tuple[str, bytes]]  # by name, what a part consists of and its XML
Row = tuple[int, list[str], list[tuple[int, str]]]  # its line, the texts of its cells, codes by place


def read(_: dict, content: bytes) -> tuple[dict, bytes]:
    """Every row with text in it, by its line, and what is wrong with cells: line, place in the row, code, text."""
    return {}, _as_json(_rows(_only_sheet(_parts(archive.members(content)))))


def _parts(members: dict[str, bytes]) -> Parts:
    """The parts that openpyxl reads cells from, under the names by which it looks for them."""
    parts = {name: xml_parts.needed(content) for name, content in members.items()}
    listed = _attributes(parts, "Types")
    named = {entry["PartName"].lstrip("/").casefold(): entry for entry in listed if "PartName" in entry}
    by_ending = {entry["Extension"].casefold(): entry for entry in listed if "Extension" in entry}
    of_members = [
        named.get(name.casefold()) or by_ending.get(name.rpartition(".")[2].casefold(), {}) for name in members
    ]
    types = [entry.get("ContentType", "") for entry in of_members]
    if not any("spreadsheetml" in kind for kind in types):
        raise frames.Rejected("other_format", "the file is an archive, but no workbook: save it as XLSX")
    foreign_parts.check(members, types, _attributes(parts, "Relationships"))
    found = {}
    for name, part in parts.items():
        as_listed = named.get(name.casefold(), {}).get("PartName", name).lstrip("/")
        found[STYLES if part[0] == "styleSheet" else as_listed] = part
    return found


def _attributes(parts: Parts, kind: str) -> list[dict[str, str]]:
    return [element.attrib for of, xml in parts.values() if of == kind for element in ElementTree.fromstring(xml)]


def _only_sheet(parts: Parts) -> Worksheet:
    """The one sheet with anything on it; programs add empty ones."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as kept:
        for name, (kind, xml) in parts.items():
            if kind:
                kept.writestr(name, xml)
    book = openpyxl.load_workbook(packed, read_only=True, keep_links=False)
    if not book.worksheets:
        raise broken()
    held = [sheet for sheet in book.worksheets if any(text.strip() for _, texts, _ in _rows(sheet) for text in texts)]
    names = ", ".join(sheet.title + " (hidden)" * (sheet.sheet_state != "visible") for sheet in held[:10])
    if not held:
        raise frames.Rejected("empty_file", "the sheet is empty")
    if len(held) > 1:
        raise frames.Rejected("sheets", f"the workbook has the sheets {names}: a delivery has one, delete the others")
    if held[0].sheet_state != "visible":
        raise frames.Rejected("sheets", f"the only sheet is {names}: a delivery has one that can be seen, unhide it")
    return held[0]


def _rows(sheet: Worksheet) -> Iterator[Row]:
    sheet.reset_dimensions()  # what it claims of its size need not be so
    number = 0
    for line, row in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            number += 1
            if line - number > limits.GAP:
                raise far(f"in row {line}")
            kinds = (cell.data_type for cell, _ in zip(row, texts, strict=False))
            codes = [(place, NO_VALUE[kind]) for place, kind in enumerate(kinds) if kind in NO_VALUE]
            yield line, texts, codes


def _text(cell: openpyxl.cell.Cell) -> str:
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "f":
        text = cell_text.formula(value)
    else:
        text = cell_text.unescaped(value) if kind == "s" else cell_text.shown(value, cell.number_format)
    if len(text) > limits.CELL:
        raise frames.Rejected("too_large", f"a cell holds {len(text):,} characters, at most {limits.CELL:,} fit in one")
    return text


def _as_json(rows: Iterable[Row]) -> bytes:
    """Row by row, since a million small lists keep the garbage collector busier than all the rest."""
    found, wrong, left = [], [], limits.SHEET_TEXT
    for line, texts, codes in rows:
        left -= sum(map(len, texts))
        if left < 0:
            raise frames.Rejected(
                "too_large", f"the cells of the sheet hold more than {limits.SHEET_TEXT:,} characters"
            )
        found.append(json.dumps((line, texts), ensure_ascii=False))
        wrong += [(line, place, code, texts[place]) for place, code in codes if texts[place]]
    return f"[[{','.join(found)}], {json.dumps(wrong, ensure_ascii=False)}]".encode()

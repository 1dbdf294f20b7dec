"""XLSX as text cells: one visible sheet, values only."""

import json
import re

import polars as pl

from orchestration.raw.extracts import Extract
from orchestration.raw.findings import SCHEMA
from orchestration.raw.readers import archive, parser
from orchestration.raw.readers.child.frames import Rejected
from orchestration.raw.readers.header import Read, header_problems, rejected

# by name, what a workbook may not bring along
FOREIGN = {
    "vbaproject": "macros",
    "macrosheets/": "macros",
    "dialogsheets/": "macros",
    "externallinks/": "links to other workbooks",
    "connections": "connections to other sources",
    "querytables/": "connections to other sources",
    "embeddings/": "embedded files",
    "oleobject": "embedded files",
    "activex": "ActiveX controls",
    "ctrlprops/": "controls",
}
# an XML part may declare no other encoding, lest it hide from these patterns
ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
SAID = {
    "formula": "is a formula: paste its value in its place",
    "spreadsheet_error": "is an error of the spreadsheet: put a value in its place",
}


def read(extract: Extract, content: bytes) -> Read:
    """The rows of the one sheet."""
    try:
        parts = _plain_parts(content)
        found, cells = parser.parse("workbook", {"names": list(parts)}, *parts.values())
    except Rejected as why:
        return rejected(why.code, why.rule)
    return _rows(extract, found["last"], *json.loads(cells))


def _plain_parts(content: bytes) -> dict[str, bytes]:
    """The XML of the workbook, if it is one and has nothing but plain parts."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Rejected(
            "other_format", "the workbook has a password or is of an old kind (.xls): save it without one as XLSX"
        )
    if content[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise Rejected("other_format", "the file is a web page, not a workbook: save it as XLSX")
    parts = archive.unpacked(content)
    kinds = parts.get("[Content_Types].xml", b"")
    if b"spreadsheetml" not in kinds and b"ms-excel" not in kinds:
        raise Rejected("other_format", "the file is an archive, but no workbook: save it as XLSX")
    names = "\n".join(parts).lower() + kinds.decode("latin-1").lower()
    for word, what in {**FOREIGN, "macroenabled": "macros"}.items():
        if word in names:
            raise Rejected("foreign_part", f"the workbook has {what} in it: paste its values into a new workbook")
    if any(part.startswith(b"PK\3\4") for part in parts.values()):
        raise Rejected("foreign_part", "the workbook has an archive in it: paste its values into a new workbook")
    written = {name: part for name, part in parts.items() if name.lower().endswith((".xml", ".rels", ".vml"))}
    for name, part in written.items():
        _check_xml(name, part)
    return written


def _check_xml(name: str, part: bytes) -> None:
    text = part.removeprefix(b"\xef\xbb\xbf")
    encoding = ENCODING.match(text[:200])
    if not text.startswith(b"<") or b"\0" in text or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
        raise Rejected(
            "unreadable", f"a part of the workbook is not XML in UTF-8 ({ascii(name)[:60]}): save it again as XLSX"
        )
    if DECLARATION.search(text):
        raise Rejected("document_type", "the workbook declares a document type: save its values as a new workbook")


def _rows(extract: Extract, last: int, rows: list, marks: list) -> Read:
    """The rows below the header, up to the last with a value: formatting leaves empty ones behind."""
    if not last:
        return rejected("empty_file", "the sheet is empty")
    header = rows[0][1] if rows[0][0] == 1 else []
    if wrong := header_problems(extract, header):
        return Read(None, wrong)
    if last == 1:
        return rejected("no_rows", "the sheet has a header and no rows")
    width = len(header)
    lines = [line for line, _ in rows[1:]]
    cells = [[*texts, *[""] * (width - len(texts))][:width] for _, texts in rows[1:]]
    place = {line: number for number, line in enumerate(lines)}
    wrong = [("empty_line", line, None, None, "the line is empty") for line in range(2, last) if line not in place]
    for line, texts in rows[1:]:
        beside = ", ".join(text for text in texts[width:] if text)
        if beside:
            said = f"the line has cells beside the columns of the header ({beside[:60]})"
            wrong.append(("beside_columns", line, None, beside, said))
    for line, column, code, text in marks:
        if line > 1 and column < width:
            wrong.append((code, line, header[column], text, SAID[code]))
            cells[place[line]][column] = None  # said already: the contract has nothing to add
    frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row").with_columns(
        pl.Series("file_line", lines, pl.Int64)
    )
    names = [column.name for column in extract.columns]
    return Read(frame.select("file_line", *names), _problems(wrong), last - 1)


def _problems(wrong: list[tuple]) -> list[pl.DataFrame]:
    if not wrong:
        return []
    schema = {name: SCHEMA[name] for name in ("code", "line", "column", "value", "rule")}
    return [pl.DataFrame(wrong, schema=schema, orient="row").with_columns(file=pl.lit("")).select(*SCHEMA)]

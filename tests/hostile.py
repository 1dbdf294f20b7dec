"""Workbooks and Parquet files taken apart and put together again, broken or hostile in one point each."""

import io
import struct
import zipfile

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER = ["month", "recruits", "minority_ethnic_recruits"]
RECRUITS = [HEADER, ["2009-07", 120, 20], ["2009-08", 100, 15]]
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
KINDS, RELATIONS, TEXTS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"


def workbook(rows=RECRUITS, edit=lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    edit(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def shared(rows=RECRUITS) -> bytes:
    """A workbook whose texts stand in a part of their own, as spreadsheets write it; openpyxl leaves them in place."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return saved.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return saved.getvalue()


def with_parts(**changed: bytes) -> bytes:
    """A sound workbook with some parts put in."""
    return packed({**parts(workbook()), **changed})


def replaced(part: str, old: str, new: str, content: bytes | None = None) -> bytes:
    """A workbook with something replaced once in a part."""
    its = parts(content or workbook())
    assert old.encode() in its[part], its[part]
    its[part] = its[part].replace(old.encode(), new.encode(), 1)
    return packed(its)


def with_rows(xml: str) -> bytes:
    """A workbook with more rows, as XML, below its sound ones."""
    return replaced(SHEET, "</sheetData>", xml + "</sheetData>")


def relation(kind, target, outside=True):
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="rId99" Type="http://example.org/relationships/{kind}" Target="{target}"{mode}/>'


def patched(content: bytes, name: str, local: tuple[int, bytes] | None, listed: tuple[int, bytes] | None) -> bytes:
    """An archive with bytes of a member's two headers overwritten, each at an offset from its beginning."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.getinfo(name).header_offset
    second = content.rindex(name.encode()) - 46
    for start, change in ((first, local), (second, listed)):
        if change:
            changed[start + change[0] : start + change[0] + len(change[1])] = change[1]
    return bytes(changed)


def flagged(content: bytes, flag: int) -> bytes:
    """An archive with a flag set in every header."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        starts = [(member.header_offset, 6) for member in archive.infolist()]
    place = content.index(b"PK\1\2")
    for _ in range(len(starts)):
        starts.append((place, 8))
        place = content.find(b"PK\1\2", place + 1)
    for start, offset in starts:
        (now,) = struct.unpack_from("<H", changed, start + offset)
        struct.pack_into("<H", changed, start + offset, now | flag)
    return bytes(changed)


def billion_laughs(xml: bytes) -> bytes:
    """XML with entities of entities before its first element, the last used in place of the first text."""
    entities = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))]
    declared = f"<!DOCTYPE x [{''.join(entities)}]>".encode()
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return (xml[:start] + declared + xml[start:]).replace(b"<t>", b"<t>&a9;", 1)


CRIME = pl.DataFrame(
    {
        "month": ["2007-02"] * 500,
        "borough": [f"Borough {place % 32}" for place in range(500)],
        "offence_group": [f"group {place // 32}" for place in range(500)],
        "offences": [place * 7 % 1000 for place in range(500)],
        "sanction_detections": [place % 7 for place in range(500)],
    }
)


def parquet(table: pl.DataFrame | pa.Table = CRIME, **options) -> bytes:
    saved = io.BytesIO()
    pq.write_table(table.to_arrow() if isinstance(table, pl.DataFrame) else table, saved, **options)
    return saved.getvalue()


def with_column(name: str, values: pa.Array, table: pl.DataFrame = CRIME) -> pa.Table:
    whole = table.to_arrow()
    return whole.set_column(whole.column_names.index(name), name, values)


def claiming(rows: int, content: bytes, times: int = -1) -> bytes:
    """A Parquet file whose footer claims other than its 500 rows, wherever it speaks of them or the last times."""
    length = int.from_bytes(content[-8:-4], "little")
    footer, was, now = content[-8 - length : -8], b"\x16" + _varint(1000), b"\x16" + _varint(2 * rows)
    assert footer.count(was) > 2
    footer = footer.replace(was, now) if times < 0 else footer.replace(was, now, times)
    return content[: -8 - length] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def long_texts() -> bytes:
    """Some kilobytes that stand for 30 GB of text: one long word, and which word each row has."""
    word = pa.DictionaryArray.from_arrays(pa.array([0] * 500_000, pa.int32()), ["x" * 60_000])
    few = {name: pa.array([value] * 500_000) for name, value in CRIME.row(0, named=True).items()}
    return parquet(pa.table(few | {"borough": word}))

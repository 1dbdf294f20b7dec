"""Honest workbooks and Parquet files, whoever wrote them, are read to the letter."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter

from orchestration.raw import readers
from orchestration.raw.findings import findings
from orchestration.raw.sources.extracts import BY_NAME
from tests.hostile import (
    CRIME,
    HEADER,
    RECRUITS,
    RELATIONS,
    SHEET,
    TEXTS,
    packed,
    parquet,
    parts,
    relation,
    replaced,
    shared,
    with_column,
    with_parts,
    with_rows,
    workbook,
)

SOUND = workbook()
CRIMES = parquet()


def rows(content, suffix="xlsx"):
    """The rows of a file of which its reader has nothing to say, as text."""
    extract = BY_NAME["officer_recruitment" if suffix == "xlsx" else "recorded_crime"]
    said = readers.read(extract, content, suffix)
    assert findings.message(findings.combined(said.problems)) == ""
    assert said.rows_in == said.rows.height
    return said.rows.drop("file_line").rows()


AS_TEXT = [("2009-07", "120", "20"), ("2009-08", "100", "15")]


def by_xlsxwriter(table, date_format="mmm-yy", **options):
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, options) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": date_format, "bold": True})
        for place, row in enumerate(table):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(place, column, value, shown)
                else:
                    sheet.write(place, column, value)
    return saved.getvalue()


DATED = [HEADER, [datetime(2009, 7, 1), 120, 20], [date(2009, 8, 1), 100.0, 15]]


def formatted_below(book):
    for line in range(4, 2000):
        book.active.cell(line, 2).number_format = "0.00"


def prefixed(content):
    """The same as some programs write it, every name with the prefix of its namespace."""
    its = parts(content)
    for name in (SHEET, TEXTS):
        text = its[name].decode().replace(' xmlns="', ' xmlns:x="').replace("</", "<!")
        its[name] = re.sub(r"<(?=[a-zA-Z])", "<x:", text).replace("<!", "</x:").encode()
    return packed(its)


class Unseekable(io.BytesIO):
    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError

    def tell(self):
        raise OSError


def streamed(content):
    """An archive written where one cannot go back: every size follows its bytes."""
    saved = Unseekable()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts(content).items():
            archive.writestr(name, part)
    return saved.getvalue()


INLINE = '<c r="A4" t="inlineStr"><is><r><t>2009</t></r><r><rPr><b/></rPr><t>-09</t></r><rPh><t>x</t></rPh></is></c>'
HONEST = {
    "openpyxl": (SOUND, AS_TEXT),
    "xlsxwriter": (by_xlsxwriter(RECRUITS), AS_TEXT),
    "xlsxwriter, texts in their cells": (by_xlsxwriter(RECRUITS, constant_memory=True), AS_TEXT),
    "months as dates": (by_xlsxwriter(DATED), AS_TEXT),
    "months as dates from 1904": (by_xlsxwriter(DATED, date_1904=True), AS_TEXT),
    "months as dates in a format of its own": (by_xlsxwriter(DATED, '[$-809]mmmm" "yyyy;@'), AS_TEXT),
    "rows that are formatted and empty": (workbook(edit=formatted_below), AS_TEXT),
    "columns in another order": (
        workbook([[row[2], row[0], row[1]] for row in RECRUITS]),
        AS_TEXT,
    ),
    "written where one cannot go back": (streamed(SOUND), AS_TEXT),
    "names with a prefix": (prefixed(shared()), AS_TEXT),
    "rich text": (
        with_rows(f'<row r="4">{INLINE}<c><v>1</v></c><c><v>1</v></c></row>'),
        [*AS_TEXT, ("2009-09", "1", "1")],
    ),
    "rows and cells without their place": (
        with_rows('<row><c t="str"><v>2009-09</v></c><c><v>1</v></c><c><v>1</v></c></row>'),
        [*AS_TEXT, ("2009-09", "1", "1")],
    ),
    "a note and a link to a web page": (
        replaced(
            RELATIONS,
            "</Relationships>",
            relation("hyperlink", "mailto:somebody@example.org") + "</Relationships>",
            with_parts(**{"xl/comments1.xml": b"<comments/>", "docMetadata/LabelInfo.xml": b"<labelList/>"}),
        ),
        AS_TEXT,
    ),
    "blanks, signs and escapes": (
        workbook([HEADER, [" 2009-08 ", "£ & <é>", "a_x0041_"]]),
        [(" 2009-08 ", "£ & <é>", "aA")],
    ),
    "a truth": (workbook([HEADER, ["2009-08", True, False]]), [("2009-08", "True", "False")]),
    "a day that begins no month": (
        by_xlsxwriter([HEADER, [date(2009, 8, 31), 1, 1]]),
        [("2009-08-31 00:00:00", "1", "1")],
    ),
    "a percentage": (
        workbook([HEADER, ["2009-08", 0.9995, 1]], lambda book: setattr(book.active["B2"], "number_format", "0.00%")),
        [("2009-08", "99.95%", "1")],
    ),
    "noise of floats": (
        with_rows('<row><c t="str"><v>2009-09</v></c><c><v>0.30000000000000004</v></c><c><v>1E16</v></c></row>'),
        [*AS_TEXT, ("2009-09", "0.30000000000000004", "10000000000000000")],
    ),
}


@pytest.mark.parametrize("content, expected", HONEST.values(), ids=HONEST)
def test_an_honest_workbook_is_read_to_the_letter(content, expected):
    assert rows(content) == expected


AS_WRITTEN = [tuple(str(cell) for cell in row) for row in CRIME.rows()]
FIRST = date(2007, 2, 1)


def by_polars():
    saved = io.BytesIO()
    CRIME.write_parquet(saved)
    return saved.getvalue()


COLUMNS = {
    "plain": CRIMES,
    "without dictionaries": parquet(use_dictionary=False, compression="zstd"),
    "of version 1, with gzip": parquet(version="1.0", compression="gzip", data_page_version="2.0"),
    "many row groups": parquet(row_group_size=7),
    "words as a dictionary": parquet(CRIME.with_columns(pl.col("borough").cast(pl.Categorical))),
    "months as dates": parquet(CRIME.with_columns(month=pl.lit(FIRST))),
    "months as dates of 64 bits": parquet(with_column("month", pa.array([FIRST] * 500, pa.date64()))),
    "months as timestamps": parquet(with_column("month", pa.array([datetime(2007, 2, 1)] * 500))),
    "months as timestamps of a zone": parquet(
        with_column("month", pa.array([datetime(2007, 2, 1)] * 500, pa.timestamp("ns", "UTC")))
    ),
    "counts of 32 bits": parquet(CRIME.with_columns(pl.col("offences").cast(pl.Int32))),
    "counts of 16 bits without sign": parquet(CRIME.with_columns(pl.col("offences").cast(pl.UInt16))),
    "counts as text": parquet(CRIME.with_columns(pl.col("offences").cast(pl.String))),
    "columns in another order": parquet(CRIME.select(*reversed(CRIME.columns))),
    "by polars": by_polars(),
}


@pytest.mark.parametrize("content", COLUMNS.values(), ids=COLUMNS)
def test_an_honest_parquet_file_is_read_to_the_letter(content):
    assert rows(content, "parquet") == AS_WRITTEN


AMOUNTS = {
    "decimals": (
        pa.array([Decimal("1234567.89"), None, Decimal("0.10")], pa.decimal128(18, 2)),
        ["1234567.89", "", "0.10"],
    ),
    "floats": (pa.array([99.95, None, 0.1 + 0.2]), ["99.95", "", "0.30000000000000004"]),
    "floats of 32 bits": (pa.array([99.95, None, 3], pa.float32()), ["99.95", "", "3"]),
    "whole numbers": (pa.array([1, None, 2**62]), ["1", "", str(2**62)]),
}


@pytest.mark.parametrize("values, expected", AMOUNTS.values(), ids=AMOUNTS)
def test_an_amount_in_a_parquet_file_keeps_its_digits(values, expected):
    table = pa.table({"month": ["2009-08"] * 3, "step": ["x"] * 3, "cases": [1] * 3, "value_gbp": values})
    said = readers.read(BY_NAME["asset_recovery"], parquet(table), "parquet")
    assert said.rows["value_gbp"].to_list() == expected

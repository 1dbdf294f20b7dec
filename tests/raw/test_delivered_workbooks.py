"""Workbooks as programs and people leave them: read where they are honest, whatever else lies in them."""

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from orchestration.audit import Delivered, files
from orchestration.raw import readers
from orchestration.raw.findings import findings
from orchestration.raw.sources.extracts import BY_NAME
from tests.deliveries import verdict
from tests.hostile import (
    BOOK,
    KINDS,
    RELATIONS,
    SHEET,
    TEXTS,
    packed,
    parts,
    relation,
    replaced,
    shared,
    with_parts,
    workbook,
)

WRITERS = {path.stem: path.read_bytes() for path in (Path(__file__).parents[1] / "workbooks").glob("*.xlsx")}
AVAILABILITY = [
    ("2009-06", "Command and control", "99.94", "99.5"),
    ("2009-06", "Crime reporting", "99.71", "99"),
    ("2009-06", "Criminal intelligence", "99.46", "99"),
    ("2009-06", "Custody", "99.63", "99"),
    ("2009-06", "Email", "99.88", "99.5"),
    ("2009-06", "Human resources", "99.2", "98"),
    ("2009-06", "Radio", "99.97", "99.9"),
    ("2009-06", "Stop and search", "98.85", "98"),
]
AS_TEXT = [("2009-07", "120", "20"), ("2009-08", "100", "15")]


def read(content, extract="officer_recruitment"):
    found = readers.read(BY_NAME[extract], content, "xlsx")
    return found


def rows(content, extract="officer_recruitment"):
    """The rows of a workbook of which its reader has nothing to report, as text; the audit finds the same."""
    found = read(content, extract)
    assert findings.message(findings.combined(found.problems)) == ""
    assert found.rows_in == found.rows.height
    text = found.rows.drop("file_line").rows()
    assert by_the_audit(content) == text
    return text


def by_the_audit(content):
    return [
        tuple(row.values()) for row in files.rows(Delivered("any", date(2009, 8, 1), "any/2009-08.xlsx", ""), content)
    ]


def rejected(content):
    found = read(content)
    assert found.rows is None
    (problem,) = findings.combined(found.problems).iter_rows(named=True)
    return problem["code"], problem["rule"]


def test_eight_programs_wrote_the_workbooks_that_are_kept():
    text = (Path(__file__).parents[1] / "workbooks" / "README.md").read_text(encoding="utf-8")
    assert {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")} == {
        f"{name}.xlsx" for name in WRITERS
    }
    assert len({name.partition("-")[0] for name in WRITERS}) == 8


@pytest.mark.parametrize("content", WRITERS.values(), ids=WRITERS)
def test_a_workbook_is_valid_whoever_wrote_it(content):
    assert rows(content, "ict_availability") == AVAILABILITY
    judged = verdict(content, "ict_availability", "2009-06", "xlsx")
    assert (judged.status, judged.rows_in, judged.rows.height, judged.left_out) == ("valid", 8, 8, 0)
    assert judged.notes.height == 0


def test_the_workbooks_that_are_kept_are_of_the_kinds_that_were_rejected():
    assert b"macroEnabled" in parts(WRITERS["sheetjs"])[KINDS]
    assert b"template.main" in parts(WRITERS["libreoffice-template"])[KINDS]
    assert b"\xff\xff\xff\xff\xff\xff\xff\xff" in WRITERS["pyexcelerate"]  # the sizes of an entry of ZIP64
    assert any(name.endswith("/") for name in parts(WRITERS["exceljs"]))
    assert len(openpyxl.load_workbook(io.BytesIO(WRITERS["libreoffice-resaved"])).worksheets) == 3


def declared(old, new):
    return replaced(KINDS, old, new)


def zip_64():
    """An archive of which every entry is written as if it were larger than 4 GB."""
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts(workbook()).items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(part)
    return saved.getvalue()


def with_comment():
    saved = io.BytesIO(workbook())
    with zipfile.ZipFile(saved, "a") as archive:
        archive.comment = b"exported by the HR system"
    return saved.getvalue()


def strict(content):
    """The dialect that Excel writes as `Strict Open XML Spreadsheet`."""
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
    }
    its = parts(content)
    for name, part in its.items():
        for old, new in spaces.items():
            its[name] = its[name].replace(old, new) if name != KINDS else part
    return packed(its)


def mashup(encoding):
    """What Power Query leaves in a workbook whose query is gone."""
    left = f'<?xml version="1.0" encoding="{encoding}"?><DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>'
    properties = b'<ds:datastoreItem ds:itemID="{0}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"/>'
    whole = with_parts(**{"customXml/item1.xml": left.encode(encoding), "customXml/itemProps1.xml": properties})
    return replaced(
        RELATIONS,
        "</Relationships>",
        relation("customXml", "../customXml/item1.xml", False) + "</Relationships>",
        whole,
    )


def more_sheets(*states, cell=None):
    def edit(book):
        for place, state in enumerate(states):
            sheet = book.create_sheet(f"Sheet{place + 2}")
            sheet.sheet_state = state
            sheet["B2"] = cell
            sheet["B3"].number_format = "0.00"

    return workbook(edit=edit)


def chart_on_a_sheet_of_its_own(book):
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book.active, min_col=2, min_row=1, max_row=3))
    book.create_chartsheet().add_chart(chart)


def picture_and_chart(book):
    chart = openpyxl.chart.LineChart()
    chart.add_data(openpyxl.chart.Reference(book.active, min_col=2, min_row=1, max_row=3))
    book.active.add_chart(chart, "F2")
    book.active["A2"].comment = openpyxl.comments.Comment("from the payroll", "HR")
    book.active.print_title_rows = "1:1"
    book.defined_names["Recruits"] = openpyxl.workbook.defined_name.DefinedName("Recruits", attr_text="Sheet!$B$2:$B$3")


SHARED = shared()
STYLES = "xl/styles.xml"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HONEST = {
    "saved from a template": declared(MAIN, MAIN.replace("sheet.main", "template.main")),
    "of the kind with macros, and without": declared(MAIN, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    "from a template of the kind with macros, and without": declared(
        MAIN, "application/vnd.ms-excel.template.macroEnabled.main+xml"
    ),
    "macros declared for an ending that no part has": declared(
        "<Override", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override'
    ),
    "macros declared for a part that is not there": declared(
        "</Types>",
        '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    ),
    "entries of ZIP64": zip_64(),
    "an archive with a comment": with_comment(),
    "what Power Query leaves, in UTF-16": mashup("utf-16"),
    "what Power Query leaves, in UTF-8": mashup("utf-8"),
    "what another program leaves, in Latin-1": mashup("iso-8859-1"),
    "what is no XML in a part that is called so": with_parts(**{"customXml/item2.xml": b"left over"}),
    "notes drawn as HTML": with_parts(**{"xl/drawings/vmlDrawing1.vml": b"<xml><div>a<br>b</div></xml>"}),
    "printer settings": with_parts(**{"xl/printerSettings/printerSettings1.bin": b"\0\1HP LaserJet"}),
    "two empty sheets": more_sheets("visible", "visible"),
    "empty sheets that nobody sees": more_sheets("hidden", "veryHidden"),
    "a sheet of blanks": more_sheets("visible", cell=" "),
    "a chart on a sheet of its own": workbook(edit=chart_on_a_sheet_of_its_own),
    "a chart, a comment, names and titles to print": workbook(edit=picture_and_chart),
    "the strict dialect": strict(SHARED),
    "the strict dialect, texts in their cells": strict(workbook()),
    "texts under a name in another case": packed(
        {name.replace("sharedStrings", "SharedStrings"): part for name, part in parts(SHARED).items()}
    ),
    "a fill without a pattern": replaced(STYLES, '<patternFill patternType="none"/>', "", SHARED),
    "a family of fonts that openpyxl does not know": replaced(
        STYLES, '<family val="2"/>', '<family val="34"/>', SHARED
    ),
    "a colour that is none": replaced(STYLES, '<color theme="1"/>', '<color rgb="red"/>', SHARED),
    "the date of its making in words": with_parts(
        **{"docProps/core.xml": b"<coreProperties><created>today</created></coreProperties>"}
    ),
    "a validation of cells that are gone": replaced(
        SHEET,
        "</sheetData>",
        '</sheetData><dataValidations count="1"><dataValidation type="list" sqref="#REF!"><formula1>"a"</formula1>'
        "</dataValidation></dataValidations>",
    ),
    "a merge of cells that are gone": replaced(
        SHEET, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="#REF!"/></mergeCells>'
    ),
    "a name of cells that are gone": replaced(
        BOOK,
        "</sheets>",
        '</sheets><definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">#REF!</definedName>'
        "</definedNames>",
        SHARED,
    ),
    "a page that lies otherwise": replaced(SHEET, "</sheetData>", '</sheetData><pageSetup orientation="sideways"/>'),
    "rich text with a font that openpyxl does not know, and how it is pronounced": replaced(
        TEXTS,
        "<si><t>2009-08</t></si>",
        '<si><r><rPr><family val="34"/></rPr><t>2009</t></r><r><t>-08</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>',
        SHARED,
    ),
    "no styles": packed({name: part for name, part in parts(SHARED).items() if name != STYLES}),
    "a size claimed that is none": replaced(SHEET, '<dimension ref="A1:C3"', '<dimension ref="A1"'),
    "no size claimed": replaced(SHEET, '<dimension ref="A1:C3" />', ""),
}


@pytest.mark.parametrize("content", HONEST.values(), ids=HONEST)
def test_what_nobody_reads_turns_no_workbook_away(content):
    assert rows(content) == AS_TEXT


def test_sheets_that_hold_something_are_named_with_those_that_are_hidden_and_empty_ones_are_not():
    def edit(book):
        book.create_sheet("Empty")
        book.create_sheet("Lists")["A1"] = "Radio"
        book["Lists"].sheet_state = "hidden"

    sentence = "the workbook has the sheets Sheet, Lists (hidden): a delivery has one, delete the others"
    assert rejected(workbook(edit=edit)) == ("sheets", sentence)

"""What stands in the cells of a workbook, and which rows of it say something."""

from datetime import date

import openpyxl
import pytest

from orchestration.audit import Delivered, files
from orchestration.raw import readers
from orchestration.raw.findings import findings
from orchestration.raw.sources.extracts import BY_NAME
from tests.deliveries import verdict
from tests.hostile import HEADER, RECRUITS, with_rows, workbook

AS_TEXT = [("2009-07", "120", "20"), ("2009-08", "100", "15")]


def read(content):
    found = readers.read(BY_NAME["officer_recruitment"], content, "xlsx")
    return found


def by_the_audit(content, *left_out):
    delivered = Delivered("any", date(2009, 8, 1), "any/2009-08.xlsx", "", frozenset(left_out))
    return [tuple(row.values()) for row in files.rows(delivered, content)]


def notes(found):
    """What a reader reports, without the name of the file."""
    sentences = findings.message(findings.combined(found.problems)).splitlines()
    return [sentence.removeprefix(" ").removeprefix(": ") for sentence in sentences]


NUMBERS = {
    "12": "12",
    "12.0": "12",
    "1.2E1": "12",
    "12.5": "12.5",
    "-0": "0",
    "-0.0": "0",
    "99.95": "99.95",
    "99.950000000000003": "99.95",  # as Excel writes what was typed as 99.95
    "1.1000000000000001": "1.1",
    "0.30000000000000004": "0.30000000000000004",
    "1E-05": "0.00001",
    "1e16": "10000000000000000",
    "9007199254740993": "9007199254740993",  # no float holds it
    "12345678901234567890": "12345678901234567890",
    "1234567890123456.78": "1234567890123456.8",  # the double that a spreadsheet has of it
    "1e999999": "inf",
    "": "",
}


@pytest.mark.parametrize("raw, text", NUMBERS.items())
def test_a_number_of_a_sheet_is_what_was_typed(raw, text):
    found = read(with_rows(f'<row r="4"><c r="A4" t="str"><v>2009-09</v></c><c r="B4"><v>{raw}</v></c></row>'))
    assert found.rows["recruits"][-1] == text


def formatted(value, number_format, **options):
    def edit(book):
        book.active["B2"], book.active["B2"].number_format = value, number_format
        if options:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    return read(workbook(edit=edit)).rows["recruits"][0]


DAYS = {
    1: "1900-01",
    32: "1900-02",
    59: "1900-02-28 00:00:00",
    61: "1900-03",
    40026: "2009-08",
    40027: "2009-08-02 00:00:00",
}


@pytest.mark.parametrize("number, text", DAYS.items())
def test_a_day_counts_from_1900_as_spreadsheets_count(number, text):
    assert formatted(number, "yyyy-mm-dd") == text


def test_a_day_counts_from_1904_where_the_workbook_does():
    assert formatted(40026 - 1462, "yyyy-mm-dd", since_1904=True) == "2009-08"


FORMATS = {
    "General": "40026",
    "#,##0.00": "40026",
    '0" days"': "40026",
    '0.0,,"m"': "40026",
    "0\\d": "40026",
    "[Red]-0": "40026",
    "0.0%": "4002600%",
    '0"%"': "40026",
    "yyyy-mm": "2009-08",
    "[$-409]d-mmm": "2009-08",
    '[$-809]mmmm" "yyyy;@': "2009-08",
}


@pytest.mark.parametrize("code, text", FORMATS.items())
def test_a_number_format_says_what_a_number_is(code, text):
    assert formatted(40026, code) == text


def test_the_audit_shows_dates_and_percentages_as_the_reader_does():
    def edit(book):
        for place, code in enumerate(["mmm-yy", "0.00%", '0.0,,"m"'], start=1):
            book.active.cell(2, place).number_format = code

    content = workbook([HEADER, [40026, 0.9995, 15]], edit)
    assert read(content).rows.drop("file_line").rows() == by_the_audit(content) == [("2009-08", "99.95%", "15")]


JULY, AUGUST = RECRUITS[1:]
FORMATTED_ROW = '<row r="4" s="1" customFormat="1"/><row r="5"><c r="A5"/><c r="B5"/></row>'
LAST_ROW = '<row r="6"><c r="A6" t="str"><v>2009-09</v></c><c r="B6"><v>1</v></c><c r="C6"><v>1</v></c></row>'
SAYING_NOTHING = {
    "an empty row before a footnote": (
        workbook([*RECRUITS, [], ["* provisional, subject to revision"]]),
        AS_TEXT,
        [
            "1 empty row is left out",
            "line 5, column month: '* provisional, subject to revision' is a footnote and left out",
        ],
    ),
    "several footnotes": (
        workbook([*RECRUITS, [], ["Source: HR"], ["(c) 2009"], [], ["Printed 1 September"]]),
        AS_TEXT,
        [
            "2 empty rows are left out",
            "line 5, column month: 'Source: HR' is a footnote and left out",
            "line 6, column month: '(c) 2009' is a footnote and left out",
            "line 8, column month: 'Printed 1 September' is a footnote and left out",
        ],
    ),
    "rows between": (workbook([HEADER, JULY, [], [None, None], AUGUST]), AS_TEXT, ["2 empty rows are left out"]),
    "a row under the header": (workbook([HEADER, [], JULY, AUGUST]), AS_TEXT, ["1 empty row is left out"]),
    "rows above the header": (workbook([[], [None], HEADER, JULY, AUGUST]), AS_TEXT, ["2 empty rows are left out"]),
    "rows of blanks": (
        workbook([HEADER, JULY, [" ", "\xa0"], AUGUST, ["", " "]]),
        AS_TEXT,
        ["2 empty rows are left out"],
    ),
    "rows with nothing but formats": (
        with_rows(FORMATTED_ROW + LAST_ROW),
        [*AS_TEXT, ("2009-09", "1", "1")],
        ["2 empty rows are left out"],
    ),
    "rows that are not written at all": (
        with_rows(LAST_ROW),
        [*AS_TEXT, ("2009-09", "1", "1")],
        ["2 empty rows are left out"],
    ),
    "formats below the last row are no rows": (with_rows(FORMATTED_ROW + '<row r="1048576"/>'), AS_TEXT, []),
}


@pytest.mark.parametrize(("content", "expected", "reported"), SAYING_NOTHING.values(), ids=SAYING_NOTHING)
def test_rows_that_say_nothing_are_left_out_and_counted(content, expected, reported):
    found = read(content)
    assert found.rows.drop("file_line").rows() == expected
    assert notes(found) == reported
    assert found.rows_in == found.rows.height + found.left_out
    assert by_the_audit(content) == expected


def test_a_delivery_with_empty_rows_and_a_footnote_is_valid_and_says_so():
    judged = verdict(workbook([HEADER, [], AUGUST, [], ["Source: HR"]]), "officer_recruitment", "2009-08", "xlsx")
    assert (judged.status, judged.rows_in, judged.rows.height, judged.left_out) == ("valid", 4, 1, 3)
    assert judged.notes["code"].to_list() == ["empty_rows", "footnote"]


def test_a_figure_in_a_row_that_is_empty_but_for_it_is_not_left_out():
    judged = verdict(workbook([*RECRUITS, [], [None, 7]]), "officer_recruitment", "2009-08", "xlsx")
    assert (judged.status, judged.rows_in, judged.left_out) == ("quarantined", 4, 1)
    assert set(judged.problems["line"]) == {5}


def test_text_beside_the_columns_is_no_empty_row():
    found = read(workbook([*RECRUITS, [None, None, None, "checked"]]))
    (problem,) = findings.combined(found.problems).iter_rows(named=True)
    assert (problem["line"], problem["code"], found.rows.height, found.left_out) == (4, "beside_columns", 3, 0)


def test_lines_are_counted_as_the_sheet_counts_them():
    content = workbook([[], HEADER, [], JULY, [], ["2009-08", "=1+1", 15]])
    found = read(content)
    assert found.rows.rows() == [(4, "2009-07", "120", "20"), (6, "2009-08", None, "15")]
    assert [month for month, *_ in by_the_audit(content, 6)] == ["2009-07"]

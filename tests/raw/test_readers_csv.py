"""Honest CSV files, whatever wrote them: rows that say nothing are left out, and names are read as they are meant."""

import dataclasses
import io

import polars as pl
import pytest

from orchestration.raw.checks import validation
from orchestration.raw.findings import findings
from orchestration.raw.readers import csv_records, final_line
from tests.deliveries import encoded, lines, month, verdict
from tests.hostile import workbook

CLASS_A = [
    "month,drug,sanction_detections",
    "2009-08,cocaine,69",
    "2009-08,crack,78",
    "2009-08,heroin,66",
    "2009-08,ecstasy,5",
    "2009-08,other_class_a,4",
]
HEADER, *ROWS = CLASS_A
SAMPLES = {
    "class_a_trafficking": ("2009-08", CLASS_A),
    "weapon_enabled_crime": ("2008-12", lines("weapon_enabled_crime", "2008-11", "2008-12")),
    "domestic_violence": ("2007-05", lines("domestic_violence", "2007-05")),
    "asset_recovery": ("2009-03", lines("asset_recovery", "2009-03")),
}
CLASS_A_FILE = "class_a_trafficking/2009-08.csv"


def read(content, name="class_a_trafficking", delivered_for="2009-08"):
    """What validation finds, with every row of the file accounted for."""
    found = verdict(content, name=name, delivered_for=delivered_for)
    if found.status != "rejected":
        assert found.rows_in == found.rows.height + found.cells.height + found.left_out
    return found


def valid(content, name="class_a_trafficking", delivered_for="2009-08"):
    found = read(content, name, delivered_for)
    assert (found.status, findings.message(found.problems)) == ("valid", "")
    return found


def notes(found):
    return [sentence.removeprefix(found.delivery.file).lstrip(": ") for sentence in findings.sentences(found.notes)]


def problem(content, name="class_a_trafficking", delivered_for="2009-08"):
    """The status of a delivery and the one thing that is wrong with it."""
    found = read(content, name, delivered_for)
    (sentence,) = findings.sentences(found.problems)
    return found.status, sentence.removeprefix(found.delivery.file).lstrip(": ")


# rows that say nothing


EMPTY_ROWS = {
    "a blank last line": (lambda text: [*text, ""], 1),
    "blank last lines": (lambda text: [*text, "", "", ""], 3),
    "a blank line under the header": (lambda text: [text[0], "", *text[1:]], 1),
    "a blank line above the header": (lambda text: ["", *text], 1),
    "a blank line between rows": (lambda text: [*text[:3], "", *text[3:]], 1),
    "as many commas as the header": (lambda text: [*text[:3], "," * text[0].count(","), *text[3:]], 1),
    "more and fewer commas": (lambda text: [*text[:2], ",", *text[2:], "," * 12, ","], 3),
    "blanks and commas": (lambda text: [*text, " ", "  , ,", " \u00a0,"], 3),
    "quotation marks with nothing in them": (lambda text: [*text[:2], '"",""', *text[2:], '" ",,""'], 2),
    "all over": (lambda text: ["", ",,", *(each for line in text for each in (line, " ")), ",,,"], None),
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(("change", "number"), EMPTY_ROWS.values(), ids=EMPTY_ROWS)
def test_empty_rows_are_left_out_and_counted_in_one_note(name, change, number):
    delivered_for, text = SAMPLES[name]
    number = number or len(text) + 3
    sound, found = valid(text, name, delivered_for), valid(change(text), name, delivered_for)
    assert found.rows.drop("file_line").equals(sound.rows.drop("file_line"))
    assert (found.left_out, found.rows_in) == (number, sound.rows_in + number)
    assert notes(found) == ["1 empty row is left out" if number == 1 else f"{number:,} empty rows are left out"]
    # each row keeps the line on which it stands
    written = change(text)
    assert [written[line - 1] for line in found.rows["file_line"]] == text[1:]


@pytest.mark.parametrize(("change", "number"), EMPTY_ROWS.values(), ids=EMPTY_ROWS)
def test_empty_rows_are_the_same_in_a_file_with_windows_line_ends(change, number):
    expected = valid(change(CLASS_A))
    found = valid("".join(f"{line}\r\n" for line in change(CLASS_A)).encode())
    assert (found.left_out, notes(found)) == (expected.left_out, notes(expected))
    assert found.rows.equals(expected.rows)


FOOTNOTES = {
    "a line of text": ["", "Source: CRIS"],
    "a line as wide as the header": [",,", "Source: CRIS,,"],
    "a line of another width": [",,", "Source: CRIS,"],
    "several lines": ["", "Source: CRIS", "* Figures are provisional.", "1) See the covering report."],
    "lines apart": ["", "Source: CRIS", "", "", "Provisional,,", ""],
    "in quotation marks": ["", '"Source: CRIS, by ""month"""'],
    "in quotation marks, on two lines": ["", '"Provisional, and', 'subject to change",,'],
    "below a line of dashes": ["", "-----", "Performance desk"],
    "a mail's signature": ["", "-- ", "Performance desk", "Tel. 020 7946 0000"],
    "figures in a sentence": [" ", "Extracted on 01/09/2009 at 07:00"],
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("below", FOOTNOTES.values(), ids=FOOTNOTES)
def test_a_footnote_below_an_empty_row_is_left_out_with_a_note_that_quotes_it(name, below):
    delivered_for, text = SAMPLES[name]
    found = valid([*text, *below], name, delivered_for)
    assert found.rows.equals(valid(text, name, delivered_for).rows)
    assert set(found.notes["code"]) == {"empty_rows", "footnote"}
    quoted = " ".join(sentence for sentence in notes(found) if "footnote" in sentence)
    for words in ("Source: CRIS", "Provisional", "Performance desk", "Extracted on 01/09/2009"):
        assert (words in quoted) == any(words in line for line in below)


NO_FOOTNOTES = {
    "text right below the rows": [*CLASS_A, "Source: CRIS"],
    "a month": [*CLASS_A, "", "2009-08"],
    "a number": [*CLASS_A, "", "291,,"],
    "text with something beside it": [*CLASS_A, "", "Total,,222"],
    "text in another cell": [*CLASS_A, "", ",Total,"],
    "text with a row below it": [*CLASS_A[:3], "", "Class A only", *CLASS_A[3:]],
    "a known word, cut off after it": [
        "drug,month,sanction_detections",
        *(f"{drug},2009-08,4" for drug in ("cocaine", "crack", "heroin", "ecstasy")),
        "",
        "other_class_a",
    ],
}


@pytest.mark.parametrize("content", NO_FOOTNOTES.values(), ids=NO_FOOTNOTES)
def test_what_is_not_text_alone_at_the_end_is_no_footnote(content):
    found = read(content)
    assert found.status == "quarantined"
    assert "footnote" not in set(found.notes["code"])


def test_a_row_that_was_cut_off_before_a_footnote_is_still_found_missing():
    found = read([*CLASS_A[:-1], "", "Source: CRIS"])
    assert found.status == "quarantined"
    assert found.problems["code"].to_list() == ["keys_missing"]


def test_a_file_of_nothing_but_a_header_and_empty_rows_has_no_rows():
    assert problem([HEADER, "", ",,"]) == (
        "rejected",
        "the file has a header and no rows: send it again with its rows",
    )


# names and columns


HEADERS = {
    "in capitals": "MONTH,DRUG,SANCTION_DETECTIONS",
    "as titles": "Month,Drug,Sanction Detections",
    "with blanks around": " month ,drug  , sanction_detections",
    "with hyphens": "month,drug,sanction-detections",
    "with dots, as R writes them": "month,drug,sanction.detections",
    "with blanks that do not break": "month,drug\u00a0,sanction\u00a0detections",
    "with a line break": 'month,drug,"Sanction\ndetections"',
    "with a line break of Windows": 'month,drug,"Sanction\r\ndetections"',
    "in quotation marks": '"Month","Drug","Sanction detections"',
    "behind a byte order mark": "\ufeffMonth,drug,sanction_detections",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_case_and_blanks_of_a_header_do_not_matter(header):
    found = valid([header, *ROWS])
    assert found.rows.drop("file_line").equals(valid(CLASS_A).rows.drop("file_line"))
    assert found.rows["file_line"].to_list() == [line + header.count("\n") for line in range(2, 7)]
    assert notes(found) == []


DOUBTFUL_HEADERS = {
    "a letter of another alphabet": (
        "mоnth,drug,sanction_detections",
        "column month is missing (it is written 'mоnth'",
    ),
    "a column under two names": (
        "month,Month,drug,sanction_detections",
        "column month stands twice: the header must be month, drug, sanction_detections",
    ),
    "a column without its name": ("month,drug,", "column sanction_detections is missing: the header must be month"),
    "another name": (
        "month,drug,detections",
        "column sanction_detections is missing, and column 'detections' is none of this extract's: the header must be",
    ),
}


@pytest.mark.parametrize(("header", "sentence"), DOUBTFUL_HEADERS.values(), ids=DOUBTFUL_HEADERS)
def test_a_header_that_leaves_a_doubt_is_rejected_in_one_sentence(header, sentence):
    rows = [",".join([*row.split(","), "1"][: header.count(",") + 1]) for row in ROWS]
    status, said = problem([header, *rows])
    assert status == "rejected"
    assert said.startswith(f"line 1: {sentence}")


COLUMNS = {
    "without a name, at the right": ([f"{line},," for line in CLASS_A], "2 columns without a name are"),
    "without a name, of blanks": ([f"{HEADER}, ", *(f"{row},  " for row in ROWS)], "1 column without a name is"),
    "without a name, in the header only": ([f"{HEADER},,", *ROWS], "2 columns without a name are"),
    "without a name, in some rows": ([f"{HEADER},,", f"{ROWS[0]},,", *ROWS[1:]], "2 columns without a name are"),
    "without a name, in the middle": ([line.replace(",", ",,", 1) for line in CLASS_A], "1 column without a name is"),
    "without a name, at the left": ([f",{line}" for line in CLASS_A], "1 column without a name is"),
    "nobody knows": ([f"{HEADER},Remarks", *(f"{row}," for row in ROWS)], "column 'Remarks' is"),
    "nobody knows, with blanks": ([f"Remarks,{HEADER}", *(f" ,{row}" for row in ROWS)], "column 'Remarks' is"),
    "nobody knows, and one without a name": (
        [f"{HEADER},Remarks,,Source", *(f"{row},,," for row in ROWS)],
        "1 column without a name and columns 'Remarks' and 'Source' are",
    ),
}


@pytest.mark.parametrize(("content", "which"), COLUMNS.values(), ids=COLUMNS)
def test_an_empty_column_is_left_out_with_a_note(content, which):
    found = valid(content)
    assert found.rows.equals(valid(CLASS_A).rows)
    assert notes(found) == [f"line 1: {which} empty and left out"]


def test_empty_cells_to_the_right_of_all_columns_do_not_matter():
    assert valid([HEADER, *(f"{row}," for row in ROWS)]).rows.equals(valid(CLASS_A).rows)
    assert valid([HEADER, f'{ROWS[0]},"", ,', *ROWS[1:]]).rows.equals(valid(CLASS_A).rows)


FILLED = {
    "one": ([f"{HEADER},note", *(f"{row},x" for row in ROWS)], "column 'note' is none of this extract's"),
    "one, in a single row": (
        [f"{HEADER},note", *(f"{row}," for row in ROWS[:-1]), f"{ROWS[-1]},x"],
        "column 'note' is none of this extract's",
    ),
    "two": (
        [f"by,{HEADER},note", *(f"me,{row},x" for row in ROWS)],
        "columns 'by' and 'note' are none of this extract's",
    ),
    "without a name": ([f"{HEADER},", *(f"{row},x" for row in ROWS)], "a column without a name has cells in it"),
    "an index without a name": (
        [f",{HEADER}", *(f"{place},{row}" for place, row in enumerate(ROWS))],
        "a column without a name has cells in it",
    ),
    "both": (
        [f"{HEADER},,note", *(f"{row},x,y" for row in ROWS)],
        "column 'note' is none of this extract's, and a column without a name has cells in it",
    ),
    "many": (
        [",".join([HEADER, *(f"x{place}" for place in range(30))]), *(row + ",1" * 30 for row in ROWS)],
        "columns 'x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7' and 22 more are none of this extract's",
    ),
}


@pytest.mark.parametrize(("content", "which"), FILLED.values(), ids=FILLED)
def test_columns_that_the_contract_does_not_know_are_named_in_one_sentence(content, which):
    expected = (
        "rejected",
        f"line 1: {which}: the header must be month, drug, sanction_detections; take out what is not among them",
    )
    assert problem(content) == expected


def test_a_header_of_hundreds_of_names_is_rejected_before_its_rows_are_cut():
    content = [",".join([HEADER, *(f"x{place}" for place in range(5000))]), *(row + ",1" * 5000 for row in ROWS)]
    assert problem(content)[1].startswith("line 1: the header has 5,003 columns, as many as no extract has")


# separators


SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ":": "colons", "^": "carets", "~": "tildes", " ": "blanks"}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(("sign", "called"), SEPARATORS.items(), ids=SEPARATORS.values())
def test_another_separator_is_named_in_one_sentence(name, sign, called):
    delivered_for, text = SAMPLES[name]
    expected = (
        "rejected",
        f"line 1: the columns are separated by {called}: save the file with commas between them",
    )
    separated = [line.replace(",", sign) for line in text]
    assert problem(separated, name, delivered_for) == expected
    quoted = [sign.join(f'"{cell}"' for cell in line.split(",")) for line in text]
    assert problem(quoted, name, delivered_for) == expected


WITH_ANOTHER = {
    "decimal commas": [
        "month;step;cases;value_gbp",
        *(f"2009-03;{step};3;12,50" for step in ("restraint", "cash_seizure")),
    ],
    "names in another case": ["Month\tStep\tCases\tValue GBP", "2009-03\trestraint\t3\t12.5"],
    "names that nobody knows": ["Monat;Schritt;Anzahl;Wert", "2009-03;restraint;3;12,5"],
    "a byte order mark": ["\ufeffmonth\tstep\tcases\tvalue_gbp", "2009-03\trestraint\t3\t12.5"],
    "blank lines above": ["", "", "month;step;cases;value_gbp", "2009-03;restraint;3;12.5"],
    "Latin-1": "month;step;cases;value_gbp\n2009-03;Rückführung;3;12,5\n".encode("latin-1"),
}


@pytest.mark.parametrize("content", WITH_ANOTHER.values(), ids=WITH_ANOTHER)
def test_another_separator_is_the_first_thing_to_be_told_of_a_file(content):
    status, said = problem(content, "asset_recovery", "2009-03")
    assert status == "rejected"
    assert "the columns are separated by" in said


DECLARED = {"semicolons": "sep=;", "tabs": "sep=\\t", "bars": '"sep=|"', "the sign $": "SEP=$"}


@pytest.mark.parametrize(("called", "first"), DECLARED.items())
def test_a_line_that_declares_another_separator_is_named(called, first):
    sign = first.strip('"')[4:].replace("\\t", "\t")
    content = [first, *(line.replace(",", sign) for line in CLASS_A)]
    assert problem(content) == (
        "rejected",
        f"line 1: the columns are separated by {called}: save the file with commas between them",
    )


@pytest.mark.parametrize("first", ["sep=,", "SEP=,", '"sep=,"', '"sep=,",,', "sep=,,,"])
def test_a_line_that_declares_commas_is_left_out_with_a_note(first):
    found = valid([first, *CLASS_A])
    assert found.rows["file_line"].to_list() == [3, 4, 5, 6, 7]
    assert notes(found) == ["line 1: left out: the line only declares that commas separate the columns"]


def test_a_tab_within_a_file_of_commas_is_still_a_control_character():
    content = [*CLASS_A[:2], '2009-08,"cra\tck",78', *CLASS_A[3:]]
    assert problem(content) == ("rejected", "line 3: the line has a tab in it: take it out")


# line breaks in cells


def comments(*texts):
    known = ("1a", "1b", "2a", "2b", "2c")
    return ["line,comment", *(f'{line},"{text}"' for line, text in zip(known, texts, strict=False))]


BROKEN = {
    "a line feed": "Down\nmarginally.",
    "a line end of Windows": "Down\r\nmarginally.",
    "blanks around it": "Down  \n marginally.",
    "several": "Down\n\n\r\nmarginally.",
    "one at the end": "Down marginally.\n",
    "one at the beginning": "\nDown marginally.",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_line_break_in_a_comment_is_a_blank(text):
    content = "\n".join([*comments(text, "Fine."), ""]).encode()
    whole = valid(content, "commentary")
    assert whole.rows["comment"].to_list() == ["Down marginally.", "Fine."]
    assert whole.rows["file_line"].to_list() == [2, 3 + text.count("\n")]
    assert whole.rows_in == 2


def test_a_quoted_cell_on_several_lines_may_hold_what_looks_like_rows():
    text = 'See below:\nline,""Fine.""\n\nline,none'
    found = valid(comments(text, "Fine."), "commentary")
    assert found.rows["comment"].to_list() == ['See below: line,"Fine." line,none', "Fine."]


def test_a_line_break_in_another_cell_is_a_problem_of_that_cell():
    found = read([*CLASS_A[:2], '2009-08,"cra\nck",78', '2009-08,heroin,"6\n6"', *CLASS_A[4:]])
    said = [sentence.removeprefix(f"{CLASS_A_FILE} ") for sentence in findings.sentences(found.problems)]
    assert said[:2] == [
        "line 3, column drug: 'cra<U+000A>ck' is not a known drug: its character 4 is a line break, "
        "which does not belong there: did you mean 'crack'?",
        "line 5, column sanction_detections: '6<U+000A>6' is not a whole number of 0 or more: "
        "its character 2 is a line break, which does not belong there",
    ]
    assert found.rows["file_line"].to_list() == [2, 7, 8]


OPEN = {
    "never closed": ([*CLASS_A[:2], '2009-08,"crack,78', *CLASS_A[3:]], [3]),
    "two, each closed by the other to no record": (
        [*CLASS_A[:2], '2009-08,"crack,78', CLASS_A[3], '2009-08,"ecstasy,5', CLASS_A[5]],
        [3, 5],
    ),
    "three": (
        [CLASS_A[0], '2009-08,"cocaine,69', '2009-08,"crack,78', '2009-08,"heroin,66', *CLASS_A[4:]],
        [2, 3, 4],
    ),
}


@pytest.mark.parametrize(("content", "broken"), OPEN.values(), ids=OPEN)
def test_a_quotation_mark_out_of_place_costs_its_line_and_no_other(content, broken):
    found = read(content)
    assert found.rows["file_line"].to_list() == [line for line in range(2, 7) if line not in broken]
    assert found.problems.filter(code="quotation")["line"].to_list() == broken


def test_a_quotation_mark_that_is_never_closed_is_not_looked_for_to_the_end_of_a_large_file(monkeypatch):
    monkeypatch.setattr(csv_records, "LONGEST", 50)
    content = [*CLASS_A[:2], '2009-08,"crack,78', *CLASS_A[3:], '2009-08,other",4']
    found = read(content)
    assert found.problems.filter(code="quotation")["line"].to_list() == [3, 7]


# the end of the file


def test_a_file_without_a_final_line_end_counts_with_a_note():
    found = valid("\n".join(CLASS_A).encode())
    assert found.rows.equals(valid(CLASS_A).rows)
    assert notes(found) == ["line 6: the last line has no line end, but is complete: it counts"]


AMOUNTS = [
    "month,step,cases,value_gbp",
    "2009-03,restraint,3,12.50",
    "2009-03,cash_seizure,3,7",
    "2009-03,cash_forfeiture_order,3,12.5",
]
ENDS = {
    "a number": ("class_a_trafficking", "2009-08", CLASS_A),
    "a number of another extract": ("weapon_enabled_crime", *SAMPLES["weapon_enabled_crime"]),
    "half of a line end": ("class_a_trafficking", "2009-08", "\r\n".join([*CLASS_A, ""]).encode()),
    "quotation marks": ("class_a_trafficking", "2009-08", [*CLASS_A[:-1], '2009-08,"other_class_a","4"']),
    "an empty column": ("class_a_trafficking", "2009-08", [f"{line}," for line in CLASS_A]),
    "an empty column with a name": ("class_a_trafficking", "2009-08", [f"{HEADER},note", *(f"{r}," for r in ROWS)]),
    "an empty row": ("class_a_trafficking", "2009-08", [*CLASS_A, ",,"]),
    "a footnote": ("class_a_trafficking", "2009-08", [*CLASS_A, "", "Source: CRI"]),
    "a word": (
        "class_a_trafficking",
        "2009-08",
        [",".join(line.split(",")[::2] + line.split(",")[1:2]) for line in CLASS_A],
    ),
    "a month": ("class_a_trafficking", "2009-08", [",".join(reversed(line.split(","))) for line in CLASS_A]),
    "a sentence": ("commentary", "2009-08", ["line,comment", "1a,Up by {change}.", "1b,Down (by {change})."]),
    "an amount with all its decimals": ("asset_recovery", "2009-03", [*AMOUNTS, "2009-03,confiscation_order,3,1.25"]),
}


@pytest.mark.parametrize(("name", "delivered_for", "content"), ENDS.values(), ids=ENDS)
def test_a_last_row_with_all_that_it_needs_counts_without_a_line_end(name, delivered_for, content):
    content = encoded(content)[:-1]
    whole = valid(content, name, delivered_for)
    assert whole.rows.equals(valid(content + b"\n", name, delivered_for).rows)
    assert whole.notes["code"].to_list().count("no_final_line_end") == 1


CUT = {
    "in the middle of a cell": ("class_a_trafficking", "2009-08", [*CLASS_A[:-1], "2009-08,other_cl"]),
    "behind a comma": ("class_a_trafficking", "2009-08", [*CLASS_A[:-1], "2009-08,other_class_a,"]),
    "within quotation marks": ("class_a_trafficking", "2009-08", [*CLASS_A[:-1], '2009-08,"other_cla']),
    "after a month alone": ("class_a_trafficking", "2009-08", [*CLASS_A, "", "2009-08"]),
    "in the middle of a sentence": ("commentary", "2009-08", ["line,comment", "1a,Up by {change}.", "1b,Down by"]),
    "in the middle of a word": ("commentary", "2009-08", ["comment,line", "Fine.,1a", "Fine.,3a"]),
    "before the decimals": ("asset_recovery", "2009-03", [*AMOUNTS, "2009-03,confiscation_order,3,1234"]),
    "within the decimals": ("asset_recovery", "2009-03", [*AMOUNTS, "2009-03,confiscation_order,3,1234.5"]),
    "behind the decimal point": ("asset_recovery", "2009-03", [*AMOUNTS, "2009-03,confiscation_order,3,1234."]),
}


@pytest.mark.parametrize(("name", "delivered_for", "content"), CUT.values(), ids=CUT)
def test_a_file_that_may_have_been_cut_off_is_quarantined_with_that_as_the_first_reason(name, delivered_for, content):
    content = encoded(content)[:-1]
    found = read(content, name, delivered_for)
    assert found.status == "quarantined"
    assert found.problems["code"][0] == "cut_off"
    assert findings.SCOPES["cut_off"] == "whole_doubt"  # a person may vouch for it
    assert "send it again, or accept it if it is whole" in findings.sentences(found.problems)[0]


@pytest.mark.parametrize(("name", "delivered_for", "content"), CUT.values(), ids=CUT)
def test_a_manifest_settles_whether_a_file_was_cut_off(name, delivered_for, content):
    source = verdict(encoded(content)[:-1], name, delivered_for).delivery
    (found,) = validation.check(source.extract, [dataclasses.replace(source, confirmed=True)])
    assert "cut_off" not in set(found.problems["code"])
    assert any("a manifest confirms that it is whole" in sentence for sentence in findings.sentences(found.notes))


def compared(content, before, name="class_a_trafficking", delivered_for="2009-08"):
    """The doubt about the last number of a file, once it is held against the delivery before."""
    now = valid(encoded(content)[:-1], name, delivered_for)
    was = None if before is None else verdict(before, name=name, delivered_for="2009-07").rows
    return findings.sentences(final_line.doubt(now.delivery.extract, now.rows, now.notes, was))


def of_july(content):
    return [line.replace("2009-08", "2009-07") for line in content]


@pytest.mark.parametrize("known", [3, 4, 9, 12])
def test_a_last_number_that_is_near_to_the_one_known_last_is_whole(known):
    assert compared(CLASS_A, of_july([*CLASS_A[:-1], f"2009-08,other_class_a,{known}"])) == []


@pytest.mark.parametrize("known", [13, 41, 400])
def test_a_last_number_that_would_be_nearer_to_the_one_known_last_with_a_digit_more_is_in_doubt(known):
    assert compared(CLASS_A, of_july([*CLASS_A[:-1], f"2009-08,other_class_a,{known}"])) == [
        f"{CLASS_A_FILE}: line 6, the last, has no line end, and ends with sanction_detections 4, where {known} was "
        "known last: the file may have been cut off while it was written: send it again, or accept it if it is whole"
    ]


def test_a_last_number_is_compared_with_the_same_month_before_any_other():
    restated = [*CLASS_A, *of_july(ROWS)]
    assert compared(restated, [*of_july(CLASS_A[:-1]), "2009-07,other_class_a,5"]) == []
    assert len(compared(restated, [*of_july(CLASS_A[:-1]), "2009-07,other_class_a,50"])) == 1


def test_a_first_delivery_is_compared_with_its_own_months_and_then_with_its_other_numbers():
    earlier = [*of_july(CLASS_A[:-1]), "2009-07,other_class_a,45", *ROWS]
    assert "where 45 was known last" in compared(earlier, None)[0]
    assert compared(CLASS_A, None) == []  # another drug has one digit as well
    tens = [*CLASS_A[:4], "2009-08,ecstasy,50", "2009-08,other_class_a,4"]
    assert "while no other number of its kind in the file is as short" in compared(tens, None)[0]


def test_a_single_number_of_which_nothing_is_known_is_in_doubt():
    content = ["month,networks_disrupted", "2009-08,3"]
    assert len(compared(content, None, "criminal_networks")) == 1
    assert compared(content, ["month,networks_disrupted", "2009-07,4"], "criminal_networks") == []
    assert len(compared(content, ["month,networks_disrupted", "2009-07,31"], "criminal_networks")) == 1


@pytest.mark.parametrize("last", ['"4"', "0", "4,"])
def test_a_last_number_that_no_digit_can_follow_is_not_compared(last):
    content = [*CLASS_A[:-1], f"2009-08,other_class_a,{last}"]
    assert compared(content, of_july([*CLASS_A[:-1], "2009-08,other_class_a,400"])) == []


def test_a_file_cut_at_any_byte_counts_only_where_its_last_number_is_plausible():
    whole = encoded(CLASS_A)
    july = valid(of_july(CLASS_A), delivered_for="2009-07").rows
    for size in range(1, len(whole) - 1):
        found = read(whole[:size])
        if found.status == "valid":
            doubt = final_line.doubt(found.delivery.extract, found.rows, found.notes, july)
            assert doubt.height or whole[size : size + 1] == b"\n", whole[:size]


# the other formats share the rules of the header


def test_a_workbook_s_header_may_be_in_another_case_with_empty_columns_beside_it():
    rows = [["Month", " Recruits", "Minority ethnic recruits", "Notes"], ["2009-08", 100, 15]]
    found = verdict(workbook(rows), name="officer_recruitment", suffix="xlsx")
    assert (found.status, found.rows.rows()) == ("valid", [(2, month("2009-08"), 100, 15)])
    assert notes(found) == ["line 1: column 'Notes' is empty and left out"]


def test_a_workbook_with_a_column_nobody_knows_is_rejected_in_one_sentence():
    rows = [["month", "recruits", "minority_ethnic_recruits", "by", "note"], ["2009-08", 100, 15, "me", 1]]
    found = verdict(workbook(rows), name="officer_recruitment", suffix="xlsx")
    assert found.status == "rejected"
    (sentence,) = findings.sentences(found.problems)
    assert "line 1: columns 'by' and 'note' are none of this extract's: the header must be month," in sentence


def crimes(**columns):
    text = lines("recorded_crime", "2007-02")
    frame = pl.DataFrame([line.split(",") for line in text[1:]], schema=text[0].split(","), orient="row")
    saved = io.BytesIO()
    named = {name: name.title().replace("_", " ") for name in frame.columns}
    frame.rename(named).with_columns(**columns).write_parquet(saved)
    return verdict(saved.getvalue(), name="recorded_crime", delivered_for="2007-02", suffix="parquet")


@pytest.mark.parametrize("empty", [None, pl.lit(None, pl.String), pl.lit(""), pl.lit(None, pl.Float64)])
def test_a_parquet_header_may_be_in_another_case_with_empty_columns_beside_it(empty):
    found = crimes(remark=empty)
    assert (found.status, found.rows.height) == ("valid", 32 * 8)
    assert notes(found) == ["line 1: column 'remark' is empty and left out"]


@pytest.mark.parametrize("filled", [pl.lit(1), pl.lit("x"), pl.lit(True), pl.int_range(pl.len())])
def test_a_parquet_column_nobody_knows_is_rejected_in_one_sentence(filled):
    found = crimes(__index_level_0__=filled)
    (sentence,) = findings.sentences(found.problems)
    assert (found.status, "column '__index_level_0__' is none of this extract's" in sentence) == ("rejected", True)

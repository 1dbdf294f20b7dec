import io
from decimal import Decimal

import polars as pl
import pytest

from orchestration.raw.findings import findings
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.extracts import BY_NAME
from tests.deliveries import encoded, lines, month, verdict
from tests.hostile import workbook

FILE = "weapon_enabled_crime/2009-08.csv"


def loaded(content, **delivery):
    """The rows of a sound delivery."""
    said = verdict(content, **delivery)
    assert (said.status, findings.message(said.problems)) == ("valid", "")
    assert said.rows_in == said.rows.height + said.left_out
    return said.rows


def refusal(content, **delivery):
    """What is said of a delivery that does not get in."""
    said = verdict(content, **delivery)
    assert said.status != "valid"
    assert said.problems.height
    if said.status == "quarantined":  # every row is accounted for
        assert said.rows_in == said.rows.height + said.cells.height + said.left_out
    return findings.message(said.problems)


def sound():
    return lines("weapon_enabled_crime", "2009-08")


def edited(line, old, new):
    """A sound file with one line changed (lines count from 1, as in an editor)."""
    content = sound()
    assert old in content[line - 1]
    content[line - 1] = content[line - 1].replace(old, new)
    return content


def without(*gone):
    return [text for number, text in enumerate(sound(), start=1) if number not in gone]


def test_a_sound_file_becomes_typed_rows_that_know_their_line():
    rows = loaded(sound())
    assert rows.height == 32 * 7
    assert rows.schema == {
        "file_line": pl.Int64,
        "month": pl.Date,
        "borough": pl.Categorical(),
        "weapon": pl.Categorical(),
        "offences": pl.Int64,
    }
    assert rows.row(0) == (2, month("2009-08"), "Barking and Dagenham", "handgun", 10)
    assert rows["file_line"].to_list() == list(range(2, 32 * 7 + 2))


DAMAGED = {
    "an empty file": (b"", f"{FILE}: the file is empty"),
    "a file of blanks": (b" \n\n", f"{FILE}: the file is empty"),
    "a header without rows": (sound()[:1], f"{FILE}: the file has a header and no rows"),
    "no header": (sound()[1:], f"{FILE} line 1: the first line is no header of this extract: the header must be month"),
    "a missing column": (
        [text.rsplit(",", 1)[0] for text in sound()],
        f"{FILE} line 1: column offences is missing: the header must be month, borough, weapon, offences",
    ),
    "a column too many": (
        [text + ",x" for text in sound()],
        f"{FILE} line 1: column 'x' is none of this extract's: the header must be",
    ),
    "a column twice": (
        [text + "," + text.rsplit(",", 1)[1] for text in sound()],
        f"{FILE} line 1: column offences stands twice",
    ),
    "a column in look-alike letters": (
        edited(1, "offences", "\u043effences"),
        f"{FILE} line 1: column offences is missing (it is written '\u043effences': its letter 1 is U+043E CYRILLIC",
    ),
    "a column without a name": (edited(1, "offences", ""), f"{FILE} line 1: column offences is missing: the header"),
    "semicolons": (
        [text.replace(",", ";") for text in sound()],
        f"{FILE} line 1: the columns are separated by semicolons: save the file with commas between them",
    ),
    "bars": ([text.replace(",", "|") for text in sound()], f"{FILE} line 1: the columns are separated by bars"),
    "tabs": ([text.replace(",", "\t") for text in sound()], f"{FILE} line 1: the columns are separated by tabs: save"),
    "a web page": (
        b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n",
        f"{FILE}: the file is a web page, not a CSV: the download failed",
    ),
    "a workbook called CSV": (b"PK\x03\x04" + b"x" * 99, f"{FILE}: the file is a workbook or archive, not a CSV"),
    "Parquet called CSV": (b"PAR1" + b"x" * 99, f"{FILE}: the file is Parquet, not a CSV"),
    "Latin-1": (
        encoded(edited(3, "Barking", "B\xe9king")).decode().encode("latin-1"),
        f"{FILE} line 3: byte 0xE9 is not UTF-8 (Latin-1 or Windows-1252?): save the file as CSV UTF-8",
    ),
    "UTF-16": (encoded(sound()).decode().encode("utf-16"), f"{FILE}: the file is UTF-16: save it as CSV UTF-8"),
    "a NUL byte": (edited(5, ",13", ",1\x003"), f"{FILE} line 5: the line has a NUL byte in it"),
    "a control character": (edited(5, "Barking", "\x1bBarking"), f"{FILE} line 5: the line has a control character"),
    "old Macintosh line ends": (
        "\r".join(sound()).encode() + b"\r",
        f"{FILE}: the file has carriage returns that end no line",
    ),
    "a cut last line": (
        "\n".join(sound()).encode()[:-3],
        f"{FILE}: line 225, the last, has no line end and not all its cells: the file may have been cut off",
    ),
    "a short line": (edited(7, ",15", ""), f"{FILE} line 7: the line has 3 cells where the header has 4"),
    "a long line": (edited(7, ",15", ",1,515"), f"{FILE} line 7: the line has 5 cells where the header has 4"),
    "an open quotation mark": (edited(7, "Barking", '"Barking'), f"{FILE} line 7: a quotation mark is out of place"),
    "text after a quotation": (edited(7, ",15", ',"1"5'), f"{FILE} line 7: a quotation mark is out of place"),
    "a quotation mark in a cell": (edited(7, "Barking", 'Bar"king'), f"{FILE} line 7: a quotation mark is out of"),
    "an empty cell": (edited(7, ",15", ","), f"{FILE} line 7, column offences: the cell is empty"),
    "a fraction": (
        edited(7, ",15", ",1.5"),
        f"{FILE} line 7, column offences: '1.5' is not a whole number of 0 or more",
    ),
    "12.0": (edited(7, ",15", ",15.0"), f"{FILE} line 7, column offences: '15.0' is not a whole number of 0 or more"),
    "a negative count": (edited(7, ",15", ",-15"), f"{FILE} line 7, column offences: '-15' is not a whole number"),
    "a plus": (edited(7, ",15", ",+15"), f"{FILE} line 7, column offences: '+15' is not a whole number"),
    "thousands": (edited(7, ",15", ',"1,515"'), f"{FILE} line 7, column offences: '1,515' is not a whole number"),
    "an exponent": (edited(7, ",15", ",1e3"), f"{FILE} line 7, column offences: '1e3' is not a whole number"),
    "hexadecimal": (edited(7, ",15", ",0x1f"), f"{FILE} line 7, column offences: '0x1f' is not a whole number"),
    "an underscore": (edited(7, ",15", ",1_5"), f"{FILE} line 7, column offences: '1_5' is not a whole number"),
    "a blank": (edited(7, ",15", ", 15"), f"{FILE} line 7, column offences: ' 15' is not a whole number"),
    "leading zeros": (edited(7, ",15", ",015"), f"{FILE} line 7, column offences: '015' is not a whole number"),
    "other digits": (edited(7, ",15", ",١٥"), f"{FILE} line 7, column offences: '١٥' is not a whole number"),
    "more than a bigint": (edited(7, ",15", "," + "9" * 19), f"{FILE} line 7, column offences: '9999"),
    "n/a": (edited(7, ",15", ",n/a"), f"{FILE} line 7, column offences: 'n/a' is not a whole number of 0 or more"),
    "NaN": (edited(7, ",15", ",NaN"), f"{FILE} line 7, column offences: 'NaN' is not a whole number of 0 or more"),
    "true": (edited(7, ",15", ",true"), f"{FILE} line 7, column offences: 'true' is not a whole number of 0 or more"),
    "a quoted line break": (
        edited(7, "Barking and Dagenham", '"Barking\nand Dagenham"'),
        f"{FILE} line 7, column borough: 'Barking<U+000A>and Dagenham' is not a known borough: its character 8 is a "
        "line break, which does not belong there: did you mean 'Barking and Dagenham'?",
    ),
    "an unknown borough": (
        [text.replace("Camden", "Camdem") for text in sound()],
        f"{FILE} line 37, column borough: 'Camdem' is not a known borough: did you mean 'Camden'?",
    ),
    "an unknown weapon": (
        edited(7, "cs_gas_or_pepper_spray", "bazooka"),
        f"{FILE} line 7, column weapon: 'bazooka' is not a known weapon; known are handgun, shotgun,",
    ),
    "the same row twice": (
        [*sound(), sound()[6]],
        f"{FILE} line 226: the row for 2009-08, Barking and Dagenham, cs_gas_or_pepper_spray stands on line 7 as well, "
        "saying the same: keep one",
    ),
    "a missing row": (
        without(7),
        f"{FILE} line 224: 2009-08 ends here with 223 of its 224 rows; missing: "
        "Barking and Dagenham cs_gas_or_pepper_spray",
    ),
    "a missing borough": (
        [text for text in sound() if "Camden" not in text],
        f"{FILE} line 218: 2009-08 ends here with 217 of its 224 rows; missing: every row of borough 'Camden'",
    ),
    "a missing weapon": (
        [text for text in sound() if ",knife," not in text],
        f"{FILE} line 193: 2009-08 ends here with 192 of its 224 rows; missing: every row of weapon 'knife'",
    ),
    "a restated month in part": (
        [*sound(), *lines("weapon_enabled_crime", "2009-07")[1:101]],
        f"{FILE} line 325: 2009-07 ends here with 100 of its 224 rows",
    ),
    "a month after the delivery": (
        lines("weapon_enabled_crime", "2009-08", "2009-09"),
        f"{FILE} line 226, column month: '2009-09' is after the month of the delivery",
    ),
    "a month long ago": (
        lines("weapon_enabled_crime", "2008-07", "2009-08"),
        f"{FILE} line 2, column month: '2008-07' is more than 12 months before the month of the delivery",
    ),
    "last month's file again": (
        lines("weapon_enabled_crime", "2009-07"),
        f"{FILE} line 225: the newest month in the file is 2009-07, but a delivery for 2009-08 must reach 2009-08",
    ),
    "a month as a day": (
        edited(7, "2009-08", "2009-08-02"),
        f"{FILE} line 7, column month: '2009-08-02' is not a month but a day or a time within one",
    ),
    "a month without its year": (
        edited(7, "2009-08", "August"),
        f"{FILE} line 7, column month: 'August' is not a month written so that it can be told from another",
    ),
    "a thirteenth month": (edited(7, "2009-08", "2009-13"), f"{FILE} line 7, column month: '2009-13' is not a month"),
    "half a year": (edited(7, "2009-08", "2009-H2"), f"{FILE} line 7, column month: '2009-H2' is not a month"),
}


@pytest.mark.parametrize("content, sentence", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_with_a_sentence_that_names_the_place(content, sentence):
    assert sentence in refusal(content)


HARMLESS = {
    "a byte order mark": b"\xef\xbb\xbf" + encoded(sound()),
    "Windows line ends": "".join(f"{text}\r\n" for text in sound()).encode(),
    "columns in another order": [",".join(reversed(text.split(","))) for text in sound()],
    "rows in another order": [sound()[0], *reversed(sound()[1:])],
    "everything quoted": [",".join(f'"{cell}"' for cell in text.split(",")) for text in sound()],
    "some cells quoted": edited(7, "Barking and Dagenham", '"Barking and Dagenham"'),
    "a month as a date": edited(7, "2009-08", "2009-08-01"),
    "months as Excel writes them": [text.replace("2009-08", "Aug-09") for text in sound()],
    "a short month": edited(7, "2009-08", "2009-8"),
    "a header in another case": edited(1, "borough,weapon", "Borough,WEAPON"),
    "an empty line": [*sound()[:9], "", *sound()[9:]],
    "an empty line at the end": [*sound(), ""],
    "no final line end": encoded(sound())[:-1],
}


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_way_of_writing_the_same_gives_the_same_rows(content):
    key = ["month", "borough", "weapon"]
    expected = loaded(sound()).drop("file_line").sort(key)
    assert loaded(content).drop("file_line").sort(key).equals(expected)


def test_all_problems_of_a_file_are_found_at_once():
    content = edited(7, ",15", ",1.5")
    content[8] = content[8].replace("Barking", "Barkin").replace("Barnet", "Barnett")
    content[10] = content[10] + ",1"
    content.append(content[19])
    problems = verdict(content).problems
    assert {7, 9, 11, 226} <= set(problems["line"])
    assert problems.columns == ["file", "line", "column", "value", "code", "rule"]
    first = (FILE, 7, "offences", "1.5", "badly_written", "is not a whole number of 0 or more")
    assert problems.row(0) == first
    assert problems["code"].is_in(findings.SCOPES).all()


def test_a_message_shows_twenty_problems_and_counts_the_rest():
    content = [sound()[0], *(text.rsplit(",", 1)[0] + ",many" for text in sound()[1:])]
    said = refusal(content).splitlines()
    assert len(said) == 21
    assert said[-1] == "... and 204 more"


def test_more_detections_than_offences_are_refused():
    content = lines("recorded_crime", "2009-08")
    content[1] = "2009-08,Barking and Dagenham,residential_burglary,3,5"
    said = refusal(content, name="recorded_crime")
    assert said == (
        "recorded_crime/2009-08.csv line 2, column sanction_detections: '5' is more than offences, which is 3: "
        "correct one of the two"
    )


def test_recorded_crime_may_reach_thirty_months_back_and_no_further():
    assert loaded(lines("recorded_crime", "2007-02", "2009-08"), name="recorded_crime").height == 512
    said = refusal(lines("recorded_crime", "2007-02", "2009-09"), name="recorded_crime", delivered_for="2009-09")
    assert "'2007-02' is more than 30 months before" in said


def test_a_quarterly_delivery_holds_the_three_months_of_its_quarter():
    name = "user_satisfaction"
    whole = lines(name, "2009-04", "2009-05", "2009-06")
    assert loaded(whole, name=name, delivered_for="2009-06").height == 9
    said = refusal([whole[0], *whole[4:]], name=name, delivered_for="2009-06")
    assert "line 7: the file lacks 2009-04 of the 3 months up to 2009-06: send the whole quarter in one file" in said


def test_the_first_quarter_holds_the_months_since_the_series_began():
    content = lines("user_satisfaction", "2007-02", "2007-03")
    assert loaded(content, name="user_satisfaction", delivered_for="2007-03").height == 6


def test_a_quarter_may_come_a_month_late_but_not_the_one_before_it():
    late = {"name": "user_satisfaction", "delivered_for": "2008-10"}
    assert loaded(lines("user_satisfaction", "2008-07", "2008-08", "2008-09"), **late).height == 9
    said = refusal(lines("user_satisfaction", "2008-04", "2008-05", "2008-06"), **late)
    assert "a delivery for 2008-10 must reach 2008-09" in said


def test_the_crime_survey_may_lag_a_quarter_and_no_more():
    name = "british_crime_survey"
    late = lines(name, "2009-01", "2009-02", "2009-03")
    assert loaded(late, name=name, delivered_for="2009-06").height == 6
    said = refusal(late, name=name, delivered_for="2009-09")
    assert "the newest month in the file is 2009-03, but a delivery for 2009-09 must reach 2009-06" in said


def test_money_keeps_its_pence():
    content = ["month,step,cases,value_gbp"]
    content += [f"2009-08,{step},3,1234567.89" for step in BY_NAME["asset_recovery"].column("step").words]
    rows = loaded(content, name="asset_recovery")
    assert rows["value_gbp"].to_list() == [Decimal("1234567.89")] * 4
    content[1] = content[1] + "1"
    said = refusal(content, name="asset_recovery")
    assert "'1234567.891' is not an amount of 0 or more with at most 2 decimals" in said


def peers(*forces, value="0.493"):
    extract = BY_NAME["peer_forces"]
    forces = forces or (*extract.column("force").words, "City of London")
    return ["measure,from_month,to_month,force,value"] + [
        f"satisfaction_overall,2008-07,2009-06,{force},{value}" for force in forces
    ]


def test_the_figure_of_england_and_wales_may_stand_beside_the_forces():
    assert loaded(peers(), name="peer_forces").height == 43
    with_all = [*peers(), "satisfaction_overall,2008-07,2009-06,England and Wales,0.5"]
    assert loaded(with_all, name="peer_forces").height == 44
    without_city = [text for text in peers() if "City of London" not in text]
    assert loaded(without_city, name="peer_forces").height == 42


def test_a_missing_force_is_named():
    content = [text for text in peers() if "Kent" not in text]
    said = refusal(content, name="peer_forces")
    assert "satisfaction_overall, 2008-07, 2009-06 ends here with 41 of its 42 rows; missing: Kent" in said


def test_a_period_of_peers_that_ends_before_it_begins_is_refused():
    content = [text.replace("2008-07,2009-06", "2009-06,2008-07") for text in peers()]
    said = refusal(content, name="peer_forces")
    assert "line 2, column from_month: '2009-06' is later than to_month, which is 2008-07" in said


def comments(*texts):
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    known = catalogue.lines("2009/10")
    return ["line,comment"] + [f"{line},{text}" for line, text in zip(known, quoted, strict=False)]


LABELS = [
    "Up by {change} over the rolling year to Aug-09, from {last_year} for 2008/09.",
    "Data from Jan-08 onwards is provisional; the milestone is {milestone} by Mar 2011.",
    "Aug'08 ({dropped}) has dropped out of the rolling 12 month total, {n} in the last 3 months.",
    "3 yr target (08/09-10/11) is {target}; forecast 2 yrs/end of 09/10.",
    "See paragraphs 13 - 21 of covering report. Arrests over the YTD (Apr 2008/09) on a 1994-98 baseline.",
    "See Appendix 2 CM20 of the report, in 2009.",
    'Quoted "as is", commas, and a £ sign: {value}.',
]


def test_comments_with_labels_spans_and_references_pass():
    rows = loaded(comments(*LABELS), name="commentary")
    assert rows["comment"].to_list() == LABELS


TYPED = {
    "Robbery is down 16.5% over the year.": "16.5%",
    "Down by 6,405 offences.": "6,405",
    "An outturn of £40m is expected.": "£40m",
    "£2009 was spent.": "£2009",
    "Achieved in 12/15 boroughs.": "12",
    "Seven of 8 systems.": "8",
    "Up {change} (453).": "453",
    "14th of all forces.": "14th",
    "Around 19 per cent.": "19 per cent",
}


@pytest.mark.parametrize("comment, figure", TYPED.items())
def test_a_figure_typed_into_a_comment_is_shown(comment, figure):
    said = refusal(comments("Fine.", comment), name="commentary")
    assert said == (
        f"commentary/2009-08.csv line 3, column comment: '{figure}' "
        "is a figure typed by hand: put a {figure} in its place"
    )


def test_a_placeholder_that_is_not_closed_is_refused():
    said = refusal(comments("Up by {change over the year."), name="commentary")
    assert "has a brace that is part of no {placeholder}" in said


RECRUITS = [["month", "recruits", "minority_ethnic_recruits"], ["2009-07", 120, 20], ["2009-08", 100.0, 15]]


def recruitment(rows=RECRUITS, edit=lambda book: None):
    return {"content": workbook(rows, edit), "name": "officer_recruitment", "suffix": "xlsx"}


def test_a_workbook_is_read_as_a_csv_would_be():
    rows = loaded(**recruitment())
    assert rows.rows() == [(2, month("2009-07"), 120, 20), (3, month("2009-08"), 100, 15)]


def test_a_month_that_is_a_date_in_the_sheet_is_a_month():
    from datetime import datetime

    rows = [RECRUITS[0], [datetime(2009, 8, 1), 100, 15]]
    assert loaded(**recruitment(rows))["month"].to_list() == [month("2009-08")]
    rows = [RECRUITS[0], [datetime(2009, 8, 31), 100, 15]]
    assert "'2009-08-31 00:00:00' is not a month" in refusal(**recruitment(rows))


def put(cell, value):
    def edit(book):
        book.active[cell] = value

    return edit


SHEETS = {
    "a formula": (put("B3", "=SUM(B2:B2)"), "line 3, column recruits: '=SUM(B2:B2)' is a formula: paste its value"),
    "an error": (put("B3", "#DIV/0!"), "line 3, column recruits: '#DIV/0!' is an error of the spreadsheet"),
    "two sheets": (
        lambda book: book.create_sheet("Notes").append(["checked"]),
        ": the workbook has the sheets Sheet, Notes",
    ),
    "a fraction": (put("B3", 1.5), "line 3, column recruits: '1.5' is not a whole number"),
    "a truth": (put("B3", True), "line 3, column recruits: 'True' is not a whole number"),
    "an empty cell": (put("B3", None), "line 3, column recruits: the cell is empty"),
    "a note beside": (put("E3", "checked"), "line 3: the line has cells beside the columns"),
    "a gap": (put("A5", "2009-06"), "line 5, column recruits: the cell is empty"),
    "a wrong header": (
        put("B1", "Joiners"),
        "line 1: column recruits is missing, and column 'Joiners' is none of this extract's: the header must be",
    ),
}


@pytest.mark.parametrize("edit, sentence", SHEETS.values(), ids=SHEETS)
def test_a_workbook_with_more_than_values_is_refused(edit, sentence):
    assert f"officer_recruitment/2009-08.xlsx {sentence}".replace(" :", ":") in str(refusal(**recruitment(edit=edit)))


@pytest.mark.parametrize("content", [b"not a workbook", b"PK\x03\x04broken", workbook(RECRUITS)[:2000]])
def test_a_damaged_workbook_is_refused(content):
    said = refusal(content, name="officer_recruitment", suffix="xlsx")
    assert said == (
        "officer_recruitment/2009-08.xlsx: the file is no workbook that can be opened: save it again as XLSX"
    )


def parquet(**changed):
    rows = [text.split(",") for text in lines("recorded_crime", "2007-02")]
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row").with_columns(
        pl.col("offences", "sanction_detections").cast(pl.Int32)
    )
    saved = io.BytesIO()
    frame.with_columns(**changed).write_parquet(saved)
    return {"content": saved.getvalue(), "name": "recorded_crime", "delivered_for": "2007-02", "suffix": "parquet"}


def test_parquet_gives_the_rows_that_csv_gives():
    expected = loaded(lines("recorded_crime", "2007-02"), name="recorded_crime", delivered_for="2007-02")
    assert loaded(**parquet()).equals(expected)
    as_date = parquet(month=pl.lit(month("2007-02")))
    assert loaded(**as_date).equals(expected)


def test_parquet_with_counts_as_floats_is_refused():
    said = refusal(**parquet(offences=pl.col("offences").cast(pl.Float64)))
    assert said == (
        "recorded_crime/2007-02.parquet line 1, column offences: is stored as double, which cannot hold a count exactly"
    )


def test_parquet_with_a_null_is_refused():
    null = pl.when(pl.int_range(pl.len()) == 4).then(None).otherwise(pl.col("offences"))
    said = refusal(**parquet(offences=null))
    assert "recorded_crime/2007-02.parquet line 6, column offences: the cell is empty" in said


@pytest.mark.parametrize("content", [b"PAR1 and no more", parquet()["content"][:-20], b"month,borough\n"])
def test_damaged_parquet_is_refused(content):
    said = refusal(content, name="recorded_crime", delivered_for="2007-02", suffix="parquet")
    assert "2007-02.parquet: the file is no Parquet file that can be opened" in said

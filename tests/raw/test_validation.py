import io
from decimal import Decimal

import polars as pl
import pytest

from orchestration.raw.findings import findings
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
    "a file of blanks": (b" \n\n", f"{FILE}: the file is empty"),
    "no header": (sound()[1:], f"{FILE} line 1: the first line is no header of this extract: the header must be month"),
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
    "a short line": (edited(7, ",15", ""), f"{FILE} line 7: the line has 3 cells where the header has 4"),
    "an open quotation mark": (edited(7, "Barking", '"Barking'), f"{FILE} line 7: a quotation mark is out of place"),
    "text after a quotation": (edited(7, ",15", ',"1"5'), f"{FILE} line 7: a quotation mark is out of place"),
    "a quotation mark in a cell": (edited(7, "Barking", 'Bar"king'), f"{FILE} line 7: a quotation mark is out of"),
    "a plus": (edited(7, ",15", ",+15"), f"{FILE} line 7, column offences: '+15' is not a whole number"),
    "hexadecimal": (edited(7, ",15", ",0x1f"), f"{FILE} line 7, column offences: '0x1f' is not a whole number"),
    "an underscore": (edited(7, ",15", ",1_5"), f"{FILE} line 7, column offences: '1_5' is not a whole number"),
    "more than a bigint": (edited(7, ",15", "," + "9" * 19), f"{FILE} line 7, column offences: '9999"),
    "NaN": (edited(7, ",15", ",NaN"), f"{FILE} line 7, column offences: 'NaN' is not a whole number of 0 or more"),
    "true": (edited(7, ",15", ",true"), f"{FILE} line 7, column offences: 'true' is not a whole number of 0 or more"),
    "an unknown weapon": (
        edited(7, "cs_gas_or_pepper_spray", "bazooka"),
        f"{FILE} line 7, column weapon: 'bazooka' is not a known weapon; known are handgun, shotgun,",
    ),
    "a missing row": (
        without(7),
        f"{FILE} line 224: 2009-08 ends here with 223 of its 224 rows; missing: "
        "Barking and Dagenham cs_gas_or_pepper_spray",
    ),
    "a missing weapon": (
        [text for text in sound() if ",knife," not in text],
        f"{FILE} line 193: 2009-08 ends here with 192 of its 224 rows; missing: every row of weapon 'knife'",
    ),
    "a restated month in part": (
        [*sound(), *lines("weapon_enabled_crime", "2009-07")[1:101]],
        f"{FILE} line 325: 2009-07 ends here with 100 of its 224 rows",
    ),
    "a month long ago": (
        lines("weapon_enabled_crime", "2008-07", "2009-08"),
        f"{FILE} line 2, column month: '2008-07' is more than 12 months before the month of the delivery",
    ),
    "a month without its year": (
        edited(7, "2009-08", "August"),
        f"{FILE} line 7, column month: 'August' is ambiguous as a month",
    ),
    "a thirteenth month": (edited(7, "2009-08", "2009-13"), f"{FILE} line 7, column month: '2009-13' is not a month"),
    "half a year": (edited(7, "2009-08", "2009-H2"), f"{FILE} line 7, column month: '2009-H2' is not a month"),
}


@pytest.mark.parametrize("content, sentence", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_with_a_sentence_that_names_the_place(content, sentence):
    assert sentence in refusal(content)


HARMLESS = {
    "columns in another order": [",".join(reversed(text.split(","))) for text in sound()],
    "rows in another order": [sound()[0], *reversed(sound()[1:])],
    "everything quoted": [",".join(f'"{cell}"' for cell in text.split(",")) for text in sound()],
    "some cells quoted": edited(7, "Barking and Dagenham", '"Barking and Dagenham"'),
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
    "a fraction": (put("B3", 1.5), "line 3, column recruits: '1.5' is not a whole number"),
    "a truth": (put("B3", True), "line 3, column recruits: 'True' is not a whole number"),
    "an empty cell": (put("B3", None), "line 3, column recruits: the cell is empty"),
    "a gap": (put("A5", "2009-06"), "line 5, column recruits: the cell is empty"),
}


@pytest.mark.parametrize("edit, sentence", SHEETS.values(), ids=SHEETS)
def test_a_workbook_with_more_than_values_is_refused(edit, sentence):
    assert f"officer_recruitment/2009-08.xlsx {sentence}".replace(" :", ":") in str(refusal(**recruitment(edit=edit)))


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


def test_parquet_with_a_null_is_refused():
    null = pl.when(pl.int_range(pl.len()) == 4).then(None).otherwise(pl.col("offences"))
    said = refusal(**parquet(offences=null))
    assert "recorded_crime/2007-02.parquet line 6, column offences: the cell is empty" in said

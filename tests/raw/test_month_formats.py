"""Months as systems and spreadsheets write them: what denotes one is read as it, what is ambiguous is told once."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import pytest

from orchestration.audit import months as audited
from orchestration.raw.checks import validation
from orchestration.raw.files import intake
from orchestration.raw.findings import findings
from orchestration.raw.readers import month_notations
from orchestration.raw.sources.extracts import BY_NAME
from tests.deliveries import lines, month, verdict, with_cells
from tests.hostile import parquet, workbook

AUGUST = (
    *("2009-8", "2009/08", "2009 08", "2009M08", "2009-M08", "200908", "08/2009", "8/2009", "08-2009", "8.2009"),
    *("Aug-09", "Aug 09", "Aug09", "Aug '09", "AUG-09", "August-09", "Aug-2009", "August 2009", "Aug. 2009"),
    *("2009 AUG", "2009-Aug", "2009-08-01", "2009/8/1", "2009.08.01", "20090801", "2009-08-01 00:00"),
    *("2009-08-01 00:00:00", "2009-08-01 00:00:00.000", "2009-08-01T00:00:00", "2009-08-01T00:00:00Z"),
    *("2009-08-01T00:00:00.000Z", "2009-08-01 00:00:00+00:00", "2009-08-01T00:00:00+0100", "2009-08-01 00:00:00 UTC"),
    *("01/08/2009", "1/8/2009", "01-08-2009", "1.8.2009", "01/08/2009 00:00", "01/08/09", "1/8/2009 12:00:00 AM"),
    *("01-Aug-2009", "1-Aug-09", "1 August 2009", "1st August 2009", "Saturday, 1 August 2009", "Sat 1 Aug 2009"),
    *("Aug 1, 2009", "August 1 2009", "Aug  1 2009 12:00AM", "40026", "40026.0"),
)


@pytest.mark.parametrize("written", AUGUST)
def test_whatever_denotes_august_is_august_and_the_audit_reads_it_so_by_itself(written):
    assert month_notations.read([written]).months == {written: "2009-08"}
    assert audited.first_day(audited.parsed(written)) == date(2009, 8, 1)


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_of_a_year_is_read_by_number_and_by_name(number):
    first = date(2009, number, 1)
    for shape in ("%d/%m/%Y", "%b-%y", "%B %Y", "%Y%m", "%Y-%m-%d %H:%M:%S", "%d %b %Y"):
        written = first.strftime(shape)
        assert month_notations.read([written]).months == {written: f"{first:%Y-%m}"}
        assert audited.first_day(audited.parsed(written)) == first
    serial = str((first - date(1899, 12, 30)).days)
    assert month_notations.read([serial]).months == {serial: f"{first:%Y-%m}"}


DAYS = ("2009-08-15", "2009-08-31 00:00:00", "2009-08-01 13:00:00", "15/08/2009", "15-Aug-2009", "Aug 15, 2009")
DAYS += ("40040", "20090815", "2009-07-31T23:00:00Z")
AMBIGUOUS = ("03/04/2009", "09-08", "08/09", "9-Aug", "09-Aug", "Aug", "August", "Aug-31", "01/08/31", "09/08/01")
NO_MONTHS = ("2009-13", "13/2009", "2009Q3", "Q3 2009", "O8/2009", " 2009-08", "2009-08\n", "12345", "99999", "Aig-09")


@pytest.mark.parametrize("written", DAYS)
def test_a_day_or_time_within_a_month_is_none(written):
    assert month_notations.read([written]) == ({}, [written], [], "")


@pytest.mark.parametrize("written", AMBIGUOUS)
def test_what_may_be_one_month_or_another_is_ambiguous(written):
    assert month_notations.read([written]) == ({}, [], [written], "")


@pytest.mark.parametrize("written", NO_MONTHS)
def test_what_is_no_month_at_all_is_left_to_the_contract(written):
    assert month_notations.read([written]) == ({}, [], [], "")


COLUMNS = {
    "the day first": (["01/08/2009", "01/07/2009"], ["2009-08", "2009-07"]),
    "the month first": (["08/01/2009", "07/01/2009"], ["2009-08", "2009-07"]),
    "January, in either order": (["01/01/2009"], ["2009-01"]),
    "the month first, as January is as well": (["01/01/2009", "02/01/2009"], ["2009-01", "2009-02"]),
    "the day first, as one in the middle shows": (["15/08/2009", "01/07/2009"], [None, "2009-07"]),
    "one in either order": (["01/08/2009", "08/01/2009"], [None, None]),
    "a day that may be a month": (["01/08/2009", "03/04/2009"], [None, None]),
    "among others": (["2009-06", "01/07/2009", "Aug-09"], [None, "2009-07", "2009-08"]),
}


@pytest.mark.parametrize("written, read", COLUMNS.values(), ids=COLUMNS)
def test_the_order_of_day_and_month_is_that_of_the_whole_column(written, read):
    months = month_notations.read(written).months
    assert [months.get(text) for text in written] == read


def in_csv(name, written, held="2009-08"):
    return {"content": [text.replace(held, written) for text in lines(name, held)], "name": name}


def in_a_workbook(written, *more):
    rows = [["month", "recruits", "minority_ethnic_recruits"], [written, 100, 15], *more]
    return {"content": workbook(rows), "name": "officer_recruitment", "suffix": "xlsx"}


def in_parquet(months):
    rows = [text.split(",") for text in lines("recorded_crime", "2009-08")]
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
    table = frame.with_columns(pl.col("offences", "sanction_detections").cast(pl.Int64)).to_arrow()
    return {
        "content": parquet(table.set_column(0, "month", months(frame.height))),
        "name": "recorded_crime",
        "suffix": "parquet",
    }


def moments(unit, zone=None, moment=datetime(2009, 8, 1)):
    at = moment.replace(tzinfo=ZoneInfo(zone)) if zone else moment
    return lambda height: pa.array([at] * height, pa.timestamp(unit, zone))


DELIVERED = {
    "CSV, from a spreadsheet": (in_csv("weapon_enabled_crime", "01/08/2009"), "'01/08/2009' is read as 2009-08, day"),
    "CSV, by name": (in_csv("youth_violence", "Aug-09"), "'Aug-09' is read as 2009-08"),
    "CSV, as a timestamp": (in_csv("domestic_violence", "2009-08-01 00:00:00"), "'2009-08-01 00:00:00' is read as"),
    "CSV, as a number": (in_csv("class_a_trafficking", "200908"), "'200908' is read as 2009-08"),
    "CSV, as a serial number": (in_csv("criminal_networks", "40026"), "'40026' is read as 2009-08"),
    "a workbook, as a date": (in_a_workbook(datetime(2009, 8, 1)), None),
    "a workbook, as text": (in_a_workbook("August 2009"), "'August 2009' is read as 2009-08"),
    "a workbook, as a number": (in_a_workbook(200908), "'200908' is read as 2009-08"),
    "a workbook, as a serial number": (in_a_workbook(40026), "'40026' is read as 2009-08"),
    **{f"Parquet, timestamps in {unit}": (in_parquet(moments(unit)), None) for unit in ("s", "ms", "us", "ns")},
    "Parquet, timestamps in UTC": (in_parquet(moments("us", "UTC")), None),
    "Parquet, timestamps of London": (in_parquet(moments("ns", "Europe/London")), None),
    "Parquet, dates": (in_parquet(lambda height: pa.array([date(2009, 8, 1)] * height)), None),
    "Parquet, whole numbers": (in_parquet(lambda height: pa.array([200908] * height, pa.int32())), "'200908' is read"),
    "Parquet, floats": (in_parquet(lambda height: pa.array([40026.0] * height)), "'40026' is read as 2009-08"),
    "Parquet, text": (in_parquet(lambda height: pa.array(["08/2009"] * height)), "'08/2009' is read as 2009-08"),
}


@pytest.mark.parametrize("delivery, note", DELIVERED.values(), ids=DELIVERED)
def test_a_delivery_is_loaded_with_its_months_and_says_once_how_they_were_read(delivery, note):
    said = verdict(**delivery)
    assert (said.status, findings.message(said.problems)) == ("valid", "")
    assert said.rows["month"].unique().to_list() == [month("2009-08")]
    notes = findings.sentences(said.notes)
    assert len(notes) == (note is not None)
    assert all(note in sentence and "column month: " in sentence for sentence in notes)


def test_the_default_of_polars_is_read_as_it_writes_it():
    rows = [text.split(",") for text in lines("recorded_crime", "2009-08")]
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row").with_columns(
        pl.col("month").str.to_datetime("%Y-%m"), pl.col("offences", "sanction_detections").cast(pl.Int64)
    )
    saved = io.BytesIO()
    frame.write_parquet(saved)
    said = verdict(saved.getvalue(), "recorded_crime", suffix="parquet")
    assert (said.status, said.rows["month"].unique().to_list()) == ("valid", [month("2009-08")])


def peers(first, last):
    forces = BY_NAME["peer_forces"].column("force").words
    held = [f"satisfaction_overall,{first},{last},{force},0.493" for force in forces]
    return {"content": ["measure,from_month,to_month,force,value", *held], "name": "peer_forces"}


@pytest.mark.parametrize("first, last", [("01/07/2008", "01/06/2009"), ("Jul-08", "Jun-09"), ("39630", "2009-06-01")])
def test_both_months_of_a_period_are_read_and_noted_once(first, last):
    said = verdict(**peers(first, last))
    assert findings.message(said.problems) == ""
    assert said.rows.select("from_month", "to_month").unique().rows() == [(month("2008-07"), month("2009-06"))]
    assert said.notes["code"].to_list() == ["month_written"]


TOLD = {
    "a day in the middle, in CSV": (in_csv("weapon_enabled_crime", "15/08/2009"), 2, 223, "not a month but a day"),
    "a last day, in a workbook": (in_a_workbook(datetime(2009, 8, 31), [datetime(2009, 7, 31), 1, 1]), 2, 1, "a day"),
    "a day in the middle, in Parquet": (
        in_parquet(moments("us", moment=datetime(2009, 8, 15, 12))),
        2,
        255,
        "not a month but a day or a time within one",
    ),
    "either order, in CSV": (in_csv("youth_violence", "03/04/2009"), 2, 95, "a spreadsheet has probably changed"),
    "either order, in a workbook": (in_a_workbook("03/04/2009"), 2, 0, "a spreadsheet has probably changed"),
    "without a year, in Parquet": (
        in_parquet(lambda height: pa.array(["09-Aug"] * height)),
        2,
        255,
        "a spreadsheet has probably changed",
    ),
}


@pytest.mark.parametrize("delivery, line, more, cause", TOLD.values(), ids=TOLD)
def test_months_that_cannot_be_told_keep_their_rows_out_and_are_told_once_with_the_cause(delivery, line, more, cause):
    said = verdict(**delivery)
    assert (said.status, said.rows.height, said.doubtful.height) == ("quarantined", 0, 0)
    assert said.cells.height == said.rows_in == more + 1
    (sentence,) = findings.message(said.problems).splitlines()
    assert f" line {line}, column month: " in sentence
    assert cause in sentence
    assert sentence.endswith({0: ")", 1: "(and 1 more row)"}.get(more, f"(and {more} more rows)"))
    assert set(said.problems["code"]) - {"repeated"} <= {"day_in_month", "ambiguous_month"}


def test_one_day_in_the_middle_keeps_out_its_own_row_and_no_other():
    content = with_cells(lines("weapon_enabled_crime", "2009-08"), "month", *["01/08/2009"] * 223, "15/08/2009")
    said = verdict(content)
    assert said.rows.height == 223
    assert said.problems.select("line", "code").rows() == [(224, "keys_missing"), (225, "day_in_month")]


def test_the_rows_that_are_kept_out_stand_as_they_were_delivered():
    said = verdict(**in_csv("criminal_networks", "15/08/2009"))
    assert said.cells["cells"].to_list() == ['{"month":"15/08/2009","networks_disrupted":"10"}']


def test_a_file_has_one_order_of_day_and_month():
    held = ("2009-01", "2009-02", "2009-08")
    content = lines("weapon_enabled_crime", *held)
    month_first = [text.replace("2009-0", "0", 1).replace(",", "/01/2009,", 1) for text in content[1:]]
    said = verdict([content[0], *month_first])
    assert findings.message(said.problems) == ""
    assert said.rows["month"].unique().sort().to_list() == [month(each) for each in held]
    assert findings.sentences(said.notes) == [
        "weapon_enabled_crime/2009-08.csv column month: '01/01/2009' is read as 2009-01, month first, and the others "
        "likewise"
    ]
    day_first = [text.replace("02/01/2009", "03/02/2009") for text in month_first]
    assert set(verdict([content[0], *day_first]).problems["code"]) - {"repeated"} == {"ambiguous_month"}


def test_files_judged_together_are_each_read_by_their_own_order():
    extract = BY_NAME["weapon_enabled_crime"]
    deliveries = []
    for each, written in (("2009-07", "07/01/2009"), ("2009-08", "01/08/2009"), ("2009-06", "2009-06")):
        content = "\n".join([*(text.replace(each, written) for text in lines(extract.name, each)), ""]).encode()
        deliveries.append(intake.Delivery(extract, month(each), f"{extract.name}/{each}.csv", content, ""))
    said = validation.check(extract, deliveries)
    assert [each.status for each in said] == ["valid"] * 3
    assert [each.rows["month"].unique().item() for each in said] == [each.month for each in deliveries]
    assert [each.notes.height for each in said] == [1, 1, 0]

"""The declaration of an organisation: what it may say, what is refused with its line, and the years that follow."""

import json
from datetime import date
from pathlib import Path

import pytest

from orchestration import organisation, settings, years
from orchestration.audit import months
from orchestration.audit import organisation as audited

SERVICE = """\
name: Made-up Fire and Rescue
area: {one: station, many: stations}
peer: {one: service, many: services}
first_month: 2024-01
year: {first_month: 1, written: "{start}", called: year}
time_zone: Europe/Dublin
bank_holidays: IE
"""


def declared(folder: Path, text: str = SERVICE) -> Path:
    (folder / organisation.FILE).write_text(text, encoding="utf-8")
    return folder


def test_an_organisation_says_what_it_is_called_and_the_rest_has_defaults(tmp_path):
    found = organisation.of_folder(declared(tmp_path))
    assert (found.name, found.area.many, found.first_month) == ("Made-up Fire and Rescue", "stations", date(2024, 1, 1))
    assert (found.months_of_history, found.working_day, found.incomplete) == (48, 8, "publish")


MISTAKES = {
    "a missing name": (("name: Made-up Fire and Rescue\n", ""), "line 1, name: is missing"),
    "a field misspelt": (
        ("time_zone", "timezone"),
        "line 6, timezone: is no field of an organisation; did you",
    ),
    "a field of the year misspelt": (
        ("written", "writen"),
        "line 5, year.writen: is no field of the year of an organisati",
    ),
    "a month that is none": (("2024-01", "2024-13"), "line 4, first_month: '2024-13' is not a month"),
    "a thirteenth month": (("first_month: 1", "first_month: 13"), "line 5, year.first_month: '13'"),
    "a year without its year": (('"{start}"', '"FY"'), "line 5, year.written: 'FY' should name the year by {start}"),
    "a time zone": (("Dublin", "Dublyn"), "line 6, time_zone: 'Europe/Dublyn' is no time zone; did you mean 'Europe/D"),
    "a country": ((": IE", ": IRL2"), "line 7, bank_holidays: 'IRL2' is no country"),
    "a field twice": (
        ("bank_holidays: IE", "bank_holidays: IE\nbank_holidays: GB"),
        "line 8, bank_holidays: stands on line 7 already",
    ),
    "not YAML": (("name:", "name: ["), "it is not YAML"),
}


@pytest.mark.parametrize("edit, sentence", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_field(tmp_path, edit, sentence):
    with pytest.raises(organisation.OrganisationError) as error:
        organisation.of_folder(declared(tmp_path, SERVICE.replace(*edit, 1)))
    assert sentence in str(error.value)


def test_a_folder_that_declares_none_is_named_with_what_to_set(tmp_path):
    with pytest.raises(organisation.NoOrganisation, match="is missing: set SCORECARD_ORGANISATION to the name of a f"):
        organisation.of_folder(tmp_path)


YEARS = [
    (4, "{start}/{end_2}", date(2009, 1, 1), "2008/09", date(2008, 4, 1), 4),
    (4, "{start}-{end_2}", date(2009, 8, 1), "2009-10", date(2009, 4, 1), 2),
    (4, "FY{end_2}", date(2009, 1, 1), "FY09", date(2008, 4, 1), 4),
    (4, "{end}", date(2009, 4, 1), "2010", date(2009, 4, 1), 1),
    (1, "{start}", date(2024, 12, 1), "2024", date(2024, 1, 1), 4),
    (9, "{start}/{end_2}", date(2024, 8, 1), "2023/24", date(2023, 9, 1), 4),
]


@pytest.mark.parametrize("of_year", YEARS)
def test_a_year_begins_and_is_written_as_declared_and_the_audit_agrees(tmp_path, monkeypatch, of_year):
    first_month, written, month, name, start, quarter = of_year
    year = SERVICE.replace('first_month: 1, written: "{start}"', f'first_month: {first_month}, written: "{written}"')
    monkeypatch.setattr(settings, "ORGANISATION", declared(tmp_path, year))
    assert (years.of_month(month), years.start(name), years.quarter(month)) == (name, start, quarter)
    row = years.row(month)
    of_the_audit = audited.read(tmp_path)
    assert of_the_audit.year(months.number(month)) == name
    assert months.first_day(of_the_audit.year_start(months.number(month))) == row["financial_year_start"] == start
    assert months.first_day(of_the_audit.quarter_start(months.number(month))) == row["quarter_start"]


@pytest.mark.parametrize("text", ["2009/11", "2009", "09/10", "2009/10 "])
def test_a_year_that_is_written_otherwise_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"is not a financial year: write it as 2006/07"):
        years.start(text)


def test_the_schema_for_editors_is_that_of_the_code():
    file = settings.ORGANISATIONS / "organisation.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == organisation.schema(), "run `python -m tests.schemas`"

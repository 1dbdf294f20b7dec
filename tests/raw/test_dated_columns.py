"""Columns that come or go from a month on: older files stay valid, and what they do not have is absent, not 0."""

from pathlib import Path

import pytest

from orchestration.raw.sources import declared_files
from orchestration.raw.sources.declarations import Extract
from tests.deliveries import verdict

DECLARED = """\
title: Crimes, by kind and outcome.
cadence: monthly
first: 2009-04
columns:
  month: {kind: month, title: month counted}
  kind: {kind: word, title: kind of crime, words: [burglary, robbery]}
  outcome: {kind: word, title: what became of it, words: [charged, none], since: 2009-07}
  crimes: {kind: count, title: crimes, most: 9000}
  weapons: {kind: count, title: crimes with a weapon, most: 9000, at_most: crimes, until: 2009-07}
key: [month, kind, outcome]
series:
  "{kind}_crimes": crimes
  "{outcome}_outcomes": crimes
  weapon_crimes: weapons
"""
EARLY = ["month,kind,crimes,weapons", "2009-06,burglary,9,2", "2009-06,robbery,8,1"]
BOTH = [
    "month,kind,outcome,crimes,weapons",
    *(f"2009-07,{kind},{outcome},4,1" for kind in ("burglary", "robbery") for outcome in ("charged", "none")),
]
LATE = [row.rpartition(",")[0].replace("2009-07", "2009-08") for row in BOTH]


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    (tmp_path / "crimes.yml").write_text(DECLARED, encoding="utf-8")
    (found,) = declared_files.read(tmp_path)
    return found


FILES = {
    "2009-06": (EARLY, [None], [2, 1]),
    "2009-07": (BOTH, ["charged", "none"], [1]),
    "2009-08": (LATE, ["charged", "none"], [None]),
}


@pytest.mark.parametrize("month", FILES)
def test_a_file_has_the_columns_of_its_month_and_nothing_in_the_others(extract: Extract, month: str):
    content, outcomes, weapons = FILES[month]
    said = verdict(content, extract=extract, delivered_for=month)
    assert (said.status, said.problems["rule"].to_list()) == ("valid", [])
    assert said.rows.columns == ["file_line", "month", "kind", "outcome", "crimes", "weapons"]
    assert said.rows["outcome"].unique(maintain_order=True).to_list() == outcomes
    assert said.rows["weapons"].unique(maintain_order=True).to_list() == weapons


def test_a_column_that_is_missing_in_a_month_that_must_have_it_is_reported(extract: Extract):
    said = verdict([row.replace("2009-06", "2009-08") for row in EARLY], extract=extract)
    assert said.status == "rejected"
    assert "column outcome is missing" in said.problems["rule"][0]


def test_a_column_that_came_too_early_or_stayed_is_left_out_with_a_note(extract: Extract):
    stayed = [LATE[0] + ",weapons", *(f"{row},?" for row in LATE[1:])]
    said = verdict(stayed, extract=extract)
    assert said.status == "valid"
    assert said.rows["weapons"].to_list() == [None] * 4
    assert said.notes["rule"].to_list() == [
        "left out, as declared: column 'weapons', of which this month's delivery has none"
    ]


def test_rows_of_months_before_it_may_have_nothing_in_it(extract: Extract):
    older = ["2009-06,burglary,,9,2", "2009-06,robbery,,8,1"]
    said = verdict([*BOTH, *older], extract=extract, delivered_for="2009-07")
    assert (said.status, said.problems["rule"].to_list()) == ("valid", [])
    assert said.rows.filter(file_line=6).select("outcome", "crimes").row(0) == (None, 9)
    of_its_month = verdict([*BOTH[:-1], "2009-07,robbery,,4,1"], extract=extract, delivered_for="2009-07")
    assert "empty_cell" in set(of_its_month.problems["code"])


def test_a_file_of_an_earlier_shape_is_read_as_it_was(tmp_path: Path):
    earlier = "earlier_readings: {2009-07: {month_columns: true, title_lines: 1}}\n"
    text = DECLARED.replace(", since: 2009-07", "").replace(", until: 2009-07", "").replace("key:", f"{earlier}key:")
    text = "\n".join(line for line in text.splitlines() if "weapon" not in line)
    (tmp_path / "crimes.yml").write_text(text, encoding="utf-8")
    (extract,) = declared_files.read(tmp_path)
    pairs = [f"{kind},{outcome}" for kind in ("burglary", "robbery") for outcome in ("charged", "none")]
    wide = ["Crimes", "kind,outcome,Jun-09,Jul-09", *(f"{pair},3,4" for pair in pairs)]
    said = verdict(wide, extract=extract, delivered_for="2009-07")
    assert (said.status, said.rows["crimes"].sum()) == ("valid", 28)
    assert verdict(LATE, extract=extract).status == "valid"


MISTAKES = {
    "since: 2009-07": (
        "since: 2009-07, until: 2009-06",
        "columns.outcome: its `until`, 2009-06, is before its `since`",
    ),
    "title: month counted": ("title: month counted, since: 2009-05", "columns.month: the month of its rows has no"),
    "most: 9000}": ("most: 9000, decimals: many}", "columns.crimes.decimals: 'many' should be a whole number"),
}


@pytest.mark.parametrize("field", MISTAKES)
def test_dates_that_cannot_be_are_mistakes(tmp_path: Path, field: str):
    instead, sentence = MISTAKES[field]
    (tmp_path / "crimes.yml").write_text(DECLARED.replace(field, instead, 1), encoding="utf-8")
    with pytest.raises(declared_files.DeclarationError) as error:
        declared_files.read(tmp_path)
    assert sentence in str(error.value)


def test_a_figure_keeps_as_many_decimals_as_are_declared(tmp_path: Path):
    text = DECLARED.replace("crimes: {kind: count", "crimes: {decimals: 3, kind: money")
    (tmp_path / "crimes.yml").write_text(text, encoding="utf-8")
    (extract,) = declared_files.read(tmp_path)
    said = verdict([row.replace(",4", ",4.125") for row in LATE], extract=extract)
    assert (said.status, f"{said.rows['crimes'].sum()}") == ("valid", "16.500")
    four = verdict([row.replace(",4", ",4.1255") for row in LATE], extract=extract)
    assert {*four.problems["rule"]} == {"is not an amount of 0 or more with at most 3 decimals"}

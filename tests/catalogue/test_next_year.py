"""Beginning the next financial year of a catalogue."""

import csv
import shutil

import pytest

from orchestration import catalogue, settings, years
from orchestration.catalogue import next_year
from tests.deliveries import month


@pytest.fixture
def copy(tmp_path, monkeypatch):
    shutil.copytree(settings.CATALOGUE, tmp_path / "reference")
    monkeypatch.setattr(settings, "CATALOGUE", tmp_path / "reference")
    return tmp_path / "reference"


def rows(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_next_year_has_every_row_of_the_last_a_year_later_and_the_catalogue_holds_together(copy):
    before = {table: rows(copy, table) for table in ("cards", "indicators", "figures")}
    assert next_year.begin().startswith(f"2010/11 is begun in {copy}: 1 of cards.csv, 49 of ")
    catalogue.check(copy)
    after = {table: rows(copy, table) for table in before}
    for table, was in before.items():
        assert after[table][: len(was)] == was  # what was published stays
    assert years.last_card() == month("2011-03")
    assert after["cards"][-1]["title"] == "2010/11 Critical Performance Areas"
    of_year = {year: [r for r in after["indicators"] if r["financial_year"] == year] for year in ("2009/10", "2010/11")}
    assert [r["line"] for r in of_year["2010/11"]] == [r["line"] for r in of_year["2009/10"]]
    assert {r["judged_from"][:4] for r in of_year["2010/11"] if r["judged_from"]} == {"2010"}


def test_of_a_line_that_changed_within_the_year_the_last_row_is_copied_as_one_from_the_start(copy):
    table = rows(copy, "indicators")
    first = next(r for r in table if r["financial_year"] == "2009/10" and r["line"] == "4a")
    for begins, tolerance in (("2009-12-01", "0.2"), ("2009-08-01", "0.1")):
        table.append(first | {"from_month": begins, "amber_tolerance": tolerance, "decided_by": "Board", "reason": "?"})
    with (copy / "indicators.csv").open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, list(first), lineterminator="\n")
        written.writeheader()
        written.writerows(table)
    next_year.begin()
    (made,) = (r for r in rows(copy, "indicators") if r["financial_year"] == "2010/11" and r["line"] == "4a")
    assert [made[cell] for cell in ("from_month", "amber_tolerance", "decided_by", "reason")] == ["", "0.2", "", ""]


def test_three_months_before_the_last_card_a_run_says_that_a_year_is_to_be_begun(copy):
    assert years.last_card() == month("2010-03")
    assert next_year.ends_soon(month("2009-11")) is None
    assert "cards up to 2010-03 only: begin the next financial year with `make year`" in next_year.ends_soon(
        month("2009-12")
    )
    next_year.begin()
    assert next_year.ends_soon(month("2009-12")) is None

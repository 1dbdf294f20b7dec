"""A police force from the files of publishers: months as columns, a crime a row, a survey without its base."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.organisations.police_force import deliveries
from tests.organisations.police_force.deliveries import AIRPORT, CATEGORIES, DISTRICTS, MONTHS, offences, published
from tests.organisations.publishing import publish

FOLDER = Path(__file__).parent / "police_force"
YEAR, BEFORE = range(13, 25), range(1, 13)  # the rolling year to March 2025, and the one before
pytestmark = pytest.mark.slow


def recorded(group: str, numbers: range, districts: tuple[str, ...] = DISTRICTS) -> int:
    of_group = [name for name, (_, its) in CATEGORIES.items() if its == group]
    return sum(
        offences(number, district, name)
        for number in numbers
        for district in districts
        for name in of_group
        if name in published(district)
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its raw files and its warehouse, with the card of March 2025."""
    room = tmp_path_factory.mktemp("force")
    deliveries.write(room / "raw")
    publish(FOLDER, room, "2025-03")
    return room


@pytest.fixture(scope="module")
def force(room: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Its release."""
    with duckdb.connect(str(room / "warehouse" / "current" / "scorecard.duckdb"), read_only=True) as connection:
        yield connection


def test_its_card_is_what_the_published_files_add_up_to_cell_for_cell(force):
    card = force.execute("select line, target_text, latest, status from scorecard order by position").fetchall()
    neighbourhood, violence = (
        recorded(group, YEAR) / recorded(group, BEFORE) - 1 for group in ("neighbourhood_crime", "violence")
    )
    sexual = recorded("sexual_offences", YEAR)
    incidents = sum(map(deliveries.incidents, YEAR)) / sum(map(deliveries.incidents, BEFORE)) - 1
    outcomes = [it for number in YEAR for it in deliveries.outcomes_by(24, number) if it]
    charged = sum(it in ("Suspect charged", "Offender sent to prison") for it in outcomes) / len(outcomes)
    assert card == [
        ("1", "-5%", f"{neighbourhood:+.1%}", "G"),
        ("2", "-13%", f"{violence:+.1%}", "A"),
        ("3", "2,000", f"{sexual:,}", "A"),
        ("4", "0%", f"{incidents:+.1%}", "G"),
        ("5", "55%", f"{charged:.1%}", "G"),
        ("6", "60%", f"{deliveries.good_job(3):.0%}", "G"),
    ]


@pytest.fixture(scope="module")
def staged(room: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Its working database."""
    with duckdb.connect(str(room / "warehouse" / "performance.duckdb"), read_only=True) as connection:
        yield connection


def test_a_crime_of_two_files_counts_once_as_the_newest_has_it_up_to_the_report_month(staged):
    rows = "select delivery_month, value from staging.stg_series where series = $1 and month = $2"
    charged, crimes = (
        dict(staged.execute(rows, [series, MONTHS[21]]).fetchall()) for series in ("charged_outcomes", "crime_records")
    )
    once, again = (
        sum(it in ("Suspect charged", "Offender sent to prison") for it in deliveries.outcomes_by(last, 21))
        for last in (21, 22)
    )
    assert (charged, again - once) == ({MONTHS[21]: once, MONTHS[22]: again}, 1)
    assert crimes == dict.fromkeys((MONTHS[21], MONTHS[22]), len(deliveries.outcomes(21)))


def test_a_month_whose_file_had_no_such_column_has_no_value_and_is_not_0(staged):
    first = "select min(month) from staging.stg_series where series = $1"
    found = [staged.execute(first, [name]).fetchall()[0][0] for name in ("charged_outcomes", "crime_records")]
    assert found == [MONTHS[deliveries.FIRST_WITH_ID], MONTHS[0]]


def test_a_share_keeps_its_three_decimals_from_the_file_to_the_release(force):
    shares = force.execute("select distinct numerator from monthly_measures where measure = 'good_job' order by 1")
    assert [f"{share}" for (share,) in shares.fetchall()] == [f"{deliveries.good_job(it):.3f}" for it in range(4)]


def test_the_list_of_deliveries_says_in_how_many_rows_each_label_stands(force):
    (labels,) = force.execute(
        "select labels from deliveries where extract = 'recorded_crime' order by delivery_month desc limit 1"
    ).fetchone()
    counted = {it["label"]: (it["word"], it["rows"]) for it in json.loads(labels)}
    assert counted["Rape"] == ("sexual_offences", len(DISTRICTS) - 1)
    assert counted["Theft Person"] == ("neighbourhood_crime", len(DISTRICTS))


def test_an_area_that_is_no_part_counts_in_the_whole_and_is_0_where_nothing_is_published(force):
    months = "select area, sum(numerator), count(*) from monthly_measures where measure = $1 group by area"
    violence = {area: its for area, *its in force.execute(months, ["violence"]).fetchall()}
    assert violence[AIRPORT] == [recorded("violence", range(25), (AIRPORT,)), len(MONTHS)]
    assert violence["Made-up Police"] == [recorded("violence", range(25)), len(MONTHS)]
    sexual = {area: its for area, *its in force.execute(months, ["sexual_offences"]).fetchall()}
    assert sexual[AIRPORT] == [0, len(MONTHS)]


def test_its_small_numbers_are_suppressed_with_those_of_others(force):
    suppressed = "select distinct area from monthly_measures where suppressed order by area"
    assert force.execute(suppressed).fetchall() == [(AIRPORT,), ("Southgate",), ("Westgate",)]


def test_it_stands_below_the_districts_as_what_it_is(room):
    cards = room / "warehouse" / "current" / "cards" / "2025-03"
    rows = re.findall(
        r"<tr><th scope=\"row\"><a href=\"areas/[^\"]+\">([^<]+)</a>(.*?)</th>", (cards / "2.html").read_text()
    )
    assert rows[-1] == (AIRPORT, ' <span class="faint">(no district)</span>')
    assert {note for _, note in rows[:-1]} == {""}
    page = (cards / "areas" / "city-airport.html").read_text(encoding="utf-8")
    assert "City Airport is no district: it counts in Made-up Police and in no district." in page

"""A police force from the files of publishers: months as columns, a crime a row, a survey without its base."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest

from tests.conftest import PROJECT
from tests.organisations.police_force import deliveries
from tests.organisations.police_force.deliveries import AIRPORT, CATEGORIES, DISTRICTS, MONTHS, offences, published
from tests.organisations.publishing import publish

FOLDER = Path(__file__).parent / "police_force"
DIVISIONS = {"North Division": ("Eastgate", "Northgate"), "South Division": ("Southgate", "Westgate")}
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
        ("7", "5,000", f"{harm(DISTRICTS):,.1f}", "G"),
    ]


def harm(districts: tuple[str, ...], numbers: range = YEAR) -> float:
    """Violence, and half of neighbourhood crime."""
    return recorded("violence", numbers, districts) + recorded("neighbourhood_crime", numbers, districts) / 2


def test_half_of_a_series_is_exact_in_every_month_and_reads_well(room, force):
    months = "select numerator from monthly_measures where measure = 'harm' and area = 'Eastgate' order by month"
    found = [float(numerator) for (numerator,) in force.execute(months).fetchall()]
    assert found == [harm(("Eastgate",), range(number, number + 1)) for number in range(25)]
    assert sum(not value.is_integer() for value in found) > 5
    page = (room / "warehouse" / "current" / "cards" / "2025-03" / "7.html").read_text(encoding="utf-8")
    assert "Violence + half of neighbourhood crime; over the 12 months" in page


def test_a_division_is_the_sum_of_its_districts_and_suppressed_where_another_area_is_suppressed_too(force):
    columns = "line, region, numerator, numerator_a_year_before"
    found = {
        (line, region): (now and float(now), before and float(before))
        for line, region, now, before in force.execute(f"select {columns} from region_contributions").fetchall()
    }
    expected: dict[tuple[str, str], tuple] = {}
    for division, districts in DIVISIONS.items():
        for line, group in {"1": "neighbourhood_crime", "2": "violence", "3": "sexual_offences"}.items():
            expected[line, division] = tuple(recorded(group, numbers, districts) for numbers in (YEAR, BEFORE))
        expected["7", division] = (harm(districts), harm(districts, BEFORE))
    # what the airport suppresses of the south, South Division and the airport would tell of each other
    suppressed = {("1", "South Division"): (None, None), ("7", "South Division"): (None, None)}
    assert found == expected | suppressed


def test_pages_and_workbook_stand_districts_under_their_division(room):
    card = room / "warehouse" / "current" / "cards" / "2025-03"
    overview = re.findall(
        r'<th scope="row"><a href="[^"]+">(.*?)</a></th>', (card / "areas" / "index.html").read_text()
    )
    north, south = ("<strong>North Division</strong>", "<strong>South Division</strong>")
    assert overview == [north, "Eastgate", "Northgate", south, "Southgate", "Westgate", AIRPORT]
    page = (card / "areas" / "north-division.html").read_text(encoding="utf-8")
    both = [recorded("violence", numbers, DIVISIONS["North Division"]) for numbers in (YEAR, BEFORE)]
    assert f"<strong>{both[0] / both[1] - 1:+.1%}</strong>" in page
    assert f"{both[0]:,}, a year before {both[1]:,}" in page
    now, before = (recorded("violence", numbers, DIVISIONS["South Division"]) for numbers in (YEAR, BEFORE))
    # districts are no others of a division
    other = f'{now / before - 1:+.1%} <span class="period">of 1 division</span>'
    assert f'data-label="Other divisions">{other}' in page
    assert 'Its districts: <a href="eastgate.html">Eastgate</a>, <a href="northgate.html">Northgate</a>.' in page
    sheet = openpyxl.load_workbook(card / "scorecard.xlsx")["Areas"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    of_violence = [row[2:5] for row in rows if row[0] == "2"]
    assert of_violence[:3] == [
        ["North Division", "[z]", both[0]],
        ["North Division", "Eastgate", recorded("violence", YEAR, ("Eastgate",))],
        ["North Division", "Northgate", recorded("violence", YEAR, ("Northgate",))],
    ]
    assert of_violence[-1][:2] == ["[z]", AIRPORT]


def test_the_audit_finds_a_division_that_is_not_the_sum_of_the_deliveries(room, tmp_path):
    shutil.copytree(room / "warehouse", tmp_path / "warehouse", symlinks=True)
    with duckdb.connect(str(tmp_path / "warehouse" / "performance.duckdb")) as connection:
        changed = "set numerator = numerator + 1 where measure = 'violence' and area = 'Eastgate'"
        connection.execute(f"update aggregates.rolling_year {changed}")
    of_force = {
        "SCORECARD_ORGANISATION": str(FOLDER),
        "SCORECARD_RAW": str(room / "raw"),
        "SCORECARD_WAREHOUSE": str(tmp_path / "warehouse"),
    }
    check = "from datetime import date; from orchestration.release import auditing; auditing.check([date(2025, 3, 1)])"
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=PROJECT,
        env=os.environ | of_force,
        capture_output=True,
        text=True,
        check=False,
    )
    of = [recorded("violence", numbers, DIVISIONS["North Division"]) for numbers in (YEAR, BEFORE)]
    for month, total in zip(("2025-03", "2024-03"), of, strict=True):
        differ = f"to {month}: the card has ({total + 1:.1f}, None); the deliveries give ({total:.1f}, None)"
        assert f"2025-03, violence of North Division over the rolling_year {differ}" in done.stderr
    assert done.stderr.count("violence of") == 2


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
        r"<tr><th scope=\"row\"><a href=\"areas/[^\"]+\">(.+?)</a>(.*?)</th>", (cards / "2.html").read_text()
    )
    assert rows[-1] == (AIRPORT, ' <span class="faint">(no district)</span>')
    assert {note for _, note in rows[:-1]} == {""}
    page = (cards / "areas" / "city-airport.html").read_text(encoding="utf-8")
    said = "City Airport is not one of the districts: it counts towards Made-up Police and towards none of them."
    assert said in page

"""Another organisation, by its own files alone: stations, calendar years, a card that nobody programmed."""

import json
from pathlib import Path

import duckdb
import pytest

from tests.organisations.fire_service import deliveries
from tests.organisations.fire_service.deliveries import MONTHS, STATIONS, of_station, people, sickness_days
from tests.organisations.publishing import publish

FOLDER = Path(__file__).parent / "fire_service"
YEAR, BEFORE = range(18, 30), range(6, 18)  # the rolling year to June 2025, and the one before
pytestmark = pytest.mark.slow


def total(counted: str, numbers: range) -> float:
    return sum(of_station(number, place)[counted] for number in numbers for place in range(len(STATIONS)))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its raw files and its warehouse, with the card of June 2025."""
    room = tmp_path_factory.mktemp("service")
    deliveries.write(room / "raw")
    publish(FOLDER, room, "2025-06")
    return room


def test_its_card_is_what_its_files_add_up_to_cell_for_cell(service):
    with duckdb.connect(str(service / "warehouse" / "current" / "scorecard.duckdb"), read_only=True) as connection:
        columns = "line, target_text, latest, status, financial_year"
        card = connection.execute(f"select {columns} from scorecard order by position").fetchall()
    fires = total("dwelling_fires", YEAR) / total("dwelling_fires", BEFORE) - 1
    share = total("reached_in_ten", YEAR) / total("calls", YEAR)
    minutes = total("minutes", YEAR) / total("calls", YEAR)
    days = sum(map(sickness_days, YEAR)) / (sum(map(people, YEAR)) / len(YEAR))
    employed = sum(map(people, YEAR)) / len(YEAR)
    visits = total("visits", range(24, 30))
    assert (
        fires < -0.02,
        share < 0.8 * 0.95,
        minutes < 8,
        days < 9,
        visits >= 6000 * 6 / 12,
        408 < employed < 430,
    ) == (True,) * 6
    assert card == [
        ("1", "-2%", f"{fires:+.1%}", "G", "2025"),
        ("5", "6,000", f"{visits:,.0f}", "G", "2025"),  # half of the year's visits were due by June
        ("2", "80%", f"{share:.1%}", "R", "2025"),
        ("3", "8 minutes", f"{minutes:.1f} minutes", "G", "2025"),
        ("4", "9 days", f"{days:.1f} days", "G", "2025"),
        ("6", "between 430 and 450", f"{employed:,.0f}", "A", "2025"),  # too few by 1% of 440
    ]


def test_its_year_to_date_begins_in_january(service):
    with duckdb.connect(str(service / "warehouse" / "current" / "scorecard.duckdb"), read_only=True) as connection:
        period = "select data_from, data_to from figures where line = '5' and name = 'latest'"
        assert connection.execute(period).fetchall() == [(MONTHS[24], MONTHS[29])]


def test_its_pages_speak_of_stations_and_of_itself(service):
    page = (service / "warehouse" / "current" / "cards" / "2025-06" / "1.html").read_text(encoding="utf-8")
    assert "station" in page
    assert "borough" not in page.lower()
    assert "From January to June" in page
    assert "April to" not in page


def test_the_page_of_a_line_whose_target_is_a_range_says_that_within_is_better(service):
    page = (service / "warehouse" / "current" / "cards" / "2025-06" / "6.html").read_text(encoding="utf-8")
    assert "A figure within the range of the target is better." in page


def test_its_card_is_the_same_for_programs(service):
    card = json.loads((service / "warehouse" / "current" / "cards" / "2025-06" / "scorecard.json").read_bytes())
    assert [row["line"] for row in card["lines"]] == ["1", "5", "2", "3", "4", "6"]

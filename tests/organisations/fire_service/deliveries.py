"""What the made-up fire service delivers, for January 2023 to June 2025: by a formula, so that a test can add it up."""

from datetime import date
from pathlib import Path

STATIONS = ("Abbey", "Bridge", "Castle", "Dock", "Easton", "Fairfield")
MONTHS = [date(2023 + number // 12, number % 12 + 1, 1) for number in range(30)]
COUNTED = ("dwelling_fires", "calls", "reached_in_ten", "visits")


def of_station(number: int, place: int) -> dict[str, float]:
    """A station's figures of the month with that number, from 0."""
    return {
        "dwelling_fires": 4 + (number * 3 + place * 5) % 7 + (2 if number < 18 else 0),
        "calls": 90 + (number * 7 + place * 11) % 31,
        "reached_in_ten": 70 + (number * 5 + place * 3) % 17,
        "visits": 80 + (number + place) % 9,
        "minutes": 700 + (number * 13 + place * 17) % 90 + 0.5 * ((number + place) % 2),
    }


def people(number: int) -> int:
    """Those employed at the end of a month."""
    return 400 + number


def sickness_days(number: int) -> int:
    """The days that they were sick in it."""
    return 290 + number % 5 * 10


def write(raw: Path) -> None:
    """All of it as files; the response times in one, a month a column, as the control room publishes them."""
    for number, month in enumerate(MONTHS):
        name = f"{month:%Y-%m}"
        rows = [
            (name, station, *(of_station(number, place)[it] for it in COUNTED))
            for place, station in enumerate(STATIONS)
        ]
        _write(raw / "incidents" / f"{name}.csv", [("month", "station", *COUNTED), *rows])
        _write(raw / "staff" / f"{name}.csv", [("month", "people"), (name, people(number))])
        _write(raw / "sickness" / f"{name}.csv", [("month", "sickness_days"), (name, sickness_days(number))])
    header = ("Fire station", *(f"{month:%Y%m}" for month in MONTHS))
    _write(raw / "response_times" / "2025-06.csv", [header, *(_minutes(place) for place in range(len(STATIONS)))])


def _minutes(place: int) -> tuple[str, ...]:
    minutes = (f"{of_station(number, place)['minutes']:.1f}".replace(".", ",") for number in range(len(MONTHS)))
    return STATIONS[place], *(f'"{each}"' for each in minutes)


def _write(path: Path, rows: list[tuple]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")

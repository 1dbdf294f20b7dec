"""Small generated organisations, attacked: no small count can be worked out from what two releases show together.

Every number shown is a sum of unknown counts, weighted a half to 3. A count is known where nothing that solves the
equations with 0 on the right, and so changes nothing shown, changes it.
"""

import random
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import duckdb
import numpy as np
import pytest

from orchestration import months
from tests.conftest import Built
from tests.rebuilt import models_of

FORCE = "All"
TOGETHER = {"A": "1", "B": "1", "C": "2", "D": "2", "E": "2"}
SERIES = {"parts": (5, None), "wholes": (5, None), "others": (None, 12), "networks": (None, 5)}
JUNE, JULY = date(2009, 6, 1), date(2009, 7, 1)
MONTHS = tuple(months.between(date(2009, 4, 1), JULY))

Count = tuple[date, str, str, date]  # of a delivery, a series, an area and a month
Suppressed = set[tuple[str, str, date]]


class System(NamedTuple):
    """What two deliveries hold, and the measures: name, part, series, weight."""

    counts: dict[Count, int]
    measures: list[tuple[str, str, str, float]]

    def as_of(self, report_month: date, series: str, area: str, month: date) -> Count:
        return max(key for key in self.counts if key[0] <= report_month and key[1:] == (series, area, month))

    def secrets(self) -> Iterator[list[Count]]:
        """Counts of which one is small, or together small for the force."""
        of_the_whole: dict[tuple, list[Count]] = {}
        for key, value in self.counts.items():
            of_borough, _ = SERIES[key[1]]
            if of_borough and 0 < value < of_borough:
                yield [key]
            of_the_whole.setdefault((key[0], key[1], key[3]), []).append(key)
        for (_, series, _), keys in of_the_whole.items():
            if SERIES[series][1] and 0 < sum(self.counts[key] for key in keys) < SERIES[series][1]:
                yield keys


def generated(seed: int) -> System:
    """July's delivery restates some months of June's."""
    chance = random.Random(seed)
    counts: dict[Count, int] = {}
    for delivery, delivered in ((JUNE, MONTHS[:-1]), (JULY, MONTHS)):
        for month in delivered:
            if (delivery, month) in ((JUNE, month), (JULY, JULY)) or chance.random() < 0.5:
                for area in TOGETHER:
                    whole = chance.choice((0, 3, 6, 9, 30))
                    counts[delivery, "wholes", area, month] = whole
                    counts[delivery, "parts", area, month] = chance.randint(0, whole)
                    counts[delivery, "others", area, month] = chance.randint(0, 6)
                counts[delivery, "networks", FORCE, month] = chance.randint(0, 9)
    weights = [chance.choice((0.5, 1, 2, 3)) for _ in range(6)]
    measures = [
        ("rate", "numerator", "parts", 1),
        ("rate", "denominator", "wholes", 1),
        ("wholes", "numerator", "wholes", weights[0]),
        ("mixed", "numerator", "parts", weights[1]),
        ("mixed", "numerator", "others", weights[2]),
        ("others", "numerator", "others", weights[3]),
        ("all", "numerator", "wholes", weights[4]),
        ("all", "numerator", "others", weights[5]),
        ("networks", "numerator", "networks", 1),
    ]
    return System(counts, measures)


def suppressed(query: str, system: System, until: date, before: Suppressed) -> Suppressed:
    """What the model suppresses, knowing the deliveries up to a month and what was suppressed before."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as performance")
        for schema in ("staging", "reference", "run"):
            connection.execute(f"create schema performance.{schema}")
        tables = {
            "staging.stg_series (delivery_month date, series text, area text, month date, value decimal(18, 2))": [
                (*key, value) for key, value in system.counts.items() if key[0] <= until
            ],
            "reference.series (series text, level text, area_threshold int, whole_threshold int)": [
                (name, "whole" if name == "networks" else "area", *of) for name, of in SERIES.items()
            ],
            "reference.areas (area text, kind text, suppressed_with text)": [
                (FORCE, "whole", None),
                *((area, "area", group) for area, group in TOGETHER.items()),
            ],
            "reference.measures (measure text, part text, series text, weight double)": system.measures,
            "run.suppressed_before (measure text, area text, month date)": list(before),
        }
        for table, rows in tables.items():
            connection.execute(f"create table performance.{table}")
            if rows:
                places = ", ".join("?" * len(rows[0]))
                connection.executemany(f"insert into performance.{table.partition(' ')[0]} values ({places})", rows)
        return set(connection.execute(query).fetchall())


def shown(system: System, report_month: date, hidden: Suppressed) -> Iterator[dict[Count, float]]:
    """What a release shows of a report month: each month and window of each measure, part and area as a sum."""
    known = [month for month in MONTHS if month <= report_month]
    windows = [known[first:last] for first in range(len(known)) for last in range(first + 1, len(known) + 1)]
    for measure, part in {row[:2] for row in system.measures}:
        parts = [(series, weight) for name, of, series, weight in system.measures if (name, of) == (measure, part)]
        for area in [FORCE] if measure == "networks" else [FORCE, *TOGETHER]:
            areas = list(TOGETHER) if area == FORCE and measure != "networks" else [area]
            for window in windows:
                if not any((measure, area, month) in hidden for month in window):
                    yield {
                        system.as_of(report_month, series, each, month): weight
                        for series, weight in parts
                        for each in areas
                        for month in window
                    }


def found(system: System, *releases: tuple[date, Suppressed]) -> int:
    """How many secrets can be worked out."""
    place = {key: at for at, key in enumerate(system.counts)}
    equations = [numbers for release in releases for numbers in shown(system, *release)]
    matrix = np.zeros((len(equations), len(place)))
    for row, numbers in enumerate(equations):
        for key, weight in numbers.items():
            matrix[row, place[key]] = weight
    _, sizes, directions = np.linalg.svd(matrix)
    free = directions[(sizes > 1e-9).sum() :].T
    return sum(
        np.abs(free[[place[key] for key in secret]].sum(axis=0)).max(initial=0) < 1e-9 for secret in system.secrets()
    )


@pytest.fixture(scope="module")
def query(sample: Built) -> str:
    return next(sql for relation, _, sql in models_of(sample) if relation.endswith('"suppressed_months"'))


def test_no_small_count_of_a_borough_or_the_force_can_be_worked_out_from_two_releases(query: str):
    for seed in range(12):
        system = generated(seed)
        earlier = suppressed(query, system, JUNE, set())
        later = suppressed(query, system, JULY, earlier)
        assert earlier <= later
        assert found(system, (JUNE, earlier), (JULY, later)) == 0, seed


def test_the_same_attack_finds_them_where_nothing_is_suppressed_or_windows_are_shown(query: str):
    system = generated(0)
    everything = len(list(system.secrets()))
    assert everything > 10
    assert found(system, (JUNE, set()), (JULY, set())) == everything
    alone = {key for key in suppressed(query, system, JULY, set()) if key[2] != JUNE}
    assert 0 < found(system, (JUNE, alone), (JULY, alone)) < everything

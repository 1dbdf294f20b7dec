"""Regions in a release: their sums, and that they say nothing that the whole and the areas do not say already."""

import re
from datetime import date
from itertools import product

import duckdb
import numpy as np
import pytest

from orchestration import settings

MARCH = date(2010, 3, 1)
# the areas with their region and what they hold; what lies in none may be in no region
AREAS = {
    "Abbey": ("North", 5),
    "Barley": ("North", 7),
    "Camber": ("South", 11),
    "Dock": ("South", 13),
    "Sea": (None, 17),
}
WHOLE = "All"
CASES = list(product((True, False), repeat=len(AREAS) + 1))  # what is shown: each area, and the whole


@pytest.fixture(scope="module")
def shown() -> dict[tuple[str, str], tuple]:
    """By case and region, the sums of the view, where a case is a measure and what it does not show is null."""
    windows = [
        (MARCH, str(case), area, MARCH, date(2009, 4, 1), *(2 * [value if visible else None]), 12, False)
        for case in CASES
        for visible, (area, value) in zip(case, [*held().items(), (WHOLE, sum(held().values()))], strict=True)
    ]
    windows.append((MARCH, "networks", WHOLE, MARCH, date(2009, 4, 1), 3, None, 12, False))  # not known by area
    view = (settings.DBT_PROJECT / "analyses" / "region_windows.sql").read_text(encoding="utf-8")
    query = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", view).replace("{{ amount() }}", "decimal(18, 2)")
    with duckdb.connect() as connection:
        connection.execute("create table areas (area text, kind text, region text)")
        kinds = [(area, "area" if region else "unallocated", region) for area, (region, _) in AREAS.items()]
        connection.executemany("insert into areas values (?, ?, ?)", [(WHOLE, "whole", None), *kinds])
        for basis in ("rolling_year", "year_to_date"):
            connection.execute(
                f"create table {basis} (report_month date, measure text, area text, month date, data_from date, "
                "numerator decimal(18, 2), denominator decimal(18, 2), months_expected integer, provisional boolean)"
            )
        connection.executemany(f"insert into rolling_year values ({', '.join('?' * 9)})", windows)
        rows = connection.execute(f"select measure, region, numerator, denominator from ({query})").fetchall()
    return {(measure, region): tuple(sums) for measure, region, *sums in rows}


def held() -> dict[str, int]:
    return {area: value for area, (_, value) in AREAS.items()}


def row_of(*areas: str) -> list[int]:
    return [int(area in areas) for area in AREAS]


def test_a_region_is_shown_where_the_areas_and_the_whole_that_are_shown_give_it_and_only_there(shown):
    """A number that is a sum of others adds nothing to what they say: the rank of the equations stays as it is."""
    for case in CASES:
        places = [row_of(area) for area in AREAS] + [row_of(*AREAS)]
        equations = [place for place, visible in zip(places, case, strict=True) if visible]
        rank = np.linalg.matrix_rank(equations) if equations else 0
        for region in ("North", "South"):
            own = [area for area, (lies_in, _) in AREAS.items() if lies_in == region]
            follows = np.linalg.matrix_rank([*equations, row_of(*own)]) == rank
            total = sum(held()[area] for area in own)
            assert shown[str(case), region] == ((total, total) if follows else (None, None)), (case, region)


def test_what_is_not_known_by_area_is_not_known_by_region(shown):
    assert len(shown) == 2 * len(CASES)

"""Charts, whatever card they are of."""

import re
from datetime import date

import pytest

from orchestration.editions import charts


@pytest.mark.parametrize("first", [1, 4, 9])
def test_the_axis_of_a_year_begins_with_the_first_month_of_the_organisation_s_year(first: int):
    names = [f"{date(2009, 1 + (first - 1 + place) % 12, 1):%b}" for place in range(12)]
    so_far = [{"name": name, "value": 1} for name in names[:3]]
    axis = charts.values("number", 0, 1)
    drawn = charts.svg("years", {"now": so_far, "before": [], "zero": []}, **axis, months=names)
    labels = [text for text in re.findall("<text[^>]*>([^<]+)</text>", drawn) if text in names]
    assert labels == [names[place] for place in (0, 3, 6, 9, 11)]

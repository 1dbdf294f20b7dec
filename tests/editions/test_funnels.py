"""Areas side by side: around 50% of 100, chance reaches from 40.4% to 59.6%, in 998 of 1,000 from 35.2% to 64.8%."""

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from orchestration.editions.site import funnels

AUGUST = date(2009, 8, 1)
ROW = {"line": "9", "measure": "detected", "basis": "rolling_year", "unit": "percent", "data_to": AUGUST}
INDICATOR = {
    "kind": "percentage",
    "measure": "detected",
    "decimals": 0,
    "direction": "higher_is_better",
    "rate_unit": None,
}
COUNTED = {"Abbey": 65, "Bridge": 60, "Castle": 59, "Dock": 41, "Easton": 35, "Fairfield": 40}


def card(counted: dict[str, int | None], *, present: int = 12, unit: str = "count") -> SimpleNamespace:
    """A card of one share, of 100 in each area, and of 50 in 100 in the whole."""
    of_areas = [
        {"area": area, "numerator": number, "denominator": None if number is None else 100}
        for area, number in {**counted, "Whole": 300}.items()
    ]
    of_areas[-1]["denominator"] = 600
    window = {"measure": "detected", "month": AUGUST, "months_present": present, "months_expected": 12}
    return SimpleNamespace(
        tables={
            "rolling_year": pl.DataFrame([window | it for it in of_areas]),
            "areas": pl.DataFrame({"area": [*counted, "Whole"], "kind": [*["area"] * len(counted), "whole"]}),
            "measures": pl.DataFrame({"measure": ["detected"], "part": ["numerator"], "series": ["detections"]}),
            "series": pl.DataFrame({"series": ["detections"], "unit": [unit], "over_time": ["sum"]}),
        },
        axis=lambda unit, measure: f"{measure} in {unit}",
        averaged=lambda measure: [],
    )


def test_an_area_outside_the_limits_of_its_denominator_stands_out_and_the_others_may_be_chance():
    picture = funnels.of_areas(card(COUNTED), ROW, INDICATOR)
    assert picture.rows == (
        ("Abbey", "65.0%", "55.3% to 73.6%", "outside the 99.8% limits"),
        ("Bridge", "60.0%", "50.2% to 69.1%", "outside the 95% limits"),
        ("Castle", "59.0%", "49.2% to 68.1%", "within: may be chance"),
        ("Dock", "41.0%", "31.9% to 50.8%", "within: may be chance"),
        ("Fairfield", "40.0%", "30.9% to 49.8%", "outside the 95% limits"),
        ("Easton", "35.0%", "26.4% to 44.7%", "outside the 99.8% limits"),
    )
    assert picture.text == (
        "The whole is at 50.0%. Of 6 boroughs that are shown, against the 99.8% limits: Abbey above them; Easton below "
        "them; 2 more outside the 95% limits. The others differ from it by no more than chance."
    )
    assert "Abbey" in picture.drawing


def test_where_less_is_better_the_lowest_stands_first():
    picture = funnels.of_areas(card(COUNTED), ROW, INDICATOR | {"direction": "lower_is_better"})
    assert picture.rows[0][0] == "Easton"


def test_a_suppressed_area_is_neither_drawn_nor_named():
    picture = funnels.of_areas(card(COUNTED | {"Abbey": None}), ROW, INDICATOR)
    assert "Abbey" not in f"{picture.rows} {picture.text} {picture.drawing}"


def test_an_area_that_is_no_part_of_the_whole_is_compared_with_nothing():
    of = card(COUNTED)
    of.tables["areas"] = of.tables["areas"].with_columns(
        kind=pl.when(pl.col("area") == "Abbey").then(pl.lit("unallocated")).otherwise("kind")
    )
    picture = funnels.of_areas(of, ROW, INDICATOR)
    assert "Abbey" not in f"{picture.rows} {picture.text} {picture.drawing}"


@pytest.mark.parametrize(
    "of",
    [
        card(COUNTED, present=11),
        card(COUNTED, unit="money"),
        card(COUNTED | {"Abbey": 101}),  # no part of its denominator
        card(dict.fromkeys(("Abbey", "Bridge", "Castle", "Dock"), 50)),
    ],
)
def test_what_is_no_share_of_events_of_some_areas_has_no_funnel(of):
    assert funnels.of_areas(of, ROW, INDICATOR) is None

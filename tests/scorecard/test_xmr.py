import json
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.scorecard.explanations import trend, xmr

PUBLISHED = json.loads((Path(__file__).parents[1] / "conformance" / "xmr.json").read_text(encoding="utf-8"))
RULES = PUBLISHED["special_cause"]


def charted(values: list[float | None], segments: list[int] | None = None, screen: bool = True) -> pl.DataFrame:
    points = pl.DataFrame(
        {"value": values, "segment": segments or [0] * len(values), "baseline": [True] * len(values)},
        schema={"value": pl.Float64, "segment": pl.UInt32, "baseline": pl.Boolean},
    )
    return xmr.charted(points, screen)


def signs(values: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"sign": values, "segment": [0] * len(values)})


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["name"])
def test_limits_are_the_published_ones(case):
    made = charted(case["y"], screen=case["screen"]).row(0, named=True)
    # seven digits are printed
    assert made["centre"] == pytest.approx(case["mean"], rel=5e-7)
    assert made["lower_limit"] == pytest.approx(case["lpl"], rel=5e-7)
    assert made["upper_limit"] == pytest.approx(case["upl"], rel=5e-7)


@pytest.mark.parametrize(("sides", "expected"), RULES["seven_one_side"])
def test_seven_on_one_side_are_found_where_the_published_method_finds_them(sides, expected):
    found = signs(sides).select(xmr.in_a_row("sign") >= xmr.IN_A_ROW).to_series()
    assert found.cast(pl.Int8).to_list() == expected


@pytest.mark.parametrize(("values", "expected"), RULES["seven_trend"])
def test_a_trend_of_seven_is_found_where_the_published_method_finds_it(values, expected):
    made = charted(values)
    seventh = made.select(pl.when(pl.col("moves") >= xmr.IN_A_ROW - 1).then("moved").otherwise(0)).to_series()
    assert seventh.to_list() == expected


@pytest.mark.parametrize(("close", "sides", "expected"), RULES["two_in_three_close_to_limits_same_side"])
def test_two_in_three_are_found_where_the_published_method_finds_them(close, sides, expected):
    frame = signs(sides).with_columns(close=pl.Series(close).cast(pl.Boolean))
    assert frame.select(xmr.two_in_three("close", "sign")).to_series().cast(pl.Int8).to_list() == expected


@pytest.mark.parametrize("case", PUBLISHED["assurance_target4"], ids=str)
@pytest.mark.parametrize(
    ("published", "direction"), [("increase", "higher_is_better"), ("decrease", "lower_is_better")]
)
def test_assurance_is_the_published_one(case, published, direction):
    limits = pl.DataFrame(
        {"lower_limit": [case["lpl"]], "upper_limit": [case["upl"]], "target": [4], "target_to": None}
    )
    found = limits.with_columns(direction=pl.lit(direction)).select(trend.assurance()).item()
    assert found == case[published].removeprefix("consistent_")


def test_limits_on_the_target_pass_because_on_target_is_met():
    limits = pl.DataFrame({"lower_limit": [4.0], "upper_limit": [5.0], "target": [4], "direction": "higher_is_better"})
    limits = limits.with_columns(target_to=pl.lit(None, dtype=pl.Float64))
    assert limits.select(trend.assurance()).item() == "pass"


NEARLY = 0.1 + 0.2  # a tie with 0.3 that binary fractions hide
MARKED = {
    "all points of a run": ("run", [9, 1, 1, 1, 1, 1, 1, 1, 9, 1], [None, *["low"] * 7, None, None]),
    "six in a row are no run": ("run", [9, *[1] * 6, 9, 1, 9], [None] * 10),
    "a point on the mean breaks a run": ("run", [*[6.0] * 4, 5.0, *[6.0] * 3, *[4.0] * 5, 3.0], [None] * 14),
    "no run crosses a gap": ("run", [*[1] * 4, None, *[1] * 4, 9, 9], [None] * 11),
    "a fall from first to last": ("trend", [5, 9, 8, 7, 6, 5, 4, 3, 5, 4, 6], [None, *["low"] * 7, None, None, None]),
    "a rise from first to last": ("trend", [5, 3, 4, 5, 6, 7, 8, 9, 6, 7, 5], [None, *["high"] * 7, None, None, None]),
    "the turn ends the first": ("trend", [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], ["high"] * 7 + ["low"] * 6),
    "equal values break a trend": ("trend", [1, 2, 3, 4, 4, 5, 6, 7], [None] * 8),
    "a tie is a tie": ("trend", [0.0, 0.1, 0.2, 0.3, NEARLY, 0.4, 0.5, 0.6], [None] * 8),
    "no trend crosses a gap": ("trend", [1, 2, 3, 4, None, 5, 6, 7, 8], [None] * 9),
}


@pytest.mark.parametrize(("rule", "values", "expected"), MARKED.values(), ids=MARKED)
def test_a_rule_marks_exactly_the_points_that_break_it(rule, values, expected):
    assert charted(values)[rule].to_list() == expected


def test_a_missing_point_is_never_taken_for_0():
    values = [50.0, 52, 51, None, 49, 50, 53, 48]
    made, known = charted(values), [value for value in values if value is not None]
    assert made["centre"][0] == pytest.approx(sum(known) / len(known))
    assert made.row(3, named=True) | {"centre": 0, "lower_limit": 0, "upper_limit": 0} == {
        **dict.fromkeys(made.columns),
        "segment": 0,
        "baseline": True,
        "centre": 0,
        "points": 7,
        "trial": True,
        "screened": False,
        "outside": 0,
        "close": False,
        "mean_moving_range": made["mean_moving_range"][0],
        "lower_limit": 0,
        "upper_limit": 0,
        "run_length": 0,
        "moves": 0,
    }


def test_no_moving_range_spans_a_gap():
    made = charted([10.0, 12, None, 30, 31])
    assert made["moving_range"].to_list() == [None, 2, None, None, 1]
    assert made["mean_moving_range"][0] == 1.5


def test_two_in_three_do_not_cross_a_gap():
    frame = pl.DataFrame({"close": [True, False, True, True], "sign": [1, None, 1, 1], "segment": [0] * 4})
    assert set(frame.select(xmr.two_in_three("close", "sign")).to_series()) == {False}


def test_nothing_is_carried_from_one_segment_into_the_next():
    made = charted([1, 2, 3, 4, 5, 6, 7, 8], [0] * 4 + [1] * 4)
    assert made["moving_range"].to_list() == [None, 1, 1, 1, None, 1, 1, 1]
    assert made["centre"].to_list() == [2.5] * 4 + [6.5] * 4
    assert set(made["trend"]) == {None}
    # each segment has the limits that it has alone
    alone = charted([5, 6, 7, 8])
    assert made["upper_limit"].tail(4).to_list() == alone["upper_limit"].to_list()


def test_an_outlying_moving_range_is_left_out_once():
    # moving ranges 1 x 18, then 100: their mean is 6.2, the limits come from the others
    values = [float(10 + place % 2) for place in range(19)] + [110.0]
    made = charted(values)
    assert made["screened"].to_list() == [False] * 19 + [True]
    assert made["upper_limit"][0] == pytest.approx(made["centre"][0] + 2.66)
    assert made["outside_limits"][-1] == "high"
    assert not any(charted(values, screen=False)["screened"])


def test_the_limit_of_screening_is_left_out_itself():
    # nine moving ranges of 6,733 and one of 29,403: their mean is 9,000, and 3.267 times that is 29,403
    values = [6733.0 * (place % 2) for place in range(10)]
    made = charted([*values, values[-1] + 29403])
    assert made["moving_range"].mean() == 9000
    assert made["screened"].to_list() == [False] * 10 + [True]


def test_a_series_that_never_changes_has_its_limits_on_its_mean_and_no_special_cause():
    made = charted([0.1] * 13)
    assert made["lower_limit"].to_list() == made["upper_limit"].to_list() == made["centre"].to_list()
    for rule in ("outside_limits", "run", "trend", "two_of_three"):
        assert set(made[rule]) == {None}


def test_limits_are_on_trial_until_there_are_twelve_points():
    assert set(charted([1.0, 2.0] * 5 + [1.0])["trial"]) == {True}
    assert set(charted([1.0, 2.0] * 6)["trial"]) == {False}
    assert set(charted([1.0, 2.0] * 5 + [1.0, None])["trial"]) == {True}


def test_two_of_three_marks_the_points_close_to_the_limit_and_not_the_one_between():
    values = [10.0, 9, 10, 11, 10, 9, 10, 11, 10, 9, 12.5, 11.5, 12.5, 10, 9, 10, 9, 9, 10, 9]
    made = charted(values)
    near = made["centre"][0] + 2 / 3 * 2.66 * made["mean_moving_range"][0]
    assert near < 12.5 < made["upper_limit"][0]
    assert near > 11.5
    marked = [place for place, side in enumerate(made["two_of_three"]) if side]
    assert marked == [10, 12]
    assert set(made["two_of_three"]) == {None, "high"}


def test_a_point_outside_the_limits_is_not_close_to_them():
    values = [10.0, 9, 10, 11, 10, 9, 10, 11, 10, 9, 14, 12.5, 11, 10, 9, 10, 9, 9, 10, 9]
    made = charted(values)
    assert made["outside_limits"][10] == "high"
    assert made["close"].to_list() == [place == 11 for place in range(20)]
    assert set(made["two_of_three"]) == {None}


def test_one_point_alone_has_no_limits():
    made = charted([5.0]).row(0, named=True)
    assert (made["centre"], made["lower_limit"], made["outside_limits"]) == (5, None, None)


series = st.lists(st.one_of(st.none(), st.integers(0, 60).map(float)), min_size=1, max_size=40)


@settings(deadline=None)
@given(series, series)
def test_two_series_in_one_frame_are_charted_as_each_is_alone(first, second):
    both = charted([*first, *second], [0] * len(first) + [1] * len(second)).drop("segment")
    alone = pl.concat([charted(first).drop("segment"), charted(second).drop("segment")])
    assert both.equals(alone)


@settings(deadline=None)
@given(series)
def test_the_mirror_image_of_a_series_has_the_mirror_image_of_its_chart(values):
    mirrored = {"high": "low", "low": "high", None: None}
    made, other = charted(values), charted([None if value is None else -value for value in values])
    for rule in ("outside_limits", "run", "trend", "two_of_three"):
        assert other[rule].to_list() == [mirrored[side] for side in made[rule]]


def by_hand(values: list[float | None], centre: float | None) -> tuple[list, list]:
    """Run and trend in the plainest way: every stretch of seven or more is looked at."""
    run, rise = [None] * len(values), [None] * len(values)
    for first in range(len(values)):
        for last in range(first + 7, len(values) + 1):
            part = values[first:last]
            if None in part:
                continue
            for name, holds in (
                ("high", all(value - centre > 1e-9 for value in part)),
                ("low", all(centre - value > 1e-9 for value in part)),
            ):
                if holds:
                    run[first:last] = [name] * len(part)
            steps = [after - before for before, after in pairwise(part)]
            for name, holds in (("high", all(s > 0 for s in steps)), ("low", all(s < 0 for s in steps))):
                if holds:
                    rise[first:last] = [name] * len(part)
    return run, rise


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 12).map(float)), min_size=7, max_size=30), st.booleans())
def test_runs_and_trends_are_those_that_looking_at_every_stretch_finds(values, in_order):
    values = sorted(values, key=lambda value: (value is None, value)) if in_order else values
    made = charted(values)
    run, rise = by_hand(values, made["centre"][0])
    assert made["run"].to_list() == run
    # where a rise ends and a fall begins the point belongs to both
    assert [side is None for side in made["trend"]] == [side is None for side in rise]


def test_limits_are_taken_from_the_baseline_alone_and_hold_for_what_comes_after():
    known = [10.0, 12, 11, 13, 10, 12, 11, 12]
    later = [30.0, 31]
    points = pl.DataFrame({"value": known + later, "segment": [0] * 10, "baseline": [True] * 8 + [False] * 2})
    made, alone = xmr.charted(points), charted(known)
    for column in ("centre", "lower_limit", "upper_limit", "points"):
        assert set(made[column]) == set(alone[column])
    assert made["outside_limits"].to_list() == [None] * 8 + ["high"] * 2
    assert not made["screened"].tail(2).any()

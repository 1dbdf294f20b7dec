import random
import re
from datetime import date
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration import months
from orchestration.scorecard import contracts
from orchestration.scorecard.explanations import trend, xmr
from tests.years_in_months import MONTHLY

APRIL, AUGUST = date(2007, 4, 1), date(2009, 8, 1)
MONTHS = list(months.between(APRIL, AUGUST))
INDICATOR = {
    "financial_year": pl.String,
    "position": pl.Int32,
    "line": pl.String,
    "measure": pl.String,
    "compare_measure": pl.String,
    "kind": pl.String,
    "basis": pl.String,
    "direction": pl.String,
    "target": pl.Float64,
    **dict.fromkeys(("unit", "rate_unit"), pl.String),
    "decimals": pl.Int32,
}
BREAKS = {
    **{"measure": pl.String, "from_month": pl.Date, "kind": pl.String},
    **{"baseline_to": pl.Date, "reason": pl.String},
}
NO_BREAKS = pl.DataFrame(schema=BREAKS)


def monthly(values: list, measure: str = "burglary", report_month: date = AUGUST, **different) -> pl.DataFrame:
    """The months up to the report month, as many as there are values: a number, a share as a pair, or None."""
    rows = []
    for back, value in enumerate(reversed(values)):
        n, d = value if isinstance(value, tuple) else (value, None)
        row = {
            "report_month": report_month,
            "measure": measure,
            "month": months.shift(report_month, -back),
            "numerator": None if n is None else Decimal(n),
            "denominator": None if d is None else Decimal(d),
            "complete": n is not None,
            "months_covered": 0 if n is None else 1,
            "provisional": False,
        }
        rows.append(row | (different if n is not None else {}))
    return pl.DataFrame(rows, schema=MONTHLY)


def indicators(*rows: dict) -> pl.DataFrame:
    plain = {
        "financial_year": "2009/10",
        "position": 1,
        "line": "1",
        "measure": "burglary",
        "compare_measure": None,
        "kind": "total",
        "basis": "rolling_year",
        "direction": "lower_is_better",
        "target": None,
        "unit": "number",
        "decimals": 0,
    }
    return pl.DataFrame([plain | {"position": place} | row for place, row in enumerate(rows, 1)], schema=INDICATOR)


def report_months(*of: date) -> list[tuple[date, str]]:
    return [(month, "2009/10" if month >= date(2009, 4, 1) else "2008/09") for month in of]


def breaks(measure: str, *from_months: date) -> pl.DataFrame:
    rows = [(measure, month, "counting_rules", None, "new rules") for month in from_months]
    return pl.DataFrame(rows, schema=BREAKS, orient="row")


def tables(
    values, *lines: dict, of=NO_BREAKS, reports=(AUGUST,), sampled=trend.NO_SAMPLES
) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = values if isinstance(values, pl.DataFrame) else monthly(values)
    cards = pl.DataFrame({"report_month": reports}, schema={"report_month": pl.Date})
    of_cards = cards.join(indicators(*(lines or ({},))), how="cross")
    points, marks = trend.trend_tables(frame, of_cards, of, report_months(*reports), sampled)
    return contracts.ALL["trends"].validate(points), contracts.ALL["trend_marks"].validate(marks)


def mark(values, line: dict | None = None, of=NO_BREAKS) -> dict:
    (only,) = tables(values, line or {}, of=of)[1].iter_rows(named=True)
    return only


STEADY = [100, 104, 98, 101, 97, 103, 99, 102, 100, 96, 104, 99, 101, 98, 102, 100]


def test_a_count_is_charted_as_it_is_and_a_share_as_numerator_by_denominator():
    points, _ = tables(STEADY)
    assert points["value"].to_list() == STEADY
    assert points["month"].to_list() == MONTHS[-len(STEADY) :]
    points, _ = tables([(1, 4), (2, 4), (0, 5)], {"kind": "percentage", "unit": "percent"})
    assert points["value"].to_list() == [0.25, 0.5, 0]


def test_a_gap_is_the_difference_of_two_shares_of_the_same_month():
    both = pl.concat([monthly([(3, 4), (1, 2), (4, 4)], "white"), monthly([(1, 4), None, (2, 4)], "other")])
    line = {"measure": "white", "compare_measure": "other", "kind": "gap", "unit": "points"}
    points, _ = tables(both, line)
    assert points["value"].to_list() == [0.5, None, 0.5]


def test_a_ratio_of_shares_is_charted_as_one():
    both = pl.concat([monthly([(3, 4), (1, 2)], "recruits"), monthly([(1, 4), (1, 4)], "active")])
    line = {"measure": "recruits", "compare_measure": "active", "kind": "ratio_of_shares"}
    assert tables(both, line)[0]["value"].to_list() == [3, 2]


def test_k_of_n_is_charted_by_its_k():
    points, _ = tables([(8, 8), (7, 8), (0, 0)], {"kind": "k_of_n", "unit": "of"})
    assert points["value"].to_list() == [8, 7]


def test_a_month_without_respondents_is_a_gap():
    points, _ = tables([(1, 4), (0, 0), (2, 4)], {"kind": "percentage", "unit": "percent"})
    assert points["value"].to_list() == [0.25, None, 0.5]


def test_a_missing_month_is_a_row_without_a_value_and_never_taken_for_0():
    points, marks = tables([*STEADY[:8], None, *STEADY[8:]])
    gap = points.row(8, named=True)
    assert gap["value"] is None
    assert (gap["moving_range"], gap["special_cause"], points["moving_range"][9]) == (None, None, None)
    assert points["centre"][0] == pytest.approx(sum(STEADY) / len(STEADY))
    assert marks["variation"].to_list() == ["common cause"]


def test_months_before_the_first_and_after_the_last_known_are_no_rows():
    points, marks = tables([None, None, *STEADY, None, None])
    assert points["month"].to_list() == MONTHS[-len(STEADY) - 2 : -2]
    assert marks["month"].to_list() == [MONTHS[-3]]


def test_what_is_not_complete_is_not_read():
    frame = monthly(STEADY).with_columns(complete=pl.col("month") != AUGUST)
    assert tables(frame)[0]["value"].to_list() == STEADY[:-1]


def test_a_quarterly_series_has_a_point_a_quarter():
    quarters = [10, 12, 11, None, 13, 10, 12, 11, 10]
    values = [each for quarter in quarters for each in (None, None, quarter)]
    # to Jun-09; the two months after it are not known yet
    points, marks = tables(monthly([*values, None, None], months_covered=3), {"kind": "total", "target": 48})
    assert [month.month for month in points["month"]] == [6, 9, 12, 3, 6, 9, 12, 3, 6]
    assert points["value"].to_list() == quarters
    assert points["moving_range"].to_list() == [None, 2, 1, None, None, 3, 2, 1, 1]
    assert set(points["target"]) == {12}
    assert "of 8 quarters since Jun-07" in marks["explanation"][0]


SURVEY = pl.DataFrame({"measure": ["burglary"], "cadence": [3], "phase": [3]}, schema=trend.NO_SAMPLES.schema)
SHARE = {"kind": "percentage", "unit": "percent", "target": 0.5}


def test_a_quarterly_sample_whose_months_are_delivered_is_charted_by_quarter():
    # Jul and Aug-09 make no quarter yet, nor does Apr-07 with May missing
    values = [(50, 100), None, (60, 100), *[(40, 100), (50, 100), (60, 300)] * 8, (1, 2), (1, 2)]
    points, _ = tables(values, SHARE, sampled=SURVEY)
    assert [f"{month:%b-%y}" for month in points["month"]] == [
        f"{name}-{year:02}" for year in (7, 8, 9) for name in ("Mar", "Jun", "Sep", "Dec")
    ][2:10]
    assert points["value"].to_list() == [0.3] * 8


def test_a_chart_whose_limits_are_narrower_than_a_sample_s_own_error_cannot_tell():
    # 50% of 100 is within 9.8 points by chance; the limits of 49%, 50% in turn lie 2.7 points from the mean
    narrow = [(50, 100), (49, 100)] * 12
    points, _ = tables([*narrow, (80, 100)], SHARE, of=breaks("burglary").clear())
    assert points["special_cause"].to_list() == [None] * 25
    made = mark([*narrow, (50, 100)], SHARE)
    assert (made["variation"], made["assurance"]) == (None, None)
    assert made["missing_reason"] == (
        "the chart cannot tell: its limits lie 2.7 points from the mean, "
        "and chance alone moves a month by 9.8 points (at 95%)"
    )
    # of 100 times as many respondents it is a tenth, 1.0 points
    higher = SHARE | {"direction": "higher_is_better"}
    assert mark([(n * 100, d * 100) for n, d in [*narrow, (80, 100)]], higher)["variation"] == "improvement"


def baseline(kind: str, first: date, last: date | None) -> pl.DataFrame:
    return pl.DataFrame([("burglary", first, kind, last, "as agreed")], schema=BREAKS, orient="row")


def test_a_baseline_of_the_catalogue_gives_the_limits_of_all_that_comes_after():
    points, marks = tables([*STEADY[:12], *[130] * 4], of=baseline("baseline", date(2008, 5, 1), date(2009, 4, 1)))
    assert set(points["centre"]) == {sum(STEADY[:12]) / 12}
    assert points["outside_limits"].to_list() == [None] * 12 + ["high"] * 4
    assert "of 12 months from May-08 to Apr-09 (the baseline agreed: as agreed)" in marks["explanation"][0]


def test_a_step_change_re_bases_the_chart():
    values = [50, 52, 51] * 4 + [90, 92, 91] * 4
    points, marks = tables(values, of=baseline("step_change", date(2008, 9, 1), None))
    assert set(points["centre"]) == {51, 91}
    assert "since Sep-08 (a step change: as agreed)" in marks["explanation"][0]


def test_a_change_on_a_year_asks_three_months_worth_of_a_quarter():
    quarters = [each for quarter in [10] * 9 for each in (None, None, quarter)]
    line = {"kind": "percentage_change", "target": -0.1, "unit": "percent"}
    points, _ = tables(monthly([*quarters, None, None], months_covered=3), line)
    assert points["target"].to_list() == pytest.approx([9] * 9)


def test_a_run_of_quarters_is_dated_by_quarters():
    quarters = [each for quarter in [20, 20, *[10] * 7] for each in (None, None, quarter)]
    says = mark(monthly([*quarters, None, None], months_covered=3))["explanation"]
    assert "Dec-07 to Jun-09 lie 7 quarters in a row below the mean" in says


def test_a_rebased_series_starts_anew_where_its_counting_rules_changed():
    values = [50 + each % 3 for each in range(12)] + [90 + each % 3 for each in range(17)]
    points, _ = tables(values, of=breaks("burglary", date(2008, 4, 1)))
    before, after = points.head(12), points.tail(17)
    assert set(before["segment_from"]) == {APRIL}
    assert set(after["segment_from"]) == {date(2008, 4, 1)}
    assert set(before["centre"]) == {51}
    assert after["centre"][0] == pytest.approx(sum(values[12:]) / 17)
    assert after["moving_range"][0] is None
    # seen as one series, the new rules would look like the force getting worse
    assert set(points["special_cause"]) == {None}
    assert tables(values)[0]["special_cause"][-1] == "concern"


def test_a_break_of_the_other_measure_rebases_a_gap_and_one_of_another_measure_does_not():
    both = pl.concat([monthly([(3, 4)] * 29, "white"), monthly([(1, 4)] * 29, "other")])
    line = {"measure": "white", "compare_measure": "other", "kind": "gap", "unit": "points"}
    new = date(2008, 4, 1)
    assert set(tables(both, line, of=breaks("other", new))[0]["segment_from"]) == {APRIL, new}
    assert set(tables(both, line, of=breaks("third", new))[0]["segment_from"]) == {APRIL}


def test_two_breaks_make_three_segments_and_one_outside_the_series_none():
    long_ago, later = date(2001, 4, 1), date(2010, 4, 1)
    of = breaks("burglary", later, date(2009, 4, 1), long_ago, date(2008, 4, 1))
    points, _ = tables([100] * 29, of=of)
    assert points["segment_from"].unique().sort().to_list() == [APRIL, date(2008, 4, 1), date(2009, 4, 1)]


def test_assurance_after_a_rebase_takes_the_limits_of_the_last_segment_and_the_target_of_the_card():
    values = [50 + each % 3 for each in range(12)] + [90 + each % 3 for each in range(17)]
    old_rules = {"target": 60 * 12}
    assert mark(values, old_rules, breaks("burglary", date(2008, 4, 1)))["assurance"] == "fail"
    assert mark(values[:12] * 2, old_rules)["assurance"] == "pass"
    other_way = old_rules | {"direction": "higher_is_better"}
    assert mark(values, other_way, breaks("burglary", date(2008, 4, 1)))["assurance"] == "pass"


def test_a_card_of_another_year_is_held_against_its_own_target():
    march = date(2009, 3, 1)
    frame = pl.concat([monthly(STEADY), monthly(STEADY, report_month=march)])
    lines = [{"target": 2400}, {"target": 600, "financial_year": "2008/09"}]
    points, marks = tables(frame, *lines, reports=(march, AUGUST))
    assert marks.sort("report_month")["assurance"].to_list() == ["fail", "pass"]
    assert points.group_by("report_month").agg(pl.col("target").unique()).sort("report_month")["target"].to_list() == [
        [50],
        [200],
    ]


TARGETS = [
    ({"kind": "total", "target": 1200}, 100),
    ({"kind": "total", "target": 300, "basis": "quarter"}, 100),
    ({"kind": "total", "target": 100, "basis": "latest"}, 100),
    ({"kind": "monthly_average", "target": 29.2}, 29.2),
    ({"kind": "k_of_n", "target": 8, "unit": "of"}, 8),
    # April 2008 to March 2009 brought 12 x 50, of which 4% less are asked
    ({"kind": "percentage_change", "target": -0.04, "unit": "percent"}, 48),
]


@pytest.mark.parametrize(("line", "asked"), TARGETS, ids=[f"{line['kind']} {asked}" for line, asked in TARGETS])
def test_what_a_target_asks_of_a_month(line, asked):
    points, _ = tables([99] * 12 + [50] * 12 + [70] * 5, line)
    assert points["target"].to_list() == pytest.approx([asked] * 29)


def test_what_a_target_of_shares_asks_of_a_month():
    values = [(1, 10)] * 12 + [(2, 10)] * 12 + [(3, 10)] * 5
    for kind, target, asked in (
        ("percentage", 0.3, 0.3),
        ("percentage_change", -0.1, 0.18),
        ("change_in_points", 0.05, 0.25),
    ):
        points, _ = tables(values, {"kind": kind, "target": target, "unit": "percent"})
        assert points["target"].to_list() == pytest.approx([asked] * 29)


def test_a_target_that_is_a_change_on_a_year_not_known_in_full_asks_nothing():
    values = [50] * 20 + [None] + [50] * 8
    made = mark(values, {"kind": "percentage_change", "target": -0.04, "unit": "percent"})
    assert made["assurance"] is None
    assert made["variation"] == "common cause"
    assert made["missing_reason"] == "the target is a change on a year, and 2008/09 is not known in full"


def test_a_target_for_a_year_to_date_asks_no_fixed_number():
    made = mark(STEADY, {"basis": "year_to_date", "target": 500})
    assert made["missing_reason"] == "a target for a year to date requires no fixed number of a month"


NO_MARKS = [
    (STEADY, {"measure": None, "kind": None}, "the line has no measure"),
    (STEADY, {"kind": "forecast"}, "a forecast is no monthly series"),
    ([None] * 29, {}, "no month of burglary is known yet"),
    ([100] * 6, {"target": 1200}, "a chart needs 7 points, known since Mar-09: 6"),
]


@pytest.mark.parametrize(("values", "line", "reason"), NO_MARKS, ids=[reason for *_, reason in NO_MARKS])
def test_a_line_without_marks_says_why(values, line, reason):
    made = mark(values, line)
    assert (made["variation"], made["assurance"], made["explanation"]) == (None, None, None)
    assert made["missing_reason"] == reason


def test_a_segment_just_begun_has_no_marks_yet():
    made = mark([100] * 29, {"target": 1200}, breaks("burglary", date(2009, 4, 1)))
    assert made["missing_reason"] == "a chart needs 7 points, known since Apr-09: 5"


def alternating(value, other, times: int = 15) -> list:
    return [value, other] * times


APART = [
    # a source that comes every second month: counts, shares, money
    (alternating(100, None), {}, "0 of the 15 known since Mar-07"),
    (
        alternating((3, 4), None),
        {"kind": "percentage", "unit": "percent", "target": 0.8},
        "0 of the 15 known since Mar-07",
    ),
    (alternating(3_000_000, None), {"unit": "pounds_millions", "target": 4e7}, "0 of the 15 known since Mar-07"),
    # nobody was asked in every second month, and there was nothing to count k of
    (alternating((3, 4), (0, 0)), {"kind": "percentage", "unit": "percent"}, "0 of the 15 known since Mar-07"),
    (alternating((7, 8), (0, 0)), {"kind": "k_of_n", "unit": "of", "target": 8}, "0 of the 15 known since Mar-07"),
    (alternating((3, 4), (0, 0)), {"kind": "change_in_points", "unit": "points"}, "0 of the 15 known since Mar-07"),
    # two months of three, of which half follow another; and a few in a row among many that stand alone
    ([100, 101, None] * 5, {}, "5 of the 10 known since Jun-08"),
    ([*alternating(100, None, 10), 101, 102, 103], {"target": 1200}, "2 of the 13 known since Oct-07"),
]


@pytest.mark.parametrize(("values", "line", "known"), APART)
def test_months_that_do_not_follow_each_other_have_no_control_chart_and_the_reason_says_so(values, line, known):
    points, marks = tables(values, line)
    (made,) = marks.iter_rows(named=True)
    assert (made["variation"], made["assurance"], made["explanation"]) == (None, None, None)
    follow = f"{known} follow the one before, 6 must"
    assert made["missing_reason"] == f"a control chart needs months that follow each other: {follow}"
    # the months stay as they are, without a limit or a rule that they would break
    assert points["value"].drop_nulls().len() == int(known.split()[3])
    assert points.select(*trend.OF_LIMITS, "special_cause").null_count().row(0) == (points.height,) * 8


def test_as_many_moving_ranges_as_seven_points_in_a_row_have_are_enough():
    values = [None, *[100, 101, 102], None, *[103, 104, 105], None]
    assert "4 of the 6" not in (mark([*values, 106])["missing_reason"] or "")
    assert mark([*values, 106])["missing_reason"].endswith(
        "4 of the 7 known since Dec-08 follow the one before, 6 must"
    )
    assert mark([*values, 106, 104, 103])["variation"] == "common cause"


def test_few_months_with_a_gap_have_trial_limits_only_where_they_follow_each_other():
    assert tables([100, 101, 102])[0]["lower_limit"].null_count() == 0
    assert tables([100, None, 102, 103])[0]["lower_limit"].null_count() == 4


def test_quarters_that_are_missing_every_second_time_are_called_quarters():
    values = [each for quarter in [10, None] * 8 for each in (None, None, quarter)]
    made = mark(monthly(values, months_covered=3))
    assert made["missing_reason"].startswith("a control chart needs quarters that follow each other: 0 of the 8 known")


@pytest.mark.parametrize("kind", ["gap", "ratio_of_shares"])
@pytest.mark.parametrize(("measure", "other"), [("in_months", "in_quarters"), ("in_quarters", "in_months")])
def test_a_month_is_not_charted_beside_a_quarter(kind, measure, other):
    both = pl.concat(
        [
            monthly([(3, 4)] * 29, "in_months"),
            monthly([None, None, (6, 12)] * 9, "in_quarters", months_covered=3),
        ]
    )
    line = {"measure": measure, "compare_measure": other, "kind": kind, "unit": "points", "target": 0.1}
    points, marks = tables(both, line)
    assert points.is_empty()
    known_by = {"in_months": "month", "in_quarters": "quarter"}
    assert marks["missing_reason"].to_list() == [
        "a control chart needs months that follow each other: "
        f"{measure} is known by {known_by[measure]}, {other} by {known_by[other]}"
    ]


def test_two_quarterly_measures_are_charted_beside_each_other():
    other = monthly([None, None, (6, 12)] * 9, "other", months_covered=3)
    white = monthly([None, None, (7, 12), None, None, (3, 12)] * 5, "white", months_covered=3)
    both = pl.concat([white, other])
    line = {"measure": "white", "compare_measure": "other", "kind": "gap", "unit": "points"}
    assert tables(both, line)[1]["variation"].to_list() == ["common cause"]


def test_a_line_without_a_target_has_a_variation_and_says_why_no_assurance():
    made = mark(STEADY)
    assert (made["variation"], made["assurance"]) == ("common cause", None)
    assert made["missing_reason"] == "no target is set"


@pytest.mark.parametrize(
    ("direction", "variation"), [("lower_is_better", "concern"), ("higher_is_better", "improvement")]
)
def test_what_a_rise_means_depends_on_the_lines_direction(direction, variation):
    assert mark([*STEADY, 200], {"direction": direction})["variation"] == variation


def test_a_falling_trend_counts_by_its_own_direction_even_above_the_mean():
    # seven falls in a row that stay above the mean, without any other rule
    values = [100, 120, 80] * 4 + [124, 121, 118, 115, 112, 109, 80, 124, 80, 124, 80, 124, 80]
    points, _ = tables(values)
    falling = points.filter(pl.col("trend") == "low", pl.col("run").is_null(), pl.col("outside_limits").is_null())
    only = falling.filter(pl.col("two_of_three").is_null())
    assert not only.is_empty()
    assert set(only["special_cause"]) == {"improvement"}


def test_where_rules_disagree_the_side_it_lies_on_decides():
    # a rise of seven that begins far below: its first points lie outside, whatever follows
    values = [100.0, 101] * 8 + [80, 81, 82, 83, 84, 85, 86]
    points, _ = tables(values, {"direction": "higher_is_better"})
    rising = points.filter(pl.col("trend") == "high", pl.col("outside_limits") == "low")
    assert not rising.is_empty()
    assert set(rising["special_cause"]) == {"concern"}


def test_a_provisional_month_is_said_to_be():
    frame = monthly(STEADY).with_columns(provisional=pl.col("month") == AUGUST)
    points, marks = tables(frame)
    assert points["provisional"].to_list() == [False] * 15 + [True]
    assert marks["explanation"][0].endswith(" Aug-09 is provisional.")


def test_the_sentences_hold_the_months_and_numbers():
    made = mark([*STEADY, *[94] * 7], {"target": 1320, "decimals": 1})
    values = [*STEADY, *[94] * 7]
    mean = sum(values) / len(values)
    spread = 2.66 * sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    assert made["explanation"] == (
        "Aug-09 at 94 is an improvement: Feb-09 to Aug-09 lie 7 months in a row below the mean. "
        f"The limits are {mean - spread:.1f} to {mean + spread:.1f} around a mean of {mean:.1f}, of 23 months since "
        "Oct-07. Any month within the limits meets the target of 110."
    )


def test_the_sentences_date_a_trend_from_its_first_month_to_its_last():
    says = mark([*STEADY, *range(104, 97, -1)], {"direction": "higher_is_better"})["explanation"]
    assert "Feb-09 to Aug-09 fall 7 months in a row" in says


def test_the_sentences_name_trial_limits_and_outlying_ranges():
    made = mark([*[100, 101] * 4, 150, 151])
    assert (
        "of 10 months since Nov-08, less 1 outlying moving range, and on trial until there are 12."
        in made["explanation"]
    )


def test_only_the_outlying_ranges_of_the_last_segment_are_told():
    values = [*[100, 101] * 5, 150, 151, *[100, 101] * 8, 100]
    assert "outlying" in mark(values[:12])["explanation"]
    assert "outlying" not in mark(values, of=breaks("burglary", date(2008, 4, 1)))["explanation"]


def test_shares_gaps_and_money_are_said_in_their_units():
    share = mark([(82, 100), (78, 100)] * 6, {"kind": "percentage", "unit": "percent", "target": 0.9})
    assert share["explanation"].startswith("Aug-09 at 78.0% is common cause")
    both = pl.concat([monthly([(4, 4), (3, 4)] * 6, "white"), monthly([(1, 4)] * 12, "other")])
    gap = {"measure": "white", "compare_measure": "other", "kind": "gap", "unit": "points"}
    assert mark(both, gap)["explanation"].startswith("Aug-09 at 50.0 percentage points is")
    money = mark([3_000_000] * 12, {"unit": "pounds_millions", "decimals": 1})
    assert money["explanation"].startswith("Aug-09 at £3.0m is")
    rate = mark([(977, 7_620_000)] * 12, {"kind": "percentage_change", "unit": "percent"})
    assert rate["explanation"].startswith("Aug-09 at 0.000128 is")
    per_1000 = {"kind": "percentage_change", "unit": "percent", "rate_unit": "per_1000"}
    assert mark([(977, 7_620_000)] * 12, per_1000)["explanation"].startswith("Aug-09 at 0.128 per 1,000 is")


def test_every_line_of_every_card_has_a_mark_or_says_why_there_is_none():
    frame = pl.concat([monthly(STEADY), monthly(STEADY, "robbery")])
    lines = [{"line": "1"}, {"line": "2", "measure": "robbery"}, {"line": "3", "measure": None, "kind": None}]
    marks = tables(frame, *lines)[1]
    assert marks["line"].to_list() == ["1", "2", "3"]
    assert marks.select(pl.coalesce("explanation", "missing_reason")).to_series().null_count() == 0


def test_no_report_months_make_empty_tables():
    points, marks = tables(STEADY, reports=())
    assert points.is_empty()
    assert marks.is_empty()


@given(st.lists(st.one_of(st.none(), st.integers(0, 200)), min_size=1, max_size=30), st.booleans())
@settings(max_examples=8, deadline=None)
def test_many_lines_together_are_charted_as_each_is_alone(values, higher):
    """Whatever stands beside it in the frame."""
    line = {"direction": "higher_is_better" if higher else "lower_is_better", "target": 1200}
    alone = tables(values, line)
    frame = pl.concat([monthly(values), monthly(STEADY, "robbery"), monthly(STEADY[::-1], "fraud")])
    others = [{"line": "0", "measure": "robbery"}, {"line": "2", "measure": "fraud"}]
    together = tables(frame, *others, line)
    for one, many in zip(alone, together, strict=True):
        assert many.filter(pl.col("line") == "1").equals(one)


def test_the_frame_may_come_in_any_order():
    frame = pl.concat([monthly(STEADY), monthly(STEADY[::-1], "robbery")])
    lines = [{"line": "1"}, {"line": "2", "measure": "robbery"}]
    shuffled = tables(frame.sample(fraction=1, shuffle=True, seed=7), *lines)
    for one, other in zip(tables(frame, *lines), shuffled, strict=True):
        assert one.equals(other)


def test_only_the_months_own_values_are_charted_never_rolling_or_cumulative_ones():
    """Rolling sums of chance alone lie in long runs: a chart of them would cry wolf at nearly every month."""
    chance = random.Random(1)
    values = [chance.randint(80, 120) for _ in range(48)]
    points, _ = tables(values)
    assert points["value"].to_list() == values
    sums = [float(sum(values[place - 11 : place + 1])) for place in range(11, 48)]
    rolling = xmr.charted(pl.DataFrame({"value": sums, "segment": [0] * len(sums), "baseline": [True] * len(sums)}))
    rules = pl.coalesce("outside_limits", "run", "trend", "two_of_three").is_not_null().mean()
    assert points.select(rules).item() < 0.1
    assert rolling.select(rules).item() > 0.5


def test_sentences_never_print_a_bare_python_number():
    values = [(1000, 3000), (2000, 7000), (3000, 11000)] * 5
    says = mark(values, {"kind": "percentage", "unit": "percent", "target": 1 / 3})["explanation"]
    assert not re.search(r"\d\.\d{4,}", says)

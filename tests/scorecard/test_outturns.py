"""Where the year would end: each number here is worked out by hand."""

from datetime import date

import polars as pl
import pytest

from orchestration.scorecard import contracts, display
from orchestration.scorecard.explanations import outturns, track_record
from tests.conftest import Built
from tests.years_in_months import REPORT, YEAR, Sample, indicators, monthly

APRIL_2006, APRIL_2007 = date(2006, 4, 1), date(2007, 4, 1)
CHANGE = {"kind": "percentage_change", "unit": "percent", "sign": "signed", "decimals": 1, "target": -0.02}
LOWER = {"direction": "lower_is_better"}
SHARE = {"kind": "percentage", "unit": "percent", "decimals": 1, "target": 0.12}
# ten months of 9 so far; February and March brought 10 and 12 in 2006/07, 14 and 16 in 2007/08
TWO_YEARS = [5] * 10 + [10, 12] + [7] * 10 + [14, 16] + [9] * 10

FORECAST = {
    "report_month": REPORT,
    "financial_year": YEAR,
    "line": "9",
    "name": "predicted",
    "statistic": "forecast",
    "basis": "financial_year",
    "data_from": date(2008, 4, 1),
    "data_to": date(2009, 3, 1),
    "numerator": 115,
    "value": 115.0,
    "unit": "number",
    "decimals": 0,
    "printed": "115",
}


def figures(*rows):
    schema = contracts.types("figures")
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def of(values, *forecasts, first=APRIL_2006, report_month=REPORT, **different):
    """The outturn of one line, whose measure had these values."""
    made = outturns.outturns(
        indicators(different | {"report_month": report_month}),
        monthly(first, values, report_month),
        figures(*forecasts),
        [(report_month, YEAR)],
    )
    return contracts.ALL["outturns"].validate(made).row(0, named=True)


def ends(outturn):
    return outturn["lower"], outturn["central"], outturn["upper"]


def test_the_range_runs_over_what_the_months_left_brought_in_each_earlier_year():
    outturn = of(TWO_YEARS)  # 90 and 22, 90 and 30
    assert ends(outturn) == (112.0, 116.0, 120.0)
    assert (outturn["lower_text"], outturn["central_text"], outturn["upper_text"]) == ("112", "116", "120")
    assert outturn["method"] == "seasonal naive: the months left as the same months of 2006/07 and 2007/08"
    assert outturn["earlier_years"] == 2
    assert outturn["explanation"] == (
        "the year would end at 112 to 120 if Feb-09 and Mar-09 bring what they brought in 2006/07 and 2007/08: "
        "the target of 120 lies within"
    )


def test_only_the_months_left_must_be_known_of_an_earlier_year():
    assert ends(of([10, 12] + [7] * 10 + [14, 16] + [9] * 10, first=date(2007, 2, 1))) == (112.0, 116.0, 120.0)


def test_three_earlier_years_make_a_range_of_three():
    outturn = of([0] * 10 + [20, 20] + TWO_YEARS, first=date(2005, 4, 1))  # and 90 and 40
    assert ends(outturn) == (112.0, pytest.approx(362 / 3), 130.0)
    assert outturn["earlier_years"] == 3
    assert "2005/06, 2006/07 and 2007/08" in outturn["method"]


def test_an_average_is_that_of_the_whole_year():
    assert ends(of(TWO_YEARS, kind="monthly_average", target=10.0)) == (112 / 12, pytest.approx(116 / 12), 10.0)


def test_a_share_is_that_of_the_whole_year():
    # 90 of 900 so far; 11 of 100 and 30 of 100 in the months left
    values = [(0, 1)] * 10 + [(5, 50), (6, 50)] + [(0, 1)] * 10 + [(14, 50), (16, 50)] + [(9, 90)] * 10
    assert ends(of(values, **SHARE)) == (0.101, pytest.approx(0.1105), 0.12)


def test_a_change_is_that_of_the_year_s_total_on_last_year_s():
    # last year 70 and 30 is 100; this one 112 or 120
    outturn = of(TWO_YEARS, **CHANGE, **LOWER)
    assert ends(outturn) == (pytest.approx(0.12), pytest.approx(0.16), pytest.approx(0.2))
    assert outturn["lower_text"] == "+12.0%"
    assert outturn["explanation"].endswith(": the target of -2% would be missed")


def test_a_change_of_a_rate_is_that_of_the_year_s_rates():
    # last year 100 of 1,200; this one 112 or 120 of 1,200
    values = [(number, 100) for number in TWO_YEARS]
    assert ends(of(values, **CHANGE, **LOWER)) == (pytest.approx(0.12), pytest.approx(0.16), pytest.approx(0.2))


def test_a_change_in_points_is_that_of_the_year_s_rates():
    values = [(number, 100) for number in TWO_YEARS]
    lower, _, upper = ends(of(values, kind="change_in_points", unit="points", decimals=1, target=0.01))
    assert (lower, upper) == (pytest.approx(12 / 1200), pytest.approx(20 / 1200))


@pytest.mark.parametrize(
    ("target", "direction", "meets"),
    [
        (112.0, "higher_is_better", "yes"),
        (113.0, "higher_is_better", "depends"),
        (120.0, "higher_is_better", "depends"),
        (121.0, "higher_is_better", "no"),
        (120.0, "lower_is_better", "yes"),
        (119.0, "lower_is_better", "depends"),
        (111.0, "lower_is_better", "no"),
        (None, "lower_is_better", None),
    ],
)
def test_a_target_is_met_when_both_ends_meet_it(target, direction, meets):
    assert of(TWO_YEARS, target=target, direction=direction)["meets_target"] == meets


def test_a_range_meets_its_target_as_printed():
    values = [(0, 1)] * 10 + [(5, 50), (6, 50)] + [(0, 1)] * 10 + [(5, 50), (6, 50)] + [(9, 90)] * 10  # 10.1%
    assert of(values, **SHARE | {"target": 0.1012})["meets_target"] == "no"
    assert of(values, **SHARE | {"target": 0.101})["meets_target"] == "yes"
    assert of(values, **SHARE | {"target": 0.1, "decimals": 0})["meets_target"] == "yes"


def test_a_line_without_a_target_has_an_outturn_too():
    outturn = of(TWO_YEARS, target=None)
    assert ends(outturn) == (112.0, 116.0, 120.0)
    assert outturn["explanation"].endswith("in 2006/07 and 2007/08")


def test_a_year_that_is_over_ended_where_it_ended():
    outturn = of([7] * 12 + [9] * 12, first=APRIL_2007, report_month=date(2009, 3, 1))
    assert ends(outturn) == (108.0, 108.0, 108.0)
    assert (outturn["earlier_years"], outturn["method"]) == (0, "none: every month of the year is known")
    assert outturn["explanation"] == "the year ended at 108: the target of 120 is missed"


def test_before_any_month_of_the_year_is_known_it_is_the_earlier_years_themselves():
    outturn = of([5] * 12 + [7] * 12 + [None] * 10)
    assert ends(outturn) == (60.0, 72.0, 84.0)
    assert outturn["explanation"].startswith(
        "the year would end at 60 to 84 if Apr-08 to Mar-09 bring what they brought"
    )


def test_one_month_left_is_said_as_one():
    outturn = of([*TWO_YEARS, 9], report_month=date(2009, 2, 1))
    assert outturn["explanation"].startswith(
        "the year would end at 111 to 115 if Mar-09 brings what it brought in 2006/07 and"
    )


@pytest.mark.parametrize(
    ("values", "first", "holds"),
    [
        ([7] * 12 + [9] * 10, APRIL_2007, "2007/08 holds 2 of 2 and 2006/07 holds 0 of 2"),
        ([10, None] + [7] * 12 + [9] * 10, date(2007, 2, 1), "2007/08 holds 2 of 2 and 2006/07 holds 1 of 2"),
        ([9] * 10, date(2008, 4, 1), "2007/08 holds 0 of 2 and 2006/07 holds 0 of 2"),
    ],
)
def test_a_history_that_is_too_short_is_refused_with_the_years_that_are_wanted_and_held(values, first, holds):
    outturn = of(values, first=first)
    assert ends(outturn) == (None, None, None)
    assert outturn["missing_reason"] == (
        f"history is too short: a range needs Feb to Mar of two earlier years, but {holds}"
    )


def test_the_method_is_tried_on_each_earlier_year_with_what_was_known_then():
    # 2008/09 ended at 9 x 15 + 3 x 30 = 225: after k months the range is 15 k + (12 - k) x 10 to 20, which holds 225 up
    # to the third; after ten months it is 185 to 205
    values = [10] * 12 + [20] * 12 + [15] * 9 + [30] * 3
    april = date(2009, 4, 1)
    card = indicators({"report_month": april, "financial_year": "2009/10"})
    tried = track_record.of_lines(card, monthly(APRIL_2006, values, april), [(april, "2009/10")])
    assert tried == {(april, "9"): (11, 3)}
    # of a year that has not ended nothing is known to hold it against
    assert track_record.of_lines(card, monthly(APRIL_2006, values[:-1], april), [(april, "2009/10")]) == {}


def test_a_year_with_a_hole_is_left_out_of_the_range_and_not_taken_for_less():
    three = [0] * 10 + [20, 20] + TWO_YEARS
    three[23] = None  # March of 2006/07
    outturn = of(three, first=date(2005, 4, 1))
    assert ends(outturn) == (120.0, 125.0, 130.0)
    assert outturn["method"].endswith("the same months of 2005/06 and 2007/08")


@pytest.mark.parametrize(
    ("different", "reason"),
    [
        ({"measure": None}, "the line has no measure"),
        ({"kind": "gap"}, "a gap depends on two rates"),
        ({"kind": "k_of_n"}, "k of n is a state at one time"),
        ({"kind": "forecast"}, "the figure is itself a forecast"),
        ({"basis": "latest"}, "its figure is of the latest, which the year end does not complete"),
    ],
)
def test_where_no_year_end_can_be_told_the_reason_is_in_words(different, reason):
    assert of(TWO_YEARS, **different)["missing_reason"].startswith(reason)


def test_a_month_that_is_missing_within_the_year_leaves_no_outturn():
    assert of([*TWO_YEARS[:-2], None, 9])["missing_reason"] == "Apr-08 to Jan-09 holds 9 of 10 months"


def test_a_change_on_a_year_that_is_not_whole_is_not_computed():
    outturn = of([5] * 10 + [10, 12, None] + TWO_YEARS[13:], **CHANGE, **LOWER)
    assert outturn["missing_reason"] == "nothing to compare with: 2007/08 holds 11 of 12 months"


def test_a_change_on_nothing_cannot_be_computed():
    outturn = of([0] * 24 + [9] * 10, **CHANGE, **LOWER)
    assert outturn["missing_reason"] == "it cannot be computed: a denominator is zero"


# forecasts that the source supplies


def test_the_forecast_that_a_source_supplies_stands_beside_the_range():
    outturn = of(TWO_YEARS, FORECAST)
    assert outturn["supplied"] == 115.0
    assert outturn["explanation"].endswith("; the source forecasts 115")


@pytest.mark.parametrize(
    "different",
    [
        {"statistic": "total"},
        {"basis": "latest"},
        {"name": "year_before"},
        {"value": 5.0},  # less another figure
        {"value": None},
        {"data_to": date(2010, 3, 1)},  # of two years
        {"data_from": date(2007, 4, 1)},
        {"line": "10"},
    ],
)
def test_what_is_no_forecast_of_the_card_s_own_year_does_not_count(different):
    assert of(TWO_YEARS, FORECAST | different)["supplied"] is None


def test_of_several_forecasts_the_latest_figure_comes_first_and_then_the_first_by_name():
    again = FORECAST | {"name": "again", "value": 1.0, "numerator": 1}
    latest = FORECAST | {"name": "latest", "value": 2.0, "numerator": 2}
    assert of(TWO_YEARS, FORECAST, again)["supplied"] == 1.0
    assert of(TWO_YEARS, FORECAST, again, latest, kind="forecast")["supplied"] == 2.0


# the built sample


@pytest.fixture(scope="module")
def frames(sample: Built) -> Sample:
    return Sample(sample)


@pytest.fixture(scope="module")
def of_the_sample(frames: Sample) -> pl.DataFrame:
    made = outturns.outturns(frames.indicators, frames.monthly, frames.figures, frames.report_months)
    return contracts.ALL["outturns"].validate(made)


def test_the_forecast_that_the_card_of_august_2009_quotes_lies_in_the_range(of_the_sample):
    (row,) = of_the_sample.filter(report_month=date(2009, 8, 1), line="4c").iter_rows(named=True)
    assert display.printed(row["supplied"], "pounds_millions") == "£40m"
    assert row["lower"] < row["supplied"] < row["upper"]
    assert row["meets_target"] == "no"


def test_a_year_that_is_over_ended_at_its_rolling_year(frames, of_the_sample):
    march = date(2009, 3, 1)
    latest = frames.figures.filter(report_month=march, name="latest", data_to=march)
    both = of_the_sample.filter(report_month=march, earlier_years=0).join(latest, on=["report_month", "line"])
    assert both.height > 10
    for row in both.iter_rows(named=True):
        assert row["central"] == pytest.approx(row["value"], rel=1e-12)


def test_every_line_of_every_card_has_an_outturn_or_a_reason(sample, of_the_sample):
    lines = sample.query("select report_month, line from scorecard")
    assert set(of_the_sample.select("report_month", "line").iter_rows()) == set(lines.iter_rows())

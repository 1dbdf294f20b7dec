"""What the months left must bring: each number here is worked out by hand."""

from datetime import date

import polars as pl
import pytest

from orchestration.scorecard import contracts
from orchestration.scorecard.explanations import run_rates, years
from tests.conftest import Built
from tests.years_in_months import REPORT, YEAR, Sample, indicators, monthly

APRIL_2007, APRIL = date(2007, 4, 1), date(2008, 4, 1)
LOWER = {"direction": "lower_is_better"}
SHARE = {"kind": "percentage", "unit": "percent", "decimals": 1, "target": 0.12}
CHANGE = {"kind": "percentage_change", "unit": "percent", "decimals": 1, "target": -0.1} | LOWER


def of(values, first=APRIL, report_month=REPORT, covers=1, **different):
    """The run rate of one line, whose measure had these values."""
    months = monthly(first, values, report_month, covers=covers)
    rates = contracts.ALL["run_rates"].validate(
        run_rates.run_rates(
            indicators(different | {"report_month": report_month}),
            months,
            [(report_month, different.get("financial_year", YEAR))],
        )
    )
    return rates.row(0, named=True)


def since_april(first, values, measure="networks"):
    """The months of a measure whose counting rules changed in April 2008."""
    changed = pl.DataFrame({"measure": [measure], "from_month": [date(2008, 4, 1)], "reason": ["counted anew"]})
    return years.since_breaks(monthly(first, values).drop("since"), changed)


def test_no_month_before_counting_rules_changed_is_the_best_or_compared_with():
    months = since_april(APRIL_2007, [50] * 12 + [9] * 10)
    rate = run_rates.run_rates(indicators(), months, [(REPORT, YEAR)]).row(0, named=True)
    assert rate["explanation"] == (
        "15.0 a month is needed in Feb-09 and Mar-09, a figure not reached in any of the 10 months known, counted by "
        "the rules since Apr-08; the best was 9.0 in Jan-09"
    )
    change = run_rates.run_rates(indicators(CHANGE), months, [(REPORT, YEAR)]).row(0, named=True)
    assert change["missing_reason"] == (
        "nothing to compare with: 2007/08 holds 0 of 12 months counted by the rules since Apr-08"
    )


@pytest.mark.parametrize("report_month", [date(2008, 3, 1), REPORT])
def test_a_change_of_counting_rules_counts_from_its_month_on_no_card_before(report_month):
    months = since_april(APRIL_2007, [1] * 12).with_columns(report_month=pl.lit(report_month))
    changed = pl.DataFrame({"measure": ["networks"], "from_month": [date(2008, 4, 1)], "reason": ["counted anew"]})
    found = years.since_breaks(months.drop("since"), changed)["since"].unique().to_list()
    assert found == [None if report_month < date(2008, 4, 1) else date(2008, 4, 1)]


def test_a_total_asks_of_each_month_left_its_part_of_what_is_missing():
    rate = of([9] * 10)  # 90 of 120: 30 in two months
    assert (rate["required"], rate["required_text"], rate["year_target"]) == (15.0, "15.0", 120.0)
    assert (rate["months_from"], rate["months_to"], rate["months_left"]) == (date(2009, 2, 1), date(2009, 3, 1), 2)
    assert (float(rate["so_far_numerator"]), rate["so_far_denominator"]) == (90.0, None)
    assert rate["explanation"] == (
        "15.0 a month is needed in Feb-09 and Mar-09, a figure not reached in any of the 10 months known; "
        "the best was 9.0 in Jan-09"
    )


def test_a_target_that_has_to_be_passed_asks_for_one_more():
    assert of([9] * 10, decimals=0, strict="yes")["year_target"] == 121.0
    assert of([9] * 10, decimals=1, strict="yes", **LOWER)["year_target"] == pytest.approx(119.9)


def test_a_monthly_average_asks_for_twelve_times_the_target_over_the_year():
    rate = of([9] * 10, kind="monthly_average", target=10.0, decimals=1)
    assert (rate["required"], rate["year_target"]) == (15.0, 120.0)


def test_a_change_asks_for_that_much_on_the_whole_of_last_year():
    # 1,200 last year, 10% fewer is 1,080; 880 came, so 200 in two months
    rate = of([100] * 12 + [88] * 10, first=APRIL_2007, **CHANGE)
    assert (rate["year_target"], rate["required"]) == (pytest.approx(1080), pytest.approx(100))
    assert (rate["unit"], rate["required_text"]) == ("number", "100")
    assert rate["explanation"] == (
        "no more than 100 a month may come in Feb-09 and Mar-09, reached in 22 of the 22 months known, last in Jan-09; "
        "the best was 88 in Jan-09"
    )


def test_a_share_asks_for_the_rate_over_the_months_left_if_as_many_cases_come_in_each():
    # 100 of 1,000 so far; 12% of 1,200 is 144, so 44 of the 200 to come
    rate = of([(10, 100)] * 10, **SHARE)
    assert (rate["required"], rate["required_text"], rate["year_target"]) == (pytest.approx(0.22), "22.0%", 0.12)
    assert (float(rate["so_far_numerator"]), float(rate["so_far_denominator"])) == (100.0, 1000.0)


def test_a_change_of_a_rate_asks_for_a_rate():
    # 3 in 10,000 last year, 10% less is 2.7; 2.8 in ten months leaves (27*12 - 28*10)/(12 - 10) = 22 in 100,000
    rate = of([(30, 100_000)] * 12 + [(28, 100_000)] * 10, first=APRIL_2007, **CHANGE)
    assert rate["required"] == pytest.approx(0.00022)
    assert (rate["unit"], rate["required_text"]) == ("percent", "0.0220%")
    assert "a rate of no more than 0.0220% is needed in Feb-09 and Mar-09, a rate not reached" in rate["explanation"]


def test_a_change_in_points_asks_for_last_year_s_rate_and_so_many_points_more():
    # 10% last year, 2 points more is 12%, as above
    rate = of(
        [(10, 100)] * 22,
        first=APRIL_2007,
        kind="change_in_points",
        unit="points",
        decimals=1,
        target=0.02,
        basis="rolling_year",
    )
    assert (rate["required"], rate["unit"]) == (pytest.approx(0.22), "percent")


def test_where_fewer_are_better_the_required_figure_is_a_most_and_a_month_at_it_has_reached_it():
    rate = of([9, 10, 11, 10, 9, 11, 10, 10, 11, 9], **LOWER)  # 100 of 120: at most 10 in each of two
    assert rate["required"] == 10.0
    assert (rate["times_reached"], rate["months_in_history"]) == (7, 10)
    assert (rate["last_reached"], rate["best_value"], rate["best_month"]) == (REPORT, 9.0, REPORT)


def test_where_more_is_better_a_month_at_the_required_figure_has_reached_it():
    rate = of([9, 10, 11, 10, 9, 11, 10, 10, 11, 9])
    assert (rate["times_reached"], rate["last_reached"]) == (7, date(2008, 12, 1))
    assert (rate["best_value"], rate["best_month"]) == (11.0, date(2008, 12, 1))


@pytest.mark.parametrize(("best", "reached"), [(0.2195, 1), (0.2194, 0)])
def test_reached_is_judged_as_printed(best, reached):
    """22.0% is asked; 21.95% prints as that, 21.94% does not."""
    last_year = [None] * 11 + [(int(best * 10_000), 10_000)]
    rate = of(last_year + [(10, 100)] * 10, first=APRIL_2007, **SHARE)
    assert rate["required_text"] == "22.0%"
    assert rate["times_reached"] == reached


@pytest.mark.parametrize(("month", "reached"), [(15.04, 1), (15.05, 0)])
def test_reached_is_judged_as_printed_where_fewer_are_better_too(month, reached):
    """15.0 is asked; 15.04 prints as that, 15.05 as 15.1."""
    rate = of([month] + [9.44] * 9, target=month + 9.44 * 9 + 30, **LOWER)
    assert rate["required_text"] == "15.0"
    assert rate["times_reached"] == 9 + reached


@pytest.mark.parametrize(
    ("values", "different", "met", "never", "says"),
    [
        ([13] * 10, {}, True, False, "the target is already met, whatever comes in Feb-09 and Mar-09"),
        ([12] * 10, {}, True, False, "the target is already met, whatever comes in Feb-09 and Mar-09"),
        ([13] * 10, LOWER, False, True, "the target is already out of reach: it would take -5.00 a month in Feb-09"),
        ([12] * 10, LOWER, False, False, "no more than 0 a month may come in Feb-09 and Mar-09, a figure not reached"),
        (
            [(0, 100)] * 10,
            SHARE | {"target": 0.2},
            False,
            True,
            "the target is already out of reach: it would take 120.0%",
        ),
        ([(30, 100)] * 10, SHARE, True, False, "the target is already met"),
        ([(30, 100)] * 10, SHARE | LOWER, False, True, "the target is already out of reach: it would take -78.0%"),
        ([(0, 100)] * 10, SHARE | LOWER | {"target": 0.2}, True, False, "the target is already met"),
        ([(0, 100)] * 10, SHARE | {"target": 1 / 6}, False, False, "100.0% is needed in Feb-09 and Mar-09, a rate not"),
    ],
)
def test_what_is_settled_already_is_said(values, different, met, never, says):
    rate = of(values, **different)
    assert (rate["already_met"], rate["never_possible"]) == (met, never)
    assert rate["explanation"].startswith(says)


def test_the_months_left_begin_after_the_last_month_that_is_known():
    rate = of([9] * 6 + [None] * 4)  # a source that lags: 66 in six months
    assert (rate["months_from"], rate["months_left"], rate["required"]) == (date(2008, 10, 1), 6, 11.0)
    assert rate["explanation"].startswith("11.0 a month is needed from Oct-08 to Mar-09, ")


@pytest.mark.parametrize(("different", "required"), [({}, 10.0), (SHARE, 0.12)])
def test_where_no_month_of_the_year_is_known_yet_all_twelve_are_left(different, required):
    values = [(1, 10) if different else 11] * 12 + [None] * 10
    rate = of(values, first=APRIL_2007, **different)
    assert (rate["months_from"], rate["months_left"]) == (APRIL, 12)
    assert rate["required"] == pytest.approx(required)
    assert (float(rate["so_far_numerator"]), rate["months_in_history"]) == (0.0, 12)


def test_the_month_left_is_one_when_march_alone_is_missing():
    rate = of([9] * 11, report_month=date(2009, 2, 1))
    assert rate["explanation"].startswith("21.0 a month is needed in Mar-09, ")


def test_a_quarterly_value_is_held_against_the_mean_of_its_months():
    quarters = [None, None, 30, None, None, 27, None, None, 36, None]  # 93 in nine months; 9 in each of three
    rate = of(quarters, covers=3)
    assert (rate["months_from"], rate["required"]) == (date(2009, 1, 1), 9.0)
    assert (rate["times_reached"], rate["months_in_history"], rate["best_value"]) == (9, 9, 12.0)


@pytest.mark.parametrize(
    ("different", "values", "reason"),
    [
        ({"target": None}, [9] * 10, "no target is set"),
        ({"measure": None}, [9] * 10, "the line has no measure"),
        ({"kind": "gap"}, [9] * 10, "a gap depends on two rates"),
        ({"kind": "ratio_of_shares"}, [9] * 10, "a ratio of shares depends on two shares"),
        ({"kind": "k_of_n"}, [9] * 10, "k of n is a state at one time"),
        ({"kind": "forecast"}, [9] * 10, "the figure is itself a forecast of the year end"),
        ({"basis": "quarter"}, [9] * 10, "its figure is of the quarter, which the year end does not complete"),
        ({}, [9] * 7 + [None] + [9] * 2, "Apr-08 to Jan-09 holds 9 of 10 months"),
        (CHANGE, [9] * 10, "nothing to compare with: 2007/08 holds 0 of 12 months"),
        (SHARE, [(0, 0)] * 10, "it cannot be computed: the denominator so far is zero"),
    ],
)
def test_where_there_is_no_run_rate_the_reason_is_in_words(different, values, reason):
    rate = of(values, **different)
    assert rate["missing_reason"].startswith(reason)
    assert (rate["required"], rate["explanation"]) == (None, None)


def test_a_change_on_a_year_that_is_not_whole_is_not_computed():
    rate = of([None] + [100] * 11 + [88] * 10, first=APRIL_2007, **CHANGE)
    assert rate["missing_reason"] == "nothing to compare with: 2007/08 holds 11 of 12 months"


def test_when_the_year_is_over_nothing_is_required():
    rate = of([9] * 12, report_month=date(2009, 3, 1))
    assert rate["missing_reason"] == "the year is over"


def test_history_is_what_was_known_before_the_year_too():
    rate = of([16] + [8] * 11 + [9] * 10, first=APRIL_2007)
    assert (rate["months_in_history"], rate["times_reached"], rate["last_reached"]) == (22, 1, APRIL_2007)
    assert rate["explanation"] == (
        "15.0 a month is needed in Feb-09 and Mar-09, reached in 1 of the 22 months known, last in Apr-07; "
        "the best was 16.0 in Apr-07"
    )


def test_each_line_and_report_month_has_a_row():
    december = date(2008, 12, 1)
    lines = ({}, {"line": "10", "target": 60.0}, {"line": "CT", "measure": None, "target": None})
    card = indicators(*(line | {"report_month": month} for month in (december, REPORT) for line in lines))
    months = pl.concat([monthly(APRIL, [9] * 9, december), monthly(APRIL, [9] * 10)])
    rates = run_rates.run_rates(card, months, [(december, YEAR), (REPORT, YEAR)])
    assert rates["line"].to_list() == ["9", "10", "CT"] * 2
    # (120 - 81)/3, met by 81, and (120 - 90)/2
    assert rates.filter(line="9")["required"].to_list() == [13.0, 15.0]
    assert rates.filter(line="10")["already_met"].to_list() == [True, True]


def test_a_card_without_lines_has_no_run_rates():
    rates = run_rates.run_rates(indicators(), monthly(APRIL, [9]), [(date(2010, 4, 1), "2010/11")])
    assert rates.is_empty()
    contracts.ALL["run_rates"].validate(rates)


# the built sample


@pytest.fixture(scope="module")
def of_the_sample(sample: Built) -> pl.DataFrame:
    of = Sample(sample)
    return run_rates.run_rates(of.indicators, of.monthly, of.report_months)


def test_every_line_of_every_card_has_a_run_rate_or_a_reason(sample: Built, of_the_sample: pl.DataFrame):
    contracts.ALL["run_rates"].validate(of_the_sample)
    lines = sample.query("select report_month, line from scorecard")
    assert set(of_the_sample.select("report_month", "line").iter_rows()) == set(lines.iter_rows())


def test_the_required_rate_that_comments_quote_is_the_run_rate(sample: Built, of_the_sample: pl.DataFrame):
    quoted = sample.query("select report_month, line, value from figures where statistic = 'required_rate'")
    both = quoted.join(of_the_sample, on=["report_month", "line"])
    assert both.height == quoted.height > 10
    for row in both.iter_rows(named=True):
        assert row["required"] == (None if row["value"] is None else pytest.approx(row["value"], rel=1e-12))


def test_the_rate_that_the_card_of_january_2009_asks_for_was_reached_in_no_month(of_the_sample: pl.DataFrame):
    (row,) = of_the_sample.filter(report_month=REPORT, line="4b").iter_rows(named=True)
    assert row["required_text"] == "19.0%"
    assert (row["times_reached"], row["months_in_history"]) == (0, 24)
    assert "needed in Feb-09 and Mar-09, a rate not reached in any of the 24 months known" in row["explanation"]

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.scorecard import display, status
from orchestration.scorecard.optional_rules import Evidence

HIGHER, LOWER = "higher_is_better", "lower_is_better"
AUGUST = date(2009, 8, 1)


def indicator(**different):
    return {
        "kind": "percentage",
        "direction": HIGHER,
        "target": 0.32,
        "amber_tolerance": 0.1,
        "judged_from": None,
        "not_judged": None,
        "unit": "percent",
        "sign": None,
        "decimals": 0,
    } | different


def figure(value, **different):
    return {"value": value, "data_to": AUGUST, "missing_reason": None} | different


def judged(value, **different):
    return status.judge(indicator(**different), figure(value))


CHANGE = {"kind": "percentage_change", "direction": LOWER, "sign": "signed", "decimals": 1}
TENTHS = {"decimals": 1}
GAP = {"kind": "gap", "direction": LOWER, "unit": "points", "decimals": 1}
NUMBER = {"kind": "total", "unit": "number"}
MONEY = {"kind": "total", "unit": "pounds_millions", "decimals": 1}


@pytest.mark.parametrize(
    ("line", "target", "tolerance", "last_amber", "first_red"),
    [
        (NUMBER, 200.0, 0.05, 190.0, 189.0),
        (NUMBER | {"direction": LOWER}, 200.0, 0.05, 210.0, 211.0),
        (TENTHS, 0.8, 0.1, 0.72, 0.719),
        (GAP, 0.04, 0.1, 0.044, 0.045),
        # 5% more than the 96 that -4% asks of 100 is 100.8
        (CHANGE, -0.04, 0.05, 0.008, 0.009),
        # 10% less than the 110 that +10% asks of 100 is 99
        (CHANGE | {"direction": HIGHER}, 0.1, 0.1, -0.01, -0.011),
        (MONEY, 45_000_000.0, 0.1, 40_500_000.0, 40_400_000.0),
        # a change in points may be asked to be negative: what counts is how far, relative to its size
        ({"kind": "change_in_points", "direction": LOWER, "unit": "points"} | TENTHS, -0.02, 0.1, -0.018, -0.017),
        ({"kind": "change_in_points", "unit": "points"} | TENTHS, -0.02, 0.1, -0.022, -0.023),
    ],
)
def test_the_tolerance_itself_is_still_amber_and_one_step_further_is_red(
    line, target, tolerance, last_amber, first_red
):
    rule = line | {"target": target, "amber_tolerance": tolerance}
    assert judged(last_amber, **rule).letter == "A"
    assert judged(last_amber, **rule).shortfall == Decimal(str(tolerance))
    assert judged(first_red, **rule).letter == "R"


@pytest.mark.parametrize(
    ("line", "target", "on_target", "one_step_short"),
    [
        (NUMBER, 200.0, 200.0, 199.0),
        (NUMBER | {"direction": LOWER}, 3320.0, 3320.0, 3321.0),
        (CHANGE, -0.043, -0.043, -0.042),
        (CHANGE | {"direction": HIGHER}, 0.02, 0.02, 0.019),
        (GAP, 0.038, 0.038, 0.039),
        (TENTHS, 0.8, 0.8, 0.799),
    ],
)
def test_the_target_itself_is_green_and_one_step_short_of_it_is_amber(line, target, on_target, one_step_short):
    met = judged(on_target, **line, target=target)
    assert (met.letter, met.shortfall) == ("G", 0)
    assert met.reason.endswith(f"meets the target of {display.printed(target, (indicator() | line)['unit'])}")
    assert judged(one_step_short, **line, target=target).letter == "A"


def test_a_target_that_has_to_be_passed_is_not_met_where_it_is_reached():
    drugs = NUMBER | {"target": 2516.0, "strict": "yes"}
    assert [judged(value, **drugs).letter for value in (2517.0, 2516.0, 2515.0, 2264.0)] == ["G", "A", "A", "R"]
    assert judged(2516.0, **drugs).reason == (
        "2,516 reaches, but does not pass, the target of more than 2,516, within the tolerance of 10%"
    )
    deaths = NUMBER | {"target": 3320.0, "strict": "yes", "direction": LOWER}
    assert [judged(value, **deaths).letter for value in (3319.0, 3320.0)] == ["G", "A"]
    assert judged(3319.0, **deaths).reason.startswith("3,319 meets the target of less than 3,320")


TO_DATE = NUMBER | {"target": 9000.0, "phasing": "linear"}


def test_a_phased_target_is_judged_by_what_is_due_by_the_end_of_the_figure_s_window():
    by_january = Evidence(due=7500 / 9000)
    latest = figure(7859.0, data_to=date(2009, 1, 1))
    met = status.judge(indicator(**TO_DATE), latest, by_january)
    assert (met.letter, met.reason) == ("G", "7,859 meets the 7,500 due by Jan-09 of the target of 9,000, 4.8% better")
    missed = status.judge(indicator(**TO_DATE), latest | {"value": 7000.0}, by_january)
    assert missed.reason == (
        "7,000 is 6.7% short of the 7,500 due by Jan-09 of the target of 9,000, within the tolerance of 10%"
    )
    # against the whole year's it is 12.7% short
    assert status.judge(indicator(**TO_DATE | {"phasing": "none"}), latest, by_january).letter == "R"


def test_a_phased_target_of_which_it_is_not_known_what_is_due_gives_no_letter():
    given = status.judge(indicator(**TO_DATE), figure(7859.0))
    assert given == status.Judgement(None, "not judged: what of the target is due by Aug-09 is not known")


def test_the_year_s_forecast_is_compared_with_the_year_s_target_where_that_is_phased():
    supplied = {"value": 8999.0, "unit": "number", "decimals": 0, "printed": "8,999"}
    given = status.judge(
        indicator(**TO_DATE), figure(7000.0), Evidence(("forecast",), forecast=supplied, due=7500 / 9000)
    )
    assert given.reason.endswith("the source forecasts 8,999 for the year, which misses the target of 9,000")


def test_a_tolerance_of_nothing_leaves_no_amber():
    assert judged(0.31, amber_tolerance=0.0).letter == "R"
    assert judged(0.32, amber_tolerance=0.0).letter == "G"
    assert judged(0.32, amber_tolerance=0.0, strict="yes").letter == "R"


def test_a_change_is_compared_by_the_volumes_it_implies():
    given = judged(0.005, **CHANGE, target=-0.043)
    assert round(given.shortfall, 4) == round((Decimal("100.5") - Decimal("95.7")) / Decimal("95.7"), 4)
    assert given.reason == "+0.5% is 5.0% short of the target of -4.3%, within the tolerance of 10%"


def test_a_rise_where_a_fall_was_asked_is_not_judged_by_the_ratio_of_two_percentages():
    # 0.5 against -4.3 would be 112% short
    assert judged(0.005, **CHANGE, target=-0.043, amber_tolerance=0.06).letter == "A"


def test_a_change_against_a_target_of_no_change_has_a_tolerance_like_any_other():
    rule = CHANGE | {"target": 0.0, "amber_tolerance": 0.05}
    assert [judged(value, **rule).letter for value in (-0.001, 0.0, 0.05, 0.051)] == ["G", "G", "A", "R"]


def test_a_gap_is_better_when_it_is_smaller():
    rule = GAP | {"target": 0.038}
    assert [judged(value, **rule).letter for value in (0.0, 0.030, 0.038, 0.041, 0.048)] == ["G", "G", "G", "A", "R"]


def test_a_gap_that_is_to_be_small_is_judged_by_its_size_whichever_way_it_is():
    assert judged(-0.01, **GAP, target=0.038).letter == "G"
    turned = judged(-0.1, **GAP, target=0.038)
    assert (turned.letter, turned.reason) == (
        "R",
        "-10.0 is 163.2% short of the target of 3.8, beyond the tolerance of 10%",
    )
    assert judged(-0.1, **GAP | {"direction": "higher_is_better"}, target=0.038).letter == "R"


@pytest.mark.parametrize("direction", [HIGHER, LOWER])
@pytest.mark.parametrize("size", [0.05, 0.1, 3.0])
def test_a_target_of_nothing_can_only_be_met_or_missed(direction, size):
    rule = NUMBER | {"decimals": 2, "target": 0.0, "direction": direction, "amber_tolerance": 0.1}
    worse = -size if direction == HIGHER else size
    assert judged(0.0, **rule).letter == "G"
    assert judged(-worse, **rule).letter == "G"
    assert judged(worse, **rule).letter == "R"
    assert judged(worse, **rule).shortfall == Decimal("inf")
    assert judged(-worse, **rule).shortfall == Decimal("-inf")


@pytest.mark.parametrize(
    ("line", "value", "target", "letter", "reason"),
    [
        (TENTHS, 0.77812, 0.789, "A", "77.8% is 1.4% short of the target of 78.9%, within the tolerance of 10%"),
        (GAP, 0.055, 0.038, "R", "5.5 is 44.7% short of the target of 3.8, beyond the tolerance of 10%"),
        (CHANGE, -0.119, -0.056, "G", "-11.9% meets the target of -5.6%, 6.7% better"),
        (MONEY, 43_842_310.5, 45e6, "A", "£43.8m is 2.7% short of the target of £45m, within the tolerance of 10%"),
        (NUMBER, 755.0, 697.0, "G", "755 meets the target of 697, 8.3% better"),
    ],
)
def test_every_letter_says_why(line, value, target, letter, reason):
    given = judged(value, **line, target=target)
    assert (given.letter, given.reason) == (letter, reason)


@pytest.mark.parametrize(
    ("value", "different", "start", "exact", "letters"),
    [
        (0.316, {}, "32% meets the target of 32%", "31.6", "GA"),
        # prints as 100
        (99.5, NUMBER | {"direction": LOWER, "target": 99.5}, "100 is 0.5% short", "99.5", "AG"),
        # prints as 29%, 9.4% short; itself 10.1% short
        (0.2876, {"target": 0.32}, "29% is 9.4% short", "28.7", "AR"),
    ],
)
def test_what_is_judged_is_what_is_printed_and_where_rounding_decided_the_reason_names_it(
    value, different, start, exact, letters
):
    given = judged(value, **different)
    assert (given.letter, given.unrounded) == tuple(letters)
    assert given.reason.startswith(start)
    assert f"; rounding decided: {exact}" in given.reason
    assert given.reason.endswith(f"would be {given.unrounded}")


@pytest.mark.parametrize("value", [0.32, 0.3249, 0.33, 0.31, 0.314, 0.2])
def test_rounding_is_not_blamed_where_it_changes_nothing(value):
    assert "rounding" not in judged(value).reason


@pytest.mark.parametrize(
    ("line", "target", "value"),
    [
        (GAP, 0.038, 0.538 - 0.5),  # 0.038000000000000034
        (CHANGE, -0.1, 0.9 - 1),  # -0.09999999999999998
        (CHANGE, -0.1, 90 / 100 - 1),
        (TENTHS, 0.3, 0.1 + 0.2),
        (TENTHS | {"direction": LOWER}, 0.3, 0.1 + 0.2),
    ],
)
def test_rounding_is_not_blamed_for_what_binary_fractions_add(line, target, value):
    given = judged(value, **line, target=target)
    assert given.letter == "G"
    assert "rounding" not in given.reason


@pytest.mark.parametrize("value", [0.316, 0.31999, 0.3199999, 0.3199999999])
def test_where_rounding_decided_the_reason_shows_a_value_that_differs_from_the_printed_one(value):
    decided = judged(value).reason.partition("rounding decided: ")[2]
    assert Decimal(decided.partition("%")[0]) < 32


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.sampled_from([HIGHER, LOWER]),
    st.sampled_from([0.05, 0.1]),
)
def test_a_reason_never_contradicts_its_letter(value, target, direction, tolerance):
    rule = {"direction": direction, "target": float(target), "amber_tolerance": tolerance}
    given = judged(float(value), **NUMBER | rule)
    better = value >= target if direction == HIGHER else value <= target
    assert (given.letter == "G") == better
    assert ("meets the target" in given.reason) == better
    assert ("within the tolerance" in given.reason) == (given.letter == "A")
    assert ("beyond the tolerance" in given.reason) == (given.letter == "R")
    if value == target:
        assert "better" not in given.reason


@pytest.mark.parametrize(
    ("value", "target", "letter"),
    [
        (3321.0, 3320.0, "A"),  # 0.03% too many: not '0.0% short'
        (3319.0, 3320.0, "G"),  # and not '0.0% better'
        (2768.0, 2516.0, "R"),  # 10.02% too many: not '10.0% short, beyond the tolerance of 10%'
        (2767.5, 2516.0, "R"),  # 9.996% too many, but printed as 2,768
    ],
)
def test_a_distance_is_shown_with_the_digits_that_tell_it_from_nothing_and_from_the_tolerance(value, target, letter):
    given = judged(value, **NUMBER | {"direction": LOWER, "target": target})
    assert given.letter == letter
    assert " 0.0%" not in given.reason
    assert "10.0% short" not in given.reason


def test_a_line_that_is_not_to_be_judged_says_so_before_anything_else():
    given = status.judge(indicator(not_judged="baseline year", target=None), None)
    assert given == status.Judgement(None, "not judged: baseline year")
    assert status.judge(indicator(not_judged="baseline year"), figure(0.5)).letter is None


def test_a_line_without_a_target_says_so_before_it_looks_at_the_figure():
    assert status.judge(indicator(target=None), None).reason == "not judged: no target is set"
    assert status.judge(indicator(target=None), figure(0.5)).reason == "not judged: no target is set"


def test_a_missing_figure_says_why_it_is_missing():
    latest = figure(None, missing_reason="Sep-08 to Aug-09 holds 11 of 12 months", data_to=date(2009, 3, 1))
    given = status.judge(indicator(judged_from=date(2009, 4, 1)), latest)
    assert given == status.Judgement(None, "not judged: Sep-08 to Aug-09 holds 11 of 12 months")


def test_a_line_without_a_measure_says_so():
    assert status.judge(indicator(), None) == status.Judgement(None, "not judged: the line has no measure")


def test_a_value_of_zero_is_a_value():
    assert judged(0.0, target=0.32).letter == "R"
    assert judged(0.0, **GAP, target=0.038).letter == "G"


@pytest.mark.parametrize(
    ("ends", "letter"),
    [(date(2009, 3, 1), None), (date(2009, 4, 1), "A"), (date(2009, 5, 1), "A"), (date(2008, 4, 1), None)],
)
def test_a_window_that_ends_before_the_target_applies_is_not_judged(ends, letter):
    rule = indicator(target=0.514, decimals=1, judged_from=date(2009, 4, 1))
    given = status.judge(rule, figure(0.493, data_to=ends))
    assert given.letter == letter
    if letter is None:
        assert given.reason == (f"not judged: the figure ends in {ends:%b-%y}, before the target applies from Apr-09")


def test_a_target_without_a_first_month_applies_always():
    given = status.judge(indicator(judged_from=None), figure(0.4, data_to=date(1999, 1, 1)))
    assert given.letter == "G"


@pytest.mark.parametrize(
    ("report_month", "reason"),
    [
        (date(2009, 7, 1), None),  # four months: a source that may lag three, and comes every month
        (date(2009, 8, 1), "not judged: too old: ends Mar-09, 5 months before the card"),
        (date(2012, 3, 1), "not judged: too old: ends Mar-09, 36 months before the card"),
    ],
)
def test_a_figure_that_ends_longer_before_its_card_than_the_limit_is_not_judged(report_month, reason):
    rule = indicator(report_month=report_month, age_limit=4)
    given = status.judge(rule, figure(0.4, data_to=date(2009, 3, 1)))
    assert (given.letter, given.reason) == ((None, reason) if reason else ("G", given.reason))


@pytest.mark.parametrize(
    ("direction", "now", "before", "travel"),
    [
        (HIGHER, 0.33, 0.32, "improving"),
        (HIGHER, 0.31, 0.32, "worsening"),
        (LOWER, 0.31, 0.32, "improving"),
        (LOWER, 0.33, 0.32, "worsening"),
        (HIGHER, 0.3249, 0.3151, "unchanged"),  # both print as 32%
        (LOWER, 0.3151, 0.3249, "unchanged"),
        (HIGHER, 0.325, 0.3249, "improving"),  # print as 33% and 32%
    ],
)
def test_the_direction_of_travel_is_read_from_what_is_printed(direction, now, before, travel):
    assert status.direction_of_travel(indicator(direction=direction), figure(now), figure(before)) == travel


@pytest.mark.parametrize(
    ("direction", "change", "travel"),
    [
        (LOWER, -0.075, "improving"),
        (LOWER, 0.005, "worsening"),
        (HIGHER, 0.005, "improving"),
        (HIGHER, -0.075, "worsening"),
        (LOWER, 0.0004, "unchanged"),  # prints as 0.0%
        (LOWER, -0.0004, "unchanged"),
    ],
)
@pytest.mark.parametrize("before", [None, figure(None), figure(-0.2), figure(0.2)])
def test_a_change_tells_its_own_direction_whatever_it_was_a_year_before(direction, change, travel, before):
    rule = indicator(**CHANGE | {"direction": direction})
    assert status.direction_of_travel(rule, figure(change), before) == travel


@pytest.mark.parametrize(
    ("latest", "before"),
    [(None, figure(0.3)), (figure(None), figure(0.3)), (figure(0.3), None), (figure(0.3), figure(None))],
)
def test_without_both_figures_the_direction_of_travel_is_not_known(latest, before):
    assert status.direction_of_travel(indicator(), latest, before) is None


def test_a_missing_change_has_no_direction_either():
    assert status.direction_of_travel(indicator(**CHANGE), figure(None), figure(0.1)) is None


def test_a_figure_of_zero_a_year_before_is_known():
    assert status.direction_of_travel(indicator(**NUMBER), figure(3.0), figure(0.0)) == "improving"


@given(
    st.decimals(min_value="0.01", max_value="100", places=2),
    st.decimals(min_value="0", max_value="100", places=2),
    st.sampled_from(["percentage", "percentage_change"]),
)
def test_turning_the_direction_turns_the_shortfall(target, value, kind):
    line = indicator(target=float(target), kind=kind)
    higher = status.shortfall(value, line)
    assert status.shortfall(value, line | {"direction": LOWER}) == -higher
    assert (status.letter(indicator(), higher) == "G") == (value >= target)
    assert (status.letter(indicator(strict="yes"), higher) == "G") == (value > target)


APRIL_2008, APRIL_2009 = date(2008, 4, 1), date(2009, 4, 1)
A_BREAK = [(APRIL_2009, "another programme")]


@pytest.mark.parametrize(
    ("line", "known", "before", "reason"),
    [
        ({}, {"data_from": date(2008, 9, 1)}, {}, "another programme, from Apr-09"),
        ({}, {"data_from": date(2010, 4, 1), "data_to": date(2010, 8, 1)}, {}, None),  # both windows lie after it
        ({}, {"data_from": APRIL_2008, "data_to": date(2009, 3, 1)}, {}, None),  # both lie before it
        ({}, {"data_from": APRIL_2009}, {"value": None}, None),
        # a change is itself a comparison of two windows
        (CHANGE, {"against_from": APRIL_2008}, {}, "another programme, from Apr-09"),
        (CHANGE, {"against_from": APRIL_2009, "data_from": date(2010, 4, 1)}, {}, None),
    ],
)
def test_a_break_between_two_windows_makes_them_not_comparable(line, known, before, reason):
    found = status.not_comparable(indicator(**line), figure(0.1) | known, figure(0.2) | before, A_BREAK)
    assert found == reason


@pytest.mark.parametrize(
    ("travel", "direction", "arrow"),
    [
        ("improving", HIGHER, "▲"),
        ("improving", LOWER, "▼"),
        ("worsening", HIGHER, "▼"),
        ("worsening", LOWER, "▲"),
        ("unchanged", LOWER, "="),
        (status.NOT_COMPARABLE, HIGHER, "≠"),
        (None, HIGHER, None),
    ],
)
def test_an_arrow_is_the_way_of_the_figure_whichever_way_is_better(travel, direction, arrow):
    assert {status.arrow(travel, direction, rose=rose) for rose in (True, False)} == {arrow}


def test_with_a_target_that_is_a_range_the_arrow_is_the_way_of_the_figure_itself():
    for travel in ("improving", "worsening"):
        assert [status.arrow(travel, "in_range_is_better", rose=rose) for rose in (True, False)] == ["▲", "▼"]

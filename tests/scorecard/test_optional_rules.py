"""What each optional rule decides, and when it passes the question on: every number here is worked out by hand."""

from itertools import product

import pytest

from orchestration.scorecard import optional_rules, status
from orchestration.scorecard.optional_rules import Evidence, Step
from tests.scorecard.test_status import GAP, LOWER, MONEY, TENTHS, figure, indicator

ALL = tuple(optional_rules.RULES)
# 77.3% against 80%, 3.4% short: amber by a tolerance of 10%, red by one of 1%
SHORT = TENTHS | {"target": 0.8}
NARROW = {"amber_tolerance": 0.01}
RUN_RATE = {
    "required": 0.84,
    "times_reached": 0,
    "months_in_history": 24,
    "already_met": False,
    "never_possible": False,
    "explanation": "84.0% is needed in Feb-09 and Mar-09, a rate not reached in any of the 24 months known",
    "missing_reason": None,
}
REACHED = RUN_RATE | {"times_reached": 2, "explanation": "84.0% is needed, reached in 2 of the 24 months known"}
FORECAST = {"value": 0.81, "unit": "percent", "decimals": 0, "printed": "81%"}
MISSES = FORECAST | {"value": 0.79, "printed": "79%"}
INSIDE, OUTSIDE = (0.745, 0.801), (0.758, 0.788)
EVERY_MIX = list(product((None, INSIDE, OUTSIDE), (None, RUN_RATE), (None, FORECAST, MISSES)))


def judged(value=0.773, rules=ALL, interval=None, run_rate=None, forecast=None, **different):
    return status.judge(indicator(**SHORT | different), figure(value), Evidence(rules, interval, run_rate, forecast))


def outcomes(judgement):
    return [(step.rule, step.letter) for step in judgement.steps]


def test_the_rules_are_asked_in_their_order_and_the_tolerance_last():
    assert ALL == ("significance", "attainability", "forecast")
    given = judged(interval=OUTSIDE, run_rate=REACHED, forecast=None)
    assert outcomes(given) == [
        ("target", None),
        ("significance", None),
        ("attainability", None),
        ("forecast", None),
        ("tolerance", "A"),
    ]
    assert given.rule == "tolerance"


def test_a_rule_that_is_off_is_not_asked_whatever_is_known():
    given = judged(rules=(), interval=INSIDE, run_rate=RUN_RATE, forecast=MISSES)
    assert outcomes(given) == [("target", None), ("tolerance", "A")]
    assert given.reason == "77.3% is 3.4% short of the target of 80%, within the tolerance of 10%"


def test_the_first_rule_that_decides_gives_the_letter_and_the_rest_are_not_asked():
    given = judged(interval=INSIDE, run_rate=RUN_RATE, forecast=MISSES)
    assert outcomes(given) == [("target", None), ("significance", "A")]
    given = judged(interval=OUTSIDE, run_rate=RUN_RATE, forecast=FORECAST)
    assert outcomes(given) == [("target", None), ("significance", None), ("attainability", "R")]
    assert (given.letter, given.rule) == ("R", "attainability")


def test_the_order_of_the_rows_in_the_catalogue_does_not_matter():
    given = judged(rules=("forecast", "significance"), interval=INSIDE, forecast=MISSES)
    assert given.rule == "significance"


@pytest.mark.parametrize(("interval", "run_rate", "forecast"), EVERY_MIX)
def test_a_figure_that_meets_its_target_is_green_whatever_is_known(interval, run_rate, forecast):
    given = judged(0.8, interval=interval, run_rate=run_rate, forecast=forecast)
    assert outcomes(given) == [("target", "G")]
    assert (given.letter, given.reason) == ("G", "80.0% meets the target of 80%")


@pytest.mark.parametrize(("interval", "run_rate", "forecast"), EVERY_MIX)
def test_a_figure_that_misses_its_target_is_never_green(interval, run_rate, forecast):
    assert judged(interval=interval, run_rate=run_rate, forecast=forecast).letter in ("A", "R")


def test_a_line_without_a_letter_gets_none_by_any_rule():
    given = judged(None, interval=INSIDE, run_rate=RUN_RATE, not_judged="baseline year")
    assert (given.letter, given.rule, given.steps) == (None, "not judged", ())


# significance


def test_a_shortfall_inside_the_margin_of_error_cannot_be_red():
    assert judged(rules=(), **NARROW).letter == "R"
    given = judged(rules=("significance",), interval=INSIDE, **NARROW)
    assert (given.letter, given.rule) == ("A", "significance")
    assert given.reason == (
        "77.3% is 3.4% short of the target of 80%; the target of 80% lies within the margin of error, 74.5% to 80.1%"
    )


def test_a_shortfall_outside_the_margin_of_error_is_left_to_the_tolerance():
    given = judged(rules=("significance",), interval=OUTSIDE, **NARROW)
    assert (given.letter, given.rule) == ("R", "tolerance")
    assert given.steps[1].reason == "the target of 80% lies outside the margin of error, 75.8% to 78.8%"


@pytest.mark.parametrize(
    ("upper", "letter"),
    [(0.7996, "A"), (0.7995, "A"), (0.7994, "R")],  # print as 80.0%, 80.0% and 79.9%
)
def test_the_margin_of_error_is_judged_as_printed(upper, letter):
    assert judged(rules=("significance",), interval=(0.75, upper), **NARROW).letter == letter


def test_without_a_margin_of_error_the_question_is_passed_on():
    given = judged(rules=("significance",), **NARROW)
    assert (given.letter, given.rule) == ("R", "tolerance")
    assert given.steps[1] == Step("significance", None, "no margin of error is known")


@pytest.mark.parametrize(("interval", "letter"), [((0.035, 0.061), "A"), ((0.039, 0.071), "R")])
def test_where_less_is_better_it_is_the_lower_end_that_must_reach_the_target(interval, letter):
    rule = indicator(**GAP | {"target": 0.038})
    assert status.judge(rule, figure(0.055), Evidence(("significance",), interval)).letter == letter


# attainability


def test_a_rate_that_was_never_reached_makes_the_line_red():
    given = judged(rules=("attainability",), run_rate=RUN_RATE)
    assert (given.letter, given.rule) == ("R", "attainability")
    assert given.reason == (
        "77.3% is 3.4% short of the target of 80%; 84.0% is needed in Feb-09 and Mar-09, "
        "a rate not reached in any of the 24 months known"
    )


@pytest.mark.parametrize(
    ("different", "letter"),
    [
        ({"times_reached": 1}, "A"),
        ({"months_in_history": 12}, "R"),
        ({"months_in_history": 11}, "A"),  # too few to judge what can be reached
        ({"never_possible": True, "months_in_history": 3}, "R"),
        ({"never_possible": True, "times_reached": 5}, "R"),
        ({"already_met": True, "required": -0.1}, "A"),
        ({"required": None, "missing_reason": "the year is over", "explanation": None, "times_reached": None}, "A"),
    ],
)
def test_only_what_was_never_reached_in_a_year_or_more_or_cannot_be_makes_it_red(different, letter):
    given = judged(rules=("attainability",), run_rate=RUN_RATE | different)
    assert (given.letter, given.rule) == (letter, "attainability" if letter == "R" else "tolerance")


def test_without_a_run_rate_the_question_is_passed_on_and_it_is_said_why():
    over = RUN_RATE | {"required": None, "missing_reason": "the year is over"}
    assert judged(run_rate=over).steps[2].reason == "no run rate to judge by: the year is over"
    assert judged().steps[2].reason == "no run rate to judge by: none is known"


def test_a_history_under_a_year_says_how_short_it_is():
    given = judged(rules=("attainability",), run_rate=RUN_RATE | {"months_in_history": 7})
    assert given.steps[1].reason.startswith("only 7 months are known, too few to judge what can be reached; 84.0% is")


# forecast


@pytest.mark.parametrize("tolerance", [0.1, 0.01])
@pytest.mark.parametrize(("forecast", "letter"), [(FORECAST, "A"), (MISSES, "R")])
def test_the_forecast_of_the_year_decides_whatever_the_tolerance(forecast, letter, tolerance):
    given = judged(rules=("forecast",), forecast=forecast, amber_tolerance=tolerance)
    assert (given.letter, given.rule) == (letter, "forecast")


def test_the_forecast_is_quoted():
    given = judged(rules=("forecast",), forecast=MISSES)
    assert given.reason == (
        "77.3% is 3.4% short of the target of 80%; "
        "the source forecasts 79% for the year, which misses the target of 80%"
    )


@pytest.mark.parametrize(("value", "letter"), [(44_600_000.0, "A"), (44_400_000.0, "R")])
def test_the_forecast_is_judged_as_it_prints(value, letter):
    """£44.6m prints as £45m, which is the target; £44.4m as £44m."""
    rule = indicator(**MONEY | {"target": 45e6})
    supplied = {"value": value, "unit": "pounds_millions", "decimals": 0, "printed": f"£{value / 1e6:.0f}m"}
    assert status.judge(rule, figure(43.8e6), Evidence(("forecast",), forecast=supplied)).letter == letter


def test_a_forecast_of_less_is_better_where_less_is():
    rule = SHORT | {"direction": LOWER, "target": 0.7}
    assert judged(rules=("forecast",), forecast=FORECAST, **rule).letter == "R"
    assert judged(rules=("forecast",), forecast=FORECAST | {"value": 0.69}, **rule).letter == "A"


def test_without_a_forecast_the_question_is_passed_on():
    assert judged(rules=("forecast",)).rule == "tolerance"


# rounding


def test_rounding_is_blamed_where_a_rule_would_have_given_another_letter():
    given = judged(0.79951, rules=("attainability",), run_rate=RUN_RATE)  # prints as 80.0%
    assert (given.letter, given.rule, given.unrounded) == ("G", "target", "R")
    assert given.reason == "80.0% meets the target of 80%; rounding decided: 79.95% would be R"
    assert given.steps[-1].reason == given.reason


def test_rounding_is_not_blamed_where_a_rule_decides_either_way():
    given = judged(0.7996, target=0.801, rules=("attainability",), run_rate=RUN_RATE)
    assert (given.letter, given.unrounded) == ("R", "R")
    assert "rounding" not in given.reason


def test_a_target_of_nothing_has_no_tolerance_but_may_have_a_margin():
    rule = indicator(**GAP | {"target": 0.0})
    assert status.judge(rule, figure(0.01)).steps[-1] == Step(
        "tolerance", "R", "of a target of nothing there is no tolerance"
    )
    given = status.judge(rule, figure(0.01), Evidence(("significance",), (-0.01, 0.03)))
    assert (given.letter, given.reason) == (
        "A",
        "1.0 misses the target of 0; the target of 0 lies within the margin of error, -1.0 to 3.0",
    )

"""Targets that are a range between two values: 4 to 6 days, with 10% of the middle (0.5 days) amber on both sides."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from orchestration.scorecard import plain_words, status
from orchestration.scorecard.explanations import outturns, run_rates
from orchestration.scorecard.optional_rules import Evidence
from tests.scorecard.test_judgements import judgement, moves
from tests.scorecard.test_outturns import figures
from tests.scorecard.test_status import figure, indicator
from tests.years_in_months import REPORT, YEAR, indicators, monthly

RANGE = {"direction": "in_range_is_better", "target": 4.0, "target_to": 6.0}
DAYS = RANGE | {"kind": "percentage", "unit": "number", "decimals": 1}


def judged(value, **different):
    return status.judge(indicator(**DAYS | different), figure(value))


@pytest.mark.parametrize(
    ("value", "letter", "reason"),
    [
        (3.4, "R", "3.4 is 12.0% below the target of between 4 and 6, beyond the tolerance of 10%"),
        (3.5, "A", "3.5 is 10.0% below the target of between 4 and 6, within the tolerance of 10%"),
        (4.0, "G", "4.0 meets the target of between 4 and 6"),
        (5.0, "G", "5.0 meets the target of between 4 and 6"),
        (6.04, "G", "6.0 meets the target of between 4 and 6; rounding decided: 6.04 would be A"),
        (6.5, "A", "6.5 is 10.0% above the target of between 4 and 6, within the tolerance of 10%"),
        (6.6, "R", "6.6 is 12.0% above the target of between 4 and 6, beyond the tolerance of 10%"),
    ],
)
def test_less_and_more_than_the_range_are_short_of_it(value, letter, reason):
    found = judged(value)
    assert (found.letter, found.reason) == (letter, reason)


@pytest.mark.parametrize(("value", "letter"), [(4.0, "A"), (4.1, "G"), (5.9, "G"), (6.0, "A")])
def test_a_strict_range_has_to_be_passed_into(value, letter):
    assert judged(value, strict="yes").letter == letter
    assert "between" not in judged(value, strict="yes").reason


@given(
    middle=some.integers(-50, 50),
    half=some.integers(1, 20),
    off=some.integers(0, 60),
    tolerance=some.sampled_from([0.0, 0.05, 0.1, 0.5]),
    strict=some.sampled_from([None, "yes"]),
)
def test_both_sides_of_a_range_are_judged_alike(middle, half, off, tolerance, strict):
    line = {"target": float(middle - half), "target_to": float(middle + half)}
    below, above = (
        judged(float(middle + by), decimals=0, amber_tolerance=tolerance, strict=strict, **line) for by in (-off, off)
    )
    assert (below.letter, below.shortfall) == (above.letter, above.shortfall)
    assert (below.letter == "G") == (off < half or (off == half and not strict))


@pytest.mark.parametrize(
    ("value", "expected", "says"),
    [
        (3.0, ("A", 0.5, None, None), "; 0.5 more would be amber"),
        (3.5, ("G", 0.5, "R", 0.1), "; 0.5 more would be green"),
        (5.3, (None, None, "A", 0.8), "; 0.8 more would be amber; 1.4 less would be amber"),
        (6.4, ("G", 0.4, "R", 0.2), "; 0.4 less would be green"),
    ],
)
def test_how_far_it_is_to_another_letter_is_known_on_both_sides(value, expected, says):
    row = judgement(value, **DAYS)
    assert moves(row) == expected
    assert row["explanation"].endswith(says)


def test_a_margin_of_error_that_holds_an_end_of_the_range_may_be_chance():
    known = Evidence(("significance",), interval=(5.9, 7.5))
    assert judgement(6.7, known, **DAYS)["status"] == "A"
    assert judgement(6.7, Evidence(("significance",), interval=(6.1, 7.3)), **DAYS)["status"] == "R"


@pytest.mark.parametrize(
    ("now", "before", "travel"),
    [
        (6.5, 7.0, "improving"),
        (3.0, 3.5, "worsening"),
        (5.5, 4.5, "neither"),
        (5.5, 5.51, "unchanged"),
        (6.5, 3.5, "neither"),
    ],
)
def test_nearer_to_the_range_is_better_and_within_it_nothing_is(now, before, travel):
    assert status.direction_of_travel(indicator(**DAYS), figure(now), figure(before)) == travel


def test_nearer_to_a_range_whose_middle_is_nothing_is_better():
    round_nothing = indicator(**DAYS) | {"target": -1.0, "target_to": 1.0}
    assert status.direction_of_travel(round_nothing, figure(1.5), figure(-3.0)) == "improving"


def test_the_arrow_of_a_range_is_the_way_of_the_figure():
    assert status.arrow("improving", RANGE["direction"], rose=False) == "▼"
    assert status.arrow("neither", RANGE["direction"], rose=True) == "▲"


def test_plain_words_name_both_ends():
    assert plain_words.target(indicator(**DAYS)) == "between 4 and 6"
    change = {"kind": "percentage_change", "unit": "percent", "target": -0.02, "target_to": 0.02}
    assert plain_words.target(indicator(**DAYS | change)) == "a change between -2% and 2%"


def test_a_year_end_below_and_above_the_range_depends():
    april = date(2008, 4, 1)
    earlier = [monthly(date(2007 - back, 4, 1), [months] * 12) for back, months in ((0, 5), (1, 25))]
    known = monthly(april, [10] * 10).vstack(earlier[0]).vstack(earlier[1])
    line = indicators(RANGE | {"kind": "total", "basis": "year_to_date", "target": 120.0, "target_to": 140.0})
    rates = run_rates.run_rates(line, known, [(REPORT, YEAR)])
    assert rates["missing_reason"].to_list() == ["a target between two values requires no one rate"]
    assert outturns.outturns(line, known, figures(), [(REPORT, YEAR)])["meets_target"].to_list() == ["depends"]

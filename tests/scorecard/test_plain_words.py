"""The sentence that the card makes of a line by itself, in every kind, and where something is missing."""

from datetime import date

import pytest

from orchestration.scorecard import kinds, plain_words, status

AUGUST = date(2009, 8, 1)
RATE = {
    "kind": "percentage",
    "direction": "higher_is_better",
    "target": 0.8,
    "amber_tolerance": 0.1,
    "judged_from": date(2009, 4, 1),
    "not_judged": None,
    "unit": "percent",
    "sign": None,
    "decimals": 1,
}
CHANGE = RATE | {"kind": "percentage_change", "direction": "lower_is_better", "target": -0.02, "sign": "signed"}


def figure(value: float | None, first=date(2008, 9, 1), last=AUGUST, **other) -> dict:
    made = {"value": value, "out_of": None, "provisional": False, "missing_reason": None, "months_expected": 12}
    return made | {"data_from": first, "data_to": last} | other


def missing(reason: str) -> dict:
    return figure(None, missing_reason=reason)


def said(indicator: dict, latest: dict | None, year_before: dict | None = None) -> str:
    judgement = status.judge(indicator, latest)
    travel = status.direction_of_travel(indicator, latest, year_before)
    return plain_words.sentences(indicator, latest, year_before, judgement, travel)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.8, "It meets"), (0.85, "It meets"), (0.75, "It narrowly misses"), (0.5, "It clearly misses")],
)
def test_the_verdict_is_that_of_the_letter(value, verdict):
    assert said(RATE, figure(value)).endswith(f". {verdict} the target of at least 80%.")


@pytest.mark.parametrize(
    ("before", "compared"),
    [(0.74, ", better than the 74.0%"), (0.76, ", worse than the 76.0%"), (0.7501, ", the same as the 75.0%")],
)
def test_a_level_is_compared_with_the_year_before_as_printed(before, compared):
    start = "75.0% in the 12 months to August 2009"
    assert said(RATE, figure(0.75), figure(before)).startswith(f"{start}{compared} of a year earlier. ")


def test_fewer_is_better_where_the_line_says_so():
    fewer = RATE | {"direction": "lower_is_better", "kind": "total", "target": 3320, "unit": "number", "decimals": 0}
    assert said(fewer, figure(3294.0), figure(3824.0)) == (
        "3,294 in the 12 months to August 2009, better than the 3,824 of a year earlier. "
        "It meets the target of at most 3,320."
    )


@pytest.mark.parametrize(
    ("value", "before", "now", "then"),
    [
        (-0.051, 0.013, "Down 5.1%", "up 1.3%"),
        (0.005, 0.0, "Up 0.5%", "unchanged"),
        (0.0, -0.2, "Unchanged", "down 20.0%"),
    ],
)
def test_a_change_says_its_direction_in_words(value, before, now, then):
    assert said(CHANGE, figure(value), figure(before)).startswith(
        f"{now} in the 12 months to August 2009, compared with the year before; a year earlier it was {then}. "
    )


@pytest.mark.parametrize(
    ("target", "direction", "words"),
    [
        (-0.02, "lower_is_better", "a fall of at least 2%"),
        (0.01, "lower_is_better", "a rise of at most 1%"),
        (0.0, "lower_is_better", "no rise"),
        (0.05, "higher_is_better", "a rise of at least 5%"),
        (-0.03, "higher_is_better", "a fall of at most 3%"),
        (0.0, "higher_is_better", "no fall"),
    ],
)
def test_a_target_that_is_a_change_is_asked_for_in_words(target, direction, words):
    assert plain_words.target(CHANGE | {"target": target, "direction": direction}) == words


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        (CHANGE | {"target": -0.02}, "a fall of more than 2%"),
        (CHANGE | {"target": 0.01}, "a rise of less than 1%"),
        (CHANGE | {"target": 0.0}, "a fall"),
        (RATE | {"target": 0.5}, "more than 50%"),
    ],
)
def test_a_target_that_has_to_be_passed_says_so(indicator, words):
    assert plain_words.target(indicator | {"strict": "yes"}) == words


KINDS = {
    "total": ({"unit": "pounds_millions"}, 43_800_000.0, "£43.8m in "),
    "monthly_average": ({"unit": "number"}, 31.5, "31.5 a month on average in "),
    "percentage": ({}, 0.493, "49.3% in "),
    "percentage_change": ({}, -0.051, "Down 5.1% in "),
    "change_in_points": ({"unit": "points"}, 0.012, "Up 1.2 percentage points in "),
    "gap": ({"unit": "points"}, 0.055, "A gap of 5.5 percentage points in "),
    "k_of_n": ({"unit": "of", "decimals": 0}, 8.0, "8 of 11 in "),
    "ratio_of_shares": ({"unit": "number"}, 0.58, "A ratio of 0.6 to 1 in "),
    "forecast": ({"unit": "pounds_millions"}, 113_900_000.0, "£113.9m is forecast in "),
}


@pytest.mark.parametrize("kind", list(kinds.KINDS))
def test_every_kind_that_the_catalogue_knows_reads_as_what_it_is(kind):
    indicator, value, start = KINDS[kind]
    latest = figure(value, out_of=11 if kind == "k_of_n" else None)
    assert said(RATE | {"kind": kind, "target": None} | indicator, latest).startswith(start)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2008, 9, 1), AUGUST, "in the 12 months to August 2009"),
        (date(2009, 4, 1), AUGUST, "from April to August 2009"),
        (date(2008, 4, 1), date(2009, 1, 1), "from April 2008 to January 2009"),
        (date(2009, 4, 1), date(2009, 4, 1), "in April 2009"),
    ],
)
def test_a_window_in_words(first, last, words):
    assert plain_words.window(first, last) == words


def test_a_missing_figure_says_why_and_what_was_asked():
    assert said(CHANGE, missing("Sep-08 to Aug-09 holds 11 of 12 months")) == (
        "There is no figure (Sep-08 to Aug-09 holds 11 of 12 months). The target is a fall of at least 2%."
    )
    baseline = RATE | {"target": None, "not_judged": "baseline year"}
    assert said(baseline, missing("Aug-09 is not known"), figure(0.7)) == (
        "There is no figure (Aug-09 is not known); a year earlier it was 70.0%. It is not judged: baseline year."
    )


def test_a_missing_letter_says_why():
    assert said(RATE | {"target": None, "not_judged": "tracking measure"}, figure(0.55)).endswith(
        "It is not judged: tracking measure."
    )
    assert said(RATE, figure(0.493, date(2008, 4, 1), date(2009, 3, 1))).endswith(
        ". It is not judged against the target of at least 80%: "
        "the figure ends in Mar-09, before the target applies from Apr-09."
    )


def test_a_missing_year_before_says_why():
    assert "; what it was a year earlier is not known (Jan-07 is before the first month held). " in said(
        RATE, figure(0.75), missing("Jan-07 is before the first month held")
    )


def test_a_line_without_a_figure_says_what_stands_in_its_place():
    assert said(RATE | {"not_judged": "in development"}, None) == (
        "There is no figure and no letter here: in development."
    )


def test_a_provisional_figure_says_so():
    assert "in the 12 months to August 2009 (provisional)" in said(RATE, figure(0.75, provisional=True))

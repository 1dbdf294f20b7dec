import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.scorecard import display

CARDS = {
    "2008/09": {
        "rolling_year_period": "Year to {to}",
        "year_to_date_period": "{from_name}-{to_name} {financial_year}",
        "quarter_period": "Q{quarter} {financial_year}",
    },
    "2009/10": {
        "rolling_year_period": "12 months to {to}",
        "year_to_date_period": "{from_name} - {to_name} {to_year}",
        "quarter_period": "Q{quarter} {financial_year}",
    },
}

# what a unit and a sign make of a value above nothing, below it, and so small that it prints as nothing
UNSIGNED, SIGNED, BARE = ("", "-", ""), ("+", "-", ""), ("", "", "")
PREFIXES = {
    None: UNSIGNED,
    "signed": SIGNED,
    "magnitude": BARE,
    "up_or_down": ("up ", "down ", None),
    "up_or_down_by": ("up by ", "down by ", None),
    "reduced_or_increased_by": ("increased by ", "reduced by ", None),
    "increased_or_reduced": ("increased", "reduced", None),
}
INSTEAD_OF_ZERO = {
    "up_or_down": "unchanged",
    "up_or_down_by": "unchanged",
    "reduced_or_increased_by": "not changed",
    "increased_or_reduced": "not changed",
}
# the value, its places, and how its size prints
SIZES = {
    "percent": (0.12345, 1, "12.3%", 0.0004),
    "points": (0.05049, 1, "5.0", 0.0004),
    "number": (1572.6, 0, "1,573", 0.4),
    "per_1000": (0.0015932, 2, "1.59 per 1,000", 0.000004),
    "per_10000": (0.0015932, 1, "15.9 per 10,000", 0.000004),
    "per_100000": (0.0015932, 0, "159 per 100,000", 0.000004),
    "pounds_millions": (43_842_310.5, 1, "£43.8m", 40_000.0),
    "of": (8.0, 0, "8", 0.4),
    "ordinal": (42.0, 0, "42nd", 0.4),
}
ZEROS = {
    "percent": "0.0%",
    "points": "0.0",
    "number": "0",
    "per_1000": "0.00 per 1,000",
    "per_10000": "0.0 per 10,000",
    "per_100000": "0 per 100,000",
    "pounds_millions": "£0.0m",
    "of": "0",
    "ordinal": "0th",
}


def test_every_unit_and_every_sign_is_tried_here():
    assert set(SIZES) == set(ZEROS) == set(display.UNITS)
    assert set(PREFIXES) == set(display.SIGNS)


@pytest.mark.parametrize("sign", PREFIXES)
@pytest.mark.parametrize("unit", SIZES)
def test_every_unit_prints_with_every_sign(unit, sign):
    value, decimals, size, nearly_nothing = SIZES[unit]
    above, below, _ = PREFIXES[sign]
    shown = "" if sign == "increased_or_reduced" else size
    assert display.printed(value, unit, sign, decimals) == above + shown
    assert display.printed(-value, unit, sign, decimals) == below + shown
    nothing = INSTEAD_OF_ZERO.get(sign, ZEROS[unit])
    for value in (0.0, -0.0, nearly_nothing, -nearly_nothing):
        assert display.printed(value, unit, sign, decimals) == nothing


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.789, "percent", "78.9%"),
        (-0.043, "percent", "-4.3%"),
        (0.038, "points", "3.8"),
        (2516.0, "number", "2,516"),
        (45_000_000.0, "pounds_millions", "£45m"),
        (8.0, "of", "8"),
        (1_000_000.0, "number", "1,000,000"),
    ],
)
def test_a_target_prints_with_the_digits_it_was_set_with(value, unit, shown):
    assert display.printed(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "shown"),
    [
        # 77.85 is 77.849999999999994 in binary; a tie all the same
        (0.7785, "percent", 1, "77.9%"),
        (1.005, "number", 2, "1.01"),
        (2.5, "number", 0, "3"),
        (-2.5, "number", 0, "-3"),
        (43_850_000.0, "pounds_millions", 1, "£43.9m"),
        # a tie that a subtraction has moved off its place: 0.9 - 0.8985 is 0.0015000000000000568
        (0.8985 - 0.9, "percent", 1, "-0.2%"),
        (0.8575 - 0.9, "points", 1, "-4.3"),
        # and what is truly below the tie stays below it
        (0.778499999, "percent", 1, "77.8%"),
        (2.4999999, "number", 0, "2"),
    ],
)
def test_a_tie_rounds_away_from_zero_whatever_binary_fractions_make_of_it(value, unit, decimals, shown):
    assert display.printed(value, unit, None, decimals) == shown


@given(st.integers(min_value=-(10**7), max_value=10**7), st.sampled_from([0, 1, 2, 3]))
def test_every_tie_rounds_away_from_zero(odd, decimals):
    half = Decimal(2 * odd + 1) / 2
    expected = (abs(half) + Decimal("0.5")).copy_sign(half).scaleb(-decimals)
    as_set = float(half.scaleb(-decimals))
    assert display.scaled(as_set, "number", decimals) == expected
    assert display.scaled(float(half.scaleb(-decimals - 2)), "percent", decimals) == expected


@given(st.integers(-(10**12), 10**12), st.integers(1, 48))
def test_an_average_of_money_is_rounded_to_the_penny_as_its_exact_fraction_is(pennies, months):
    exact = Fraction(abs(pennies), 100 * months)
    expected = Decimal(int(exact * 100 + Fraction(1, 2))).scaleb(-2).copy_sign(pennies)
    assert display.scaled(pennies / 100 / months, "number", 2) == expected


def test_66_952_72_and_a_half_is_rounded_up_although_the_double_lies_below_it():
    assert display.printed(803432.70 / 12, "number", None, 2) == "66,952.73"


VALUES = st.floats(-1e9, 1e9, allow_nan=False) | st.floats(-2, 2, allow_nan=False)


@given(VALUES, st.sampled_from(["percent", "points", "number", "pounds_millions"]), st.integers(0, 6))
def test_a_printed_number_reads_back_to_within_half_a_unit_of_its_last_place(value, unit, decimals):
    shown = display.printed(value, unit, None, decimals)
    read = Decimal(re.sub("[£,m%]", "", shown))
    exact = Decimal(repr(value)) * display.UNITS[unit].scale
    # beside half a unit, what 15 digits of a number of this size cannot tell apart
    allowed = Decimal("0.5").scaleb(-decimals) + Decimal("1e-12") + abs(exact) * Decimal("5e-15")
    assert abs(read - exact) <= allowed
    assert -read.as_tuple().exponent == decimals


@given(VALUES, st.sampled_from(["percent", "number", "pounds_millions"]), st.sampled_from(list(display.SIGNS)))
def test_what_prints_as_zero_has_no_sign(value, unit, sign):
    shown = display.printed(value, unit, sign, 1)
    if display.scaled(value, unit, 1) == 0:
        assert shown == INSTEAD_OF_ZERO.get(sign, "0.0" if unit == "number" else ZEROS[unit])
    elif sign == "signed":
        assert shown[0] == ("+" if value > 0 else "-")


@given(st.floats(min_value=-1e6, max_value=1e6, allow_nan=False), st.integers(0, 4))
def test_what_is_judged_is_what_is_printed(value, decimals):
    judged = display.printed_value(value, "percent", decimals)
    shown = display.printed(value, "percent", None, decimals)
    assert judged * 100 == Decimal(shown.replace(",", "").rstrip("%"))


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        *[(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st")],
        *[(42, "42nd"), (43, "43rd"), (101, "101st"), (111, "111th"), (121, "121st")],
    ],
)
def test_a_place_prints_with_its_ending(place, shown):
    assert display.printed(float(place), "ordinal", None, 0) == shown


def test_a_place_among_some_and_a_part_of_some_print_with_their_whole():
    assert display.printed(14.0, "ordinal", None, 0, out_of=42) == "14th/42"
    assert display.printed(8.0, "of", None, 0, out_of=8) == "8/8"
    assert display.printed(0.0, "of", None, 0, out_of=8) == "0/8"


@pytest.mark.parametrize("unit", display.UNITS)
@pytest.mark.parametrize("sign", display.SIGNS)
def test_no_value_prints_as_not_available(unit, sign):
    assert display.printed(None, unit, sign, 1, out_of=4) == "not available"


def period(card, basis, *months):
    """As printed, for the first and last month of the window and the report month."""
    return display.period(CARDS[card], basis, *(date.fromisoformat(f"{month}-01") for month in months))


@pytest.mark.parametrize(
    "case",
    [
        # card, basis, first and last month of the window, report month, as printed
        ("2008/09", "rolling_year", "2008-02", "2009-01", "2009-01", None),
        ("2008/09", "rolling_year", "2008-01", "2008-12", "2009-01", "Year to Dec-08"),
        ("2008/09", "rolling_year", "2007-10", "2008-09", "2009-01", "Year to Sep-08"),
        ("2008/09", "year_to_date", "2008-04", "2009-01", "2009-01", "Apr-Jan 2008/09"),
        ("2008/09", "year_to_date", "2008-04", "2008-12", "2009-01", "Apr-Dec 2008/09"),
        ("2008/09", "year_to_date", "2008-04", "2008-04", "2008-04", "Apr 2008/09"),
        ("2008/09", "year_to_date", "2008-04", "2009-03", "2009-03", "Apr-Mar 2008/09"),
        ("2008/09", "quarter", "2008-10", "2008-12", "2009-01", "Q3 2008/09"),
        ("2009/10", "rolling_year", "2008-09", "2009-08", "2009-08", None),
        ("2009/10", "rolling_year", "2008-04", "2009-03", "2009-08", "12 months to Mar-09"),
        ("2009/10", "rolling_year", "2008-07", "2009-06", "2009-08", "12 months to Jun-09"),
        ("2009/10", "year_to_date", "2009-04", "2009-08", "2009-08", "Apr - Aug 2009"),
        ("2009/10", "year_to_date", "2009-04", "2009-06", "2009-08", "Apr - Jun 2009"),
        ("2009/10", "year_to_date", "2009-04", "2010-01", "2010-01", "Apr - Jan 2010"),
        ("2009/10", "year_to_date", "2009-04", "2009-04", "2009-04", "Apr 2009"),
        ("2009/10", "year_to_date", "2009-04", "2009-04", "2009-08", "Apr 2009"),
        ("2009/10", "latest", "2009-04", "2009-06", "2009-08", "Q1 2009/10"),
        ("2009/10", "latest", "2009-04", "2009-06", "2009-06", "Q1 2009/10"),
        ("2009/10", "latest", "2009-01", "2009-03", "2009-05", "Q4 2008/09"),
        ("2009/10", "latest", "2009-08", "2009-08", "2009-08", None),
        ("2009/10", "latest", "2009-06", "2009-06", "2009-08", "Jun-09"),
        ("2009/10", "quarter", "2009-07", "2009-09", "2009-10", "Q2 2009/10"),
        ("2009/10", "financial_year", "2009-04", "2010-03", "2009-08", None),
    ],
)
def test_a_period_prints_as_on_its_card_and_not_where_it_is_the_card_s_own(case):
    *window, shown = case
    assert period(*window) == shown


def test_a_financial_year_over_the_turn_of_the_century_keeps_two_digits():
    assert period("2008/09", "year_to_date", "1999-04", "2000-01", "2000-01") == "Apr-Jan 1999/00"
    assert period("2008/09", "quarter", "2009-01", "2009-03", "2009-03") == "Q4 2008/09"


def test_a_month_is_named_by_three_letters_and_two_digits():
    assert display.month_label(date(2009, 1, 1)) == "Jan-09"
    assert display.month_label(date(2010, 12, 1)) == "Dec-10"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "printed"),
    [
        (15_426.8, "number", 1, "15,427"),  # hundreds carry no decimals
        (34.25, "number", 0, "34.3"),
        (0.0123456, "number", 0, "0.0123"),  # what is far under 1 has three digits
        (0.000127, "per_1000", 1, "0.127 per 1,000"),
        (0.00159, "per_1000", 1, "1.59 per 1,000"),
        (0.0159, "per_10000", 1, "159 per 10,000"),
        (0.4931, "percent", 0, "49.3%"),
        (0.0548, "points", 1, "5.5 percentage points"),
        (3_812_000, "pounds_millions", 1, "£3.8m"),
    ],
)
def test_what_a_line_does_not_print_itself_has_as_many_digits_as_its_size_carries(value, unit, decimals, printed):
    assert display.with_unit(value, unit, None, display.places(value, unit, decimals)) == printed

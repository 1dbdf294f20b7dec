import csv
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.scorecard import contracts
from orchestration.scorecard.display import scaled
from orchestration.scorecard.explanations import confidence, intervals
from tests import sample
from tests.conftest import GOLDEN

AUGUST = date(2009, 8, 1)
SUMS = [f"{whose}{part}" for whose in ("", "against_", "compare_") for part in ("numerator", "denominator")]


def figure(statistic: str, value: float | None, *sums: int | None, **different) -> dict:
    """A figure; its sums are its own, those of the window compared with, those of the other measure."""
    row = dict.fromkeys(contracts.ALL["figures"].columns) | {
        "report_month": AUGUST,
        "financial_year": "2009/10",
        "line": "1",
        "name": "latest",
        "statistic": statistic,
        "measure": "burglary",
        "value": value,
        "unit": "number",
        "months_expected": 12,
        "provisional": False,
    }
    padded = [*sums, *[None] * (len(SUMS) - len(sums))]
    return row | dict(zip(SUMS, (each if each is None else Decimal(each) for each in padded), strict=True)) | different


def table(*figures: dict, **arguments) -> pl.DataFrame:
    schema = contracts.types("figures") | dict.fromkeys(SUMS, pl.Decimal(18, 2))
    made = intervals.intervals(pl.DataFrame(list(figures), schema=schema), **arguments)
    return contracts.ALL["intervals"].validate(made)


def row(*figures: dict, **arguments) -> dict:
    (only,) = table(*figures, **arguments).iter_rows(named=True)
    return only


def limits(of: dict) -> tuple[float, float]:
    return of["lower"], of["upper"]


OF_30_AND_20 = confidence.ratio_of_counts(30, 20)
METHODS = [
    (figure("percentage", 0.2, 20, 100), "Wilson", confidence.wilson(20, 100)),
    (figure("total", 65, 65), "Byar's", confidence.byar(65)),
    (figure("total", 10, 10), "Byar's", confidence.byar(10)),
    (figure("total", 9, 9), "exact Poisson", confidence.exact_poisson(9)),
    (
        figure("monthly_average", 31.8, 159, months_expected=5),
        "Byar's",
        [each / 5 for each in confidence.byar(159)],
    ),
    (figure("monthly_average", 0.5, 6), "exact Poisson", [each / 12 for each in confidence.exact_poisson(6)]),
    (
        figure("percentage_change", 0.5, 30, None, 20, None),
        "ratio of two counts",
        [each - 1 for each in OF_30_AND_20],
    ),
    (
        figure("percentage_change", 0.5, 30, 1000, 20, 1000),
        "ratio of two counts",
        [each - 1 for each in OF_30_AND_20],
    ),
    # twice the people: the same counts are half the rate
    (
        figure("percentage_change", -0.25, 30, 2000, 20, 1000),
        "ratio of two counts",
        [each / 2 - 1 for each in OF_30_AND_20],
    ),
    (
        figure("ratio_of_shares", 2.0, 20, 100, None, None, 10, 100),
        "log of the ratio of two shares",
        confidence.ratio_of_shares(20, 100, 10, 100),
    ),
]


@pytest.mark.parametrize(("of", "method", "expected"), METHODS)
def test_every_kind_has_the_interval_of_its_method(of, method, expected):
    made = row(of)
    assert (made["method"], made["confidence"], made["margin"]) == (method, 0.95, None)
    assert limits(made) == pytest.approx(expected)


def test_a_fall_to_nothing_is_as_sure_as_the_count_it_fell_from():
    made = row(figure("percentage_change", -1, 0, None, 20, None))
    assert made["lower"] == -1
    assert -1 < made["upper"] < 0


@pytest.mark.parametrize(
    ("statistic", "sums"), [("gap", (80, 100, None, None, 60, 90)), ("change_in_points", (80, 100, 60, 90))]
)
def test_a_gap_and_a_change_in_points_have_a_margin_on_either_side(statistic, sums):
    value = 80 / 100 - 60 / 90
    made = row(figure(statistic, value, *sums, unit="points"))
    assert made["method"] == "two independent proportions"
    assert made["margin"] == pytest.approx(confidence.two_proportions(80, 100, 60, 90))
    assert limits(made) == pytest.approx((value - made["margin"], value + made["margin"]))


def test_a_figure_less_the_target_has_the_interval_of_the_figure_moved_by_it():
    whole = table(
        figure("gap", 0.055, 791, 1000, None, None, 736, 1000),
        figure("gap", 0.017, 791, 1000, None, None, 736, 1000, name="over_target"),
        figure("total", 400, 400, line="2"),
        figure("total", -25, 400, line="2", name="over_target"),
    )
    gap, over, count, count_over = whole.iter_rows(named=True)
    assert over["margin"] == gap["margin"]
    assert limits(over) == pytest.approx([each - 0.038 for each in limits(gap)])
    assert limits(count_over) == pytest.approx([each - 425 for each in limits(count)])


def test_the_margin_that_the_source_supplies_comes_first():
    supplied = figure("supplied_margin", 0.02, name="margin")
    made = row(figure("percentage", 0.2, 20, 100), supplied)
    assert (made["method"], made["margin"]) == ("supplied by the source", 0.02)
    assert limits(made) == pytest.approx((0.18, 0.22))
    # it is the margin of the latest figure only, and of its own line
    others = table(
        supplied,
        figure("percentage", 0.2, 20, 100, name="year_before"),
        figure("percentage", 0.2, 20, 100, line="2"),
    )
    assert others["method"].to_list() == ["Wilson", "Wilson"]


def test_a_supplied_margin_that_is_not_known_leaves_the_computed_one():
    made = row(figure("percentage", 0.2, 20, 100), figure("supplied_margin", None, name="margin"))
    assert made["method"] == "Wilson"


REASONS = [
    (figure("forecast", 1e8, 10**8, unit="pounds_millions"), "a forecast is not a sample"),
    (figure("k_of_n", 8, 8, 8, unit="of"), "k of n counts all there are, it is not a sample"),
    (figure("total", 4e7, 4 * 10**7, unit="pounds_millions"), "money is not a count of independent events"),
    (figure("monthly_average", 3e6, 36 * 10**6, unit="pounds_millions"), "money is not a count of independent events"),
    (
        figure("percentage", None, missing_reason="Sep-08 to Aug-09 holds 11 of 12 months"),
        "it has no value: Sep-08 to Aug-09 holds 11 of 12 months",
    ),
    (figure("percentage_change", 0.5, 30), "the sums it is computed from are not known"),
    (figure("percentage_change", 0.5, 30, None, 20, 1000), "the sums it is computed from are not known"),
    (figure("gap", 0.1, 80, 100, 60, 90), "the sums it is computed from are not known"),
    (figure("percentage", 1.2, 12, 10), "its numerator is not a part of its denominator"),
    (figure("ratio_of_shares", 0, 0, 9, None, None, 1, 9), "the ratio of a share of nothing has no limits"),
    (figure("total", -3, -3), "it is not computed from counts of events"),
    (figure("required_rate", 0.19, 20, 100), "no interval is defined for a figure of the kind required_rate"),
]


@pytest.mark.parametrize(("of", "reason"), REASONS, ids=[reason for _, reason in REASONS])
def test_a_latest_figure_without_an_interval_says_why(of, reason):
    made = row(of)
    assert (made["method"], made["lower"], made["upper"], made["margin"], made["confidence"]) == (None,) * 5
    assert made["missing_reason"] == reason


def test_a_change_of_a_measure_in_pounds_has_no_interval_though_its_unit_does_not_show_it():
    change = figure("percentage_change", 0.5, 30, None, 20, None, measure="assets", unit="percent")
    assert row(change)["method"] == "ratio of two counts"
    assert row(change, no_events={"assets": "money"})["missing_reason"] == "money is not a count of independent events"


@pytest.mark.parametrize("statistic", ["rank", "target", "forecast", "peer_value", "k_of_n", "required_rate", "change"])
def test_other_figures_have_no_row(statistic):
    assert table(figure(statistic, 4, 4, 10, 4, 10, name="another")).is_empty()


def test_a_figure_without_a_value_has_no_row_but_the_latest():
    assert table(figure("percentage", None, name="year_before")).is_empty()


def test_no_figures_make_an_empty_table():
    assert table().is_empty()


def test_the_published_margin_of_error_of_line_2b_is_that_of_the_deliveries_behind_it():
    """The card of Aug-09 prints a gap of 5.5 points to Jun-09, +/- 1.6 points."""
    months: dict[tuple, tuple[int, int]] = {}
    for path in sample.deliveries("user_satisfaction/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for each in csv.DictReader(file):
                key = each["month"], each["victim_group"]
                months[key] = int(each["satisfied"]), int(each["respondents"])
    of = {}
    for group in ("white", "bme"):
        known = [sums for (month, whose), sums in months.items() if whose == group and "2008-07" <= month <= "2009-06"]
        assert len(known) == 12
        of[group] = [sum(part) for part in zip(*known, strict=True)]
    (x, n), (x0, n0) = of["white"], of["bme"]
    made = row(figure("gap", x / n - x0 / n0, x, n, None, None, x0, n0, unit="points", line="2b"))
    with (GOLDEN / "figures.csv").open(encoding="utf-8", newline="") as file:
        printed = {
            each["name"]: Decimal(each["value"])
            for each in csv.DictReader(file)
            if each["card"] == "2009-08" and each["line"] == "2b"
        }
    assert scaled(made["margin"], "points", 1) == printed["margin_of_error"] == Decimal("1.6")
    assert scaled(made["value"], "points", 1) == printed["latest"]
    # the card: "the difference is now greater than the natural margin of error": the target lies outside
    target = made["value"] - float(printed["over_target"]) / 100
    assert target < made["lower"]


shares = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(shares, shares, st.sampled_from(list(intervals.METHOD_OF)))
def test_an_interval_always_contains_its_value(of, other, statistic):
    """The contract says so; it is checked for whatever sums a figure may be made of."""
    (x, n), (x0, n0) = of, other
    values = {
        "percentage": lambda: x / n,
        "total": lambda: x,
        "monthly_average": lambda: x / 12,
        "percentage_change": lambda: (x / n) / (x0 / n0) - 1,
        "gap": lambda: x / n - x0 / n0,
        "change_in_points": lambda: x / n - x0 / n0,
        "ratio_of_shares": lambda: (x / n) / (x0 / n0),
    }
    if x0 == 0 and statistic in ("percentage_change", "ratio_of_shares"):
        return
    made = row(figure(statistic, values[statistic](), x, n, x0, n0, x0, n0))
    if statistic == "ratio_of_shares" and x == 0:
        assert made["missing_reason"]
    else:
        assert made["lower"] <= made["value"] <= made["upper"]

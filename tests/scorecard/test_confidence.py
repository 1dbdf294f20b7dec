import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from orchestration.scorecard.explanations import confidence

CONFORMANCE = Path(__file__).parents[1] / "conformance"
TO_THE_LAST_BITS = 1e-15
# PHEindicatormethods' Wilson takes 99.8% one bit higher than its Byar's does: seen in the 14th digit
THEIRS = {0.95: 0.95, 0.998: math.nextafter(0.998, 1)}


def published(name: str) -> list[dict[str, str]]:
    with (CONFORMANCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", published("wilson_byars.csv"), ids=lambda row: f"{row['x']} {row['confidence']}")
def test_byars_limits_are_the_published_ones(row):
    assert row["method"] == "Byars"
    limits = confidence.byar(int(row["x"]), float(row["confidence"].removesuffix("%")) / 100)
    assert limits == pytest.approx((float(row["lower"]), float(row["upper"])), rel=TO_THE_LAST_BITS, abs=0)


@pytest.mark.parametrize("row", published("proportions.csv"), ids=lambda row: f"{row['Area']} {row['statistic']}")
@pytest.mark.parametrize(("of", "columns"), [(0.95, "95_0cl"), (0.998, "99_8cl")])
def test_wilsons_limits_are_the_published_ones(row, of, columns):
    assert row["method"] == "Wilson"
    x, n, scale = int(row["Numerator"]), int(row["Denominator"]), int(row["multiplier"])
    assert scale * x / n == float(row["value"])
    expected = float(row[f"lower{columns}"]) / scale, float(row[f"upper{columns}"]) / scale
    assert confidence.wilson(x, n, THEIRS[of]) == pytest.approx(expected, rel=TO_THE_LAST_BITS, abs=0)
    assert confidence.wilson(x, n, of) == pytest.approx(expected, rel=3e-14, abs=0)


def test_95_percent_is_as_many_standard_errors_as_the_models_take_for_the_margin_of_error():
    model = Path(__file__).parents[2] / "dbt_project" / "models" / "aggregates" / "figures" / "figure_values.sql"
    assert confidence.normal_quantile(0.95) == pytest.approx(1.959963984540054, rel=TO_THE_LAST_BITS)
    assert "1.959963984540054 * sqrt(" in model.read_text(encoding="utf-8")


def test_none_of_n_has_a_lower_limit_of_nothing_and_n_of_n_an_upper_one_of_all():
    lower, upper = confidence.wilson([0, 37], [37, 37])
    assert (lower[0], upper[1]) == (0, 1)
    # by hand: z squared over n + z squared is what is left on the other side
    z2 = confidence.normal_quantile(0.95) ** 2
    assert (upper[0], lower[1]) == pytest.approx((z2 / (37 + z2), 37 / (37 + z2)))


def test_no_trials_have_no_limits():
    assert np.isnan(confidence.wilson(0, 0)).all()
    assert np.isnan(confidence.two_proportions(0, 0, 1, 2))
    assert np.isnan(confidence.ratio_of_counts(0, 0)).all()


def test_no_events_have_a_lower_limit_of_nothing():
    # the exact upper limit of none is where none is just as rare as allowed: exp(-upper) = 0.025
    assert confidence.exact_poisson(0) == pytest.approx((0, -math.log(0.025)))
    assert confidence.byar(0)[0] == 0


@pytest.mark.parametrize("x", range(1, 10))
@pytest.mark.parametrize("of", [0.95, 0.998])
def test_exact_limits_are_the_rates_at_which_the_count_is_just_as_rare_as_allowed(x, of):
    lower, upper = confidence.exact_poisson(x, of)
    assert stats.poisson.sf(x - 1, lower) == pytest.approx((1 - of) / 2)
    assert stats.poisson.cdf(x, upper) == pytest.approx((1 - of) / 2)


def test_byars_limits_come_near_the_exact_ones_from_ten_events_on():
    counts = np.arange(10, 1000)
    exact, byar = confidence.exact_poisson(counts), confidence.byar(counts)
    assert np.allclose(byar, exact, rtol=0.005)
    assert not np.allclose(confidence.byar(1), confidence.exact_poisson(1), rtol=0.005)


def test_the_ratio_of_two_counts_by_hand():
    # 30 against 20: 30 of 50 lies within 46.2% and 72.4% (Wilson), so the ratio within 0.86 and 2.62
    share = confidence.wilson(30, 50)
    lower, upper = confidence.ratio_of_counts(30, 20)
    assert (lower, upper) == pytest.approx((share[0] / (1 - share[0]), share[1] / (1 - share[1])))
    assert (lower, upper) == pytest.approx((0.858, 2.622), abs=0.001)
    # exchanged, the limits are the reciprocals
    assert confidence.ratio_of_counts(20, 30) == pytest.approx((1 / upper, 1 / lower))


def test_a_count_against_none_has_no_upper_limit():
    lower, upper = confidence.ratio_of_counts(5, 0)
    assert lower > 0
    assert upper == np.inf


def test_the_margin_of_two_proportions_by_hand():
    # 50% of 100 and 20% of 64: variances 0.0025 and 0.0025
    assert confidence.two_proportions(50, 100, 12.8, 64) == pytest.approx(1.959963984540054 * math.sqrt(0.005))


def test_the_ratio_of_two_shares_by_hand():
    # 20 of 100 against 10 of 100: the variance of the log is 0.05 - 0.01 + 0.1 - 0.01
    times = math.exp(1.959963984540054 * math.sqrt(0.13))
    assert confidence.ratio_of_shares(20, 100, 10, 100) == pytest.approx((2 / times, 2 * times))


of_n = st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
confidences = st.floats(0.5, 0.9999)


@settings(deadline=None)
@given(of_n, confidences)
def test_wilsons_limits_contain_the_share_and_lie_within_0_and_1(of, level):
    x, n = of
    lower, upper = confidence.wilson(x, n, level)
    assert 0 <= lower <= x / n <= upper <= 1
    assert lower < upper


@settings(deadline=None)
@given(st.integers(0, 10**9), confidences)
def test_the_limits_of_a_count_contain_it(x, level):
    for method in (confidence.byar, confidence.exact_poisson):
        lower, upper = method(x, level)
        assert 0 <= lower <= x < upper


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**6), confidences)
def test_the_limits_of_a_ratio_of_counts_contain_it(x, x0, level):
    lower, upper = confidence.ratio_of_counts(x, x0, level)
    assert lower * (1 - 1e-9) <= x / x0 <= upper * (1 + 1e-9)


@settings(deadline=None)
@given(of_n, st.floats(0.5, 0.99), st.floats(0.001, 0.009))
def test_the_more_confidence_is_asked_the_wider_the_limits(of, level, more):
    x, n = of
    x = max(x, 1)
    for method in (
        lambda level: confidence.wilson(x, n, level),
        lambda level: confidence.byar(x, level),
        lambda level: confidence.exact_poisson(x, level),
        lambda level: confidence.ratio_of_counts(x, n, level),
        lambda level: confidence.ratio_of_shares(x, n + 1, n, n + 1, level),
    ):
        (lower, upper), (lower_of_more, upper_of_more) = method(level), method(level + more)
        assert lower_of_more <= lower
        assert upper <= upper_of_more
        assert (lower_of_more, upper_of_more) != (lower, upper)
    margin = [confidence.two_proportions(x, n + 1, 1, 2, each) for each in (level, level + more)]
    assert margin[0] < margin[1]


def test_a_process_that_asks_for_no_exact_limits_does_not_wait_for_scipy():
    import subprocess
    import sys

    imported = "any('scipy' in name for name in sys.modules)"
    code = f"import sys; from orchestration.scorecard import scoring; assert not {imported}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

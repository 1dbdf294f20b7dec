"""Confidence limits of a share, a count, a ratio and a difference: numbers or arrays in, numbers or arrays out.

Every function takes the confidence as a fraction (0.95) and supposes independent events; one that is outside what the
method is made for (a part above its whole, a count below 0) is not caught here, the caller says why it has no interval.
"""

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

Limits = tuple[Any, Any]  # arrays, or numbers where numbers came in
CONFIDENCE = 0.95  # of every interval on a card


def normal_quantile(confidence: float) -> float:
    """How many standard errors lie on either side: 1.96 for 0.95."""
    return NormalDist().inv_cdf(1 - (1 - confidence) / 2)


def wilson(x: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """Lower and upper limit of the share x / n, as fractions within 0 and 1, by Wilson's score method.

    x successes of n > 0 trials, 0 <= x <= n. Errors: nan where n is 0. None of n has a lower limit of exactly 0, all of
    n an upper one of exactly 1. Source: Wilson (1927); APHO Technical Briefing 3, as PHEindicatormethods computes it.
    """
    x, n = np.asarray(x, float), np.asarray(n, float)
    z = normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = z * np.sqrt(z * z + 4 * x * (1 - x / n))
        lower = (2 * x + z * z - root) / 2 / (n + z * z)
        upper = (2 * x + z * z + root) / 2 / (n + z * z)
        # all of n would miss 1 by a last bit; [()] makes a number of one value
        return lower, np.where(x == n, x / n, upper)[()]


def byar(x: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """Lower and upper limit of a count x >= 0, in events, by Byar's approximation to the Poisson distribution.

    Errors: too narrow below for counts under 10, for which `exact_poisson` is meant; 0 has a lower limit of 0.
    Source: Breslow and Day (1987), p. 69; APHO Technical Briefing 3, as PHEindicatormethods computes it.
    """
    x = np.asarray(x, float)
    z = normal_quantile(confidence)
    some = np.where(x > 0, x, 1)
    lower = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    more = x + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(x > 0, lower, 0.0)[()], upper


def exact_poisson(x: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """Lower and upper limit of a count x >= 0, in events, exact: half the chi-square quantiles of 2x and 2x + 2.

    Errors: none but that it is rather too wide; 0 has a lower limit of 0.
    Source: Garwood (1936); APHO Technical Briefing 3, which asks for it where the count is under 10.
    """
    # a third of a second that a process without a small count need not wait; scipy.stats would take over a second
    from scipy.special import gammaincinv  # noqa: PLC0415

    x = np.asarray(x, float)
    tail = (1 - confidence) / 2
    lower = np.where(x > 0, gammaincinv(np.where(x > 0, x, 1), tail), 0.0)
    return lower[()], gammaincinv(x + 1, 1 - tail)


def ratio_of_counts(x: ArrayLike, x0: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """Lower and upper limit of x / x0, two independent Poisson counts over equal exposure.

    Given their sum, x is binomial with share x / (x + x0); Wilson's limits p of it are taken back by p / (1 - p).
    Errors: nan where both are 0; no upper limit (inf) where x0 is 0.
    Source: Przyborowski and Wilenski (1940); Breslow and Day (1987), section 3.5.
    """
    x, x0 = np.asarray(x, float), np.asarray(x0, float)
    lower, upper = wilson(x, x + x0, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        return lower / (1 - lower), upper / (1 - upper)


def two_proportions(
    x: ArrayLike, n: ArrayLike, x0: ArrayLike, n0: ArrayLike, confidence: float = CONFIDENCE
) -> ArrayLike:
    """Margin on either side of x / n - x0 / n0, a fraction: two independent shares, normal approximation.

    n, n0 > 0. Errors: nan where one of them is 0; too narrow where a share is near 0 or 1, and nothing at 0 and 1.
    Source: z * sqrt(p(1-p)/n + p0(1-p0)/n0), as in Newcombe (1998), method 1.
    """
    x, n, x0, n0 = (np.asarray(each, float) for each in (x, n, x0, n0))
    with np.errstate(divide="ignore", invalid="ignore"):
        p, p0 = x / n, x0 / n0
        return normal_quantile(confidence) * np.sqrt(p * (1 - p) / n + p0 * (1 - p0) / n0)


def ratio_of_shares(x: ArrayLike, n: ArrayLike, x0: ArrayLike, n0: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """Lower and upper limit of (x / n) / (x0 / n0), two independent shares, by the log method.

    x, n, x0, n0 > 0. Errors: nan where one of them is 0. Source: Katz and others (1978).
    """
    x, n, x0, n0 = (np.asarray(each, float) for each in (x, n, x0, n0))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (x / n) / (x0 / n0)
        times = np.exp(normal_quantile(confidence) * np.sqrt(1 / x - 1 / n + 1 / x0 - 1 / n0))
        return ratio / times, ratio * times

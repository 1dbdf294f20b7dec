"""Monthly series that keep given sums: weighted least squares from a prior, then whole numbers."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from raw._sample.months import between


class Total(NamedTuple):
    """What a series must add up to from one month to another, and the figure that says so."""

    figure: str
    first: str
    last: str
    total: float


class Share(NamedTuple):
    """What part of a denominator's sum a numerator must be, and the figure that says so."""

    figure: str
    first: str
    last: str
    share: float


def noise(*key: object) -> float:
    """A number in [-1, 1) that depends on the key only: the same on every machine and library version."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**47 - 1


def varied(prior: Mapping[str, float], by: float, *key: object) -> dict[str, float]:
    """The prior with every month moved by up to `by` of itself."""
    return {month: value * (1 + by * noise(month, *key)) for month, value in prior.items()}


def fitted(prior: Mapping[str, float], totals: Sequence[Total]) -> dict[str, float]:
    """The series nearest to the prior, relative to its size, whose sums are the totals."""
    months = list(prior)
    start = np.array([prior[month] for month in months], dtype=float)
    if not totals:
        return dict(zip(months, start.tolist(), strict=True))
    rows = np.array([[float(t.first <= month <= t.last) for month in months] for t in totals])
    short = np.array([t.total for t in totals]) - rows @ start
    multipliers = np.linalg.lstsq(rows @ (start[:, None] * rows.T), short, rcond=None)[0]
    found = start + start * (rows.T @ multipliers)
    for t, reached in zip(totals, rows @ found, strict=True):
        if abs(reached - t.total) > 1e-6 * max(1.0, abs(t.total)):
            raise ValueError(f"{t.figure}: {t.first}..{t.last} comes to {reached}, not {t.total}")
    if found.min() < 0:
        raise ValueError(f"{totals[0].figure}: {months[int(found.argmin())]} would be below zero")
    return dict(zip(months, found.tolist(), strict=True))


def whole(prior: Mapping[str, float], totals: Sequence[Total] = ()) -> dict[str, int]:
    """The fitted series in whole numbers, every total exact.

    The running sum is rounded, not the months: two points of it that lie a whole number apart are rounded
    alike, so every sum over consecutive months stays what it was.
    """
    series, running, before = {}, 0.0, 0
    for month, value in fitted(prior, totals).items():
        running += value
        now = int(np.floor(running + 0.5 + 1e-6))
        series[month] = now - before
        before = now
    for t in totals:
        reached = sum(series[month] for month in between(t.first, t.last))
        if reached != t.total:
            raise ValueError(f"{t.figure}: {t.first}..{t.last} comes to {reached}, not {t.total}")
    return series


def numerators(
    denominators: Mapping[str, int], prior: Mapping[str, float], shares: Sequence[Share] = ()
) -> dict[str, int]:
    """Whole numerators near `prior` shares of the denominators, and at the given shares of their sums."""
    totals = [Total(s.figure, s.first, s.last, round(s.share * summed(denominators, s.first, s.last))) for s in shares]
    return whole({month: denominators[month] * prior[month] for month in denominators}, totals)


def summed(series: Mapping[str, int], first: str, last: str) -> int:
    """The sum of a series from one month to another."""
    return sum(series[month] for month in between(first, last))

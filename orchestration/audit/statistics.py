"""What each statistic is: exact fractions from the sums of its windows."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from orchestration.audit.known import Month
from orchestration.audit.windows import Window

NORMAL_95 = Fraction("1.959963984540054")  # so many standard errors to either side hold 95% of a normal distribution


class Given(NamedTuple):
    """What a statistic is recomputed from: windows, those it has; the line's target; its own number."""

    own: Window | None
    against: Window | None
    compared: Window | None  # the same window of the other measure
    target: Fraction | None
    number: Fraction | None


class NoValue(Exception):
    """A window that is not whole, a denominator of zero, nothing to compare with."""


def recomputed(statistic: str, given: Given) -> Fraction | None:
    """The value of a statistic, or None where there is none."""
    try:
        return OF_WINDOWS[statistic](given)
    except (NoValue, ZeroDivisionError):
        return None


def _needed(value: Fraction | None) -> Fraction:
    if value is None:
        raise NoValue
    return value


def _whole(window: Window | None) -> Window:
    if window is None or not window.whole:
        raise NoValue
    return window


def _count(window: Window | None) -> Fraction:
    return _whole(window).numerator


def _base(window: Window | None) -> Fraction:
    """The denominator, which is there and above zero."""
    if not (denominator := _whole(window).denominator):
        raise NoValue
    return denominator


def _share(window: Window | None) -> Fraction:
    return _count(window) / _base(window)


def _level(window: Window | None) -> Fraction:
    return _count(window) if _whole(window).denominator is None else _share(window)


def _average(window: Window | None) -> Fraction:
    return _count(window) / _whole(window).expected


def _equally_long(one: Window | None, other: Window | None) -> tuple[Window, Window]:
    both = _whole(one), _whole(other)
    if both[0].expected != both[1].expected:
        raise NoValue
    return both


def _relative_change(given: Given) -> Fraction:
    now, before = _equally_long(given.own, given.against)
    return _level(now) / _level(before) - 1


def _change(given: Given) -> Fraction:
    now, before = _equally_long(given.own, given.against)
    return _level(now) - _level(before)


def _change_in_points(given: Given) -> Fraction:
    now, before = _equally_long(given.own, given.against)
    return _share(now) - _share(before)


def _gap(given: Given) -> Fraction:
    own, compared = _equally_long(given.own, given.compared)
    return _share(own) - _share(compared)


def _ratio_of_shares(given: Given) -> Fraction:
    own, compared = _equally_long(given.own, given.compared)
    return _share(own) / _share(compared)


def _out_of_some(given: Given) -> Fraction:
    _base(given.own)  # of none there is no number
    return _count(given.own)


def _margin_of_error(given: Given) -> Fraction:
    """The 95% margin of the difference of two independent shares."""
    both = _equally_long(given.own, given.compared)
    variance = sum(_share(each) * (1 - _share(each)) / _base(each) for each in both)
    return NORMAL_95 * Fraction(math.sqrt(variance))


def _required_rate(given: Given) -> Fraction:
    """What the months left must bring, if as much comes in each of them as came in each month so far."""
    gone = _whole(given.own).expected
    a_month = _base(given.own) / gone
    return (_needed(given.target) * a_month * 12 - _count(given.own)) / (a_month * (12 - gone))


def _rate_of_month(month: Month) -> Fraction | float:
    """A month's share, or its count; a share of zero is above every other, as nothing can be said of it."""
    count = Fraction(month.numerator or 0)  # a window that is whole has no month without one
    if month.denominator is None:
        return count
    return count / Fraction(month.denominator) if month.denominator else math.inf


def _extreme(which: Callable) -> Callable[[Given], Fraction]:
    def value(given: Given) -> Fraction:
        found = which(_rate_of_month(month) for month in _whole(given.own).values)
        if found == math.inf:
            raise NoValue
        return Fraction(found)

    return value


OF_WINDOWS: dict[str, Callable[[Given], Fraction]] = {
    "total": lambda given: _count(given.own),
    "forecast": lambda given: _count(given.own),
    "supplied_margin": lambda given: _level(given.own),
    "k_of_n": _out_of_some,
    "monthly_average": lambda given: _average(given.own),
    "percentage": lambda given: _share(given.own),
    "percentage_change": _relative_change,
    "change": _change,
    "change_in_monthly_average": lambda given: _average(given.own) - _average(given.against),
    "change_in_points": _change_in_points,
    "gap": _gap,
    "ratio_of_shares": _ratio_of_shares,
    "margin_of_error": _margin_of_error,
    "highest_month": _extreme(max),
    "lowest_month": _extreme(min),
    "required_rate": _required_rate,
    "target": lambda given: _needed(given.number),
    "target_monthly_average": lambda given: _needed(given.target) / 12,
}

"""The statistics: exact fractions from the sums of their windows."""

import math
from collections.abc import Callable
from fractions import Fraction
from operator import sub, truediv
from typing import NamedTuple

from orchestration.audit.windows import Window

NORMAL_95 = Fraction("1.959963984540054")  # so many standard errors to either side hold 95% of a normal distribution


class Inputs(NamedTuple):
    """The inputs of a statistic: its windows, the target of the line, a number of its own."""

    own: Window | None
    against: Window | None
    compared: Window | None  # the same window of the other measure
    target: Fraction | None
    number: Fraction | None
    last_year: Window | None = None  # the whole year before


class NoValue(Exception):
    """An incomplete window, a denominator of zero, nothing to compare with."""


def recomputed(statistic: str, inputs: Inputs) -> Fraction | None:
    """The value of a statistic, or None where there is none."""
    try:
        return OF_WINDOWS[statistic](inputs)
    except (NoValue, ZeroDivisionError):
        return None


def _needed(value: Fraction | None) -> Fraction:
    if value is None:
        raise NoValue
    return value


def _there(window: Window | None) -> Window:
    if window is None:
        raise NoValue
    return window


def _complete(window: Window | None) -> Window:
    if window is None or not window.complete:
        raise NoValue
    return window


def _count(window: Window | None) -> Fraction:
    return _complete(window).numerator


def _base(window: Window | None) -> Fraction:
    """The denominator, which is there and above zero."""
    if not (denominator := _complete(window).denominator):
        raise NoValue
    return denominator


def _share(window: Window | None) -> Fraction:
    return _count(window) / _base(window)


def _level(window: Window | None) -> Fraction:
    return _count(window) if _complete(window).denominator is None else _share(window)


def _average(window: Window | None) -> Fraction:
    return _count(window) / _complete(window).expected


def _equally_long(one: Window | None, other: Window | None) -> tuple[Window, Window]:
    both = _complete(one), _complete(other)
    if both[0].expected != both[1].expected:
        raise NoValue
    return both


def _of_two(other: str, level: Callable, combined: Callable) -> Callable[[Inputs], Fraction]:
    """A statistic of a window and another one that is equally long: `against` or `compared` of the inputs."""

    def value(inputs: Inputs) -> Fraction:
        return combined(*map(level, _equally_long(inputs.own, getattr(inputs, other))))

    return value


def _out_of_some(inputs: Inputs) -> Fraction:
    if _base(inputs.own) < 0:
        raise NoValue
    return _count(inputs.own)


def _margin_of_error(inputs: Inputs) -> Fraction:
    """The 95% margin of the difference of two independent shares."""
    both = _equally_long(inputs.own, inputs.compared)
    if not all(0 <= _share(each) <= 1 for each in both):
        raise NoValue
    variance = sum(_share(each) * (1 - _share(each)) / _base(each) for each in both)
    return NORMAL_95 * Fraction(math.sqrt(variance))


def _required_rate(inputs: Inputs) -> Fraction:
    """The rate needed in the remaining months, if each has the mean denominator of the months so far."""
    gone = _complete(inputs.own).expected
    a_month = _base(inputs.own) / gone
    return (_needed(inputs.target) * a_month * 12 - _count(inputs.own)) / (a_month * (12 - gone))


def _extreme(which: Callable) -> Callable[[Inputs], Fraction]:
    """The highest or lowest month: of shares, of those in which anything was counted."""

    def value(inputs: Inputs) -> Fraction:
        of_months = _complete(inputs.own).values
        counts = [Fraction(month.numerator or 0) for month in of_months if month.denominator is None]
        rates = [
            Fraction(month.numerator or 0) / Fraction(month.denominator) for month in of_months if month.denominator
        ]
        return _needed(which([*counts, *rates], default=None))

    return value


OF_WINDOWS: dict[str, Callable[[Inputs], Fraction]] = {
    "total": lambda inputs: _count(inputs.own),
    "forecast": lambda inputs: _count(inputs.own),
    "supplied_margin": lambda inputs: _level(inputs.own),
    "k_of_n": _out_of_some,
    "monthly_average": lambda inputs: _average(inputs.own),
    "percentage": lambda inputs: _share(inputs.own),
    "percentage_change": _of_two("against", _level, lambda now, before: now / before - 1),
    "change": _of_two("against", _level, sub),
    "change_in_monthly_average": lambda inputs: _average(inputs.own) - _average(inputs.against),
    "change_in_points": _of_two("against", _share, sub),
    "gap": _of_two("compared", _share, sub),
    "ratio_of_shares": _of_two("compared", _share, truediv),
    "margin_of_error": _margin_of_error,
    "highest_month": _extreme(max),
    "lowest_month": _extreme(min),
    "required_rate": _required_rate,
    "phased_linear": lambda inputs: _needed(inputs.target) * _there(inputs.own).expected / 12,
    "phased_as_before": lambda inputs: (
        _needed(inputs.target) * _count(inputs.against) / _count(_there(inputs.own) and inputs.last_year)
    ),
    "phased_monthly": lambda inputs: _needed(inputs.number if _there(inputs.own) else None),
    "target": lambda inputs: _needed(inputs.number),
    "target_monthly_average": lambda inputs: _needed(inputs.target) / 12,
}

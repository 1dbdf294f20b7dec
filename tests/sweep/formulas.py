"""What each statistic computes from its windows, by definition."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

ZERO = "a denominator is zero"
NO_TARGET = "no target is set"


class Window(NamedTuple):
    """A window of a measure: its months, why one of them is not shown, what it adds up to, and its months' values."""

    first: int
    last: int
    months: int
    complete: bool
    marked: str | None
    numerator: Fraction
    denominator: Fraction | None
    values: list[Any]


class Missing(Exception):
    """There is no figure; the message is why."""


def _level(window: Window) -> Fraction:
    return window.numerator if window.denominator is None else window.numerator / window.denominator


def _share(window: Window) -> Fraction:
    if window.denominator is None:
        raise Missing(ZERO)
    return window.numerator / window.denominator


def _average(window: Window) -> Fraction:
    return window.numerator / window.months


def _k_of_n(own: Window, *_: object) -> Fraction:
    if not own.denominator or own.denominator < 0:
        raise Missing(ZERO)
    return own.numerator


def _margin(own: Window, other: Window, _: object) -> Fraction:
    spread = [_share(each) * (1 - _share(each)) / each.denominator for each in (own, other)]
    if not all(0 <= _share(each) <= 1 for each in (own, other)):
        raise Missing(ZERO)
    return Fraction(1.959963984540054) * Fraction(math.sqrt(sum(spread)))


def _required(own: Window, _: object, target: Fraction | None) -> Fraction:
    if target is None or not own.denominator:
        raise Missing(ZERO)
    a_month = own.denominator / own.months
    return (target * a_month * 12 - own.numerator) / (a_month * (12 - own.months))


def _month_by(which: Callable) -> Callable:
    def of_months(own: Window, *_: object) -> Fraction:
        # a month in which nothing was counted has no rate
        rates = [
            Fraction(top) if bottom is None else Fraction(top) / Fraction(bottom)
            for top, bottom in own.values
            if bottom != 0
        ]
        if not rates:
            raise Missing(ZERO)
        return which(rates)

    return of_months


STATISTICS: dict[str, Callable] = {
    "total": lambda own, *_: own.numerator,
    "forecast": lambda own, *_: own.numerator,
    "monthly_average": lambda own, *_: _average(own),
    "percentage": lambda own, *_: _share(own),
    "supplied_margin": lambda own, *_: _level(own),
    "k_of_n": _k_of_n,
    "percentage_change": lambda own, other, _: _level(own) / _level(other) - 1,
    "change": lambda own, other, _: _level(own) - _level(other),
    "change_in_points": lambda own, other, _: _share(own) - _share(other),
    "change_in_monthly_average": lambda own, other, _: _average(own) - _average(other),
    "gap": lambda own, other, _: _share(own) - _share(other),
    "ratio_of_shares": lambda own, other, _: _share(own) / _share(other),
    "margin_of_error": _margin,
    "highest_month": _month_by(max),
    "lowest_month": _month_by(min),
    "required_rate": _required,
}

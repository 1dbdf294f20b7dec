"""What each kind of indicator computes, and all that follows: how it reads, what it is compared by, its interval.

The SQL that computes figures has the same kinds in one macro; the audit computes them by code of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

# Methods of confidence intervals, by their names in the table intervals.
WILSON, BYAR, EXACT = "Wilson", "Byar's", "exact Poisson"
OF_COUNTS, OF_SHARES = "ratio of two counts", "log of the ratio of two shares"
DIFFERENCE, SUPPLIED = "two independent proportions", "supplied by the source"
METHODS = (WILSON, BYAR, EXACT, OF_COUNTS, OF_SHARES, DIFFERENCE, SUPPLIED)


@dataclass(frozen=True)
class Kind:
    """A kind of indicator: sentences about it, and what its values are."""

    sentence: str  # its latest figure in words
    formula: str  # how it is computed, from names of series
    interval: str | None = None  # the method of its interval (Byar's: the exact one where the count is small)
    no_interval: str | None = None  # why it has none
    no_year_end: str | None = None  # why its year end is no sum or rate over the months of the year
    shares: bool = False  # computed from shares, not from counts or amounts
    change: bool = False  # on the same window a year before
    two_measures: bool = False


KINDS = {
    "total": Kind("{amount} {window}", "{measure}", BYAR),
    "monthly_average": Kind(
        "{amount} a month on average {window}", "{measure}, divided by the months of the window", BYAR
    ),
    "percentage": Kind("{amount} {window}", "{measure}", WILSON, shares=True),
    "percentage_change": Kind(
        "{amount} {window}, compared with the year before",
        "{measure}: the relative change on the same window a year before",
        OF_COUNTS,
        change=True,
    ),
    "change_in_points": Kind(
        "{amount} {window}, compared with the year before",
        "{measure}: the difference from the same window a year before",
        DIFFERENCE,
        shares=True,
        change=True,
    ),
    "gap": Kind(
        "a gap of {amount} {window}",
        "{measure}; less {other}",
        DIFFERENCE,
        no_year_end="a gap depends on two rates, so that no one figure of the months left decides it",
        shares=True,
        two_measures=True,
    ),
    "k_of_n": Kind(
        "{amount} {window}",
        "{numerators}, out of {denominators}",
        no_interval="k of n counts all there are, it is not a sample",
        no_year_end="k of n is a state at one time, not a sum over the months of the year",
    ),
    "ratio_of_shares": Kind(
        "a ratio of {amount} to 1 {window}",
        "{measure}; divided by {other}",
        OF_SHARES,
        no_year_end="a ratio of shares depends on two shares, so that no one figure of the months left decides it",
        shares=True,
        two_measures=True,
    ),
    "forecast": Kind(
        "{amount} is forecast {window}",
        "{measure}, as the source forecasts it for the year",
        no_interval="a forecast is not a sample",
        no_year_end="the figure is itself a forecast of the year end, supplied by its source",
    ),
}
SHARES, CHANGES, TWO_MEASURES = (
    tuple(name for name, kind in KINDS.items() if getattr(kind, which))
    for which in ("shares", "change", "two_measures")
)
COUNTS = ("total", "monthly_average")
BASES = ("rolling_year", "year_to_date", "financial_year", "quarter", "latest")
BASES_OF_A_YEAR_END = ("rolling_year", "year_to_date")  # the windows that a year end completes
# What a measure is by its series, as the catalogue types them (catalogue/measure_types.py).
FLOW, STOCK, STATE, SHARE, RATE, STATES = FORMS = ("flow", "stock", "state", "share", "rate", "states")
FORMS_IN_WORDS = {
    FLOW: "counts or amounts of its months, which add up",
    STOCK: "a stock, which enters a window by its mean",
    STATE: "a state or a forecast, of which only the last value counts",
    SHARE: "a part of a whole",
    RATE: "a rate of two different things",
    STATES: "so many of a whole at one time",
}
RATIOS = (SHARE, RATE)
LEVELS = (FLOW, STOCK, STATE, SHARE, RATE, STATES)


@dataclass(frozen=True)
class Statistic:
    """What a row of the catalogue that asks for a statistic may state; the catalogue check applies it to every row.

    `forms` are those of the measures that it can be computed from, `what` says why. `value` is what it yields, by which
    its units follow: `own` is of the measure's unit, `relative` a % change, `points` a distance between two ratios.
    """

    forms: tuple[str, ...]
    what: str
    value: str = "own"
    bases: tuple[str, ...] = ("rolling_year", "year_to_date", "quarter", "latest")
    takes: tuple[str, ...] = ("measure", "basis", "ends", "from_month", "to_month", "less")
    whole: bool = False  # prints without decimals
    monthly: bool = False  # of series that have a value every month


COMPARES = ("measure", "basis", "ends", "against", "from_month", "to_month", "less")
OF_TWO = ("measure", "compare_measure", "basis", "ends", "from_month", "to_month", "less")
OF_PEERS = ("measure", "basis", "peer_group")
STATISTICS = {
    "total": Statistic((FLOW, STOCK, STATE), "a total adds up counts or amounts"),
    "monthly_average": Statistic((FLOW,), "a monthly average divides a sum by its months"),
    "percentage": Statistic((*RATIOS, STATES), "a percentage divides one sum by another"),
    "percentage_change": Statistic(LEVELS, "a % change compares two windows", "relative", takes=COMPARES),
    "change_in_points": Statistic(
        RATIOS, "a change in points is the difference of two ratios", "points", takes=COMPARES
    ),
    "gap": Statistic(RATIOS, "a gap is the difference of two ratios", "points", takes=OF_TWO),
    "k_of_n": Statistic((STATES,), "k of n counts how many of all there are, at one time", "of", whole=True),
    "ratio_of_shares": Statistic((SHARE,), "a ratio of shares divides one share by another", "quotient", takes=OF_TWO),
    "forecast": Statistic(
        (STATE,),
        "a forecast is supplied for the year, and the latest one counts",
        bases=("financial_year", "latest"),
    ),
    "change": Statistic(LEVELS, "a change compares two windows", takes=COMPARES),
    "change_in_monthly_average": Statistic(
        (FLOW,), "a change in the monthly average divides two sums by their months", takes=COMPARES
    ),
    "margin_of_error": Statistic(
        (SHARE,), "a margin of error is that of the difference of two shares", "points", takes=OF_TWO
    ),
    "supplied_margin": Statistic(FORMS, "a margin is supplied by its source", "any"),
    "highest_month": Statistic((FLOW, STOCK, *RATIOS), "the highest month is one of several", monthly=True),
    "lowest_month": Statistic((FLOW, STOCK, *RATIOS), "the lowest month is one of several", monthly=True),
    "required_rate": Statistic(
        RATIOS,
        "the required rate is what the months left of the year must bring",
        bases=("year_to_date",),
        takes=("measure", "basis", "less"),
    ),
    "rank": Statistic((), "a rank is a place among peers", "rank", bases=BASES, takes=OF_PEERS, whole=True),
    "peer_value": Statistic((), "a peer value is supplied", "any", bases=BASES, takes=(*OF_PEERS, "less")),
    "target": Statistic((), "a target is a number", "any", takes=("number", "from_month", "to_month", "less")),
    "target_monthly_average": Statistic((), "it is a twelfth of the line's target", "any", takes=("less",)),
}
# how the target of a total of the year to date comes due over the year; the figure that is then judged against
PHASINGS = ("linear", "as_before", "monthly")
PHASED = tuple(f"phased_{phasing}" for phasing in PHASINGS)
UNITS_OF_VALUES = {
    "count": ("number",),
    "pounds": ("pounds_millions", "number"),
    "ratio": ("percent", "points", "number"),
    "amount": ("pounds_millions", "number"),
    "relative": ("percent",),
    "points": ("points", "percent"),
    "quotient": ("number", "percent"),
    "of": ("of", "number"),
    "rank": ("ordinal", "of", "number"),
    "any": ("percent", "points", "number", "pounds_millions", "of"),
}
STATISTICS_OF_PEERS = ("rank", "peer_value")
STATISTICS_OF_NO_MEASURE = ("target", "target_monthly_average")
# The figures that every line with a measure, and with a target, has without a row in the catalogue.
FIGURES_OF_EVERY_LINE = ("latest", "target", "target_to", "year_before", "phased_target")


def judged_by_size(indicator: Mapping) -> bool:
    """Whether the sign of a line's figure does not matter: a gap that is to be small is one whichever way it is."""
    return indicator["kind"] == "gap" and indicator["direction"] == "lower_is_better"


def compared(kind: str, value: Decimal) -> Decimal:
    """What a value is compared with its target by: itself, or the volume that a % change implies (95.7 for -4.3%)."""
    return 1 + value if kind == "percentage_change" else value


def from_sums(kind: str | pl.Expr, counted: tuple[str, ...] = (*COUNTS, "k_of_n")) -> pl.Expr:
    """The value of one window from its sums: numerator and denominator, and those of the other measure (`_other`).

    A number or null; kinds in `counted` are their numerator, whatever they may be divided by elsewhere.
    """
    kind = pl.lit(kind) if isinstance(kind, str) else kind
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    share, other = numerator / denominator, pl.col("numerator_other") / pl.col("denominator_other")
    value = (
        pl.when(kind == "gap")
        .then(share - other)
        .when(kind == "ratio_of_shares")
        .then(share / other)
        .when((kind == "k_of_n") & (denominator == 0))
        .then(None)
        .when(kind.is_in(counted) | denominator.is_null())
        .then(numerator)
        .otherwise(share)
    )
    return pl.when(value.is_finite()).then(value)


def over_window(
    kind: str, total: float, whole: float | None, before: tuple[float, float | None], months: int = 12
) -> float | None:
    """The figure of a window from its sums and those of the year before; None where a denominator is zero."""
    if kind in COUNTS:
        return total if kind == "total" else total / months
    level, level_before = _level(total, whole), _level(*before) if kind in CHANGES else None
    if kind not in CHANGES or level is None or level_before is None:
        return level if kind not in CHANGES else None
    if kind == "change_in_points":
        return level - level_before
    return level / level_before - 1 if level_before else None


def required_of_a_year(kind: str, target: float, before: tuple[float, float | None]) -> float | None:
    """What a target requires of the whole year, its total or its rate; None where a denominator is zero."""
    if kind not in CHANGES:
        return 12 * target if kind == "monthly_average" else target
    level = _level(*before)
    if level is None:
        return None
    return level + target if kind == "change_in_points" else (1 + target) * level


def _level(total: float, whole: float | None) -> float | None:
    """A total, or the rate that it makes of a whole."""
    if whole is None:
        return total
    return total / whole if whole else None


def unit_of_sums(kind: str, unit: str, rate_unit: str | None = None) -> str:
    """The unit of what an indicator is computed from, over any window: a change is one of shares, or of counts.

    `rate_unit` is what its measure is a rate per, if it is one.
    """
    of_change = rate_unit or "number"
    return {"change_in_points": "percent", "percentage_change": of_change, "k_of_n": "number"}.get(kind, unit)

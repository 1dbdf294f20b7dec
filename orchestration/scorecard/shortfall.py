"""How far a value misses its target. No letters: those are given in status."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from orchestration.scorecard import display
from orchestration.scorecard.kinds import compared, judged_by_size
from orchestration.scorecard.units import UNITS


def shortfall(value: Decimal, target: Decimal, direction: str, kind: str) -> Decimal:
    """How far the value misses the target, relative to it; negative where it is better than required.

    A target that is itself a change is compared by the volumes it implies: +1% against -4% is
    101 against 96, 5.2% too many. A gap that is to be small is judged by its size. A target of nothing can only be met
    or missed.
    """
    if judged_by_size({"kind": kind, "direction": direction}):
        value = abs(value)
    value, target = compared(kind, value), compared(kind, target)
    missing = target - value if direction == "higher_is_better" else value - target
    if target == 0:
        return Decimal(0) if missing == 0 else Decimal("inf").copy_sign(missing)
    return missing / abs(target)


def meets(indicator: Mapping, short: Decimal) -> bool:
    """Whether a shortfall meets the target: reaching it is enough, unless the line says that it has to be passed."""
    return short < 0 or (short == 0 and not indicator.get("strict"))


def printed_target(indicator: Mapping) -> str:
    """The target as sentences print it: `2,516`, or `more than 2,516` where reaching it is not enough."""
    strict = {"higher_is_better": "more than ", "lower_is_better": "less than "} if indicator.get("strict") else {}
    return strict.get(indicator["direction"], "") + display.printed(indicator["target"], indicator["unit"])


def the_target(indicator: Mapping) -> str:
    """What a figure is judged against: `the target of 80%`, `the 7,500 due by Jan-09 of the target of 9,000`."""
    year = indicator.get("of_the_year")
    if year is None:
        return f"the target of {printed_target(indicator)}"
    whole = display.printed(year, indicator["unit"])
    return f"the {printed_target(indicator)} due by {display.month_label(indicator['due_by'])} of the target of {whole}"


def phased(indicator: Mapping) -> bool:
    """Whether the target comes due over the year."""
    return indicator.get("phasing") not in (None, "none")


def due(indicator: dict, part: float, by: date) -> dict:
    """The line with the part of its target that is due by a month as its target, as it prints, and `of_the_year`."""
    target = float(display.printed_value(indicator["target"] * part, indicator["unit"], indicator["decimals"]))
    return indicator | {"target": target, "of_the_year": indicator["target"], "due_by": by}


def least_that_meets(indicator: Mapping) -> float:
    """The target, or the next value that can be printed where that has to be passed."""
    if not indicator.get("strict"):
        return indicator["target"]
    step = float(Decimal(1).scaleb(-indicator["decimals"]) / UNITS[indicator["unit"]].scale)
    return indicator["target"] + (step if indicator["direction"] == "higher_is_better" else -step)


def amber_limit(indicator: dict) -> Decimal:
    """The value at which amber turns red: the one whose shortfall is the tolerance."""
    target = Decimal(repr(indicator["target"]))
    missing = Decimal(repr(indicator["amber_tolerance"])) * abs(compared(indicator["kind"], target))
    return target - missing if indicator["direction"] == "higher_is_better" else target + missing


def figure_meets(indicator: dict, figure: Mapping) -> bool:
    """Whether a figure, as it prints itself, meets the target of its line."""
    printed = display.printed_value(figure["value"], figure["unit"], figure["decimals"])
    target = Decimal(repr(indicator["target"]))
    return meets(indicator, shortfall(printed, target, indicator["direction"], indicator["kind"]))

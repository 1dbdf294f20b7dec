"""How far a value misses its target. No letters: those are given in status."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from orchestration.scorecard import display
from orchestration.scorecard.kinds import compared, judged_by_size
from orchestration.scorecard.units import UNITS


def ends(indicator: Mapping) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most that meets the target; None for the end that it does not have. A range has both."""
    target = Decimal(repr(indicator["target"]))
    if is_range(indicator):
        return target, Decimal(repr(indicator["target_to"]))
    return (target, None) if indicator["direction"] == "higher_is_better" else (None, target)


def is_range(indicator: Mapping) -> bool:
    """Whether the target lies between two values, so that more can be too much."""
    return indicator["direction"] == "in_range_is_better"


def shortfall(value: Decimal, indicator: Mapping) -> Decimal:
    """How far the value misses the target, relative to it; negative where it is better than required.

    A target that is itself a change is compared by the volumes it implies: +1% against -4% is
    101 against 96, 5.2% too many. Of a range it is relative to the middle, so that both sides are alike. A target of
    nothing can only be met or missed.
    """
    missing, whole = distance(value, indicator), _whole(indicator)
    if whole == 0:
        return Decimal(0) if missing == 0 else Decimal("inf").copy_sign(missing)
    return missing / whole


def distance(value: Decimal, indicator: Mapping) -> Decimal:
    """How far the value is from the end of the target that it misses, or would first; negative where it is better.

    A gap that is to be small is judged by its size. Between a value and a target volumes differ as the changes do.
    """
    if judged_by_size(indicator):
        value = abs(value)
    least, most = ends(indicator)
    return max([*([] if least is None else [least - value]), *([] if most is None else [value - most])])


def _whole(indicator: Mapping) -> Decimal:
    """What a shortfall is relative to: the size of the target, of a range that of its middle."""
    known = [end for end in ends(indicator) if end is not None]
    return abs(compared(indicator["kind"], sum(known, Decimal(0)) / len(known)))


def meets(indicator: Mapping, short: Decimal) -> bool:
    """Whether a shortfall meets the target: reaching it is enough, unless the line says that it has to be passed."""
    return short < 0 or (short == 0 and not indicator.get("strict"))


def printed_target(indicator: Mapping) -> str:
    """The target as sentences print it: `2,516`, `more than 2,516` where it has to be passed, `between 4 and 6`."""
    target = display.printed(indicator["target"], indicator["unit"])
    if is_range(indicator):
        to = display.printed(indicator["target_to"], indicator["unit"])
        return f"more than {target} and less than {to}" if indicator.get("strict") else f"between {target} and {to}"
    strict = {"higher_is_better": "more than ", "lower_is_better": "less than "} if indicator.get("strict") else {}
    return strict.get(indicator["direction"], "") + target


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


def amber_limits(indicator: Mapping) -> list[tuple[Decimal, Decimal]]:
    """Each end of the target with the value whose shortfall is the tolerance, where amber turns red."""
    missing = Decimal(repr(indicator["amber_tolerance"] or 0.0)) * _whole(indicator)
    least, most = ends(indicator)
    return [
        *([] if least is None else [(least, least - missing)]),
        *([] if most is None else [(most, most + missing)]),
    ]


def side(indicator: Mapping, figure: Mapping) -> int:
    """On which side of its target a figure, as it prints itself, lies: 0 where it meets it, else 1 if above, or -1."""
    if figure_meets(indicator, figure):
        return 0
    least, _ = ends(indicator)
    printed = display.printed_value(figure["value"], figure["unit"], figure["decimals"])
    return -1 if least is not None and printed <= least else 1


def figure_meets(indicator: Mapping, figure: Mapping) -> bool:
    """Whether a figure, as it prints itself, meets the target of its line."""
    printed = display.printed_value(figure["value"], figure["unit"], figure["decimals"])
    return meets(indicator, shortfall(printed, indicator))

"""Red, amber, green: one rule. No letter is given anywhere else, and none without its reason in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration import display


@dataclass(frozen=True)
class Judgement:
    """A letter (G, A, R, or None where none is given), why, and the shortfall relative to the target."""

    letter: str | None
    reason: str
    shortfall: Decimal | None = None


def shortfall(value: Decimal, target: Decimal, direction: str, of_a_change: bool) -> Decimal:
    """How far the value misses the target, relative to it; negative where it is better than asked.

    A target that is itself a change is compared by the volumes it implies: +1% against -4% is
    101 against 96, 5.2% too many. A target of nothing can only be met or missed.
    """
    if of_a_change:
        value, target = 1 + value, 1 + target
    missing = target - value if direction == "higher_is_better" else value - target
    if target == 0:
        return Decimal(0) if missing == 0 else Decimal("inf").copy_sign(missing)
    return missing / abs(target)


def letter(short: Decimal, tolerance: Decimal) -> str:
    """G on or better than target, A short by no more than the tolerance, R further."""
    if short <= 0:
        return "G"
    return "A" if short <= tolerance else "R"


def judge(indicator: dict, latest: dict | None) -> Judgement:
    """The judgement of a line. `indicator` is its row of the catalogue, `latest` its latest figure.

    What is judged is what is printed: 59.7% printed as 60% against 60% is green, and the reason says so.
    """
    if indicator["not_judged"]:
        return Judgement(None, f"not judged: {indicator['not_judged']}")
    if indicator["target"] is None:
        return Judgement(None, "not judged: no target is set")
    if latest is None or latest["value"] is None:
        why = latest["missing_reason"] if latest else "the line has no measure"
        return Judgement(None, f"not judged: {why}")
    judged_from: date | None = indicator["judged_from"]
    if judged_from and latest["data_to"] < judged_from:
        return Judgement(
            None,
            f"not judged: the figure ends in {display.month_label(latest['data_to'])}, "
            f"before the target applies from {display.month_label(judged_from)}",
        )

    unit, decimals = indicator["unit"], indicator["decimals"]
    target, tolerance = Decimal(repr(indicator["target"])), Decimal(repr(indicator["amber_tolerance"]))
    of_a_change = indicator["kind"] == "percentage_change"

    def short_at(places: int) -> Decimal:
        shown = display.printed_value(latest["value"], unit, places)
        return shortfall(shown, target, indicator["direction"], of_a_change)

    short = short_at(decimals)
    given = letter(short, tolerance)

    shown = display.printed(latest["value"], unit, indicator["sign"], decimals)
    asked = display.printed(indicator["target"], unit)
    if given == "G":
        better = short and short.is_finite()
        reason = f"{shown} meets the target of {asked}" + (f", {_far(short, tolerance)} better" if better else "")
    elif not short.is_finite():
        reason = f"{shown} misses the target of {asked}"
    else:
        place = "within" if given == "A" else "beyond"
        within = display.printed(indicator["amber_tolerance"], "percent")
        reason = (
            f"{shown} is {_far(short, tolerance)} short of the target of {asked}, {place} the tolerance of {within}"
        )
    unrounded = letter(short_at(display.EXACT_PLACES), tolerance)
    if unrounded != given:
        # the fewest places that show why
        places = next(
            places
            for places in range(decimals + 1, display.EXACT_PLACES + 1)
            if letter(short_at(places), tolerance) == unrounded
        )
        more = display.printed(latest["value"], unit, indicator["sign"], places)
        reason += f"; rounding decided: {more} would be {unrounded}"
    return Judgement(given, reason, short)


def _far(short: Decimal, tolerance: Decimal) -> str:
    """The distance to the target, with as many places as tell it from nothing and from the tolerance."""
    for places in range(1, display.EXACT_PLACES):
        shown = display.printed_value(abs(short), "percent", places)
        if shown and (shown > tolerance) == (abs(short) > tolerance):
            break
    return display.printed(abs(short), "percent", None, places)


def direction_of_travel(indicator: dict, latest: dict | None, year_before: dict | None) -> str | None:
    """`improving`, `worsening` or `unchanged` against the same window a year before, as printed; None if unknown.

    A % change already compares with the year before: its own sign is the direction.
    """
    if latest is None or latest["value"] is None:
        return None
    unit, decimals = indicator["unit"], indicator["decimals"]
    now = display.printed_value(latest["value"], unit, decimals)
    if indicator["kind"] == "percentage_change":
        before = Decimal(0)
    elif year_before is None or year_before["value"] is None:
        return None
    else:
        before = display.printed_value(year_before["value"], unit, decimals)
    if now == before:
        return "unchanged"
    return "improving" if (now > before) == (indicator["direction"] == "higher_is_better") else "worsening"
